// What the parts of the client share: the session, the clock, and the task list as the methods that act on tasks need it.
import { setTimeout as sleep } from 'node:timers/promises';
import { DsmError, isCodedError } from '../dsm/errors';
import { type DsmSession } from '../dsm/types';
import { activityOf } from './assess';
import { type CallOptions, read } from './calls';
import { idOf } from './readings';
import { type TaskInfo, taskInfoOf } from './settings-wire';
import { resolveTask, taskNotFound } from './task-ids';
import { type Reading } from './types';
import { readTaskList } from './wire';

/** The NAS as the methods see it. */
export interface NasAccess {
  session: DsmSession;
  /** Waits; rejects with ABORTED as soon as the caller ends the call. */
  pause: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** A task of the list, as far as starting, canceling and deleting need to know it. */
export interface ListedTask {
  id: number;
  name: string;
  running: boolean;
  status: Reading;
  /** The running job; null where none is named. */
  jobId: number | null;
  /** `task_execution_id`; null where no run is named. */
  runId: number | null;
}

/** Waiting on the real clock. */
export async function pauseOnClock(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch {
    throw new DsmError('ABORTED', 'The call was ended while it waited', { outcome: 'not_sent' });
  }
}

/** The tasks that the NAS lists now. */
export async function readListedTasks({ session }: NasAccess, options: CallOptions): Promise<ListedTask[]> {
  const { data } = await read(session, 'list_tasks', {}, options);
  return readTaskList(data).tasks.map((task) => ({
    id: task.id,
    name: task.name,
    running: activityOf(task) === 'running',
    status: task.status,
    jobId: idOf(task.jobId),
    runId: idOf(task.runId),
  }));
}

/** The id of a task: a number is one, a text is looked up in the list. */
export async function identifyTask(nas: NasAccess, reference: number | string, options: CallOptions): Promise<number> {
  if (typeof reference === 'number') return reference;
  return resolveTask(reference, await readListedTasks(nas, options)).id;
}

/**
 * Runs a read that is about one task. A NAS refuses a task that it does not know with a number that was never
 * explained, so after a refusal the list is looked at: where the task is missing, that is the error.
 */
export async function aboutTask<T>(
  nas: NasAccess,
  taskId: number,
  options: CallOptions,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isUnexplainedRefusal(error)) await throwIfMissing(nas, taskId, options);
    throw error;
  }
}

/** A refusal by the package itself, not by login, rights or a method that does not exist. */
export function isUnexplainedRefusal(error: unknown): boolean {
  return (
    isCodedError(error) && (error.code === 'NAS_ERROR' || error.code === 'BUSY') && error.cause.dsmCode !== undefined
  );
}

/** @throws ActiveBackupError TASK_NOT_FOUND where the list can be read and the task is not in it */
async function throwIfMissing(nas: NasAccess, taskId: number, options: CallOptions): Promise<void> {
  const tasks = await readListedTasks(nas, options).catch(() => null);
  if (tasks !== null && !tasks.some((task) => task.id === taskId)) throw taskNotFound(taskId, tasks);
}

/**
 * Reads the settings of a task.
 * @throws ActiveBackupError TASK_NOT_FOUND where the NAS has no such task, INVALID_RESPONSE where it answers no settings
 */
export async function readTaskInfo(
  nas: NasAccess,
  taskId: number,
  options: CallOptions,
): Promise<{ info: TaskInfo; raw: unknown }> {
  const { data } = await aboutTask(nas, taskId, options, () =>
    read(nas.session, 'get_task_setting', { task_id: taskId }, options),
  );
  try {
    return { info: taskInfoOf(data, taskId), raw: data };
  } catch (error) {
    // Some NAS may answer nothing for a task that it does not know.
    await throwIfMissing(nas, taskId, options);
    throw error;
  }
}

/** How often, and after which waits, the list is looked at for what it may show a moment late. */
const looks = [0, 1000, 3000] as const;

/** Looks at the list until it is as it should be, a few times: a NAS may be a moment behind its own answer. */
export async function listUntil(
  nas: NasAccess,
  options: CallOptions,
  isThere: (tasks: readonly ListedTask[]) => boolean,
): Promise<ListedTask[]> {
  let tasks: ListedTask[] = [];
  for (const waitMs of looks) {
    if (waitMs > 0) await nas.pause(waitMs, options.signal);
    tasks = await readListedTasks(nas, options);
    if (isThere(tasks)) break;
  }
  return tasks;
}
