// What the package answers to reads: tasks, logs and history in the wire's own names and types.

import { copy, type JsonObject } from './json';
import { SERVICES } from './services';
import { newestFirst, type Store } from './store';
import { type Switches } from './switches';
import { type Task, typeNumber } from './task';

/** Rows of `event_log` in `list_tasks`. */
const EVENT_ROWS = 50;

/** Whether a running task already shows as running. */
export function showsRunning(task: Task, nowMs: number): boolean {
  return task.run !== null && nowMs >= task.run.startMs + (task.run.script.showDelaySeconds ?? 0) * 1000;
}

function taskRow(task: Task, switches: Switches, nowMs: number): JsonObject {
  const run = task.run !== null && showsRunning(task, nowMs) ? task.run : null;
  const fresh = run !== null && switches.runningRow === 'new';
  const row: JsonObject = {
    attention_count: fresh ? 0 : task.attentionCount,
    backup_policy: task.setting.backup_policy,
    duration: task.durationSeconds,
    enable_exchange: ['mail', 'archive_mail', 'contact', 'calendar'].some((key) => task.services[key as 'mail'].enabled)
      ? 1
      : 0,
    enable_group: task.services.group_mail.enabled || task.services.group_calendar.enabled ? 1 : 0,
    enable_schedule: task.setting.enable_schedule,
    job_id: run?.jobId ?? 0,
    last_execution_time: task.lastEndSeconds,
    progress_list: run === null ? [] : [progressElement(task, nowMs)],
    region: task.setting.region,
    schedule: task.setting.schedule,
    schedule_id: task.setting.schedule_id,
    status: run === null ? task.status : 4,
    success_count: fresh ? 0 : task.successCount,
    task_execution_id: fresh ? run.executionId : task.executionId,
    task_id: task.id,
    task_name: task.setting.task_name,
    task_status: task.taskStatus,
    task_status_error_code: task.taskErrorCode,
    upgrade_progress: task.upgradeProgress,
  };
  for (const { key, counted } of SERVICES) {
    const service = task.services[key];
    row[`enable_${key}`] = service.enabled ? 1 : 0;
    row[`${key}_used_storage`] = service.usedBytes;
    if (!counted) continue;
    row[`processed_${key}`] = fresh ? 0 : service.processed;
    row[`error_${key}`] = fresh ? 0 : service.errors;
    row[`warning_${key}`] = fresh ? 0 : service.warnings;
    row[`status_${key}`] = fresh ? 0 : service.status;
    row[`transferred_size_${key}`] = fresh ? 0 : service.transferredBytes;
  }
  return Object.fromEntries(Object.entries(row).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** An element of `progress_list`. Its real shape was never published: this one is invented, and nobody may rely on it. */
function progressElement(task: Task, nowMs: number): JsonObject {
  const run = task.run;
  if (run === null || run.endMs === Infinity) return { job_type: 0 };
  const share = (nowMs - run.startMs) / Math.max(1, run.endMs - run.startMs);
  return { job_type: 0, finished_count: Math.floor(share * task.objects.length), total_count: task.objects.length };
}

/** `data` of `list_tasks`. */
export function listTasks(store: Store, switches: Switches, nowMs: number): JsonObject {
  const tasks = [...store.tasks.values()];
  const objects = tasks.flatMap((task) => task.objects.map((object) => ({ task, object })));
  const total = objects.reduce((bytes, { object }) => bytes + object.usedBytes, 0);
  return {
    event_log: newestFirst(store.eventLog, 0, EVENT_ROWS),
    service_usage: SERVICES.map((service) => ({
      service_type: service.number,
      storage_usage: tasks.reduce((bytes, task) => bytes + task.services[service.key].usedBytes, 0),
    })),
    tasks: tasks.map((task) => taskRow(task, switches, nowMs)),
    users: objects.map(({ task, object }) => ({
      display_name: object.displayName,
      original_name: object.originalName,
      service_list:
        object.kind === 'user'
          ? SERVICES.filter((service) => object.services.includes(service.key)).map((service) => service.number)
          : [],
      task_name: task.setting.task_name,
      type: typeNumber(object),
      usage_percentage: total === 0 ? 0 : (object.usedBytes / total) * 100,
      usage_total: object.usedBytes,
    })),
  };
}

/** `data` of `get_general_log`: newest first, without a total. */
export function generalLog(store: Store, offset: number, limit: number): JsonObject {
  return { logs: newestFirst(store.generalLog, offset, limit), offset };
}

/** `data` of `get_all_log`: a task's lines that contain the key word, newest first. */
export function taskLog(task: Task, offset: number, limit: number, keyWord: string): JsonObject {
  const wanted = keyWord.toLowerCase();
  const rows =
    wanted === ''
      ? task.itemLogs
      : task.itemLogs.filter((row) => String(row.description).toLowerCase().includes(wanted));
  return { logs: newestFirst(rows, offset, limit), offset };
}

/** Which rows of the history are wanted; times in seconds since the epoch, of the runs' starts. */
export interface HistoryFilter {
  jobType: number;
  fromSeconds: number;
  toSeconds: number;
  leastBytes: number;
  offset: number;
  limit: number;
}

/** `data` of `list_task_logs`: one row a run of any task, newest first, without a total. */
export function history(store: Store, switches: Switches, filter: HistoryFilter): JsonObject {
  const wanted = (row: JsonObject): boolean => {
    const startSeconds = Number(row.start_run_time);
    return (
      startSeconds >= filter.fromSeconds &&
      startSeconds <= filter.toSeconds &&
      Number(row.transfered_amount) >= filter.leastBytes
    );
  };
  const rows = store.history.filter(({ jobType, row }) => jobType === filter.jobType && wanted(row));
  const running = switches.historyShowsRunning && filter.jobType === 0 ? runningRows(store).filter(wanted) : [];
  return { task_logs: newestFirst([...rows.map(({ row }) => row), ...running], filter.offset, filter.limit) };
}

function runningRows(store: Store): JsonObject[] {
  return [...store.tasks.values()].flatMap((task) => {
    if (task.run === null) return [];
    const counts = SERVICES.filter((service) => service.total !== null).map((service) => [service.total, 0]);
    return [
      {
        ...(Object.fromEntries(counts) as JsonObject),
        backup_policy: task.setting.backup_policy,
        error_code: 0,
        last_execution_time: 0,
        start_run_time: Math.floor(task.run.startMs / 1000),
        status: 4,
        task_execution_id: task.run.executionId,
        task_id: task.id,
        task_name: task.setting.task_name,
        task_type: 0,
        transfered_amount: 0,
        user_id: '0',
      },
    ];
  });
}

/** `task_info` of `get_task_setting`. */
export function taskInfo(task: Task): JsonObject {
  return { ...copy(task.setting), task_status: task.taskStatus, task_status_error_code: task.taskErrorCode };
}
