// Our requests beside those of the documented Python client: for the same wishes the wire must be the same.
import assert from 'node:assert/strict';
import { ActiveBackupClient } from '../../../lib/active-backup';
import { createDsmSession } from '../../../lib/dsm';
import recorded from '../../peers/recorded-requests.json';
import { createVirtualClock, startSimulator } from '../../simulator';

interface Request {
  method: string;
  params: Record<string, unknown>;
}

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

/** The same wishes in the same order as the Python client's run has them. */
async function makeOurRequests(): Promise<Request[]> {
  const clock = createVirtualClock(Date.UTC(2025, 0, 26, 12));
  const nas = await startSimulator({ sample: 'seed', clock, recordValues: true, nextTaskId: 3 });
  const session = createDsmSession({ url: nas.url, username: nas.username, password: nas.password });
  const client = new ActiveBackupClient({ session, timeZone: 'UTC', pause: () => Promise.resolve() });
  try {
    await client.getTasks();
    await client.getPackageLog();
    await client.getTaskLog({ taskId: 1 });
    await client.getWorkerCount();
    await client.getTaskSetting({ taskId: 1 });
    await client.getPackageLog({ offset: 1, limit: 1 });
    await client.getPackageLog({ limit: 2 });
    await client.getTaskLog({ taskId: 1, keyWord: 'test team' });
    await client.setWorkerCount({ backupWorkers: 10, eventWorkers: 20 });
    await client.setWorkerCount({ backupWorkers: 999, eventWorkers: 999 });
    await client.setTaskSchedule({ taskId: 1, policy: 2, schedule: daySchedule });
    await client.setTaskSchedule({ taskId: 1, policy: 0 });
    await client.setTaskSchedule({ taskId: 1, policy: 1 });
    await client.setRotationPolicy({ taskId: 1, daysToKeep: 90, allowDeletion: true });
    await client.setRotationPolicy({ taskId: 1, daysToKeep: 0 });
    nas.task(1).script({ durationSeconds: 600 }, { durationSeconds: 3600 });
    await client.runBackup({ taskId: 1 });
    clock.advance(601);
    await client.runBackup({ taskId: 1 });
    clock.advance(60);
    await client.cancelBackup({ taskId: 1 });
    const { taskId } = await client.relinkTask(link);
    await client.deleteTask({ taskId, confirm: 'relinked' });
    const again = await client.relinkTask(link);
    await client.deleteTask({
      taskId: again.taskId,
      confirm: 'relinked',
      removeData: true,
      confirmRemoveData: 'relinked',
    });
    return nas.decodedRequests.filter(({ api }) => api === 'SYNO.ActiveBackupOffice365') as unknown as Request[];
  } finally {
    await session.close();
    await nas.close();
  }
}

function withoutDifferences({ method, params }: Request): Request {
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
function distinct(requests: readonly Request[], method: string): unknown[] {
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

describe('our requests beside those of the Python client', () => {
  let ours: Request[] = [];
  const theirs = (recorded.requests as Request[]).map(withoutDifferences);
  before(async () => {
    ours = await makeOurRequests();
  });

  const methods = [...new Set(theirs.map(({ method }) => method))];
  it('cover the eleven wire methods behind the twelve documented ones', () => {
    assert.equal(methods.length, 11);
    assert.deepEqual(
      methods.filter((method) => !ours.some((request) => request.method === method)),
      [],
    );
  });
  for (const method of methods) {
    it(`${method}: the same parameters with the same values`, () => {
      assert.deepEqual(distinct(ours, method), distinct(theirs, method));
    });
  }
});
