// The published sample comes back from the simulated NAS field for field.

import assert from 'node:assert/strict';
import seed from '../../peers/seed-answers.json';
import { startSimulator, type Simulator } from '../../simulator';
import { type Envelope, openSession, type PlainSession } from './plain-client';

describe('simulator: the published sample', () => {
  let nas: Simulator;
  let session: PlainSession;
  before(async () => {
    nas = await startSimulator({ sample: 'seed' });
    session = await openSession(nas);
  });
  after(() => nas.close());

  const reads: [string, object, Envelope][] = [
    ['list_tasks', {}, seed.get_tasks],
    ['get_general_log', { offset: 0, limit: 200 }, seed.get_package_log],
    ['get_all_log', { task_id: 1, offset: 0, limit: 200, key_word: '' }, seed.get_task_log],
    ['get_worker_count', {}, seed.get_worker_count],
  ];
  for (const [method, parameters, expected] of reads) {
    it(`${method} equals it`, async () => {
      assert.deepEqual((await session.abm(method, { ...parameters })).json, expected);
    });
  }

  it('get_task_setting equals it, but for the permissions that the page cuts off', async () => {
    const { json } = await session.abm('get_task_setting', { task_id: 1 });
    const info = json.data?.task_info ?? {};
    assert.ok(Array.isArray(info.app_permissions));
    info.app_permissions = '(cut off)';
    assert.deepEqual(json, seed.get_task_setting);
  });

  it('relink_task gives the published id, and writes answer a bare success', async () => {
    const task_info = {
      selected: true,
      task_name: 'again',
      local_shared: 'ActiveBackupforBusiness',
      local_path: '/ActiveBackupForMicrosoft365/task_1',
      region: 'Microsoft 365',
      admin_email: 'admin@example.com',
    };
    assert.deepEqual((await session.abm('relink_task', { task_info })).json, seed.relink_task);
    assert.deepEqual((await session.abm('backup_task', { task_id: 1 })).json, seed.run_backup);
    assert.deepEqual(
      (await session.abm('delete_task', { task_id: 3, should_remove_storage: false })).json,
      seed.delete_task,
    );
  });

  it('gives other ids when told to', async () => {
    const other = await startSimulator({ sample: 'seed', nextTaskId: 8 });
    try {
      assert.equal(other.addTask().id, 8);
    } finally {
      await other.close();
    }
  });
});
