// What must be remembered of a task, because the NAS does not tell it again. Plain JSON.
import { type ProblemReason, type ResultBasis, type Run, type RunEvidence, type RunResult } from './types';

/** What is counted of finished runs, one after another. Times are milliseconds since the epoch. */
export interface RunCounts {
  lastSuccessMs: number | null;
  lastCompletedMs: number | null;
  failuresInARow: number;
  /** Partial results in a row and when the first of them ended: continuous tasks heal by themselves. */
  partialsInARow: number;
  partialSinceMs: number | null;
  /** Lengths of the last five completed runs, newest first, seconds. */
  completedSeconds: number[];
}

/** What a sequence of finished runs adds up to. */
export interface RunTally extends RunCounts {
  /** Why the runs so far are a problem; a canceled run does not change it. */
  reason: ProblemReason | null;
}

/** A finished run and its verdict, as last read while the task was idle or from the history. */
export interface RememberedRun extends Run {
  result: RunResult;
  basis: ResultBasis;
  /** What the run is counted as: the verdict without an error of the task itself. */
  counted: { result: RunResult; basis: ResultBasis };
  /** The raw `status`. */
  status: number | null;
}

/** A cancel that the NAS accepted from here and whose run has not ended yet. */
export interface AcceptedCancel {
  /** The run's id, or 0 where it is not known: the run that was under way. */
  runId: number;
  /** When it was accepted, by the NAS's clock, milliseconds: no run that had ended before is meant. */
  atMs: number;
}

/** What is remembered of a task. */
export interface TaskMemory extends RunCounts {
  /** When the task was first seen, milliseconds. */
  firstSeenMs: number;
  lastRun: RememberedRun | null;
  /** Overdue is counted from here when no completed run is known: start of the first dated run seen; never moved. */
  baselineMs: number | null;
  /** When the present run was first seen running, and under which job; null when idle. */
  runningSinceMs: number | null;
  runningJobId: number | null;
  /** The verdict that a canceled run leaves as it was. */
  verdict: { problem: boolean; reason: ProblemReason | null };
  /** The last ten cancels that wait for their runs to end. */
  canceledRuns: AcceptedCancel[];
  /** That the task was last seen idle without ever having run; absent means false. */
  neverRan?: boolean;
  /** What the last run was counted on top of, so that later evidence on that run can be counted anew. */
  beforeLastRun?: RunTally;
  /** Evidence on the last run that the NAS does not show at every poll. */
  lastRunEvidence?: RunEvidence;
}
