// Which task is meant by a number or a text.
import { ActiveBackupError } from './errors';
import { printValue } from './print-value';

/** What is needed of a task to find it. */
export interface NamedTask {
  id: number;
  name: string;
  /** The slug of its NAS, where the tasks are of more than one. */
  nas?: string;
}

const mostCandidates = 10;

function candidates(tasks: readonly NamedTask[]): string {
  const named = tasks
    .slice(0, mostCandidates)
    .map(({ id, name, nas }) => `${nas === undefined ? '' : `${nas}: `}${String(id)} (${printValue(name)})`);
  const more = tasks.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${String(more)} more` : named.join(', ');
}

/** The error for a task that is not in the list; it names those that are. */
export function taskNotFound(reference: number | string, tasks: readonly NamedTask[]): ActiveBackupError {
  const known = tasks.length === 0 ? 'the NAS lists no tasks' : `known tasks are ${candidates(tasks)}`;
  return new ActiveBackupError('TASK_NOT_FOUND', `taskId: no task ${printValue(reference)}; ${known}`, {
    outcome: 'not_sent',
  });
}

/**
 * The task that is meant. Numbers are ids; a text is the exact name of a task, else an id made of digits: a task may be
 * named "12" and is then meant before task 12. Each NAS has ids of its own.
 * @throws ActiveBackupError TASK_NOT_FOUND, or INVALID_INPUT where two tasks have this name or id; both name the candidates
 */
export function resolveTask<T extends NamedTask>(reference: number | string, tasks: readonly T[]): T {
  const id = typeof reference === 'string' && /^\d{1,10}$/.test(reference) ? Number(reference) : reference;
  const named = tasks.filter((task) => task.name === reference);
  const [found, ...others] = named.length > 0 ? named : tasks.filter((task) => task.id === id);
  if (found === undefined) throw taskNotFound(reference, tasks);
  if (others.length > 0) {
    throw new ActiveBackupError(
      'INVALID_INPUT',
      `taskId: ${printValue(reference)} means more than one task; expected one of ${candidates([found, ...others])}`,
      { outcome: 'not_sent' },
    );
  }
  return found;
}
