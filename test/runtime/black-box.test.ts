// Every action node in a real Node-RED, packed as a user gets it, from msg.payload alone against the simulated NAS.
import assert from 'node:assert/strict';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { type FlowNode, probed } from '../helpers/probe';
import { type Simulator, startSimulator } from '../simulator';
import { badInputs } from './bad-inputs';
import { bare, codeOf, nasNode } from './nas-flow';

type Answer = Record<string, unknown>;

const actionNames = [
  ...['get-tasks', 'get-log', 'get-settings', 'get-history', 'workers', 'set-schedule', 'set-retention'],
  ...['run-backup', 'cancel-backup', 'delete-task', 'relink-task'],
];
const writers: [string, Answer][] = [
  ['workers', { backupWorkers: 10 }],
  ['set-schedule', { taskId: 1, policy: 'continuous' }],
  ['set-retention', { taskId: 1, daysToKeep: 0 }],
  ['run-backup', { taskId: 1 }],
  ['run-backup', { taskId: 1, wait: true }],
  ['cancel-backup', { taskId: 1 }],
  ['delete-task', { taskId: 1, confirm: 'Task 1' }],
  ['relink-task', { taskName: 'A', localShared: 'B', localPath: '/c/d', adminEmail: 'admin@example.com' }],
];

/** A subflow with a get-tasks node whose NAS is a property of the subflow, and an inject node that triggers it. */
const subflow: FlowNode[] = [
  {
    id: 'sub',
    type: 'subflow',
    name: 'tasks of a NAS',
    in: [{ x: 0, y: 0, wires: [{ id: 'sub-tasks' }] }],
    out: [{ x: 0, y: 0, wires: [{ id: 'sub-tasks', port: 0 }] }],
    env: [{ name: 'WHICH', type: 'conf-type', value: '', ui: { type: 'conf-types' } }],
  },
  { id: 'sub-tasks', type: 'active-backup-get-tasks', z: 'sub', nas: '${WHICH}', x: 1, y: 1, wires: [[]] },
  { id: 'trigger', type: 'inject', props: [], x: 1, y: 1, wires: [['an-instance']] },
  {
    id: 'an-instance',
    type: 'subflow:sub',
    env: [{ name: 'WHICH', type: 'conf-type', value: 'nas' }],
    ...{ x: 1, y: 1, wires: [['after-instance']] },
  },
  { id: 'after-instance', type: 'probe-out', about: 'subflow', kind: 'output', port: 0, x: 1, y: 1, wires: [] },
];

