// The answer to `list_tasks`, read tolerantly: every field may be missing, null, text or new.
import { invalidResponse } from './calls';
import { readPackage } from './package-state';
import { fieldOf, noneAsUnsigned, readNumber, recordOf } from './readings';
import { readServices, type WireServices } from './services';
import { type PackageState, type Reading } from './types';

export { readNumber } from './readings';

/** An element of `tasks`, as read; nothing is decided yet. */
export interface WireTask {
  id: number;
  name: string;
  status: Reading;
  taskStatus: Reading;
  taskErrorCode: Reading;
  jobId: Reading;
  /** `task_execution_id`. */
  runId: Reading;
  /** `last_execution_time`: the end of the last run, seconds since the epoch. */
  endedAtSeconds: Reading;
  durationSeconds: Reading;
  succeeded: Reading;
  attention: Reading;
  /** How many elements `progress_list` has. */
  progressLength: Reading;
  services: WireServices;
  /** The element itself, with the fields that this package does not know. */
  raw: Readonly<Record<string, unknown>>;
}

/** An element of `event_log`. */
export interface WireEvent {
  taskId: Reading;
  runId: Reading;
  /** `last_execution_time`, seconds: the end of the run that the row is about. */
  endedAtSeconds: Reading;
  logType: Reading;
}

/** The answer to `list_tasks`. */
export interface WireTaskList {
  tasks: WireTask[];
  eventLog: WireEvent[];
  package: PackageState;
}

/** A task's id: a whole number, also as text. Neither a boolean nor DSM's "none" names a task. */
function taskIdOf(record: Readonly<Record<string, unknown>>): number | null {
  const id = readNumber(fieldOf(record, 'task_id'));
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 && id !== noneAsUnsigned ? id : null;
}

function lengthOf(list: unknown): Reading {
  if (list === undefined || list === null) return null;
  return Array.isArray(list) ? list.length : 'unreadable';
}

function readTask(id: number, raw: Readonly<Record<string, unknown>>): WireTask {
  const number = (name: string): Reading => readNumber(fieldOf(raw, name));
  const name = fieldOf(raw, 'task_name');
  return {
    id,
    name: typeof name === 'string' && name !== '' ? name : `Task ${String(id)}`,
    status: number('status'),
    taskStatus: number('task_status'),
    taskErrorCode: number('task_status_error_code'),
    jobId: number('job_id'),
    runId: number('task_execution_id'),
    endedAtSeconds: number('last_execution_time'),
    durationSeconds: number('duration'),
    succeeded: number('success_count'),
    attention: number('attention_count'),
    progressLength: lengthOf(fieldOf(raw, 'progress_list')),
    services: readServices(raw),
    raw,
  };
}

/**
 * The tasks of the answer. The same element twice is one task; two different ones under one id contradict each other,
 * and to pick one could hide a failure.
 */
function readTasks(list: readonly unknown[]): WireTask[] {
  const tasks = new Map<number, WireTask>();
  for (const element of list) {
    const raw = recordOf(element);
    const id = raw === null ? null : taskIdOf(raw);
    if (raw === null || id === null) throw invalidResponse('list_tasks', 'holds a task without an id');
    const same = tasks.get(id);
    if (same !== undefined && JSON.stringify(same.raw) !== JSON.stringify(raw)) {
      throw invalidResponse('list_tasks', `holds two different tasks with the id ${String(id)}`);
    }
    if (same === undefined) tasks.set(id, readTask(id, raw));
  }
  return [...tasks.values()];
}

function readEvent(element: unknown): WireEvent {
  const event = recordOf(element);
  if (event === null) {
    return { taskId: 'unreadable', runId: 'unreadable', endedAtSeconds: 'unreadable', logType: 'unreadable' };
  }
  return {
    taskId: readNumber(fieldOf(event, 'task_id')),
    runId: readNumber(fieldOf(event, 'task_execution_id')),
    endedAtSeconds: readNumber(fieldOf(event, 'last_execution_time')),
    logType: readNumber(fieldOf(event, 'log_type')),
  };
}

/** The event rows. What is there and is no list of rows may have held a warning, so it stays as an unreadable row. */
function readEvents(list: unknown): WireEvent[] {
  if (list === undefined || list === null) return [];
  return Array.isArray(list) ? list.map(readEvent) : [readEvent(null)];
}

/**
 * Reads the `data` of `list_tasks`.
 * @throws ActiveBackupError INVALID_RESPONSE where `tasks` is missing or no list, or an element has no id: taking that
 * for "no tasks" would make every task look deleted
 */
export function readTaskList(data: unknown): WireTaskList {
  const answer = recordOf(data);
  const list = answer === null ? undefined : fieldOf(answer, 'tasks');
  if (answer === null || !Array.isArray(list)) throw invalidResponse('list_tasks', 'holds no list of tasks');
  return { tasks: readTasks(list), eventLog: readEvents(fieldOf(answer, 'event_log')), package: readPackage(answer) };
}
