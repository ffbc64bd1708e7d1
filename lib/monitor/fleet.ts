// One look at the tasks of many NASes: how many are how, which need somebody first, and whose backup is oldest.
import type { ProblemReason, RunResult, Task } from '../active-backup';

/** A task with the slug of its NAS. */
export type FleetTask = Task & { nas: string };

/** A task in a roll-up: enough to find it, and why it stands where it stands. */
export interface FleetTaskRef {
  nas: string;
  id: number;
  name: string;
  activity: Task['activity'];
  result: RunResult;
  problem: boolean;
  problemReason: ProblemReason | null;
  overdue: boolean | null;
  stalled: boolean | null;
  failuresInARow: number | null;
  lastSuccessAt: string | null;
}

/** The roll-up that `get-tasks` answers with `summary`. */
export interface FleetSummary {
  total: number;
  /** How many tasks ended their last run how; every result is there. */
  byResult: Record<RunResult, number>;
  running: number;
  problems: number;
  overdue: number;
  /** All tasks, the most urgent first: problems by their reason, then what is not known, then what is fine. */
  worstFirst: FleetTaskRef[];
  /** The task whose last success is longest ago; null where no task has one. */
  oldestLastSuccess: { nas: string; id: number; name: string; lastSuccessAt: string } | null;
  /** Tasks of which no success is known: worse than the oldest. */
  withoutSuccess: number;
}

/** Reasons, worst first: nothing was protected, then nothing is being protected, then perhaps, then not all. */
const reasons: readonly ProblemReason[] = ['failed', 'overdue', 'stalled', 'unexplained', 'partial'];
/** Results of tasks that are no problem, the least sure first. */
const results: readonly RunResult[] = ['failed', 'unknown', 'never', 'partial', 'canceled', 'success'];

/** Rolls up the tasks of one NAS or of many. */
export function summarizeFleet(tasks: readonly FleetTask[]): FleetSummary {
  const byResult: Record<RunResult, number> = { success: 0, partial: 0, failed: 0, canceled: 0, never: 0, unknown: 0 };
  for (const { result } of tasks) byResult[result] += 1;
  const count = (is: (task: FleetTask) => boolean): number => tasks.filter(is).length;
  return {
    total: tasks.length,
    byResult,
    running: count(({ activity }) => activity === 'running'),
    problems: count(({ problem }) => problem),
    overdue: count(({ overdue }) => overdue === true),
    worstFirst: [...tasks].sort(byUrgency).map(refOf),
    oldestLastSuccess: oldestSuccess(tasks),
    withoutSuccess: count(({ lastSuccessAt }) => lastSuccessAt === null),
  };
}

function refOf(task: FleetTask): FleetTaskRef {
  const { nas, id, name, activity, result, problem, problemReason, overdue, stalled } = task;
  const { failuresInARow, lastSuccessAt } = task;
  return {
    nas,
    id,
    name,
    activity,
    result,
    problem,
    problemReason,
    overdue,
    stalled,
    failuresInARow,
    lastSuccessAt,
  };
}

function oldestSuccess(tasks: readonly FleetTask[]): FleetSummary['oldestLastSuccess'] {
  let oldest: FleetSummary['oldestLastSuccess'] = null;
  for (const { nas, id, name, lastSuccessAt } of tasks) {
    if (lastSuccessAt === null || (oldest !== null && timeOf(oldest.lastSuccessAt) <= timeOf(lastSuccessAt))) continue;
    oldest = { nas, id, name, lastSuccessAt };
  }
  return oldest;
}

/** No success known counts as longest ago. */
function timeOf(iso: string | null): number {
  return iso === null ? -Infinity : Date.parse(iso);
}

/** Smaller is more urgent, compared field by field. */
function urgencyOf(task: FleetTask): (number | string)[] {
  const reason = task.problemReason === null ? reasons.length : reasons.indexOf(task.problemReason);
  return [
    reason,
    task.problem ? 0 : results.indexOf(task.result),
    task.overdue === true ? 0 : 1,
    -(task.failuresInARow ?? 0),
    timeOf(task.lastSuccessAt),
    task.nas,
    task.id,
  ];
}

function byUrgency(left: FleetTask, right: FleetTask): number {
  const [a, b] = [urgencyOf(left), urgencyOf(right)];
  for (const [index, one] of a.entries()) {
    const other = b[index] ?? one;
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
