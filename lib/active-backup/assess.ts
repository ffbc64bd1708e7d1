// From one element of `list_tasks`, the history and what is remembered: the task, the new memory, the runs that ended.
import { withCancel } from './cancels';
import { judgeShown, noEvidence } from './evidence';
import { type EndedRun, rememberRuns, type Remembered } from './finished-runs';
import { type RememberedRun, type TaskMemory } from './memory-types';
import { isOverdue, isStalled, type Judged, resultCounts } from './overdue';
import { decisive, idOf, numberOf } from './readings';
import { runStatus, type Verdict } from './result';
import { keyOf, relationOf, shownKey } from './run-identity';
import { reasonOf } from './run-tally';
import { nextSlot } from './schedule-slots';
import { serviceStates, sumServices } from './services';
import { policyOf, scheduleOf } from './settings-wire';
import { initialMemory } from './task-memory';
import { isoFromMs, msFromIso } from './times';
import { type Activity, type JudgeContext, type ProblemReason, type Run, type Task } from './types';
import { type WireEvent, type WireTask } from './wire';

export { withCancel } from './cancels';
export { type EndedRun } from './finished-runs';
export { initialMemory, readTaskMemory } from './task-memory';

/** What one poll says of a task. */
export interface Assessment {
  task: Task;
  memory: TaskMemory;
  /** Finished runs that were not known before, oldest first; empty at first sight, when everything is the baseline. */
  endedRuns: EndedRun[];
}

/** Whether a run is under way. One sign is enough: none of them was ever published together with the others. */
export function activityOf({ status, progressLength, jobId }: WireTask): Activity {
  const job = decisive(jobId);
  const working = typeof progressLength === 'number' && progressLength > 0;
  return status === runStatus.running || working || (typeof job === 'number' && job !== 0) ? 'running' : 'idle';
}

/** Whether another run is under way than the one that is remembered as such. */
function isAnotherRun(wire: WireTask, { runningSinceMs, runningJobId }: TaskMemory): boolean {
  const jobId = idOf(wire.jobId);
  return runningSinceMs === null || (jobId !== null && runningJobId !== null && jobId !== runningJobId);
}

/**
 * Whether the history should be read before this task is assessed: at first sight, when a run began or ended, and when
 * another run began between two polls.
 */
export function needsHistory(wire: WireTask, memory: TaskMemory | null): boolean {
  if (memory === null) return true;
  if (activityOf(wire) === 'running') return isAnotherRun(wire, memory);
  return memory.runningSinceMs !== null || relationOf(shownKey(wire), keyOf(memory.lastRun)) === 'new';
}

/** The memory with the cancels that were accepted before the task was ever seen. */
function withEarlyCancels(memory: TaskMemory, taskId: number, { earlyCancels = [] }: JudgeContext): TaskMemory {
  return earlyCancels
    .filter((cancel) => cancel.taskId === taskId)
    .reduce((changed, { runId, atMs }) => withCancel(changed, runId, atMs), memory);
}

/** The memory with when the present run was first seen running. */
function withActivity(
  memory: TaskMemory,
  wire: WireTask,
  known: TaskMemory,
  activity: Activity,
  endedRuns: readonly EndedRun[],
  nowMs: number,
): TaskMemory {
  if (activity === 'idle') return { ...memory, runningSinceMs: null, runningJobId: null };
  const since = known.runningSinceMs;
  const endedMeanwhile = endedRuns.some(({ run }) => since !== null && (msFromIso(run.endedAt) ?? -Infinity) > since);
  const another = isAnotherRun(wire, known) || endedMeanwhile;
  return {
    ...memory,
    runningSinceMs: another ? nowMs : since,
    runningJobId: idOf(wire.jobId) ?? (another ? null : known.runningJobId),
  };
}

/** What is shown of the last finished run. */
interface Shown extends Verdict {
  run: Run | null;
  reason: ProblemReason | null;
}

function plainRun(last: RememberedRun): Run {
  const { runId, startedAt, endedAt, durationSeconds, counters, transferredBytes } = last;
  return { runId, startedAt, endedAt, durationSeconds, counters, transferredBytes };
}

/** The last run as remembered; `known` is the memory before this poll. */
function rememberedRun(memory: TaskMemory, known: TaskMemory): Shown {
  const { lastRun: last, verdict } = memory;
  if (last === null) {
    const verdictOfNone: Verdict =
      memory.neverRan === true ? { result: 'never', basis: 'remembered' } : { result: 'unknown', basis: 'none' };
    return { ...verdictOfNone, run: null, reason: verdict.reason };
  }
  const basis = last === known.lastRun ? 'remembered' : last.basis;
  return { result: last.result, basis, run: plainRun(last), reason: verdict.reason };
}

