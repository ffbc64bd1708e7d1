// Deleting a task, and making a task again of what an earlier one left in a shared folder.
import { type CallOptions, lookAfterLoss, outcomeUnknown, write } from './calls';
import { taskKey } from './change-settings';
import { ActiveBackupError } from './errors';
import { type Input, type methodParameters } from './inputs';
import { inTurn } from './lock';
import { type ListedTask, listUntil, type NasAccess, readListedTasks } from './nas-access';
import { printValue } from './print-value';
import { idOf, readNumber, recordOf } from './readings';
import { resolveTask } from './task-ids';

/** A task that is gone. */
export interface DeletedTask {
  taskId: number;
  taskName: string;
  deleted: true;
  /** Whether its backed-up data went with it; else the task can be linked again. */
  dataRemoved: boolean;
}

/** A task that is there again, under a new id. */
export interface RelinkedTask {
  taskId: number;
  taskName: string;
}

type DeleteWish = Input<(typeof methodParameters)['deleteTask']>;
type RelinkWish = Input<(typeof methodParameters)['relinkTask']>;

function notConfirmed(field: string, given: string | undefined, taskId: number): ActiveBackupError {
  const found = given === undefined ? 'missing' : `${printValue(given)} is not it`;
  return new ActiveBackupError(
    'NOT_CONFIRMED',
    `${field}: ${found}; expected the exact name of task ${String(taskId)}`,
    { outcome: 'not_sent' },
  );
}

/**
 * What can be refused without a look at the NAS.
 * @throws ActiveBackupError NOT_CONFIRMED
 */
export function checkDeleteWish(wish: DeleteWish): void {
  if (wish.confirm === undefined) throw notConfirmed('confirm', undefined, wish.taskId);
  if (wish.removeData && wish.confirmRemoveData === undefined) {
    throw notConfirmed('confirmRemoveData', undefined, wish.taskId);
  }
}

function checkNames(wish: DeleteWish, task: ListedTask): void {
  if (wish.confirm !== task.name) throw notConfirmed('confirm', wish.confirm, task.id);
  if (wish.removeData && wish.confirmRemoveData !== task.name) {
    throw notConfirmed('confirmRemoveData', wish.confirmRemoveData, task.id);
  }
}

/**
 * Deletes a task that is idle and whose name was given, and sees that it is gone.
 * @throws ActiveBackupError NOT_CONFIRMED, TASK_RUNNING, NOT_APPLIED where it is still listed, OUTCOME_UNKNOWN where
 * the answer was lost and it is still listed
 */
export async function removeTask(
  nas: NasAccess,
  wish: DeleteWish,
  options: CallOptions,
): Promise<{ answer: DeletedTask; raw: unknown }> {
  const { taskId, removeData } = wish;
  return inTurn(nas.session, taskKey(taskId), options.signal, async () => {
    const task = resolveTask(taskId, await readListedTasks(nas, options));
    checkNames(wish, task);
    if (task.running) {
      throw new ActiveBackupError(
        'TASK_RUNNING',
        `Task ${String(taskId)} (${printValue(task.name)}) runs; cancel it first`,
        {
          outcome: 'not_sent',
        },
      );
    }
    const params = { task_id: taskId, should_remove_storage: removeData };
    const { lost, data } = await write(nas.session, 'delete_task', params, options);
    const what = `Deleting task ${String(taskId)}`;
    const isGone = (tasks: readonly ListedTask[]): boolean => !tasks.some(({ id }) => id === taskId);
    const after = await lookAfterLoss(what, lost, () => listUntil(nas, options, isGone));
    if (isGone(after)) {
      return { answer: { taskId, taskName: task.name, deleted: true, dataRemoved: removeData }, raw: data ?? null };
    }
    if (lost !== null) throw outcomeUnknown(what, lost, 'the task is still listed');
    throw new ActiveBackupError('NOT_APPLIED', `${what}: the NAS accepted it, but still lists the task`, {
      outcome: 'refused',
    });
  });
}

/** The task that was not there before: by the id that the NAS gave, else the one new task of the wanted name. */
function newTask(
  tasks: readonly ListedTask[],
  wanted: { taskId: number | null; taskName: string; knownIds: ReadonlySet<number> },
): ListedTask | null {
  if (wanted.taskId !== null) return tasks.find(({ id }) => id === wanted.taskId) ?? null;
  const candidates = tasks.filter(({ id, name }) => !wanted.knownIds.has(id) && name === wanted.taskName);
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}

/**
 * Links what a deleted task left behind to a new task, and sees that the NAS lists it.
 * @throws ActiveBackupError NOT_APPLIED where the NAS accepted it but lists no such task, OUTCOME_UNKNOWN where the
 * answer was lost and no such task is listed
 */
export async function linkTask(
  nas: NasAccess,
  wish: RelinkWish,
  options: CallOptions,
): Promise<{ answer: RelinkedTask; raw: unknown }> {
  return inTurn(nas.session, 'relink', options.signal, async () => {
    const knownIds = new Set((await readListedTasks(nas, options)).map(({ id }) => id));
    const taskInfo = {
      selected: true,
      task_name: wish.taskName,
      local_shared: wish.localShared,
      local_path: wish.localPath,
      region: wish.region,
      admin_email: wish.adminEmail,
    };
    const { lost, data } = await write(nas.session, 'relink_task', { task_info: taskInfo }, options);
    const what = `Relinking task ${printValue(wish.taskName)}`;
    const taskId = idOf(readNumber(recordOf(data)?.task_id));
    const find = (tasks: readonly ListedTask[]): ListedTask | null =>
      newTask(tasks, { taskId, taskName: wish.taskName, knownIds });
    const found = find(await lookAfterLoss(what, lost, () => listUntil(nas, options, (tasks) => find(tasks) !== null)));
    if (found !== null) return { answer: { taskId: found.id, taskName: found.name }, raw: data ?? null };
    if (lost !== null) throw outcomeUnknown(what, lost, 'no such task is listed');
    const named = taskId === null ? 'gave no task id' : `gave the task id ${String(taskId)}`;
    throw new ActiveBackupError('NOT_APPLIED', `${what}: the NAS accepted it and ${named}, but lists no such task`, {
      outcome: 'refused',
    });
  });
}
