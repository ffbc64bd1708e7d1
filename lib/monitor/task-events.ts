// What happened to one task between what is remembered of it and what a good poll found.
import { isDeepStrictEqual } from 'node:util';
import type { EndedRun, RunResult, Task, TaskMemory } from '../active-backup';
import { runKey, type Teller } from './teller';
import type { TaskRecord } from './types';

/** Starts that wait for their ends; more are of a NAS that books no ends. */
const mostStarts = 10;

/** One task as a good poll found it. */
export interface AssessedTask {
  task: Task;
  memory: TaskMemory;
  endedRuns: readonly EndedRun[];
}

/**
 * How the last run ended as far as that was told. What one poll cannot explain of a run that was judged before is shown,
 * and no news.
 */
function settledResult({ task, memory }: Pick<TaskRecord, 'task' | 'memory'>): RunResult {
  return task.result === 'unknown' ? (memory.lastRun?.result ?? task.result) : task.result;
}

/** Tells what changed and gives what is to be remembered. Without `before` the task is new. */
export function compareTask(before: TaskRecord | null, found: AssessedTask, teller: Teller): TaskRecord {
  const { task, memory } = found;
  tellIdentity(before, task, teller);
  const { troubled, startsMs } = tellRuns(before, found, teller);
  const isOverdue = tellState('overdue', before?.told.overdue ?? false, found, teller);
  const isStalled = tellState('stalled', before?.told.stalled ?? false, found, teller);
  return {
    memory,
    task,
    troubled: troubled || task.overdue === true,
    told: { overdue: isOverdue, stalled: isStalled, startsMs },
    missingSinceMs: null,
    settings: before?.settings ?? null,
  };
}

function tellIdentity(before: TaskRecord | null, task: Task, teller: Teller): void {
  if (before === null) {
    teller.tell('added', task, { after: task });
    return;
  }
  const { name, policy, schedule } = before.task;
  if (name !== task.name) teller.tell('renamed', task, { before: name, after: task.name });
  // Null is "could not be read", which is no change of the settings.
  const changes: [string, unknown, unknown][] = [
    ['policy', policy, task.policy],
    ['schedule', schedule, task.schedule],
  ];
  const changed = changes.filter(([, was, is]) => was !== null && is !== null && !isDeepStrictEqual(was, is));
  if (changed.length === 0) return;
  teller.tell('settings_changed', task, {
    before: Object.fromEntries(changed.map(([field, was]) => [field, was])),
    after: Object.fromEntries(changed.map(([field, , is]) => [field, is])),
  });
}

/** Tells the runs that ended and the one that began. */
function tellRuns(
  before: TaskRecord | null,
  found: AssessedTask,
  teller: Teller,
): { troubled: boolean; startsMs: number[] } {
  const { task, memory, endedRuns } = found;
  let troubled = before?.troubled ?? isTrouble(task.result, task.resultBasis);
  let result = before && settledResult(before);
  const startsMs = [...(before?.told.startsMs ?? [])];
  endedRuns.forEach((ended, index) => {
    const isOver = task.activity === 'idle' && index === endedRuns.length - 1;
    if (!wasAnnounced(ended, startsMs, isOver)) tellLateStart(task, ended, teller);
    troubled = tellEnd(task, ended, result, troubled, teller);
    ({ result } = ended);
  });
  if (endedRuns.length === 0 && before !== null) troubled = tellSecondThoughts(before, found, troubled, teller);

  if (task.activity === 'idle') return { troubled, startsMs: [] };
  const sinceMs = memory.runningSinceMs ?? teller.pollMs;
  if (startsMs.includes(sinceMs)) return { troubled, startsMs };
  teller.tell('started', task, { key: `running ${sinceMs} ${task.codes.jobId ?? 0}` });
  return { troubled, startsMs: [...startsMs, sinceMs].slice(-mostStarts) };
}

/**
 * Whether the start of a run was told when it was seen running; takes that off the list. A run that ended before another
 * was seen running is not that other one. `isOver`: nothing runs any more, so that what was announced has ended whatever
 * the clocks say.
 */
function wasAnnounced({ run }: EndedRun, startsMs: number[], isOver: boolean): boolean {
  const [sinceMs] = startsMs;
  if (sinceMs === undefined) return false;
  const isLater = run.endedAt === null || Date.parse(run.endedAt) >= sinceMs;
  if (isLater || isOver) startsMs.shift();
  return isLater || isOver;
}

/** The start of a run that began and ended between two polls. */
function tellLateStart(task: Task, { run, result }: EndedRun, teller: Teller): void {
  teller.tell('started', task, {
    at: run.startedAt ?? run.endedAt,
    key: `ended ${runKey(run)}`,
    run: { ...run, result },
  });
}

/** Tells a run's end and, where it ends trouble, the recovery. Returns whether trouble remains. */
function tellEnd(
  task: Task,
  ended: EndedRun,
  resultBefore: RunResult | null,
  troubled: boolean,
  teller: Teller,
): boolean {
  const { result, basis } = ended;
  const run = { ...ended.run, result };
  const details = { before: resultBefore, after: result, at: run.endedAt, key: runKey(run), run };
  if (result !== 'never') teller.tell(result, task, details);
  if (result !== 'success') return troubled || isTrouble(result, basis);
  if (troubled) teller.tell('recovered', task, details);
  return false;
}

/**
 * The known last run may turn out worse than it was told: rows of the log come a second after a run's end, and an error
 * of the task itself (its authorisation) makes it failed without a run. Turning out better is no event: the next
 * success will tell.
 */
function tellSecondThoughts(before: TaskRecord, found: AssessedTask, troubled: boolean, teller: Teller): boolean {
  const { task } = found;
  const result = settledResult(found);
  const was = settledResult(before);
  const isWorse = isTrouble(result, task.resultBasis) || result === 'canceled';
  if (task.activity !== 'idle' || result === was || !isWorse) return troubled;
  const run = task.lastRun === null ? null : { ...task.lastRun, result };
  teller.tell(result === 'never' ? 'unknown' : result, task, { before: was, after: result, run });
  return troubled || isTrouble(result, task.resultBasis);
}

/** Tells a state once when it begins. What is not judged for a while (null) neither ends it nor begins it anew. */
function tellState(state: 'overdue' | 'stalled', wasTold: boolean, { task }: AssessedTask, teller: Teller): boolean {
  const is = task[state];
  if (is === null) return wasTold;
  if (is && !wasTold) teller.tell(state, task, { before: false, after: true });
  return is;
}

/** A result that the next success recovers from. */
function isTrouble(result: RunResult, basis: Task['resultBasis']): boolean {
  return result === 'failed' || result === 'partial' || (result === 'unknown' && basis === 'unexplained');
}
