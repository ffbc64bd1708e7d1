// A NAS whose answers a test writes by hand, as the monitor's client sees it.
import { DsmError } from '../../../lib/dsm';
import {
  historyRunOf,
  readTaskList,
  type TaskList,
  type TaskSettings,
  type WorkerChange,
} from '../../../lib/active-backup';
import type { RunList } from '../../../lib/active-backup';
import type { MonitorOptions } from '../../../lib/monitor';

type Client = MonitorOptions['client'];
export type Row = Record<string, unknown>;

/** 22 November 2026, noon UTC, a Sunday. */
export const noonMs = Date.UTC(2026, 10, 22, 12);
export const seconds = (ms: number): number => Math.floor(ms / 1000);

/** A row of `tasks` of an idle task whose last run ended well an hour before noon. */
export function taskRow(id: number, changes: Row = {}): Row {
  return {
    task_id: id,
    task_name: `Task ${id}`,
    status: 1,
    task_status: 2,
    task_status_error_code: 0,
    job_id: 0,
    progress_list: [],
    task_execution_id: 100 + id,
    last_execution_time: seconds(noonMs) - 3600,
    duration: 600,
    success_count: 3,
    attention_count: 0,
    backup_policy: 1,
    enable_schedule: false,
    ...changes,
  };
}

/** What a running task shows. */
export const running = (jobId = 7): Row => ({ status: 4, job_id: jobId, progress_list: [{}] });
export const idle: Row = { status: 1, job_id: 0, progress_list: [] };

/** What a task shows after a run that ended at this time. */
export function ended(runId: number, endMs: number, changes: Row = {}): Row {
  return { ...idle, task_execution_id: runId, last_execution_time: seconds(endMs), ...changes };
}

/** A row of the history. */
export function historyRow(taskId: number, runId: number, endMs: number, changes: Row = {}): Row {
  return {
    task_id: taskId,
    task_execution_id: runId,
    start_run_time: seconds(endMs) - 60,
    last_execution_time: seconds(endMs),
    status: 1,
    error_code: 0,
    ...changes,
  };
}

export class FakeNas implements Client {
  tasks: Row[] = [];
  eventLog: Row[] = [];
  history: Row[] = [];
  /** Settings by task id. */
  settings = new Map<number, Partial<TaskSettings>>();
  /** Errors by method, thrown until taken away. */
  readonly failures = new Map<keyof Client, Error>();
  readonly calls: (keyof Client)[] = [];
  /** The windows that the history was asked for. */
  readonly windows: { sinceMs: number; untilMs: number }[] = [];
  /** By how much the NAS's clock is ahead; null: its answers carry no date. */
  skewMs: number | null = 0;
  localTime: string | null = null;
  /** Set: calls wait until it resolves. */
  gate: Promise<void> | null = null;

  constructor(private readonly now: () => number) {}

  task(id: number): Row {
    const row = this.tasks.find((task) => task.task_id === id);
    if (!row) throw new Error(`no task ${id}`);
    return row;
  }

  /** Lays values over a task's row. */
  change(id: number, changes: Row): void {
    Object.assign(this.task(id), changes);
  }

  fail(method: keyof Client, code: DsmError['code'] | null): void {
    if (code === null) this.failures.delete(method);
    else this.failures.set(method, new DsmError(code, `The fake NAS answers ${code}.`));
  }

  count(method: keyof Client): number {
    return this.calls.filter((call) => call === method).length;
  }

  async getTasks(): Promise<TaskList> {
    await this.asked('getTasks');
    const raw = JSON.parse(JSON.stringify({ tasks: this.tasks, event_log: this.eventLog })) as Row;
    const wire = readTaskList(raw);
    return { tasks: [], package: wire.package, wire, dateMs: this.dateMs(), raw };
  }

  async listRuns(input: unknown): Promise<RunList> {
    const window = input as { sinceMs: number; untilMs: number };
    if (window.untilMs < window.sinceMs) throw new Error('an impossible window');
    this.windows.push(window);
    await this.asked('listRuns');
    return { runs: this.history.flatMap((row) => historyRunOf(row) ?? []), truncated: false };
  }

  async getWorkerCount(): Promise<WorkerChange> {
    await this.asked('getWorkerCount');
    return {
      backupWorkers: 20,
      eventWorkers: 20,
      maxBackupWorkers: 40,
      maxEventWorkers: 40,
      changed: false,
      lowered: [],
    };
  }

  async getPackageVersion(): Promise<string | null> {
    await this.asked('getPackageVersion');
    return '2.5.5-14034';
  }

  async getNasTime(): Promise<{ localTime: string | null; dateMs: number | null }> {
    await this.asked('getNasTime');
    return { localTime: this.localTime, dateMs: this.dateMs() };
  }

  async getTaskSetting(input: unknown): Promise<TaskSettings> {
    await this.asked('getTaskSetting');
    const { taskId } = input as { taskId: number };
    return {
      taskId,
      taskName: `Task ${taskId}`,
      policy: 'manual',
      schedule: null,
      daysToKeep: 0,
      words: { schedule: '', retention: '' },
      ...this.settings.get(taskId),
    };
  }

  private dateMs(): number | null {
    return this.skewMs === null ? null : Math.floor((this.now() + this.skewMs) / 1000) * 1000;
  }

  private async asked(method: keyof Client): Promise<void> {
    this.calls.push(method);
    await this.gate;
    const failure = this.failures.get(method);
    if (failure) throw failure;
  }
}
