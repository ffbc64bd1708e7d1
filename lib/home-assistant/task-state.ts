// A task as subscribers see it: the keys of its state and of its attributes.
import type { ServiceName, ServiceState, Task } from '../active-backup/types';
import { serviceNames, unknownService } from './services';
import { publicName } from './slug';
import { gigabyte, inMinutes, inUnit, megabyte, onOff, readKeys, type StateKey } from './state-keys';

/** The results that are published; `unknown` is null, which Home Assistant shows as unknown. */
export const resultWords = ['success', 'partial', 'failed', 'canceled', 'never'] as const;
export const policyWords = ['continuous', 'manual', 'scheduled'] as const;
export const problemWords = ['none', 'failed', 'partial', 'unexplained', 'overdue', 'stalled'] as const;

/** A task to show. */
export interface ShownTask {
  task: Task;
  /**
   * The reading that tells of its last run, for while another is under way the NAS's figures are that one's. Null where
   * the task was not seen at rest since its last run ended.
   */
  atRest: Task | null;
}

/** What a reading of a task tells of its last run. `before` is an earlier one, made between two runs. */
export function restOf(task: Task, before?: Task): Task | null {
  if (task.activity === 'idle') return task;
  return before !== undefined && before.lastRun?.runId === task.lastRun?.runId ? before : null;
}

/** The services of a shown task: what they store is always of now, the rest of the last finished run. */
export function shownServices({ task, atRest }: ShownTask): Task['services'] {
  const services: Task['services'] = {};
  for (const service of serviceNames) {
    const now = task.services[service];
    if (now === undefined) continue;
    const { enabled, usedBytes } = now;
    services[service] = { ...(atRest?.services[service] ?? unknownService), enabled, usedBytes };
  }
  return services;
}

/** One of `words`, or null: an enum sensor keeps its old state when it meets a word that it was not announced with. */
function listed(words: readonly string[], word: string | null): string | null {
  return word !== null && words.includes(word) ? word : null;
}

/** Whether a service's part of the last run went wrong: an error, or a status that is neither 1 (fine) nor 0 (not run). */
function serviceProblem({ errors, status }: ServiceState): boolean | null {
  if (errors === null && status === null) return null;
  return (errors ?? 0) > 0 || (status !== null && status !== 0 && status !== 1);
}

/** The keys of one service of a task. A service that the task does not have is null throughout. */
export const serviceKeys: readonly StateKey<ServiceState | undefined>[] = [
  {
    key: 'used_gb',
    meaning: 'stored, GB (10⁹ bytes)',
    read: (service) => inUnit(service?.usedBytes ?? null, gigabyte),
  },
  { key: 'processed', meaning: 'objects handled by the last run', read: (service) => service?.processed ?? null },
  { key: 'warnings', meaning: 'objects with a warning', read: (service) => service?.warnings ?? null },
  { key: 'errors', meaning: 'objects with an error', read: (service) => service?.errors ?? null },
  {
    key: 'problem',
    meaning: '`ON` or `OFF`: this part of the last run went wrong',
    read: (service) => (service?.enabled === true ? onOff(serviceProblem(service)) : null),
  },
];

