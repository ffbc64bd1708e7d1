// The buttons "Test connection" and "Pair" of the connection dialog. A secret leaves the browser only if it was typed here.
import { byId, inputValue, make, makeButton } from './dom';
import { type DraftConnection, storedSecret, typedSecret } from './draft-connection';
import { post, readFingerprint, readPairAnswer, readTestAnswer, reasonOfFailure, type TestStep } from './requests';
import { text } from './texts';
import { tickOf } from './untouched';

function showSteps(target: HTMLElement, steps: readonly TestStep[]): void {
  target.replaceChildren(
    ...steps.map((step) =>
      make('li', {
        children: [
          make('i', {
            className: step.ok ? 'fa fa-check active-backup-good' : 'fa fa-times active-backup-bad',
            attributes: { role: 'img', 'aria-label': text(step.ok ? 'test.stepOk' : 'test.stepFailed') },
          }),
          make('span', { text: step.text }),
        ],
      }),
    ),
  );
}

/** Shows which certificate the NAS has, so that it can be compared and trusted by hand. */
function showCertificate(target: HTMLElement | null, answer: unknown): void {
  if (target === null) return;
  const fingerprint = readFingerprint(answer);
  target.replaceChildren();
  const digits = (value: string) => value.replace(/[\s:]/g, '').toLowerCase();
  const trusted = inputValue('node-config-input-certificateSha256');
  if (fingerprint === null || digits(trusted) === digits(fingerprint)) return;
  const trust = makeButton('fa-shield', text('test.trust'), true);
  trust.addEventListener('click', () => {
    $('#node-config-input-certificateSha256').val(fingerprint).trigger('change');
    target.replaceChildren();
  });
  target.append(make('p', { text: text('test.certificate', { fingerprint }) }), trust);
}

/** Runs a request from a button: one at a time, and only in the dialog that asked its answer is shown. */
function wire(
  buttonId: string,
  targetId: string,
  ask: () => { url: string; body: unknown },
  show: (answer: unknown) => TestStep[],
): void {
  const button = byId(buttonId);
  const target = byId(targetId);
  if (!(button instanceof HTMLButtonElement) || target === null) return;
  // Another connection's dialog may be open then: a certificate is not to be trusted there.
  let isClosed = false;
  $(target).on('remove', () => (isClosed = true));
  button.addEventListener('click', () => {
    const { url, body } = ask();
    button.disabled = true;
    target.replaceChildren(make('li', { text: text('test.running') }));
    const finish = (read: () => TestStep[]) => {
      if (isClosed) return;
      button.disabled = false;
      showSteps(target, read());
    };
    post(url, body)
      .done((answer) => finish(() => show(answer)))
      .fail((request) => finish(() => [{ ok: false, text: reasonOfFailure(request.status) }]));
  });
}

/** Wires both buttons of the dialog of a connection. */
export function wireConnectionCheck(node: EditorNode): void {
  const certificate = byId('active-backup-certificate');
  wire(
    'active-backup-test',
    'active-backup-test-result',
    () => ({
      url: 'active-backup/test',
      body: {
        id: node.id,
        url: inputValue('node-config-input-url').trim(),
        tls: inputValue('node-config-input-tls').replace('_ADD_', ''),
        verifyCertificate: tickOf(node, 'verifyCertificate'),
        certificateSha256: inputValue('node-config-input-certificateSha256').trim(),
        timeoutSeconds: inputValue('node-config-input-timeoutSeconds'),
        username: inputValue('node-config-input-username'),
        password: typedSecret(inputValue('node-config-input-password')),
        deviceToken: typedSecret(inputValue('node-config-input-deviceToken')),
      } satisfies DraftConnection,
    }),
    (answer) => {
      showCertificate(certificate, answer);
      return readTestAnswer(answer);
    },
  );
  wire(
    'active-backup-pair',
    'active-backup-pair-result',
    () => ({
      url: `active-backup/${encodeURIComponent(node.id)}/pair`,
      body: { otp: inputValue('active-backup-otp').replace(/\s/g, '') },
    }),
    (answer) => {
      const outcome = readPairAnswer(answer);
      if (outcome.ok) {
        $('#active-backup-otp').val('');
        // The token itself stays in the runtime; the dialog only shows that there is one.
        $('#node-config-input-deviceToken').val(storedSecret);
        RED.nodes.dirty(true);
      }
      return [outcome];
    },
  );
}
