// The action nodes in a real Node-RED against the simulated NAS: what a flow author meets.
import assert from 'node:assert/strict';
import { Endings } from '../helpers/endings';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { probed } from '../helpers/probe';
import { type Simulator, startSimulator } from '../simulator';
import { bare, codeOf, nasNode } from './nas-flow';

interface TaskAnswer {
  id: number;
  name: string;
  activity: string;
  result: string;
}

describe('action nodes in a real Node-RED', function () {
  this.timeout(60_000);
  const endings = new Endings();
  let nodeRed: NodeRedProcess;
  let nas: Simulator;

  before(async () => {
    nas = endings.add(
      await startSimulator({ tasks: [{ name: 'Tenant A' }, { name: 'Tenant B' }, { name: 'Tenant C' }] }),
      (one) => one.close(),
    );
    nodeRed = endings.add(await startNodeRed(), (one) => one.stop());
    await nodeRed.deploy([
      nasNode(nas, { allowChanges: true, pollSeconds: 5, pollRunningSeconds: 1 }),
      ...probed(bare('get-tasks')),
      ...probed(bare('run-backup')),
      {
        ...nasNode({ url: nas.url, username: nas.username, password: 'not the password' }),
        id: 'wrong',
        slug: 'wrong_password',
      },
      ...probed({ ...bare('get-tasks'), id: 'refused', nas: 'wrong' }),
      ...probed({ ...bare('get-tasks'), id: 'no-nas', nas: '' }),
    ]);
  });
  after(() => endings.all());

  it('reads all tasks with nothing set but the NAS, and keeps the message', async () => {
    const result = await nodeRed.call('get-tasks', { payload: Date.now(), topic: 'mine', kept: { deep: [1] } });
    assert.equal(result.error, null);
    assert.equal(result.outputs.length, 1);
    const { msg } = result.outputs[0]!;
    const tasks = msg.payload as TaskAnswer[];
    assert.deepEqual(
      tasks.map((task) => task.name),
      ['Tenant A', 'Tenant B', 'Tenant C'],
    );
    assert.equal(msg.topic, 'mine');
    assert.deepEqual(msg.kept, { deep: [1] });
    const about = msg.activeBackup as Record<string, unknown>;
    assert.equal(about.nas, 'office');
    assert.equal(about.method, 'get_tasks');
    assert.equal(typeof about.durationMs, 'number');
  });

  it('takes a task id or an exact name from msg.payload', async () => {
    const byId = await nodeRed.call('get-tasks', { payload: { taskId: 2 } });
    assert.equal((byId.outputs[0]!.msg.payload as TaskAnswer).name, 'Tenant B');
    const byName = await nodeRed.call('get-tasks', { payload: { taskId: 'Tenant C' } });
    assert.equal((byName.outputs[0]!.msg.payload as TaskAnswer).id, 3);
    const unknown = await nodeRed.call('get-tasks', { payload: { taskId: 'Tenant D' } });
    assert.equal(codeOf(unknown), 'TASK_NOT_FOUND');
  });

  const badInputs: { node: string; payload: Record<string, unknown>; names: RegExp }[] = [
    { node: 'get-tasks', payload: { taskId: -1 }, names: /taskId.*-1/ },
    { node: 'get-tasks', payload: { taskId: 1.5 }, names: /taskId.*1\.5/ },
    { node: 'get-tasks', payload: { taskId: Number.NaN }, names: /taskId.*NaN/ },
    { node: 'get-tasks', payload: { taskId: [1] }, names: /taskId/ },
    { node: 'get-tasks', payload: { taskId: { id: 1 } }, names: /taskId/ },
    { node: 'get-tasks', payload: { taskID: 1 }, names: /taskID.*taskId/ },
    { node: 'get-tasks', payload: { allNas: 'perhaps' }, names: /allNas.*perhaps/ },
    { node: 'run-backup', payload: {}, names: /taskId/ },
    { node: 'run-backup', payload: { taskId: 1, wait: 'perhaps' }, names: /wait.*perhaps/ },
    { node: 'run-backup', payload: { taskId: 1, timeoutSeconds: 'soon' }, names: /timeoutSeconds.*soon/ },
    { node: 'run-backup', payload: { taskId: 1, timeoutSeconds: -5 }, names: /timeoutSeconds.*-5/ },
    { node: 'run-backup', payload: { taskId: 1, ifRunning: 'shout' }, names: /ifRunning.*shout/ },
  ];
  for (const { node, payload, names } of badInputs) {
    it(`${node} refuses ${JSON.stringify(payload)} by name before anything is sent`, async () => {
      nas.clearRequests();
      const result = await nodeRed.call(node, { payload });
      assert.equal(codeOf(result), 'INVALID_INPUT');
      assert.match(result.error?.message ?? '', names);
      assert.deepEqual(result.outputs, []);
      assert.equal(nas.requests.length, 0);
    });
  }

  it('says NOT_CONFIGURED without a NAS, and the badge says so before any message', async () => {
    assert.equal(nodeRed.statusOf('no-nas')?.fill, 'red');
    const result = await nodeRed.call('no-nas', {});
    assert.equal(codeOf(result), 'NOT_CONFIGURED');
  });

  it('runs a backup and waits for how it ended', async () => {
    nas.task(1).script({ outcome: 'success', durationSeconds: 3 });
    const result = await nodeRed.call('run-backup', { payload: { taskId: 1, wait: true } }, 40_000);
    assert.equal(result.error, null, result.error?.message);
    const ends = result.outputs.filter((output) => output.port === 0);
    assert.equal(ends.length, 1);
    const answer = ends[0]!.msg.payload as Record<string, unknown>;
    assert.equal(answer.taskId, 1);
    assert.equal(answer.taskName, 'Tenant A');
    assert.equal(answer.started, true);
    assert.equal(answer.alreadyRunning, false);
    assert.equal(answer.result, 'success');
    assert.match(String(answer.startedAt), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.match(String(answer.endedAt), /Z$/);
    for (const { msg } of result.outputs.filter((output) => output.port === 1)) {
      const progress = msg.payload as Record<string, unknown>;
      assert.deepEqual(Object.keys(progress).sort(), ['elapsedSeconds', 'progress', 'taskId', 'taskName']);
    }
    assert.equal(nas.count('backup_task'), 1);
  });

  it('tells of a run that failed as an answer, not as an error', async () => {
    nas.task(2).script({ outcome: 'failed', durationSeconds: 2 });
    const result = await nodeRed.call('run-backup', { payload: { taskId: 'Tenant B', wait: true } }, 40_000);
    assert.equal(result.error, null, result.error?.message);
    const answer = result.outputs.find((output) => output.port === 0)?.msg.payload as Record<string, unknown>;
    assert.equal(answer.result, 'failed');
  });

  it('logs in once with a wrong password, however many messages, deploys and restarts follow', async () => {
    const before = nas.count('login');
    const results = await Promise.all(Array.from({ length: 10 }, () => nodeRed.call('refused', {})));
    for (const result of results) assert.equal(codeOf(result), 'AUTH_FAILED');
    assert.equal(nas.count('login') - before, 1);
    for (let again = 0; again < 3; again++) assert.equal(codeOf(await nodeRed.call('refused', {})), 'AUTH_FAILED');
    await nodeRed.restart();
    assert.equal(codeOf(await nodeRed.call('refused', {})), 'AUTH_FAILED');
    assert.equal(nas.count('login') - before, 1);
  });

  it('logs out when Node-RED ends', async () => {
    assert.equal((await nodeRed.call('get-tasks', {})).error, null);
    assert.ok(nas.openSessions > 0);
    assert.equal(await nodeRed.stopProcess(), 0);
    assert.equal(nas.openSessions, 0);
    await nodeRed.start();
  });

  it('complains in the log of what it told the flow, and of nothing else', () => {
    const told = /\[error\] \[active-backup-|\[warn\] \[active-backup-nas:NAS\] .*AUTH_FAILED/;
    assert.deepEqual(
      nodeRed.complaints().filter((line) => !told.test(line)),
      [],
    );
  });
});
