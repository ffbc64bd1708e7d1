// What a run leaves behind on its task, in the logs and in the history, by its script.

import { type JsonObject } from './json';
import { type ActiveRun, type Outcome, type RunScript } from './runs';
import { type ServiceKey, SERVICES } from './services';
import { appendLog, type Store } from './store';
import { addStored, objectsOf, type ProtectedObject, type Task } from './task';

/** `status` of each way to end; 8 is a number that nobody has explained, 6 and 7 are those of the package's database. */
const STATUS: Record<Outcome, number> = { success: 1, partial: 6, failed: 6, canceled: 7, unknown: 8, hung: 4 };
/** `log_type` of the result's rows: 0 information, 1 warning, 2 error. */
const LOG_TYPE: Record<Outcome, number> = { success: 0, partial: 1, failed: 2, canceled: 0, unknown: 0, hung: 0 };
const RESULT_TEXT: Partial<Record<Outcome, string>> = {
  partial: 'was partially completed',
  failed: 'failed',
};
const BYTES_PER_SECOND = 250_000;

function perService(value: RunScript['errors'], enabled: ServiceKey[]): Partial<Record<ServiceKey, number>> {
  if (typeof value !== 'number') return value ?? {};
  const first = enabled[0];
  return first === undefined ? {} : { [first]: value };
}

function sum(values: Partial<Record<ServiceKey, number>>): number {
  return Object.values(values).reduce((total, value) => total + value, 0);
}

interface Counters {
  succeeded: number;
  attention: number;
  processed: Partial<Record<ServiceKey, number>>;
  warnings: Partial<Record<ServiceKey, number>>;
  errors: Partial<Record<ServiceKey, number>>;
}

/** The counters that an outcome gives unless the script says others. A canceled run books untouched objects as warnings. */
function countersOf(task: Task, outcome: Outcome, script: RunScript): Counters {
  const enabled = SERVICES.filter((service) => service.counted && task.services[service.key].enabled).map(
    (service) => service.key,
  );
  const all: Partial<Record<ServiceKey, number>> = {};
  const none: Partial<Record<ServiceKey, number>> = {};
  for (const key of enabled) {
    all[key] = objectsOf(task, key);
    none[key] = 0;
  }
  const objects = Math.max(1, task.objects.length);
  const usual: Record<Outcome, Counters> = {
    success: { succeeded: objects, attention: 0, processed: all, warnings: {}, errors: {} },
    unknown: { succeeded: objects, attention: 0, processed: all, warnings: {}, errors: {} },
    hung: { succeeded: 0, attention: 0, processed: none, warnings: {}, errors: {} },
    partial: {
      succeeded: Math.max(1, objects - 1),
      attention: 1,
      processed: all,
      warnings: perService(1, enabled),
      errors: {},
    },
    failed: { succeeded: 0, attention: objects, processed: none, warnings: {}, errors: all },
    canceled: { succeeded: 0, attention: objects, processed: none, warnings: all, errors: {} },
  };
  const counters = usual[outcome];
  return {
    succeeded: script.succeeded ?? counters.succeeded,
    attention: script.attention ?? counters.attention,
    processed: script.processed ?? counters.processed,
    warnings: script.warnings === undefined ? counters.warnings : perService(script.warnings, enabled),
    errors: script.errors === undefined ? counters.errors : perService(script.errors, enabled),
  };
}

/** Ends a run at `endMs` and writes everything that the NAS would show of it afterwards. */
export function applyOutcome(store: Store, task: Task, run: ActiveRun, endMs: number, outcome: Outcome): void {
  const { script } = run;
  const counters = countersOf(task, outcome, script);
  const durationSeconds = Math.floor(endMs / 1000) - Math.floor(run.startMs / 1000);
  const moves = outcome === 'success' || outcome === 'partial' || outcome === 'unknown';
  const transferredBytes = script.transferredBytes ?? (moves ? durationSeconds * BYTES_PER_SECOND : 0);

  task.run = null;
  task.status = script.status ?? STATUS[outcome];
  task.taskErrorCode = script.taskErrorCode ?? 0;
  task.executionId = run.executionId;
  task.lastEndSeconds = Math.floor(endMs / 1000);
  task.durationSeconds = durationSeconds;
  task.successCount = counters.succeeded;
  task.attentionCount = counters.attention;
  applyServices(task, counters, transferredBytes, script.serviceStatus ?? (outcome === 'success' ? 1 : task.status));

  Object.assign(run.entry, {
    endedAtMs: endMs,
    outcome,
    status: task.status,
    taskErrorCode: task.taskErrorCode,
    succeeded: counters.succeeded,
    attention: counters.attention,
    warnings: sum(counters.warnings),
    errors: sum(counters.errors),
    transferredBytes,
  });
  store.history.push({ jobType: 0, row: historyRow(task, run, counters, transferredBytes, outcome) });
  if (outcome !== 'canceled') logResult(store, task, run, outcome, endMs);
}