/** What is shown where the list shows no run, or an older one than the last that is known. */
function shownWithoutRun(wire: WireTask, remembered: Remembered, known: TaskMemory): Shown {
  const { memory, relation, hasDatedRow } = remembered;
  const { result, basis } = judgeShown(wire, noEvidence, false);
  const reason = reasonOf({ result, basis }) ?? memory.verdict.reason;
  if (memory.lastRun === null) {
    return result === 'never' && hasDatedRow
      ? { result: 'unknown', basis: 'none', run: null, reason }
      : { result, basis, run: null, reason };
  }
  const last = rememberedRun(memory, known);
  // Of an older run only an error of the task itself is news; of no run, whatever speaks against a success.
  const isNews = relation === 'none' ? basis !== 'none' : basis === 'task_status_error_code';
  return isNews ? { result, basis, run: last.run, reason } : last;
}

function shownOf(wire: WireTask, remembered: Remembered, known: TaskMemory, activity: Activity): Shown {
  const { memory, lastIsShown, passing } = remembered;
  const { lastRun: last } = memory;
  if (activity === 'running') return rememberedRun(memory, known);
  if (!lastIsShown || last === null) return shownWithoutRun(wire, remembered, known);
  const { result, basis } = passing ?? last;
  const reason = (passing === null ? null : reasonOf(passing)) ?? memory.verdict.reason;
  return { result, basis, run: plainRun(last), reason };
}

/**
 * What one poll says of a task. Nothing is read from anywhere but the arguments, the clock included.
 * @param events all of `event_log`
 * @param memory what the last assessment gave; null at first sight
 */
export function assessTask(
  wire: WireTask,
  events: readonly WireEvent[],
  memory: TaskMemory | null,
  context: JudgeContext,
): Assessment {
  const { nowMs } = context;
  const activity = activityOf(wire);
  const known = memory ?? withEarlyCancels(initialMemory(wire, nowMs), wire.id, context);
  const remembered = rememberRuns(wire, events, known, activity, context.history, memory === null);
  const shown = shownOf(wire, remembered, known, activity);

  const next = withActivity(remembered.memory, wire, known, activity, remembered.ended, nowMs);
  if (shown.result === 'never' && next.lastRun === null) next.neverRan = true;
  const policy = policyOf(wire.raw);
  const schedule = scheduleOf(wire.raw);
  next.verdict = { ...next.verdict, problem: resultCounts(next.verdict.reason, { policy, memory: next }, context) };

  const judged: Judged = { id: wire.id, activity, policy, schedule, memory: next };
  const overdue = isOverdue(judged, context);
  const stalled = isStalled(judged, context);
  const byResult = resultCounts(shown.reason, judged, context) ? shown.reason : null;
  const problemReason = byResult ?? (overdue === true ? 'overdue' : stalled === true ? 'stalled' : null);
  const nextRunMs = policy === 'scheduled' && schedule !== null ? nextSlot(schedule, nowMs, context.timeZone) : null;
  const isKnown = next.lastRun !== null || next.neverRan === true;
  const task: Task = {
    id: wire.id,
    name: wire.name,
    activity,
    result: shown.result,
    resultBasis: shown.basis,
    policy,
    schedule,
    lastRun: shown.run,
    lastSuccessAt: isoFromMs(next.lastSuccessMs),
    lastCompletedAt: isoFromMs(next.lastCompletedMs),
    failuresInARow: isKnown ? next.failuresInARow : null,
    nextRunAt: isoFromMs(nextRunMs),
    overdue,
    stalled,
    problem: problemReason !== null,
    problemReason,
    usedBytes: sumServices(wire.services).usedBytes,
    services: serviceStates(wire.services),
    codes: {
      status: numberOf(wire.status),
      taskStatus: numberOf(wire.taskStatus),
      taskErrorCode: numberOf(wire.taskErrorCode),
      jobId: numberOf(wire.jobId),
      executionId: numberOf(wire.runId),
    },
  };
  return { task, memory: next, endedRuns: remembered.ended };
}

/** A task judged without any memory of it, as a single reading. */
export function describeTask(wire: WireTask, events: readonly WireEvent[], context: JudgeContext): Task {
  return assessTask(wire, events, null, context).task;
}
