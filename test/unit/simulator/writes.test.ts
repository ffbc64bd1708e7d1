// Deleting and relinking tasks of the simulated NAS, and control over HTTP.

import assert from 'node:assert/strict';
import { startSimulator, type Simulator } from '../../simulator';
import { openSession, type PlainSession, send } from './plain-client';

describe('simulator: delete and relink', () => {
  let nas: Simulator;
  let session: PlainSession;
  beforeEach(async () => {
    nas = await startSimulator({ tasks: 1, control: true });
    session = await openSession(nas);
  });
  afterEach(() => nas.close());

  const link = (over = {}) => ({
    task_info: {
      selected: true,
      task_name: 'Again',
      local_shared: 'ActiveBackup',
      local_path: '/ActiveBackupForMicrosoft365/task_1',
      region: 'Microsoft 365',
      admin_email: 'admin@example.com',
      ...over,
    },
  });

  it('relinks what a deletion left, with its stored bytes, under a new id', async () => {
    const { drive_used_storage } = await session.row();
    assert.equal((await session.abm('relink_task', link())).json.error?.code, 117);
    await session.abm('delete_task', { task_id: 1, should_remove_storage: false });
    assert.deepEqual((await session.abm('list_tasks')).json.data?.tasks, []);
    const { data } = (await session.abm('relink_task', link())).json;
    assert.deepEqual(data, { task_id: 2 });
    const row = await session.row(2);
    assert.deepEqual([row.task_name, row.drive_used_storage, row.status], ['Again', drive_used_storage, 0]);
  });

  it('cannot relink what was removed with its data', async () => {
    await session.abm('delete_task', { task_id: 1, should_remove_storage: true });
    assert.equal((await session.abm('relink_task', link())).json.error?.code, 117);
  });

  it('refuses a relink with missing, unknown or wrong members', async () => {
    for (const over of [{ selected: false }, { admin_email: 'nobody' }, { extra: 1 }, { local_path: 'relative' }]) {
      assert.equal((await session.abm('relink_task', link(over))).json.error?.code, 120, JSON.stringify(over));
    }
  });

  it('is driven over HTTP when control is on', async () => {
    const post = async (path: string, body: object) =>
      JSON.parse((await send(`${nas.url}/simulator/${path}`, JSON.stringify(body))).body) as Record<string, unknown>;
    const get = async (path: string) => JSON.parse((await send(`${nas.url}/simulator/${path}`)).body) as unknown[];
    assert.deepEqual(await post('task/script', { id: 1, runs: [{ durationSeconds: 60, outcome: 'partial' }] }), {
      done: true,
    });
    await post('task/start', { id: 1 });
    await post('advance', { seconds: 61 });
    assert.equal((await session.row()).status, 6);
    assert.equal((await get('ledger')).length, 2);
    await post('task/rename', { id: 1, name: 'Renamed' });
    assert.equal((await session.row()).task_name, 'Renamed');
    await post('switches', { codes: { unknownTask: 499 } });
    assert.equal(nas.switches.codes.unknownTask, 499);
    assert.equal(nas.switches.codes.backupRunning, 117);
    await post('faults', { method: 'list_tasks', kind: 'code', code: 100 });
    assert.equal((await session.abm('list_tasks')).json.error?.code, 100);
    assert.match(String((await post('task/start', { id: 99 })).error), /no task 99/);
    assert.match(String((await post('nothing', {})).error), /unknown command/);
    assert.equal((await get('requests')).length, nas.requests.length);
  });
});