/** `P/task/<id>/state`. */
export const taskKeys: readonly StateKey<Task>[] = [
  { key: 'task_id', meaning: "the NAS's number of the task; never changes", read: (task) => task.id },
  { key: 'name', meaning: 'its name on the NAS (e-mail addresses as `***`)', read: (task) => publicName(task.name) },
  { key: 'running', meaning: '`ON` while a run is under way', read: (task) => onOff(task.activity === 'running') },
  {
    key: 'last_result',
    meaning: 'how the last finished run ended: `success`, `partial`, `failed`, `canceled`, `never` (no run yet)',
    read: (task) => listed(resultWords, task.result),
  },
  { key: 'problem', meaning: '`ON` when somebody should look', read: (task) => onOff(task.problem) },
  {
    key: 'problem_reason',
    meaning: 'why: `none`, `failed`, `partial`, `unexplained`, `overdue`, `stalled`',
    read: (task) => (task.problem ? listed(problemWords, task.problemReason) : 'none'),
  },
  {
    key: 'overdue',
    meaning: '`ON` when no run has completed for too long; null = not judged',
    read: (task) => onOff(task.overdue),
  },
  { key: 'stalled', meaning: '`ON` when a run takes suspiciously long', read: (task) => onOff(task.stalled) },
  { key: 'last_run', meaning: 'end of the last finished run', read: (task) => task.lastRun?.endedAt ?? null },
  { key: 'started', meaning: 'start of the last finished run', read: (task) => task.lastRun?.startedAt ?? null },
  { key: 'last_success', meaning: 'end of the last run with result `success`', read: (task) => task.lastSuccessAt },
  {
    key: 'last_completed',
    meaning: 'end of the last run that protected something (success, or partial with successes)',
    read: (task) => task.lastCompletedAt,
  },
  { key: 'next_run', meaning: 'next start by the schedule; null without one', read: (task) => task.nextRunAt },
  { key: 'duration', meaning: 'length of the last run, s', read: (task) => task.lastRun?.durationSeconds ?? null },
  {
    key: 'duration_min',
    meaning: 'the same in minutes, rounded up to 0.01',
    read: (task) => inMinutes(task.lastRun?.durationSeconds ?? null),
  },
  {
    key: 'transferred_bytes',
    meaning: 'sent by the last run, bytes',
    read: (task) => task.lastRun?.transferredBytes ?? null,
  },
  {
    key: 'transferred_mb',
    meaning: 'the same in MB (10⁶ bytes)',
    read: (task) => inUnit(task.lastRun?.transferredBytes ?? null, megabyte),
  },
  {
    key: 'transferred_gb',
    meaning: 'the same in GB (10⁹ bytes)',
    read: (task) => inUnit(task.lastRun?.transferredBytes ?? null, gigabyte),
  },
  { key: 'used_bytes', meaning: 'stored by this task, bytes', read: (task) => task.usedBytes },
  { key: 'used_gb', meaning: 'the same in GB (10⁹ bytes)', read: (task) => inUnit(task.usedBytes, gigabyte) },
  {
    key: 'succeeded',
    meaning: 'objects (accounts, sites, teams) that the last run backed up',
    read: (task) => task.lastRun?.counters.succeeded ?? null,
  },
  {
    key: 'attention',
    meaning: 'objects that need attention',
    read: (task) => task.lastRun?.counters.attention ?? null,
  },
  { key: 'warnings', meaning: 'warnings of the last run', read: (task) => task.lastRun?.counters.warnings ?? null },
  { key: 'errors', meaning: 'errors of the last run', read: (task) => task.lastRun?.counters.errors ?? null },
  { key: 'failures_in_a_row', meaning: 'failed runs since the last good one', read: (task) => task.failuresInARow },
  { key: 'status_code', meaning: "the NAS's raw `status`", read: (task) => task.codes.status },
  { key: 'error_code', meaning: "the NAS's raw `task_status_error_code`", read: (task) => task.codes.taskErrorCode },
  {
    key: 'policy',
    meaning: 'how it is started: `continuous`, `manual`, `scheduled`',
    read: (task) => listed(policyWords, task.policy),
  },
  // A setting that would cost a request per task; the key is kept for whoever knows the published layout.
  { key: 'retention_days', meaning: 'always null: not read for every task', read: () => null },
  {
    key: 'services',
    meaning: 'an object for each of the ten services, see below',
    read: (task) =>
      Object.fromEntries(serviceNames.map((service) => [service, readKeys(serviceKeys, task.services[service])])),
  },
];

/** How a service's part of the last run went, in a word; null when the NAS gave no evidence. */
function serviceWord(service: ServiceState | undefined): string | null {
  if (!service) return null;
  if ((service.errors ?? 0) > 0) return 'failed';
  if ((service.warnings ?? 0) > 0) return 'warning';
  if (service.status === 1) return 'success';
  return service.status === 0 ? 'not_run' : null;
}

function enabledServices(task: Task): ServiceName[] {
  return serviceNames.filter((service) => task.services[service]?.enabled === true);
}

/** `P/task/<id>/attributes`: small, and it changes once a run. */
export const attributeKeys: readonly StateKey<ShownTask>[] = [
  { key: 'task_id', meaning: "the NAS's number of the task", read: ({ task }) => task.id },
  { key: 'execution_id', meaning: 'number of the last run', read: ({ task }) => task.lastRun?.runId ?? null },
  {
    key: 'result_basis',
    meaning: 'the evidence that decided the result',
    read: ({ atRest }) => atRest?.resultBasis ?? null,
  },
  { key: 'status_code', meaning: "the NAS's raw `status`", read: ({ atRest }) => atRest?.codes.status ?? null },
  {
    key: 'task_status_code',
    meaning: "the NAS's raw `task_status`",
    read: ({ atRest }) => atRest?.codes.taskStatus ?? null,
  },
  {
    key: 'error_code',
    meaning: "the NAS's raw `task_status_error_code`",
    read: ({ atRest }) => atRest?.codes.taskErrorCode ?? null,
  },
  {
    key: 'services',
    meaning: 'for each service that the task backs up: `success`, `warning`, `failed`, `not_run` or null',
    read: ({ task, atRest }) =>
      Object.fromEntries(enabledServices(task).map((service) => [service, serviceWord(atRest?.services[service])])),
  },
];
