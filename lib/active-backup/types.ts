// What Active Backup's answers mean, in this package's words. Times are ISO 8601 in UTC ending in Z, sizes are bytes,
// null is "unknown". These types are a contract with flows.

/** Whether a run is under way. */
export type Activity = 'running' | 'idle';

/** How the last finished run ended. */
export type RunResult = 'success' | 'partial' | 'failed' | 'canceled' | 'never' | 'unknown';

/** Which evidence decided a result, in the order in which it is looked at. */
export type ResultBasis =
  | 'task_status_error_code'
  | 'status'
  | 'history'
  | 'own_cancel'
  | 'counters'
  | 'service_status'
  | 'event_log'
  | 'unexplained'
  | 'remembered'
  | 'none';

/** How a task is started. On the wire "scheduled" is `backup_policy` 1 with `enable_schedule` true. */
export type BackupPolicy = 'continuous' | 'manual' | 'scheduled';

/** Counts of protected objects (accounts, sites, teams) of one run. */
export interface Counters {
  succeeded: number | null;
  attention: number | null;
  warnings: number | null;
  errors: number | null;
}

/** One finished run. */
export interface Run {
  /** `task_execution_id`. */
  runId: number | null;
  startedAt: string | null;
  endedAt: string | null;
  durationSeconds: number | null;
  counters: Counters;
  transferredBytes: number | null;
}

/** A run as the history tells it. */
export interface HistoryRun extends Omit<Run, 'transferredBytes' | 'counters'> {
  taskId: number;
  taskName: string | null;
  result: RunResult;
  /** Which evidence decided; `unexplained` where a number of the row is unknown or no number at all. */
  resultBasis?: ResultBasis;
  /** Objects per service, from `total_*_count`; null where the NAS gave none. */
  counters: Record<string, number | null>;
  transferredBytes: number | null;
  codes: { status: number | null; errorCode: number | null; jobType: number | null };
}

/** A schedule's five fields (those of the seed's `set_task_schedule`), plus its kind. Hours are the NAS's local time. */
export interface Schedule {
  /** `weekly` is what can be read and written; anything else is a kind that only the NAS's own page can change. */
  kind: 'weekly' | 'unknown';
  startHour: number | null;
  startMinute: number | null;
  lastRunHour: number | null;
  /** 0 = once a day. */
  repeatEveryHours: number | null;
  /** Ascending, 0 = Sunday. */
  runDays: number[];
}

/** The names of the ten services in Active Backup's own field names. */
export type ServiceName =
  | 'archive_mail'
  | 'calendar'
  | 'contact'
  | 'drive'
  | 'group_calendar'
  | 'group_mail'
  | 'mail'
  | 'mysite'
  | 'site'
  | 'teams';

/** One service of a task: what it stores and how its part of the last run went. */
export interface ServiceState {
  enabled: boolean | null;
  usedBytes: number | null;
  processed: number | null;
  warnings: number | null;
  errors: number | null;
  transferredBytes: number | null;
  /** The raw `status_*`: 1 = fine, 0 = not run; other numbers were never published. */
  status: number | null;
}

/** Why a task is a problem. */
export type ProblemReason = 'failed' | 'partial' | 'unexplained' | 'overdue' | 'stalled';

/** The NAS's raw numbers, so that nothing of the evidence is hidden. */
export interface TaskCodes {
  status: number | null;
  taskStatus: number | null;
  taskErrorCode: number | null;
  jobId: number | null;
  executionId: number | null;
}

/** A backup task and everything that is known of it. */
export interface Task {
  id: number;
  name: string;
  activity: Activity;
  /** Of the last *finished* run, also while another one runs. */
  result: RunResult;
  resultBasis: ResultBasis;
  policy: BackupPolicy | null;
  schedule: Schedule | null;
  lastRun: Run | null;
  /** End of the last run with result `success`. */
  lastSuccessAt: string | null;
  /** End of the last run that protected something: a success, or partial with successes. */
  lastCompletedAt: string | null;
  failuresInARow: number | null;
  nextRunAt: string | null;
  /** null = not judged. */
  overdue: boolean | null;
  stalled: boolean | null;
  problem: boolean;
  problemReason: ProblemReason | null;
  usedBytes: number | null;
  services: Partial<Record<ServiceName, ServiceState>>;
  codes: TaskCodes;
}

