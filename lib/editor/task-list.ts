// Reads a connection's tasks through the admin endpoint, and says in one sentence why it could not.
import { inputValue } from './dom';
import { draftOf } from './draft-connection';
import { post, readTestAnswer } from './requests';
import { text } from './texts';

/** A task as the picker shows it. */
export interface ListedTask {
  id: number;
  name: string;
  activity: string;
  result: string;
}

/** What is known of a connection's tasks. */
export type TaskListState =
  { kind: 'none'; reason: string } | { kind: 'loading' } | { kind: 'ready'; tasks: readonly ListedTask[] };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function readTask(value: unknown): ListedTask[] {
  if (!isRecord(value) || typeof value.id !== 'number' || typeof value.name !== 'string') return [];
  const { id, name, activity, result } = value;
  return [{ id, name, activity: wordOf(activity), result: wordOf(result) }];
}

/** The state that an answer of the endpoint means. */
export function readTaskAnswer(answer: unknown): TaskListState {
  if (isRecord(answer) && answer.ok === true && Array.isArray(answer.tasks)) {
    return { kind: 'ready', tasks: answer.tasks.flatMap(readTask) };
  }
  if (isRecord(answer) && answer.code === 'NOT_CONFIGURED') return { kind: 'none', reason: text('tasks.deployFirst') };
  const message = isRecord(answer) && typeof answer.message === 'string' ? answer.message : '';
  return { kind: 'none', reason: text('tasks.unreachable', { reason: message }) };
}

/** The state that the test of a connection means which is not deployed yet. */
function readDraftAnswer(answer: unknown): TaskListState {
  if (isRecord(answer) && answer.ok === true) return readTaskAnswer(answer);
  const reason = readTestAnswer(answer).find((step) => !step.ok)?.text ?? '';
  return { kind: 'none', reason: text('tasks.unreachable', { reason }) };
}

function reasonOfStatus(status: number): string {
  if (status === 404) return text('tasks.deployFirst');
  if (status === 401 || status === 403) return text('tasks.forbidden');
  return text('tasks.noAnswer');
}

const results: Record<string, string> = {
  success: 'result.success',
  partial: 'result.partial',
  failed: 'result.failed',
  canceled: 'result.canceled',
  never: 'result.never',
  unknown: 'result.unknown',
};

/** A task's state and last result in words. */
export function standingOf(task: ListedTask): string {
  const state = text(task.activity === 'running' ? 'activity.running' : 'activity.idle');
  return text('tasks.standing', { state, result: text(results[task.result] ?? 'result.unknown') });
}

/** A task's id, state and last result in words. */
export function describeTask(task: ListedTask): string {
  return text('tasks.detail', { id: task.id, standing: standingOf(task) });
}

/** Which connection is chosen, and as it is now: it may have been changed from inside the dialog. */
export function chosenConnection(): string {
  const nasId = inputValue('node-input-nas');
  return nasId + JSON.stringify(draftOf(RED.nodes.node(nasId)));
}

/** The tasks of the connection that is chosen in a dialog; only the newest question's answer counts, while it is open. */
export class TaskList {
  state: TaskListState = { kind: 'none', reason: '' };
  private question = 0;
  private readonly listeners: (() => void)[] = [];

  constructor() {
    // Only the end of the dialog; one that is put aside for another above it comes back.
    $('#node-input-nas').on('remove', () => (this.question += 1));
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** The listed task of an id, if the list is known and has it. */
  find(id: string): ListedTask | undefined {
    return this.state.kind === 'ready' ? this.state.tasks.find((task) => String(task.id) === id) : undefined;
  }

  /** Forgets what was read, because another connection was chosen. */
  forget(): void {
    this.question += 1;
    this.set({ kind: 'none', reason: '' });
  }

  /** Asks the NAS. */
  load(): void {
    const nasId = inputValue('node-input-nas');
    this.question += 1;
    const question = this.question;
    if (nasId === '' || nasId === '_ADD_') {
      this.set({ kind: 'none', reason: text('tasks.chooseNas') });
      return;
    }
    if (nasId.startsWith('$')) {
      this.set({ kind: 'none', reason: text('tasks.nasFromEnvironment') });
      return;
    }
    this.set({ kind: 'loading' });
    const answerCounts = () => question === this.question;
    const draft = draftOf(RED.nodes.node(nasId));
    const request =
      draft === null
        ? $.ajax({
            url: `active-backup/${encodeURIComponent(nasId)}/tasks`,
            method: 'GET',
            dataType: 'json',
            cache: false,
          })
        : post('active-backup/test', draft);
    request
      .done((answer) => {
        if (answerCounts()) this.set(draft === null ? readTaskAnswer(answer) : readDraftAnswer(answer));
      })
      .fail(({ status }) => {
        // Whoever may not test a connection can still list the tasks of a deployed one.
        const reason = draft === null ? reasonOfStatus(status) : text('tasks.deployFirst');
        if (answerCounts()) this.set({ kind: 'none', reason });
      });
  }

  private set(state: TaskListState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
