// Starting and canceling a run, with a look at the NAS before, and after an answer that was lost.
import { lookAfterLoss, outcomeUnknown, type CallOptions, write } from './calls';
import { taskKey } from './change-settings';
import { ActiveBackupError, type ActiveBackupErrorCode } from './errors';
import { inTurn } from './lock';
import {
  identifyTask,
  isUnexplainedRefusal,
  type ListedTask,
  listUntil,
  type NasAccess,
  readListedTasks,
} from './nas-access';
import { printValue } from './print-value';
import { runStatus } from './result';
import { resolveTask } from './task-ids';
import { invalidResponse } from './calls';

/** What starting a backup did. The run itself goes on in the NAS. */
export interface StartedBackup {
  taskId: number;
  taskName: string;
  started: boolean;
  alreadyRunning: boolean;
  /** The run that the NAS showed before: one with another id that shows later is the new one. */
  previousRunId: number | null;
}

/** What canceling a backup did. The NAS takes its time to stop the run. */
export interface CanceledBackup {
  taskId: number;
  taskName: string;
  canceled: boolean;
  wasRunning: boolean;
  /** The job that was canceled, and the run that the NAS showed with it. */
  jobId: number | null;
  runId: number | null;
}

/** What to do about a run that is already under way. */
export type IfRunning = 'report' | 'join' | 'refuse';

/** The task by its id now, or TASK_NOT_FOUND. */
async function currentTask(nas: NasAccess, taskId: number, options: CallOptions): Promise<ListedTask> {
  return resolveTask(taskId, await readListedTasks(nas, options));
}

function refusal(code: ActiveBackupErrorCode, message: string): ActiveBackupError {
  return new ActiveBackupError(code, message, { outcome: 'not_sent' });
}

function startedBackup(task: ListedTask, started: boolean): StartedBackup {
  return { taskId: task.id, taskName: task.name, started, alreadyRunning: !started, previousRunId: task.runId };
}

function reportRunning(task: ListedTask, ifRunning: IfRunning): StartedBackup {
  if (ifRunning === 'refuse') {
    throw refusal('TASK_RUNNING', `Task ${String(task.id)} (${printValue(task.name)}) is already running`);
  }
  return startedBackup(task, false);
}

/**
 * Starts a backup unless one runs.
 * @throws ActiveBackupError TASK_RUNNING where one runs and that was to be refused; OUTCOME_UNKNOWN where the answer
 * was lost and the task does not run: it may have started and ended, or never started
 */
export async function startBackup(
  nas: NasAccess,
  reference: number | string,
  ifRunning: IfRunning,
  options: CallOptions,
): Promise<{ answer: StartedBackup; raw: unknown }> {
  const taskId = await identifyTask(nas, reference, options);
  return inTurn(nas.session, taskKey(taskId), options.signal, async () => {
    const before = await currentTask(nas, taskId, options);
    if (before.running) return { answer: reportRunning(before, ifRunning), raw: null };
    try {
      const { lost, data } = await write(nas.session, 'backup_task', { task_id: taskId }, options);
      if (lost === null) return { answer: startedBackup(before, true), raw: data };
      const what = `Starting task ${String(taskId)}`;
      const after = await lookAfterLoss(what, lost, () => currentTask(nas, taskId, options));
      const isNewRun = after.runId !== null && after.runId > (before.runId ?? 0);
      if (after.running || isNewRun) return { answer: startedBackup(before, true), raw: null };
      throw outcomeUnknown(what, lost, 'the task does not run now');
    } catch (error) {
      // Somebody else, or its schedule, may have started it between the look and the call.
      const present = isUnexplainedRefusal(error) ? await currentTask(nas, taskId, options).catch(() => null) : null;
      if (present?.running !== true) throw error;
      return { answer: reportRunning(present, ifRunning), raw: null };
    }
  });
}

function canceledBackup(task: ListedTask, canceled: boolean, wasRunning: boolean): CanceledBackup {
  return { taskId: task.id, taskName: task.name, canceled, wasRunning, jobId: task.jobId, runId: task.runId };
}

/** Whether a run ended while it was to be canceled, and how; null while it still runs or where that is not known. */
function endedCanceled(after: ListedTask, jobId: number): boolean | null {
  if (after.running && (after.jobId === jobId || after.jobId === null)) return null;
  if (after.running) return false;
  if (after.status === runStatus.canceled) return true;
  return after.status === runStatus.fine || after.status === runStatus.partial ? false : null;
}

/** The task now; where it runs, a few looks later if need be: the job of a run that just began may show a moment late. */
async function taskWithJob(nas: NasAccess, taskId: number, options: CallOptions): Promise<ListedTask> {
  const namesItsJob = (tasks: readonly ListedTask[]): boolean =>
    !tasks.some(({ id, running, jobId }) => id === taskId && running && jobId === null);
  return resolveTask(taskId, await listUntil(nas, options, namesItsJob));
}

/**
 * Cancels the run that is under way; where none is, nothing is sent.
 * @throws ActiveBackupError OUTCOME_UNKNOWN where the answer was lost and the run's end does not tell
 */
export async function stopBackup(
  nas: NasAccess,
  reference: number | string,
  options: CallOptions,
): Promise<{ answer: CanceledBackup; raw: unknown }> {
  const taskId = await identifyTask(nas, reference, options);
  return inTurn(nas.session, taskKey(taskId), options.signal, async () => {
    const before = await taskWithJob(nas, taskId, options);
    if (!before.running) return { answer: canceledBackup(before, false, false), raw: null };
    const { jobId } = before;
    if (jobId === null)
      throw invalidResponse('list_tasks', `says that task ${String(taskId)} runs, but names no job to cancel`);
    try {
      const params = { task_id: taskId, job_id: jobId, job_type: 0 };
      const { lost, data } = await write(nas.session, 'cancel_task', params, options);
      if (lost === null) return { answer: canceledBackup(before, true, true), raw: data };
      const what = `Canceling task ${String(taskId)}`;
      const after = await lookAfterLoss(what, lost, () => currentTask(nas, taskId, options));
      const canceled = endedCanceled(after, jobId);
      if (canceled === null)
        throw outcomeUnknown(what, lost, after.running ? 'the run still goes on' : 'how the run ended does not tell');
      return { answer: canceledBackup(before, canceled, true), raw: null };
    } catch (error) {
      // The run may have ended by itself between the look and the call.
      const present = isUnexplainedRefusal(error) ? await currentTask(nas, taskId, options).catch(() => null) : null;
      if (present === null || (present.running && present.jobId === jobId)) throw error;
      return { answer: canceledBackup(before, false, true), raw: null };
    }
  });
}
