// What Active Backup keeps on the simulated NAS: tasks, logs, history, workers, and the numbers it gives out.

import { type JsonObject } from './json';
import { type LedgerEntry } from './runs';
import { type Task } from './task';

/** Rows a log keeps at most; the oldest go first. */
const LOG_ROWS_KEPT = 10_000;

/** The state of the package. Logs are oldest first here; answers turn them round. */
export interface Store {
  tasks: Map<number, Task>;
  generalLog: JsonObject[];
  eventLog: JsonObject[];
  /** Rows of `list_task_logs`, one a finished run, with `job_type` beside each. */
  history: { jobType: number; row: JsonObject }[];
  ledger: LedgerEntry[];
  workers: Record<WorkerField, number>;
  nextTaskId: number;
  nextExecutionId: number;
  nextJobId: number;
  nextScheduleId: number;
  /** Storage of deleted tasks that was kept, by path: what `relink_task` can find again. */
  unlinked: Map<string, Task>;
  /** Paths whose data was removed with the task; they cannot be relinked. */
  removedPaths: Set<string>;
}

/** The members of `get_worker_count`. */
export type WorkerField =
  'backup_job_worker_count' | 'event_worker_count' | 'max_backup_job_worker_count' | 'max_event_worker_count';

/** An empty package. */
export function createStore(): Store {
  return {
    tasks: new Map(),
    generalLog: [],
    eventLog: [],
    history: [],
    ledger: [],
    workers: {
      backup_job_worker_count: 40,
      event_worker_count: 40,
      max_backup_job_worker_count: 40,
      max_event_worker_count: 40,
    },
    nextTaskId: 1,
    nextExecutionId: 1,
    nextJobId: 1,
    nextScheduleId: 4,
    unlinked: new Map(),
    removedPaths: new Set(),
  };
}

/** Appends a row and keeps the log bounded. */
export function appendLog<T>(log: T[], row: T): void {
  log.push(row);
  if (log.length > 2 * LOG_ROWS_KEPT) log.splice(0, log.length - LOG_ROWS_KEPT);
}

/** Puts everything into the order of time again: a task that is added brings rows older than those that are there. */
export function sortByTime({ generalLog, eventLog, history }: Store): void {
  const byTime = (left: JsonObject, right: JsonObject): number => Number(left.timestamp) - Number(right.timestamp);
  generalLog.sort(byTime);
  eventLog.sort(byTime);
  history.sort((left, right) => Number(left.row.last_execution_time) - Number(right.row.last_execution_time));
}

/** A page of a log, newest first. */
export function newestFirst<T>(log: readonly T[], offset: number, limit: number): T[] {
  const page: T[] = [];
  for (let index = log.length - 1 - offset; index >= 0 && page.length < limit; index -= 1) {
    page.push(log[index] as T);
  }
  return page;
}
