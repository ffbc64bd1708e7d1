// The dialogs of the action nodes: each parameter's row, the task picker, and where the answer goes.
import { byId, inputValue, isTicked, make, rowOf, setShown } from './dom';
import { parameterOf, parameters } from './parameters';
import { makeScheduleRows } from './schedule-rows';
import { chosenConnection, TaskList } from './task-list';
import { makeTaskRow } from './task-picker';
import { text } from './texts';
import { labelParts, makeTypedRow } from './typed-row';

/** Stored as the number 0; in the dialog it is a choice of its own. */
const allVersions = 'all';

/** "All versions" or a number of days. The stored form is one number, 0 = all. */
function makeRetentionRow(): void {
  const typeField = $('#node-input-daysToKeepType');
  if (typeField.val() === 'num' && inputValue('node-input-daysToKeep') === '0') typeField.val(allVersions);
  makeTypedRow('daysToKeep', parameterOf('set-retention', 'daysToKeep'), [
    { value: allVersions, label: text('type.allVersions'), icon: 'fa fa-clone', hasValue: false, default: '0' },
  ]);
}

/** Brings the dialog's own choice back to the stored form. */
export function saveAction(nodeName: string): void {
  if (nodeName !== 'set-retention' || inputValue('node-input-daysToKeepType') !== allVersions) return;
  $('#node-input-daysToKeepType').val('num');
  $('#node-input-daysToKeep').val('0');
}

/** The context stores that this Node-RED has; a stored one that is gone stays visible. */
function fillContextStores(node: EditorNode): void {
  const select = byId('node-input-contextStore');
  if (!(select instanceof HTMLSelectElement)) return;
  const stored = typeof node.contextStore === 'string' ? node.contextStore : '';
  const names = new Set(['', ...(RED.settings.context?.stores ?? []), stored]);
  for (const name of names) {
    const label = name === '' ? text('store.default') : name;
    select.append(make('option', { text: label, attributes: { value: name } }));
  }
  select.value = stored;
}

/** Rows that matter only under another setting; what the message decides may turn out either way, so they stay. */
function showDependentRows(nodeName: string): void {
  const isOff = (name: string) => {
    const type = inputValue(`node-input-${name}Type`);
    return type === 'bool' && inputValue(`node-input-${name}`) === 'false';
  };
  const show = (name: string, shown: boolean) => {
    const field = byId(`node-input-${name}`);
    if (field !== null) setShown(rowOf(field), shown);
  };
  if (nodeName === 'get-log') {
    show('maxEntries', !isOff('fetchAll') || !isOff('onlyNew'));
    show('contextStore', !isOff('onlyNew'));
  }
  if (nodeName === 'home-assistant') show('discoveryPrefix', isTicked('node-input-discovery'));
  if (nodeName === 'run-backup') show('timeoutSeconds', !isOff('wait'));
}

/** Shows the NAS's own limits beside the numbers of workers, where the NAS tells them. */
function showWorkerMaximum(): void {
  const note = byId('active-backup-worker-maximum');
  if (note === null) return;
  let question = 0;
  let asked = '';
  const ask = () => {
    const nasId = inputValue('node-input-nas');
    // Node-RED tells of a change more than once while the dialog opens.
    if (nasId === asked) return;
    asked = nasId;
    question += 1;
    const mine = question;
    note.textContent = '';
    if (nasId === '' || nasId === '_ADD_' || nasId.startsWith('$')) return;
    const url = `active-backup/${encodeURIComponent(nasId)}/workers`;
    $.ajax({ url, method: 'GET', dataType: 'json', cache: false }).done((answer) => {
      if (mine !== question || typeof answer !== 'object' || answer === null) return;
      const counts = answer as Record<string, unknown>;
      const { backupWorkers, eventWorkers, maxBackupWorkers, maxEventWorkers } = counts;
      if (typeof maxBackupWorkers !== 'number' || typeof maxEventWorkers !== 'number') return;
      note.textContent = text('workers.maximum', {
        backup: Number(backupWorkers),
        event: Number(eventWorkers),
        maxBackup: maxBackupWorkers,
        maxEvent: maxEventWorkers,
      });
    });
  };
  $('#node-input-nas').on('change', ask);
}

/** Opens the dialog of an action node. */
export function prepareAction(nodeName: string, node: EditorNode): void {
  const rows = parameters[nodeName] ?? {};
  const tasks = new TaskList();
  if (rows.taskId !== undefined) {
    makeTaskRow(rows.taskId, tasks);
    let asked = chosenConnection();
    $('#node-input-nas').on('change', () => {
      const chosen = chosenConnection();
      if (chosen === asked) return;
      asked = chosen;
      if (inputValue('node-input-taskIdType') === 'num') tasks.load();
      else tasks.forget();
    });
  }
  if (nodeName === 'set-schedule') makeScheduleRows();
  if (nodeName === 'set-retention') makeRetentionRow();
  if (nodeName === 'workers') showWorkerMaximum();
  const done = [
    'policy',
    'startHour',
    'startMinute',
    'repeatEveryHours',
    'lastRunHour',
    'runDays',
    'daysToKeep',
    'taskId',
  ];
  for (const [name, parameter] of Object.entries(rows)) {
    if (done.includes(name)) continue;
    makeTypedRow(name, parameter)?.on('change', () => showDependentRows(nodeName));
  }
  fillContextStores(node);
  $('#node-input-discovery').on('change', () => showDependentRows(nodeName));
  $('#node-input-resultProperty').typedInput({ types: ['msg'], default: 'msg' });
  labelParts('node-input-resultProperty');
  showDependentRows(nodeName);
}