/** How long a task may go without a completed run, and what counts as a problem. All hours. */
export interface Limits {
  /** Scheduled tasks: hours after the missed slot. Default 6. */
  graceHours?: number;
  /** Continuous tasks. Default 24. */
  continuousHours?: number;
  /** Manual tasks are judged only when this is set. */
  manualHours?: number;
  /** Default true. */
  partialIsProblem?: boolean;
  /** Per task id: hours without a completed run, or "ignore": never overdue or stalled. */
  tasks?: Record<string, number | 'ignore'>;
}

/** A number of the wire: null = absent, `unreadable` = something that is no number where one belongs. */
export type Reading = number | null | 'unreadable';

/** What the history and `event_log` say of one run. */
export interface RunEvidence {
  /** The history's row; null when none is known. `unexplained`: one of its numbers could not be read. */
  row: { status: Reading; errorCode: Reading; unexplained: boolean } | null;
  /** Each different `log_type` of the run's `event_log` rows. */
  logTypes: Reading[];
}

/** What a task is judged against. */
export interface JudgeContext {
  nowMs: number;
  /** IANA zone of the schedules; null when it cannot be trusted: then nothing of a schedule is judged. */
  timeZone: string | null;
  limits: Limits;
  /** Finished backup runs of all tasks that the history gave, newest first; null when it was not read. */
  history: readonly HistoryRun[] | null;
  /** Cancels that were accepted before a task was ever seen, for its first sight. */
  earlyCancels?: readonly EarlyCancel[];
}

/** A cancel that the NAS accepted from here, of a task that nothing is remembered of yet. */
export interface EarlyCancel {
  taskId: number;
  /** The run that the NAS showed then; null where it showed none. */
  runId: number | null;
  /** When it was accepted, by the NAS's clock, milliseconds. */
  atMs: number;
}

/** What the whole package stores and protects. */
export interface PackageState {
  usedBytes: number | null;
  /** Bytes by `service_type` number, as the NAS lists them. */
  serviceUsage: { serviceType: number; service: ServiceName | null; usedBytes: number | null }[];
  objects: { total: number | null; users: number | null; sites: number | null; teams: number | null };
}

/** Worker settings of the package; a maximum that the NAS does not tell is null. */
export interface WorkerCounts {
  backupWorkers: number;
  eventWorkers: number;
  maxBackupWorkers: number | null;
  maxEventWorkers: number | null;
}

/** One line of a log. */
export interface LogEntry {
  at: string | null;
  level: 'info' | 'warning' | 'error' | 'unknown';
  /** `backup` (a run's result), `action` (somebody did something), `item` (a line of a task's own log) or `unknown`. */
  kind: 'backup' | 'action' | 'item' | 'unknown';
  text: string;
  taskId: number | null;
  taskName: string | null;
  runId: number | null;
  codes: { errorCode: number | null; logType: number | null; category: number | null };
}

/** A page of a log. `more` is a reading: the NAS gives no total, so a full page means that more may follow. */
export interface LogPage {
  entries: LogEntry[];
  offset: number;
  limit: number;
  more: boolean;
}

/** Settings of a task in fields and in words, without anything of the tenant. */
export interface TaskSettings {
  taskId: number;
  taskName: string;
  policy: BackupPolicy | null;
  schedule: Schedule | null;
  /** 0 = all versions. */
  daysToKeep: number | null;
  /** The policy, schedule and retention as English sentences. */
  words: { schedule: string; retention: string };
  /** Everything else that is not personal: switches of auto-discovery, paths, codes. */
  [field: string]: unknown;
}
