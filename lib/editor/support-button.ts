// The button that saves the support bundle of a deployed connection as a file.
import { byId, make } from './dom';
import { readBundle, readRefusal, reasonOfFailure } from './requests';
import { text } from './texts';

function saveAs(name: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: 'application/json' }));
  make('a', { attributes: { href: address, download: name } }).click();
  URL.revokeObjectURL(address);
}

/** Wires the button of the connection's dialog. */
export function wireSupportButton(node: EditorNode): void {
  const button = byId('active-backup-support');
  const result = byId('active-backup-support-result');
  if (!(button instanceof HTMLButtonElement) || result === null) return;
  const finish = (words: string) => {
    button.disabled = false;
    result.textContent = words;
  };
  button.addEventListener('click', () => {
    button.disabled = true;
    result.textContent = text('test.running');
    $.ajax({
      url: `active-backup/${encodeURIComponent(node.id)}/support`,
      method: 'GET',
      dataType: 'json',
      cache: false,
    })
      .done((answer) => {
        const bundle = readBundle(answer);
        if (bundle !== null) saveAs('active-backup-support.json', bundle);
        finish(bundle === null ? readRefusal(answer) : text('support.saved'));
      })
      .fail((request) => finish(reasonOfFailure(request.status)));
  });
}
