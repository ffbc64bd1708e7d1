// Runs of backup tasks: how a test scripts them, how they stand while they run, and the ledger of what really happened.

import { type ServiceKey } from './services';

/** How a run ends. `hung`: it never does by itself. `unknown`: with a `status` that nobody has explained. */
export type Outcome = 'success' | 'partial' | 'failed' | 'canceled' | 'unknown' | 'hung';

/** What a test says about a run; everything may be left out. */
export interface RunScript {
  /** Default 60. */
  durationSeconds?: number;
  /** Default success. */
  outcome?: Outcome;
  /** Seconds after the start until `list_tasks` shows the run. Default 0. */
  showDelaySeconds?: number;
  /** `success_count`, objects that went well. */
  succeeded?: number;
  /** `attention_count`, objects that need attention. */
  attention?: number;
  /** `processed_*` by service. */
  processed?: Partial<Record<ServiceKey, number>>;
  /** `warning_*` by service, or a number for the first service that is on. */
  warnings?: number | Partial<Record<ServiceKey, number>>;
  /** `error_*` by service, or a number for the first service that is on. */
  errors?: number | Partial<Record<ServiceKey, number>>;
  /** Bytes moved, in all. Default: what the run's length gives. */
  transferredBytes?: number;
  /** `status` afterwards, whatever the outcome says. */
  status?: number;
  /** `status_*` of each service that is on. */
  serviceStatus?: number;
  /** `task_status_error_code` afterwards. */
  taskErrorCode?: number;
  /** `status` of the history's row (`list_task_logs`). */
  rowStatus?: number;
  /** `error_code` of the history's row. */
  rowErrorCode?: number;
  /** `error_code` of the log rows. */
  logErrorCode?: number;
  /** `log_type` of the result's rows in the package's log and in `event_log`. */
  logType?: number;
}

/** Who or what started a run. */
export type Trigger = 'user' | 'schedule' | 'continuous' | 'history' | 'test';

/** A run that has not ended. */
export interface ActiveRun {
  script: RunScript;
  jobId: number;
  executionId: number;
  startMs: number;
  /** Infinity for a hung run. */
  endMs: number;
  /** Set when `cancel_task` was accepted. */
  canceledBy: string | null;
  entry: LedgerEntry;
}

/** One run as it really was: the truth that tests compare a client's view with. */
export interface LedgerEntry {
  taskId: number;
  taskName: string;
  runId: number;
  jobId: number;
  trigger: Trigger;
  startedAtMs: number;
  /** Null while it runs. */
  endedAtMs: number | null;
  /** How it ended; null while it runs. */
  outcome: Outcome | null;
  status: number;
  taskErrorCode: number;
  succeeded: number;
  attention: number;
  warnings: number;
  errors: number;
  transferredBytes: number;
}
