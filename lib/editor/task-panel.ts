// The searchable list of tasks that opens below a task row: search field, refresh, and a list driven by arrow keys.
import { make, makeButton } from './dom';
import { type TaskList, describeTask, type ListedTask } from './task-list';
import { text } from './texts';

interface Entry {
  id: string;
  name: string;
  detail: string;
}

function entryOf(task: ListedTask): Entry {
  return { id: String(task.id), name: task.name, detail: describeTask(task) };
}

/** The tasks whose name or id holds what was typed; a typed id that is in no list may be taken as it is. */
export function matching(tasks: readonly ListedTask[], search: string): Entry[] {
  const wanted = search.trim().toLowerCase();
  const found = tasks
    .filter((task) => task.name.toLowerCase().includes(wanted) || String(task.id) === wanted)
    .map(entryOf);
  const isUnlistedId = /^[1-9]\d{0,9}$/.test(wanted) && !tasks.some((task) => String(task.id) === wanted);
  if (isUnlistedId)
    found.push({ id: wanted, name: text('tasks.useId', { id: wanted }), detail: text('tasks.useIdDetail') });
  return found;
}

/** Opens the list at a button; `choose` gets the id, and the task where the list knows it. */
export function openTaskPanel(
  target: HTMLElement,
  tasks: TaskList,
  chosen: string,
  choose: (id: string) => void,
): void {
  const search = make('input', {
    attributes: {
      type: 'text',
      role: 'combobox',
      autocomplete: 'off',
      'aria-expanded': 'true',
      'aria-controls': 'active-backup-task-list',
      'aria-label': text('tasks.search'),
      placeholder: text('tasks.search'),
    },
  });
  const refresh = makeButton('fa-refresh', text('tasks.refresh'), false);
  const status = make('div', { className: 'active-backup-panel-status', attributes: { 'aria-live': 'polite' } });
  const list = make('ul', {
    className: 'active-backup-list',
    attributes: { id: 'active-backup-task-list', role: 'listbox', 'aria-label': text('tasks.listLabel') },
  });
  const content = make('div', {
    className: 'active-backup-panel',
    children: [make('div', { className: 'active-backup-panel-search', children: [search, refresh] }), status, list],
  });
  const panel = RED.popover.panel($(content));
  let entries: Entry[] = [];
  let active = -1;
  let open = true;

  const close = () => {
    open = false;
    panel.hide();
    target.focus();
  };
  const take = (entry: Entry) => {
    close();
    choose(entry.id);
  };

  const highlight = (index: number) => {
    active = index;
    [...list.children].forEach((row, position) => row.classList.toggle('active-backup-active', position === index));
    const row = list.children[index];
    if (row === undefined) search.removeAttribute('aria-activedescendant');
    else {
      search.setAttribute('aria-activedescendant', row.id);
      row.scrollIntoView({ block: 'nearest' });
    }
  };

  const draw = () => {
    if (!open) return;
    const state = tasks.state;
    entries = matching(state.kind === 'ready' ? state.tasks : [], search.value);
    if (state.kind === 'loading') status.textContent = text('tasks.loading');
    else if (state.kind === 'none') status.textContent = state.reason;
    else if (state.tasks.length === 0) status.textContent = text('tasks.empty');
    else status.textContent = entries.length === 0 ? text('tasks.noMatch') : '';
    list.replaceChildren(
      ...entries.map((entry, index) => {
        const row = make('li', {
          attributes: {
            id: `active-backup-task-${String(index)}`,
            role: 'option',
            'aria-selected': String(entry.id === chosen),
          },
          children: [
            make('span', { text: entry.name }),
            make('span', { className: 'active-backup-detail', text: entry.detail }),
          ],
        });
        row.addEventListener('click', () => take(entry));
        return row;
      }),
    );
    highlight(search.value === '' ? entries.findIndex((entry) => entry.id === chosen) : entries.length > 0 ? 0 : -1);
  };

  search.addEventListener('input', draw);
  search.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (entries.length > 0) highlight((active + step + entries.length) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const entry = entries[active] ?? (entries.length === 1 ? entries[0] : undefined);
      if (entry !== undefined) take(entry);
    }
  });
  content.addEventListener('keydown', (event) => {
    // Keys end here: Node-RED's own key handler stumbles over a target that a closing panel has taken away.
    event.stopPropagation();
    if (event.key === 'Escape') close();
  });
  refresh.addEventListener('click', () => tasks.load());
  tasks.onChange(draw);
  if (tasks.state.kind !== 'ready') tasks.load();
  draw();
  panel.show({ target: $(target), align: 'left', onclose: () => (open = false) });
  // The panel slides open; a field that is not displayed yet cannot take the focus.
  setTimeout(() => search.focus(), 120);
}
