// The dialog of the watch node: which tasks and which events it speaks of. None ticked means all of them.
import { byId, isTicked, make, makeButton, rowOf, setShown } from './dom';
import { describeTask, TaskList } from './task-list';
import { text } from './texts';

/** Every event, in the order of the dialog, with the key of its text. */
const events: readonly { name: string; key: string }[] = [
  { name: 'failed', key: 'event.failed' },
  { name: 'partial', key: 'event.partial' },
  { name: 'overdue', key: 'event.overdue' },
  { name: 'stalled', key: 'event.stalled' },
  { name: 'recovered', key: 'event.recovered' },
  { name: 'success', key: 'event.success' },
  { name: 'started', key: 'event.started' },
  { name: 'progress', key: 'event.progress' },
  { name: 'canceled', key: 'event.canceled' },
  { name: 'unknown', key: 'event.unknown' },
  { name: 'added', key: 'event.added' },
  { name: 'removed', key: 'event.removed' },
  { name: 'renamed', key: 'event.renamed' },
  { name: 'settings_changed', key: 'event.settings_changed' },
  { name: 'nas_lost', key: 'event.nas_lost' },
  { name: 'nas_back', key: 'event.nas_back' },
  { name: 'polled', key: 'event.polled' },
];

const taskBox = 'active-backup-watch-tasks';
const eventBox = 'active-backup-watch-events';

type TaskKey = number | string;

function listOf(value: unknown): TaskKey[] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry) => typeof entry === 'number' || typeof entry === 'string');
}

function addTick(box: HTMLElement, value: string, label: string, detail: string, ticked: boolean): void {
  const input = make('input', { attributes: { type: 'checkbox', value } });
  input.checked = ticked;
  const words = make('span', { text: label });
  if (detail !== '') words.append(make('span', { className: 'active-backup-detail', text: detail }));
  box.append(make('label', { children: [input, words] }));
}

function tickedIn(boxId: string): string[] {
  const inputs = byId(boxId)?.querySelectorAll<HTMLInputElement>('input') ?? [];
  return [...inputs].filter((input) => input.checked).map((input) => input.value);
}

/** Draws the ticks of the known tasks, and of chosen ones that the NAS does not have or that are not known yet. */
function drawTasks(box: HTMLElement, chosen: readonly TaskKey[], tasks: TaskList): void {
  const known = tasks.state.kind === 'ready' ? tasks.state.tasks : [];
  const isChosen = (id: number, name: string) =>
    chosen.some((entry) => entry === id || entry === name || entry === String(id));
  box.replaceChildren();
  for (const task of known) addTick(box, String(task.id), task.name, describeTask(task), isChosen(task.id, task.name));
  const isKnown = (entry: TaskKey) =>
    known.some((task) => entry === task.id || entry === task.name || entry === String(task.id));
  for (const entry of chosen.filter((each) => !isKnown(each))) {
    const label = typeof entry === 'number' ? text('tasks.idOnly', { id: entry }) : entry;
    addTick(box, String(entry), label, tasks.state.kind === 'ready' ? text('tasks.notHere') : '', true);
  }
  setShown(box, box.childElementCount > 0);
}

/** Digits are ids; a name that is all digits can only be meant by a hand-written flow and stays a text there. */
function asKey(value: string): TaskKey {
  return /^\d{1,10}$/.test(value) ? Number(value) : value;
}

/** Opens the dialog. */
export function prepareWatch(node: EditorNode): void {
  const box = byId(taskBox);
  const eventsBox = byId(eventBox);
  if (box === null || eventsBox === null) return;
  const chosenEvents = listOf(node.events).map(String);
  for (const event of events) addTick(eventsBox, event.name, text(event.key), '', chosenEvents.includes(event.name));

  const tasks = new TaskList(() => $('#node-input-nas').val() ?? '');
  const row = rowOf(box);
  const status = make('div', { className: 'active-backup-note', attributes: { 'aria-live': 'polite' } });
  const refresh = makeButton('fa-refresh', text('tasks.refresh'), true);
  refresh.id = 'active-backup-refresh-tasks';
  row.after(status);
  row.append(make('div', { className: 'active-backup-indent active-backup-after', children: [refresh] }));

  let chosen = listOf(node.tasks);
  const draw = () => {
    drawTasks(box, chosen, tasks);
    const state = tasks.state;
    if (state.kind === 'loading') status.textContent = text('tasks.loading');
    else if (state.kind === 'none') status.textContent = state.reason;
    else status.textContent = text(state.tasks.length === 0 ? 'tasks.empty' : 'watch.noneIsAll');
    status.classList.toggle('active-backup-bad', state.kind === 'none' && state.reason !== '');
  };
  const keepTicks = () => (chosen = tickedIn(taskBox).map(asKey));
  box.addEventListener('change', keepTicks);
  refresh.addEventListener('click', () => tasks.load());
  tasks.onChange(draw);

  const nasField = byId('node-input-nas');
  const showAll = () => {
    const all = isTicked('node-input-allNas');
    if (nasField !== null) setShown(rowOf(nasField), !all);
    setShown(row, !all);
    setShown(status, !all);
  };
  $('#node-input-allNas').on('change', showAll);
  let asked = '';
  $('#node-input-nas').on('change', () => {
    const nas = $('#node-input-nas').val() ?? '';
    if (nas === asked) return;
    asked = nas;
    tasks.load();
  });
  draw();
  showAll();
}

/** Stores the ticks. Ids belong to one NAS, so "all NAS" has none. */
export function saveWatch(node: EditorNode): void {
  const kept = listOf(node.tasks);
  const ticked = tickedIn(taskBox);
  // A stored name or text stays as it was written while it is still ticked.
  const key = (value: string): TaskKey => kept.find((entry) => String(entry) === value) ?? asKey(value);
  node.tasks = isTicked('node-input-allNas') ? [] : ticked.map(key);
  node.events = tickedIn(eventBox);
}
