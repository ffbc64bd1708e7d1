// What finished runs add up to, one after the other: last success, failures in a row, lengths of completed runs.
import { type Verdict } from './result';
import { msFromIso } from './times';
import { type RunCounts, type RunTally } from './memory-types';
import { type ProblemReason, type Run } from './types';

/** A finished run, how it ended, and whether it protected anything. */
export interface FinishedRun extends Verdict {
  run: Run;
  /** What the run is counted as: the verdict without an error of the task itself. */
  counted: Verdict;
  /** The raw `status` of the run, null where none was given. */
  status: number | null;
  /** That at least one object was protected. */
  someSucceeded: boolean;
}

/** How many lengths of completed runs are kept. */
export const mostLengths = 5;

/** The counts of no run at all. */
export function noCounts(): RunCounts {
  return {
    lastSuccessMs: null,
    lastCompletedMs: null,
    failuresInARow: 0,
    partialsInARow: 0,
    partialSinceMs: null,
    completedSeconds: [],
  };
}

/** Why a result is a problem by itself, before limits are looked at; null where it is none. */
export function reasonOf({ result, basis }: Verdict): ProblemReason | null {
  if (result === 'failed' || result === 'partial') return result;
  return result === 'unknown' && basis === 'unexplained' ? 'unexplained' : null;
}

/** Why a task is a problem after a run that ended so: a canceled one leaves it as it was. */
export function reasonAfter(before: ProblemReason | null, verdict: Verdict): ProblemReason | null {
  return verdict.result === 'canceled' ? before : reasonOf(verdict);
}

/** That a run protected something: a success, or partial with successes. */
function isCompleted({ counted: { result }, someSucceeded }: FinishedRun): boolean {
  return result === 'success' || (result === 'partial' && someSucceeded);
}

function withCompletion(tally: RunTally, run: Run): RunTally {
  const lengths =
    run.durationSeconds === null
      ? tally.completedSeconds
      : [run.durationSeconds, ...tally.completedSeconds].slice(0, mostLengths);
  return { ...tally, lastCompletedMs: msFromIso(run.endedAt) ?? tally.lastCompletedMs, completedSeconds: lengths };
}

/**
 * The tally after one more run. A canceled run changes nothing: it says neither that backups work nor that they do not.
 * An error of the task itself is a problem, but the run counts as it ended.
 * "Last" means last in order, not latest in time, so that a date in the future does not outlive the next good run.
 */
export function addRun(before: RunTally, finished: FinishedRun): RunTally {
  const { run } = finished;
  const { result } = finished.counted;
  if (result === 'canceled') return { ...before, reason: reasonAfter(before.reason, finished) };
  const tally = isCompleted(finished) ? withCompletion(before, run) : { ...before };
  const endedMs = msFromIso(run.endedAt);
  tally.reason = reasonOf(finished);
  if (result === 'success') tally.lastSuccessMs = endedMs ?? before.lastSuccessMs;
  if (result === 'failed') tally.failuresInARow = before.failuresInARow + 1;
  if (result === 'success' || result === 'partial') tally.failuresInARow = 0;
  const partial = result === 'partial';
  tally.partialsInARow = partial ? before.partialsInARow + 1 : 0;
  tally.partialSinceMs = partial ? (before.partialSinceMs ?? endedMs) : null;
  return tally;
}