/** The payload on one line, also where JSON knows no word for it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? `<${inner}>` : inner,
  );
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

describe('the eleven action nodes in a real Node-RED', function () {
  this.timeout(60_000);
  let nodeRed: NodeRedProcess;
  let nas: Simulator;

  before(async () => {
    nas = await startSimulator({ tasks: [{ policy: 'manual', daysToKeep: 30 }, {}, {}] });
    nodeRed = await startNodeRed({
      settings: {
        contextStorage: { default: { module: 'memory' }, disk: { module: 'localfilesystem' } },
      },
    });
    await nodeRed.deploy([
      nasNode(nas, { allowChanges: true, pollSeconds: 5, pollRunningSeconds: 1 }),
      { ...nasNode(nas), id: 'read-only', slug: 'read_only' },
      ...actionNames.flatMap((name) => probed(bare(name))),
      ...actionNames.flatMap((name) => probed({ ...bare(name), id: `${name}-ro`, nas: 'read-only' })),
      ...probed({ ...bare('get-settings'), id: 'typed-nan', taskId: 'abc', taskIdType: 'num' }),
      ...probed({ ...bare('get-log'), id: 'news', onlyNew: true, contextStore: 'disk' }),
      ...probed({
        ...bare('delete-task'),
        id: 'stored',
        ...{ confirm: 'Task 3', confirmType: 'str', confirmRemoveData: 'Task 3', confirmRemoveDataType: 'str' },
      }),
      ...probed({ ...bare('delete-task'), id: 'stored-plain', confirm: 'Task 3', confirmRemoveData: 'Task 3' }),
      ...subflow,
    ]);
  });
  after(async () => {
    await nodeRed.stop();
    await nas.close();
  });
  const ask = async (node: string, payload: unknown): Promise<Answer> => {
    const { outputs, error } = await nodeRed.call(node, { payload });
    assert.equal(error, null, error?.message);
    return outputs.find(({ port }) => port === 0)!.msg.payload as Answer;
  };

  describe('refuse every bad value before anything is sent, a login included', () => {
    it(`in ${badInputs.length} cases`, () => {
      assert.ok(badInputs.length >= 120);
    });
    for (const { node, payload, names, code } of badInputs) {
      it(`${node} ${shown(payload)}`, async () => {
        const { error, outputs } = await nodeRed.call(node, { payload });
        assert.ok(error !== null);
        const { message, cause } = error;
        assert.deepEqual(cause, { code, outcome: 'not_sent' }, message);
        assert.ok(message.startsWith('ActiveBackupError: ') && message.includes(names), message);
        assert.match(message, /expected/);
        assert.deepEqual(outputs, []);
        assert.equal(nas.requests.length, 0);
      });
    }
    it('get-settings with a stored number that is none', async () => {
      const result = await nodeRed.call('typed-nan', {});
      assert.equal(codeOf(result), 'INVALID_INPUT');
      assert.match(result.error?.message ?? '', /taskId: NaN is not valid/);
      assert.equal(nas.requests.length, 0);
    });
    for (const [node, payload] of writers) {
      it(`${node} ${shown(payload)} where changes are not allowed`, async () => {
        const result = await nodeRed.call(`${node}-ro`, { payload });
        assert.equal(codeOf(result), 'READ_ONLY');
        assert.equal(nas.requests.length, 0);
      });
    }
  });

  describe('answer from msg.payload alone', () => {
    it('get-tasks', async () => {
      const tasks = (await ask('get-tasks', {})) as unknown as Answer[];
      assert.deepEqual(
        tasks.map(({ id }) => id),
        [1, 2, 3],
      );
      assert.equal((await ask('get-tasks', { taskId: '2' })).name, 'Task 2');
    });

    it('get-tasks in a subflow whose property is the NAS', async () => {
      const { status } = await nodeRed.admin.request('inject/trigger', { method: 'POST', body: {} });
      assert.equal(status, 200);
      const { msg } = await nodeRed.waitForRecord(({ about }) => about === 'subflow');
      assert.equal((msg.payload as Answer[]).length, 3);
    });

    it('get-log', async () => {
      const { entries, more } = (await ask('get-log', { taskId: 1, limit: 1 })) as { entries: Answer[]; more: boolean };
      assert.equal(entries.length, 1);
      assert.equal(more, true);
      assert.ok(((await ask('get-log', {})).entries as unknown[]).length > 0);
    });

    it('get-settings', async () => {
      const { taskName, policy, daysToKeep } = await ask('get-settings', { task_id: 1 });
      assert.deepEqual([taskName, policy, daysToKeep], ['Task 1', 'manual', 30]);
    });

    it('get-history', async () => {
      const { runs } = (await ask('get-history', { taskId: 'Task 1', limit: 1 })) as { runs: Answer[] };
      assert.equal(runs[0]?.result, 'success');
    });

    it('workers', async () => {
      assert.equal((await ask('workers', {})).changed, false);
      const { backupWorkers, eventWorkers, changed } = await ask('workers', { backupWorkers: 10 });
      assert.deepEqual([backupWorkers, eventWorkers, changed], [10, 40, true]);
      assert.deepEqual((await ask('workers', { eventWorkers: 999 })).lowered, ['eventWorkers']);
    });

    it('set-schedule', async () => {
      const { changed, nextRunAt } = await ask('set-schedule', { taskId: 1, policy: 'scheduled', startHour: 4 });
      assert.equal(changed, true);
      assert.equal(typeof nextRunAt, 'string');
      assert.deepEqual([nas.task(1).setting.enable_schedule, nas.task(1).setting.schedule.hour], [true, 4]);
    });

    it('set-retention, and fewer versions only where that was allowed', async () => {
      const refused = await nodeRed.call('set-retention', { payload: { taskId: 1, daysToKeep: 7 } });
      assert.equal(codeOf(refused), 'NOT_CONFIRMED');
      assert.equal(nas.task(1).setting.preserve_day_number, 30);
      const { before, after, changed } = await ask('set-retention', { taskId: 1, daysToKeep: 7, allowDeletion: true });
      assert.deepEqual([before, after, changed], [{ daysToKeep: 30 }, { daysToKeep: 7 }, true]);
      assert.equal(nas.task(1).setting.preserve_day_number, 7);
    });

    it('run-backup and cancel-backup', async () => {
      nas.task(2).script({ durationSeconds: 600 });
      const idle = await ask('cancel-backup', { taskId: 2 });
      assert.deepEqual([idle.canceled, idle.wasRunning, nas.count('cancel_task')], [false, false, 0]);
      assert.equal((await ask('run-backup', { taskId: 2 })).started, true);
      assert.equal((await ask('run-backup', { taskId: 2 })).alreadyRunning, true);
      const refused = await nodeRed.call('run-backup', { payload: { taskId: 2, ifRunning: 'refuse' } });
      assert.equal(codeOf(refused), 'TASK_RUNNING');
      const deletion = await nodeRed.call('delete-task', { payload: { taskId: 2, confirm: 'Task 2' } });
      assert.equal(codeOf(deletion), 'TASK_RUNNING');
      const { canceled, wasRunning } = await ask('cancel-backup', { taskId: 2 });
      assert.deepEqual([canceled, wasRunning], [true, true]);
      assert.equal(nas.count('backup_task'), 1);
    });

    it('delete-task, confirmed by the message only', async () => {
      for (const node of ['stored', 'stored-plain']) {
        for (const payload of [{ taskId: 3 }, { taskId: 3, confirm: 'task 3' }, { taskId: 3, confirm: '' }]) {
          const result = await nodeRed.call(node, { payload });
          assert.equal(codeOf(result), 'NOT_CONFIRMED', shown(payload));
        }
        const data = { taskId: 3, confirm: 'Task 3', removeData: true };
        assert.equal(codeOf(await nodeRed.call(node, { payload: data })), 'NOT_CONFIRMED');
        const wrong = { ...data, confirmRemoveData: 'Task 2' };
        assert.equal(codeOf(await nodeRed.call(node, { payload: wrong })), 'NOT_CONFIRMED');
      }
      assert.equal(nas.count('delete_task'), 0);
      const { deleted, dataRemoved } = await ask('delete-task', { taskId: 3, confirm: 'Task 3' });
      assert.deepEqual([deleted, dataRemoved], [true, false]);
      assert.throws(() => nas.task(3));
    });

    it('relink-task, and delete-task with its data', async () => {
      const link = {
        taskName: 'Again',
        localShared: 'ActiveBackup',
        localPath: '/a/task_3',
        adminEmail: 'a@b.example',
      };
      const { taskId } = await ask('relink-task', link);
      assert.equal(nas.task(Number(taskId)).name, 'Again');
      const confirmed = { taskId, confirm: 'Again', removeData: true, confirmRemoveData: 'Again' };
      assert.equal((await ask('delete-task', confirmed)).dataRemoved, true);
    });
  });

  describe('and beyond one answer', () => {
    it('tell where history is not supported, and show nothing else in its place', async () => {
      nas.faults.add({ method: 'list_task_logs', kind: 'code', code: 103 });
      const { error, outputs } = await nodeRed.call('get-history', { payload: { taskId: 1 } });
      nas.faults.clear();
      assert.equal(error?.cause?.code, 'NOT_SUPPORTED');
      assert.deepEqual(outputs, []);
    });

    it('give each log entry once, also across a restart', async () => {
      const texts = async (): Promise<unknown[]> =>
        ((await ask('news', {})).entries as Answer[]).map(({ text }) => text);
      assert.ok((await texts()).length > 0);
      assert.deepEqual(await texts(), []);
      await nodeRed.restart();
      assert.deepEqual(await texts(), []);
      await ask('run-backup', { taskId: 1 });
      const news = await texts();
      assert.ok(news.length > 0 && news.length < 5, String(news));
    });

    it('complain in the log of nothing but what they told the flow', () => {
      assert.deepEqual(
        nodeRed.complaints().filter((line) => !line.includes('[error] [active-backup-')),
        [],
      );
    });
  });
});
