// Waits for one run of one task to end, on the polls that everybody shares.
import type { Counters, RunResult, Task } from '../active-backup';
import { DsmError } from '../dsm';
import type { Scheduler } from './scheduler';
import type { NasMonitor, Snapshot, TaskRun } from './types';

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

/**
 * Resolves when that run has ended, or when time is up.
 * @throws DsmError `ABORTED` when the signal fires first
 */
export function waitForRun(monitor: NasMonitor, request: WaitRequest, scheduler: Scheduler): Promise<RunEnding> {
  return new Promise((resolve, reject) => {
    const startMs = scheduler.now();
    let traced = request.joined;
    let gone = 0;
    let seenAtMs = monitor.snapshot?.atMs ?? null;

    const finish = (settle: () => void): void => {
      cancelTimeout();
      unwatch();
      request.signal.removeEventListener('abort', abort);
      settle();
    };
    const end = (ending: RunEnding): void => finish(() => resolve(ending));
    const abort = (): void => finish(() => reject(new DsmError('ABORTED', 'The wait was ended before the run was.')));

    const look = (snapshot: Snapshot | null): void => {
      // A failed poll tells nothing new of the task, and neither does the poll from before the run was asked for.
      if (!snapshot || snapshot.atMs === seenAtMs) return;
      seenAtMs = snapshot.atMs;
      const elapsedMs = scheduler.now() - startMs;
      const task = snapshot.tasks.find((candidate) => candidate.id === request.taskId);
      const ended = snapshot.endedRuns.find((run) => isThatRun(run, request));
      if (ended) {
        end({ result: ended.result, ...endOf(ended) });
      } else if (!task) {
        gone += 1;
        if (gone >= 2) end(nothingKnown('unknown'));
      } else if (task.activity === 'running') {
        traced = true;
        request.onProgress?.({ elapsedSeconds: Math.round(elapsedMs / 1000), progress: null });
      } else if (task.lastRun && isThatRun({ taskId: task.id, run: task.lastRun, result: task.result }, request)) {
        end({ result: task.result, ...endOf({ run: task.lastRun }) });
      } else if (traced || elapsedMs > noTraceMs) {
        // It ran and is idle again without a run to show for it, or it never began.
        end(nothingKnown('unknown'));
      }
    };

    const unwatch = monitor.watch({ id: request.id, onUpdate: look });
    const cancelTimeout = scheduler.after(Math.min(request.timeoutSeconds * 1000, 2 ** 31 - 1), () => {
      end(nothingKnown('timeout'));
    });
    request.signal.addEventListener('abort', abort, { once: true });
    if (request.signal.aborted) abort();
  });
}

/** Whether a finished run is the one that was asked for, and not the one before it. */
function isThatRun(ended: TaskRun, request: WaitRequest): boolean {
  if (ended.taskId !== request.taskId) return false;
  const { run } = ended;
  const before = request.before.lastRun;
  if (run.runId === before?.runId && run.endedAt === before.endedAt) return false;
  if (run.runId !== null && run.runId === request.previousRunId) return false;
  if (run.endedAt === null) return run.runId !== null;
  return Date.parse(run.endedAt) >= request.requestedMs - slackMs;
}

function endOf({ run }: Pick<TaskRun, 'run'>): Omit<RunEnding, 'result'> {
  const { startedAt, endedAt, durationSeconds, counters } = run;
  return { startedAt, endedAt, durationSeconds, counters };
}

function nothingKnown(result: 'unknown' | 'timeout'): RunEnding {
  return { result, startedAt: null, endedAt: null, durationSeconds: null, counters: null };
}
