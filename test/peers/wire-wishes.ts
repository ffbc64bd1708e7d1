// What the documented Python client is asked in its recorded run, to be asked of ours too, and how the two are compared.
import { type Simulator, type SimulatorOptions } from '../simulator';
import recorded from './recorded-requests.json';

/** A request as the simulated NAS decoded it. */
export interface WireRequest {
  method: string;
  params: Record<string, unknown>;
}

/** The methods of `ActiveBackupClient` that the documented client has too. */
export type SeedMethod =
  | 'getTasks'
  | 'getPackageLog'
  | 'getTaskLog'
  | 'getTaskSetting'
  | 'getWorkerCount'
  | 'setWorkerCount'
  | 'setTaskSchedule'
  | 'setRotationPolicy'
  | 'runBackup'
  | 'cancelBackup'
  | 'deleteTask'
  | 'relinkTask';

/** Asks one method for something and gives its answer. */
export type Ask = (method: SeedMethod, input?: Record<string, unknown>) => Promise<unknown>;

/** Where we differ on purpose, and why. `drop` are paths that only the other client sends. */
const differences = [
  {
    method: 'set_task_setting',
    drop: ['task_info', 'schedule', 'repeat_minute_store_config'],
    reason: 'the Python client misspells repeat_min_store_config and so adds a key that the NAS does not know',
  },
] as const;

const daySchedule = {
  start_hour: 8,
  start_minute: 30,
  last_run_hour: 23,
  repeat_every_hours: 1,
  run_days: [0, 1, 2, 3, 4, 5, 6],
};
const link = {
  taskName: 'relinked',
  localShared: 'ActiveBackupforBusiness',
  localPath: '/ActiveBackupForMicrosoft365/task_9',
  adminEmail: 'admin@xxxx.onmicrosoft.com',
};

/** The NAS that the recorded run had; the clock comes beside it. */
export const recordedNas: SimulatorOptions = { sample: 'seed', recordValues: true, nextTaskId: 3 };
/** The time at which the recorded run began, milliseconds since the epoch. */
export const recordedAtMs = Date.UTC(2025, 0, 26, 12);

/** The same wishes in the same order as the Python client's run has them. */
export async function askForAll(ask: Ask, nas: Simulator): Promise<WireRequest[]> {
  await ask('getTasks');
  await ask('getPackageLog');
  await ask('getTaskLog', { taskId: 1 });
  await ask('getWorkerCount');
  await ask('getTaskSetting', { taskId: 1 });
  await ask('getPackageLog', { offset: 1, limit: 1 });
  await ask('getPackageLog', { limit: 2 });
  await ask('getTaskLog', { taskId: 1, keyWord: 'test team' });
  await ask('setWorkerCount', { backupWorkers: 10, eventWorkers: 20 });
  await ask('setWorkerCount', { backupWorkers: 999, eventWorkers: 999 });
  await ask('setTaskSchedule', { taskId: 1, policy: 2, schedule: daySchedule });
  await ask('setTaskSchedule', { taskId: 1, policy: 0 });
  await ask('setTaskSchedule', { taskId: 1, policy: 1 });
  await ask('setRotationPolicy', { taskId: 1, daysToKeep: 90, allowDeletion: true });
  await ask('setRotationPolicy', { taskId: 1, daysToKeep: 0 });
  nas.task(1).script({ durationSeconds: 600 }, { durationSeconds: 3600 });
  await ask('runBackup', { taskId: 1 });
  nas.clock.advance(601);
  await ask('runBackup', { taskId: 1 });
  nas.clock.advance(60);
  await ask('cancelBackup', { taskId: 1 });
  const { taskId } = (await ask('relinkTask', link)) as { taskId: number };
  await ask('deleteTask', { taskId, confirm: 'relinked' });
  const again = (await ask('relinkTask', link)) as { taskId: number };
  await ask('deleteTask', {
    taskId: again.taskId,
    confirm: 'relinked',
    removeData: true,
    confirmRemoveData: 'relinked',
  });
  const calls = nas.decodedRequests.filter(({ api }) => api === 'SYNO.ActiveBackupOffice365');
  return calls;
}

/** What the Python client sent in its run, without the differences. */
export function theirRequests(): WireRequest[] {
  return (recorded.requests as WireRequest[]).map(withoutDifferences);
}

/** The wire methods of the Python client's run. */
export function theirMethods(): string[] {
  return [...new Set((recorded.requests as WireRequest[]).map(({ method }) => method))];
}

function withoutDifferences({ method, params }: WireRequest): WireRequest {
  const copy = structuredClone(params);
  for (const difference of differences.filter((entry) => entry.method === method)) {
    const path = [...difference.drop] as string[];
    const last = path.pop() ?? '';
    const parent = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], copy);
    if (parent) Reflect.deleteProperty(parent, last);
  }
  return { method, params: copy };
}

/** The distinct requests of a method, in the order of their first appearance. */
export function distinct(requests: readonly WireRequest[], method: string): unknown[] {
  const texts = requests
    .filter((request) => request.method === method)
    .map(({ params }) => JSON.stringify(sorted(params)));
  return [...new Set(texts)].map((text) => JSON.parse(text) as unknown);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, sorted(entry)] as const);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
