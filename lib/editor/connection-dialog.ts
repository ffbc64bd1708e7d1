// The dialog of the connection to a NAS: address and sign-in, polling, limits, and the short id made at the first save.
import { byId, inputValue, isTicked, make, rowOf, setShown } from './dom';
import { takenSlugs } from './checks';
import { wireConnectionCheck } from './connection-check';
import { fieldsOfLimits, isTaskId, limitsOfFields, type TaskLimitRow } from './limits';
import { settingRules } from './rules';
import { makeSlug } from './slug';
import { wireSupportButton } from './support-button';
import { text } from './texts';
import { tickOf } from './untouched';
import { isAcceptableSetting } from './validation';

const hourFields = ['graceHours', 'continuousHours', 'manualHours'] as const;
const taskRows = 'active-backup-limit-tasks';

/** Marks a field whose value would be refused; these fields are part of one property, so Node-RED cannot mark them. */
function watchHours(input: HTMLInputElement): void {
  const mark = () =>
    input.classList.toggle('input-error', !isAcceptableSetting(settingRules.hours, input.value.trim()));
  input.addEventListener('input', mark);
  mark();
}

function addTaskRow(container: EditorQuery, item: Partial<TaskLimitRow>): void {
  const id = make('input', {
    attributes: { type: 'text', 'aria-label': text('limits.taskId'), placeholder: text('limits.taskId') },
  });
  const kind = make('select', {
    attributes: { 'aria-label': text('limits.kind') },
    children: [
      make('option', { text: text('limits.hours'), attributes: { value: 'hours' } }),
      make('option', { text: text('limits.ignore'), attributes: { value: 'ignore' } }),
    ],
  });
  const hours = make('input', {
    attributes: { type: 'text', 'aria-label': text('limits.hoursLabel'), placeholder: text('limits.hoursLabel') },
  });
  id.value = item.id ?? '';
  kind.value = item.ignore === true ? 'ignore' : 'hours';
  hours.value = item.hours ?? '';
  const show = () => {
    hours.style.visibility = kind.value === 'ignore' ? 'hidden' : 'visible';
  };
  kind.addEventListener('change', show);
  id.addEventListener('input', () => id.classList.toggle('input-error', id.value !== '' && !isTaskId(id.value.trim())));
  watchHours(hours);
  show();
  container.append(make('div', { className: 'active-backup-limit', children: [id, kind, hours] }));
}

function readTaskRows(): TaskLimitRow[] {
  const rows = [...document.querySelectorAll(`#${taskRows} .active-backup-limit`)];
  return rows.map((row) => {
    const [id, hours] = row.querySelectorAll('input');
    return {
      id: id?.value ?? '',
      ignore: row.querySelector('select')?.value === 'ignore',
      hours: hours?.value ?? '',
    };
  });
}

function fillLimits(node: EditorNode): void {
  const limits = fieldsOfLimits(node.limits);
  for (const name of hourFields) {
    const input = byId(`active-backup-${name}`);
    if (!(input instanceof HTMLInputElement)) continue;
    input.value = limits[name];
    watchHours(input);
  }
  $('#active-backup-partialIsProblem').prop('checked', limits.partialIsProblem);
  $(`#${taskRows}`).editableList<TaskLimitRow>({
    addButton: text('limits.add'),
    removable: true,
    height: 'auto',
    addItem: (row, _index, item) => addTaskRow(row, item),
  });
  for (const row of limits.tasks) $(`#${taskRows}`).editableList('addItem', row);
}

/** The zones that the browser knows, offered while typing. */
function offerTimeZones(): void {
  const input = byId('node-config-input-timeZone');
  if (input === null) return;
  const list = make('datalist', { attributes: { id: 'active-backup-time-zones' } });
  for (const zone of Intl.supportedValuesOf('timeZone')) list.append(make('option', { attributes: { value: zone } }));
  input.after(list);
  input.setAttribute('list', list.id);
}

/** Opens the dialog. */
export function prepareConnection(node: EditorNode): void {
  fillLimits(node);
  offerTimeZones();
  wireConnectionCheck(node);
  wireSupportButton(node);
  const verify = byId('node-config-input-verifyCertificate');
  const showVerify = () => {
    const tls = inputValue('node-config-input-tls');
    // A chosen TLS configuration decides about verification itself.
    if (verify !== null) setShown(rowOf(verify), tls === '' || tls === '_ADD_');
    const isOff = String(tickOf(node, 'verifyCertificate')) === 'false';
    setShown(byId('active-backup-unverified'), isOff && (tls === '' || tls === '_ADD_'));
  };
  $('#node-config-input-tls').on('change', showVerify);
  $('#node-config-input-verifyCertificate').on('change', showVerify);
  showVerify();
}

/** Stores what Node-RED does not store by itself. The short id is made once; a rename must not change topics. */
export function saveConnection(node: EditorNode): void {
  // A deployed one without any goes by its node id, as its topics do.
  if (node.slug !== undefined && inputValue('node-config-input-slug').trim() === '') {
    const slug = makeSlug(inputValue('node-config-input-name'), inputValue('node-config-input-url'), takenSlugs(node));
    $('#node-config-input-slug').val(slug);
  }
  const limits = {
    graceHours: inputValue('active-backup-graceHours'),
    continuousHours: inputValue('active-backup-continuousHours'),
    manualHours: inputValue('active-backup-manualHours'),
    partialIsProblem: isTicked('active-backup-partialIsProblem'),
    tasks: readTaskRows(),
  };
  node.limits = limitsOfFields(limits, node.limits);
}
