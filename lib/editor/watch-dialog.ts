// The dialog of the watch node: which tasks and which events it speaks of. None ticked means all of them.
import { byId, isTicked, make, makeButton, rowOf, setShown } from './dom';
import { chosenConnection, describeTask, type ListedTask, TaskList } from './task-list';
import { text } from './texts';
import { isTouched } from './untouched';

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

/** What a tick stands for: also of digits, a text may be a name. */
const keys = new WeakMap<HTMLInputElement, TaskKey>();

/** A list as the run time reads it: a flow written by hand may hold text with commas. */
function listOf(value: unknown): TaskKey[] {
  const list = typeof value === 'string' && value !== '' ? value.split(',').map((part) => part.trim()) : value;
  if (!Array.isArray(list)) return [];
  return list.filter((entry) => typeof entry === 'number' || typeof entry === 'string');
}

function addTick(box: HTMLElement, key: TaskKey, label: string, detail: string, ticked: boolean): void {
  const input = make('input', { attributes: { type: 'checkbox' } });
  keys.set(input, key);
  input.checked = ticked;
  const words = make('span', { text: label });
  if (detail !== '') words.append(make('span', { className: 'active-backup-detail', text: detail }));
  box.append(make('label', { children: [input, words] }));
}

function tickedIn(box: HTMLElement): TaskKey[] {
  const inputs = [...box.querySelectorAll('input')];
  return inputs.flatMap((input) => (input.checked ? (keys.get(input) ?? []) : []));
}

/** Draws the ticks of the known tasks, and of chosen ones that the NAS does not have or that are not known yet. */
function drawTasks(box: HTMLElement, chosen: readonly TaskKey[], tasks: TaskList): void {
  const known = tasks.state.kind === 'ready' ? tasks.state.tasks : [];
  const isName = (entry: TaskKey) => known.some((task) => task.name === entry);
  const means = (entry: TaskKey, { id, name }: ListedTask) =>
    entry === id || entry === name || (entry === String(id) && !isName(entry));
  box.replaceChildren();
  for (const task of known) {
    // What was stored for a task stays as it was written while it is still ticked.
    const entry = chosen.find((each) => means(each, task));
    addTick(box, entry ?? task.id, task.name, describeTask(task), entry !== undefined);
  }
  for (const entry of chosen.filter((each) => !known.some((task) => means(each, task)))) {
    const label = typeof entry === 'number' ? text('tasks.idOnly', { id: entry }) : entry;
    const isMissing = tasks.state.kind === 'ready' && !label.startsWith('$');
    addTick(box, entry, label, isMissing ? text('tasks.notHere') : '', true);
  }
  setShown(box, box.childElementCount > 0);
}

/** Opens the dialog. */
export function prepareWatch(node: EditorNode): void {
  const box = byId(taskBox);
  const eventsBox = byId(eventBox);
  if (box === null || eventsBox === null) return;
  const chosenEvents = listOf(node.events).map(String);
  for (const event of events) addTick(eventsBox, event.name, text(event.key), '', chosenEvents.includes(event.name));

  const tasks = new TaskList();
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
  box.addEventListener('change', () => (chosen = tickedIn(box)));
  for (const one of [box, eventsBox]) one.addEventListener('change', () => (one.dataset.touched = 'true'));
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
    const connection = chosenConnection();
    if (connection === asked) return;
    asked = connection;
    tasks.load();
  });
  draw();
  showAll();
}

/** Stores the ticks that the user has changed. Ids belong to one NAS, so who chooses "all NAS" has none. */
export function saveWatch(node: EditorNode): void {
  const [box, eventsBox] = [byId(taskBox), byId(eventBox)];
  if (isTicked('node-input-allNas') && isTouched(node, 'allNas')) node.tasks = [];
  else if (box?.dataset.touched === 'true') node.tasks = tickedIn(box);
  if (eventsBox?.dataset.touched === 'true') node.events = tickedIn(eventsBox);
}
