// The tasks of all NASes in one answer, and one task among them.
import assert from 'node:assert/strict';
import { bare, codeOf, nasNode } from '../runtime/nas-flow';
import { type Simulator, startSimulator } from '../simulator';
import { type Bench, startBench, stopBenches } from './bench';

describe('get-tasks of all NASes', () => {
  let bench: Bench;
  let branch: Simulator;
  before(async () => {
    branch = await startSimulator({ tasks: [{ name: 'Mail' }, { name: 'Sites' }, { name: '1' }] });
    bench = await startBench([bare('get-tasks')], {
      nas: { tasks: [{ name: 'Mail' }, { name: 'Files' }] },
      beside: [{ ...nasNode(branch, { slug: 'branch' }), id: 'nas-2' }],
    });
  });
  after(async () => {
    await stopBenches();
    await branch.close();
  });

  const ask = (taskId: number | string, more = {}) =>
    bench.call('get-tasks', { payload: { allNas: true, taskId, ...more } });

  it('finds the one task that a name or an id means', async () => {
    for (const [taskId, nas, id] of [
      ['Files', 'office', 2],
      ['Sites', 'branch', 2],
      [3, 'branch', 3],
      ['1', 'branch', 3],
    ] as const) {
      const { outputs, error } = await ask(taskId);
      assert.equal(error, null, error?.message);
      const { payload, activeBackup } = outputs[0]!.msg as Record<string, Record<string, unknown>>;
      assert.deepEqual([payload?.nas, payload?.id, activeBackup?.taskId], [nas, id, id]);
    }
    const { outputs } = await ask('Sites', { summary: true });
    assert.equal((outputs[0]!.msg.payload as { total: number }).total, 1);
  });

  it('refuses an id and a name that tasks of two NASes have, and names these with their NAS', async () => {
    const byId = await ask(2);
    assert.equal(codeOf(byId), 'INVALID_INPUT');
    assert.match(byId.error?.message ?? '', /taskId: 2 .* office: 2 \("Files"\), branch: 2 \("Sites"\)$/);
    const byName = await ask('Mail');
    assert.equal(codeOf(byName), 'INVALID_INPUT');
    assert.match(byName.error?.message ?? '', /taskId: "Mail" .* office: 1 \("Mail"\), branch: 1 \("Mail"\)$/);
  });

  it('names the tasks of every NAS where there is none that is meant', async () => {
    const unknown = await ask('nobody');
    assert.equal(codeOf(unknown), 'TASK_NOT_FOUND');
    assert.match(unknown.error?.message ?? '', /office: 1 \("Mail"\), office: 2 \("Files"\), branch: 1 \("Mail"\)/);
  });

  it('says why the first NAS could not be asked where none could, and not that there is no such task', async () => {
    bench.nas.faults.add({ kind: 'code', code: 105 });
    await branch.goAway();
    const nobody = await ask('Files');
    bench.nas.faults.clear();
    assert.equal(codeOf(nobody), 'PERMISSION_DENIED');
    const { outputs } = await ask('Files');
    assert.equal((outputs[0]!.msg.payload as { nas: string }).nas, 'office');
    await branch.comeBack();
  });

  it('says in the badge that a NAS failed: none of its tasks are in the numbers', async () => {
    const all = { payload: { allNas: true } };
    await branch.goAway();
    await bench.call('get-tasks', all);
    assert.deepEqual(bench.statusOf('get-tasks'), { fill: 'yellow', shape: 'dot', text: '2 tasks, 1 NAS failed' });
    await bench.call('get-tasks', { payload: { allNas: true, summary: true } });
    assert.deepEqual(bench.statusOf('get-tasks'), { fill: 'yellow', shape: 'dot', text: '0 problems, 1 NAS failed' });
    await bench.call('get-tasks', { payload: { allNas: true, taskId: 'Files' } });
    assert.equal(bench.statusOf('get-tasks')?.fill, 'green', 'that one is known');
    await branch.comeBack();
    await bench.call('get-tasks', all);
    assert.deepEqual(bench.statusOf('get-tasks'), { fill: 'green', shape: 'dot', text: '5 tasks' });
  });
});
