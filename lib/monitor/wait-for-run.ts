// Waits for one run of one task to end, on the polls that everybody shares.
import type { Counters, Run, RunResult, Task } from '../active-backup';
import { DsmError } from '../dsm';
import type { Scheduler } from './scheduler';
import type { NasMonitor, Snapshot } from './types';

/** How a wait ended: as the run did, or because time was up. Every ending is an answer, none an error. */
export interface RunEnding {
  result: RunResult | 'timeout';
  startedAt: string | null;
  endedAt: string | null;
  durationSeconds: number | null;
  counters: Counters | null;
}

/** How a wait is going. `progress` stays null: no element of the NAS's progress list was ever published. */
export interface RunProgress {
  elapsedSeconds: number;
  progress: number | null;
}

/** Which run is waited for. */
export interface WaitRequest {
  /** Names this wait among the monitor's watchers. */
  id: string;
  taskId: number;
  /** The task before the run was asked for. */
  before: Task;
  /** True when the run was under way already. */
  joined: boolean;
  /** The last run's id as the NAS showed it before it started this one; null where unknown or joined. */
  previousRunId: number | null;
  /** When the run was asked for, by the NAS's clock, milliseconds. */
  requestedMs: number;
  timeoutSeconds: number;
  onProgress?: (progress: RunProgress) => void;
  signal: AbortSignal;
}

/** A run that was accepted but leaves no trace for so long never began: the NAS said yes and did nothing. */
const noTraceMs = 10 * 60_000;
/** The NAS books whole seconds, and a run's start can lie a little before the answer that accepted it. */
const slackMs = 5_000;
/** Good polls that must find the task idle without the run's result: the poll under way may be older than the run. */
const looksBeforeUnknown = 2;
/** The longest that a timer can be set to; more would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Looks at each snapshot for the end of the run. */
class RunWait {
  #traced: boolean;
  #idleLooks = 0;
  readonly #startMs: number;
  #seen: Snapshot | null;
  readonly #request: WaitRequest;
  readonly #now: () => number;

  constructor(request: WaitRequest, seen: Snapshot | null, now: () => number) {
    this.#request = request;
    this.#now = now;
    this.#traced = request.joined;
    this.#startMs = now();
    this.#seen = seen;
  }

  /** The ending as far as this snapshot tells; null while the run goes on. */
  look(snapshot: Snapshot | null): RunEnding | null {
    // A failed poll tells nothing new of the task, and neither does the poll from before the run was asked for.
    if (!snapshot || snapshot === this.#seen) return null;
    this.#seen = snapshot;
    const request = this.#request;
    const ended = snapshot.endedRuns.find(({ taskId, run }) => taskId === request.taskId && isThatRun(run, request));
    if (ended) return endingOf(ended.run, ended.result);
    const task = snapshot.tasks.find(({ id }) => id === request.taskId);
    // A task that is missing in one answer may be back in the next.
    if (!task) return snapshot.missingTaskIds.includes(request.taskId) ? null : nothingKnown('unknown');
    if (task.activity === 'running') return this.#lookAtRunning();
    // Without the history nobody knows yet how the run ended; one of the next polls says it.
    return snapshot.historyOwed === true ? null : this.#lookAtIdle(task);
  }

  #lookAtRunning(): null {
    this.#traced = true;
    this.#idleLooks = 0;
    this.#request.onProgress?.({ elapsedSeconds: Math.round(this.#elapsedMs / 1000), progress: null });
    return null;
  }

  #lookAtIdle(task: Task): RunEnding | null {
    if (task.lastRun && isThatRun(task.lastRun, this.#request)) return endingOf(task.lastRun, task.result);
    this.#idleLooks += 1;
    // It ran and is idle again without a run to show for it, or it never began.
    const isOver = this.#traced ? this.#idleLooks >= looksBeforeUnknown : this.#elapsedMs > noTraceMs;
    return isOver ? nothingKnown('unknown') : null;
  }

  get #elapsedMs(): number {
    return this.#now() - this.#startMs;
  }
}

/**
 * Resolves when that run has ended, or when time is up.
 * @throws DsmError `ABORTED` when the signal fires first
 */
export function waitForRun(monitor: NasMonitor, request: WaitRequest, scheduler: Scheduler): Promise<RunEnding> {
  return new Promise((resolve, reject) => {
    const { signal } = request;
    if (signal.aborted) throw aborted();
    const wait = new RunWait(request, monitor.snapshot, () => scheduler.now());
    const deadlineMs = scheduler.now() + request.timeoutSeconds * 1000;
    let cancelTimer: () => void = () => undefined;
    let unwatch: () => void = () => undefined;

    const finish = (settle: () => void): void => {
      cancelTimer();
      unwatch();
      signal.removeEventListener('abort', abort);
      settle();
    };
    const end = (ending: RunEnding): void => finish(() => resolve(ending));
    const abort = (): void => finish(() => reject(aborted()));
    const armTimer = (): void => {
      const leftMs = deadlineMs - scheduler.now();
      if (leftMs <= 0) end(nothingKnown('timeout'));
      else cancelTimer = scheduler.after(Math.min(leftMs, longestTimerMs), armTimer);
    };

    unwatch = monitor.watch({
      id: request.id,
      onUpdate(snapshot) {
        const ending = wait.look(snapshot);
        if (ending) end(ending);
      },
    });
    signal.addEventListener('abort', abort, { once: true });
    armTimer();
  });
}

/** Whether a finished run is the one that was asked for, and not the one before it. */
function isThatRun(run: Run, request: WaitRequest): boolean {
  const { lastRun } = request.before;
  if (run.runId === lastRun?.runId && run.endedAt === lastRun.endedAt) return false;
  if (run.runId !== null && run.runId === request.previousRunId) return false;
  const previous = request.previousRunId ?? lastRun?.runId ?? null;
  if (run.runId !== null && previous !== null && run.runId > previous) return true;
  // Older packages give no ids, and a task that was set up anew starts again at 1: there the times decide.
  const earliestMs = request.requestedMs - slackMs;
  if (!request.joined && run.startedAt !== null && Date.parse(run.startedAt) < earliestMs) return false;
  return run.endedAt === null ? run.runId !== null : Date.parse(run.endedAt) >= earliestMs;
}

function endingOf({ startedAt, endedAt, durationSeconds, counters }: Run, result: RunResult): RunEnding {
  return { result, startedAt, endedAt, durationSeconds, counters };
}

function nothingKnown(result: 'unknown' | 'timeout'): RunEnding {
  return { result, startedAt: null, endedAt: null, durationSeconds: null, counters: null };
}

function aborted(): DsmError {
  return new DsmError('ABORTED', 'The wait was ended before the run was.');
}
