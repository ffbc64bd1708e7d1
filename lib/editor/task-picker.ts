// The task row: a typed input whose fixed value is a task of the NAS, shown by name, and a button that lists the tasks.
import { byId, inputValue, make, makeButton, rowOf } from './dom';
import { type Parameter } from './parameters';
import { standingOf, type TaskList } from './task-list';
import { openTaskPanel } from './task-panel';
import { text } from './texts';
import { makeTypedRow } from './typed-row';

const valueId = 'active-backup-chosen-task';

/** What stands in place of the id: the task's name where it is known. `remembered` is the name at the last look. */
function nameOf(id: string, tasks: TaskList, remembered: string): string {
  if (id === '') return text('tasks.noneChosen');
  const task = tasks.find(id);
  if (task !== undefined) return text('tasks.nameAndId', { name: task.name, id });
  return remembered === '' ? text('tasks.idOnly', { id }) : text('tasks.nameAndId', { name: remembered, id });
}

/** The line below the row: how the chosen task is doing, or why that is not known. */
function noteOf(id: string, tasks: TaskList): { note: string; bad: boolean } {
  const state = tasks.state;
  if (state.kind === 'loading') return { note: text('tasks.loading'), bad: false };
  if (state.kind === 'none') return { note: state.reason, bad: state.reason !== '' };
  if (id === '' || id.startsWith('$')) return { note: '', bad: false };
  const task = tasks.find(id);
  return task === undefined ? { note: text('tasks.gone', { id }), bad: true } : { note: standingOf(task), bad: false };
}

/** Makes the task row of a dialog. The name of the chosen task is kept in `taskLabel`, for the node's label in the flow. */
export function makeTaskRow(parameter: Parameter, tasks: TaskList): void {
  const labelField = byId('node-input-taskLabel');
  const firstNas = inputValue('node-input-nas');
  const remembered = {
    id: $('#node-input-taskId').val() ?? '',
    name: labelField instanceof HTMLInputElement ? labelField.value : '',
  };

  /** Another NAS's task of the same id is another task. */
  const rememberedName = (id: string) =>
    id === remembered.id && inputValue('node-input-nas') === firstNas ? remembered.name : '';
  const special: TypedInputType[] = [
    {
      value: 'num',
      label: text('type.task'),
      icon: 'fa fa-cloud-download',
      valueLabel: (container, id) => {
        const name = nameOf(id, tasks, rememberedName(id));
        const shown = make('span', {
          className: 'active-backup-value',
          text: name,
          attributes: { id: valueId, title: name },
        });
        shown.addEventListener('click', () => openPanel());
        container.append(shown);
      },
    },
  ];
  if (parameter.kind === 'task') {
    special.push({ value: 'str', label: text('type.taskName'), icon: 'red/images/typedInput/az.svg' });
  }
  const input = makeTypedRow('taskId', parameter, special);
  const field = byId('node-input-taskId');
  if (input === null || field === null) return;

  const row = rowOf(field);
  const button = makeButton('fa-search', text('tasks.choose'), false);
  button.id = 'active-backup-choose-task';
  button.setAttribute('aria-describedby', valueId);
  const note = make('div', { className: 'active-backup-note', attributes: { 'aria-live': 'polite' } });
  row.classList.add('active-backup-with-button');
  row.append(button);
  row.after(note);

  const isTask = () => input.typedInput('type') === 'num';
  const keepName = () => {
    if (!(labelField instanceof HTMLInputElement)) return;
    const id = input.typedInput('value');
    const task = isTask() ? tasks.find(id) : undefined;
    labelField.value = task?.name ?? (isTask() ? rememberedName(id) : '');
  };
  const redraw = () => {
    const { note: words, bad } = isTask() ? noteOf(input.typedInput('value'), tasks) : { note: '', bad: false };
    note.textContent = words;
    note.classList.toggle('active-backup-bad', bad);
    keepName();
  };
  const openPanel = () => {
    openTaskPanel(button, tasks, isTask() ? input.typedInput('value') : '', (id) => {
      input.typedInput('type', 'num');
      input.typedInput('value', id);
    });
  };

  button.addEventListener('click', openPanel);
  input.on('change', redraw);
  tasks.onChange(() => {
    if (isTask()) {
      // Setting the same value again makes the typed input draw the name anew.
      input.typedInput('value', input.typedInput('value'));
    }
    redraw();
  });
  if (isTask() && remembered.id !== '') tasks.load();
  redraw();
}