function applyServices(task: Task, counters: Counters, transferredBytes: number, serviceStatus: number): void {
  let firstCounted = true;
  for (const service of SERVICES) {
    const state = task.services[service.key];
    if (!state.enabled || !service.counted) continue;
    state.processed = counters.processed[service.key] ?? 0;
    state.warnings = counters.warnings[service.key] ?? 0;
    state.errors = counters.errors[service.key] ?? 0;
    state.status = serviceStatus;
    state.transferredBytes = firstCounted ? transferredBytes : 0;
    if (firstCounted) addStored(task, service.key, transferredBytes);
    firstCounted = false;
  }
}

function historyRow(
  task: Task,
  run: ActiveRun,
  counters: Counters,
  transferredBytes: number,
  outcome: Outcome,
): JsonObject {
  const row: JsonObject = {
    backup_policy: task.setting.backup_policy,
    // A canceled run's row carries -1 where others carry 0 (published database rows).
    error_code: run.script.rowErrorCode ?? (outcome === 'canceled' ? -1 : 0),
    last_execution_time: task.lastEndSeconds,
    start_run_time: Math.floor(run.startMs / 1000),
    status: run.script.rowStatus ?? task.status,
    task_execution_id: run.executionId,
    task_id: task.id,
    task_name: task.setting.task_name,
    task_type: 0,
    // The API spells it with one r here and with two in list_tasks.
    transfered_amount: transferredBytes,
    user_id: '0',
  };
  for (const service of SERVICES) {
    if (service.total !== null) row[service.total] = counters.processed[service.key] ?? 0;
  }
  return row;
}

function logResult(store: Store, task: Task, run: ActiveRun, outcome: Outcome, endMs: number): void {
  // The result's row comes a second after the run's end, as in the published sample.
  const timestamp = Math.floor(endMs / 1000) + 1;
  const common = {
    description: `Backup task [${task.setting.task_name}] ${RESULT_TEXT[outcome] ?? 'completed'}.`,
    error_code: run.script.logErrorCode ?? 0,
    log_type: run.script.logType ?? LOG_TYPE[outcome],
    task_execution_id: run.executionId,
    task_id: task.id,
    timestamp,
  };
  appendLog(store.generalLog, { category: 0, ...common, storage_remove_id: 0 });
  appendLog(store.eventLog, { ...common, last_execution_time: timestamp });
  for (const object of firstOfEachKind(task)) {
    appendLog(task.itemLogs, {
      description: itemText(object.kind, object.displayName, object.originalName, outcome),
      error_code: common.error_code,
      log_type: common.log_type,
      task_execution_id: run.executionId,
      task_id: task.id,
      timestamp: timestamp - 1,
    });
  }
}

/** The objects that get a line in the task's log: one a kind keeps a long-lived simulator's logs short. */
function firstOfEachKind(task: Task): ProtectedObject[] {
  return task.objects.filter((object, index) => task.objects.findIndex(({ kind }) => kind === object.kind) === index);
}

function itemText(kind: string, displayName: string, originalName: string, outcome: Outcome): string {
  const counts =
    outcome === 'failed'
      ? 'success: 0; warning: 0; error: 12'
      : `success: 12; warning: ${outcome === 'partial' ? 1 : 0}; error: 0`;
  const listed = counts.replaceAll(';', ',');
  if (kind === 'site') return `The data of site [${displayName}] was backed up (List: ${listed}).`;
  if (kind === 'team') return `The data of team [${displayName}] was backed up (Channel: ${listed}; Post: ${listed}).`;
  return `User [${originalName}]'s OneDrive data was backed up (${counts}).`;
}
