// The slow look at settings that the task list does not show.
import assert from 'node:assert/strict';
import { DsmError } from '../../../lib/dsm';
import { taskRow } from './fake-nas';
import { startProcess, startWorld } from './simulator-rig';
import { bench, kill, Witness } from './support';

const minute = 60_000;
const hour = 60 * minute;

describe('watching settings', () => {
  it('reads none unless it is switched on', async () => {
    const { monitor, nas, scheduler } = bench();
    monitor.watch(new Witness('flow'));
    await scheduler.pass(5 * hour);
    assert.equal(nas.count('getTaskSetting'), 0);
  });

  it('reads each task hourly, two after one poll', async () => {
    const { monitor, nas, scheduler } = bench({ watchSettings: true });
    nas.tasks = [1, 2, 3, 4, 5].map((id) => taskRow(id));
    monitor.watch(new Witness('flow'));
    await scheduler.pass(50);
    assert.equal(nas.count('getTaskSetting'), 2);
    await scheduler.pass(55 * minute);
    assert.equal(nas.count('getTaskSetting'), 5);
    await scheduler.pass(10 * hour);
    assert.ok(Math.abs(nas.count('getTaskSetting') - 55) <= 5, String(nas.count('getTaskSetting')));
  });

  it('tells a change with what was and what is, once, and nothing personal', async () => {
    const { monitor, nas, scheduler } = bench({ watchSettings: true });
    const witness = new Witness('flow');
    nas.settings.set(1, { daysToKeep: 30, enableAutoAddMail: true, account: { tenantId: 'x' }, objectCounts: 5 });
    monitor.watch(witness);
    await scheduler.pass(2 * hour);
    assert.deepEqual(witness.told, []);
    nas.settings.set(1, { daysToKeep: 7, enableAutoAddMail: false, account: { tenantId: 'y' }, objectCounts: 6 });
    await scheduler.pass(3 * hour);
    assert.deepEqual(witness.told, ['settings_changed']);
    const [event] = witness.lasting;
    assert.deepEqual(event!.before, { daysToKeep: 30, enableAutoAddMail: true });
    assert.deepEqual(event!.after, { daysToKeep: 7, enableAutoAddMail: false });
    assert.equal(event!.task?.id, 1);
  });

  it('notices a change that was made while Node-RED was down', async () => {
    const first = bench({ watchSettings: true });
    first.nas.settings.set(1, { daysToKeep: 30 });
    first.monitor.watch(new Witness('flow'));
    await first.scheduler.pass(minute);
    kill(first);
    await first.scheduler.pass(2 * hour);
    first.nas.settings.set(1, { daysToKeep: 3 });
    const second = bench({ watchSettings: true }, first);
    const witness = new Witness('flow');
    second.monitor.watch(witness);
    await second.scheduler.pass(minute);
    assert.deepEqual(witness.told, ['settings_changed']);
  });

  it('notices what somebody changes in DSM, in the words of get-settings', async () => {
    const world = await startWorld(Date.UTC(2026, 10, 22, 12), { tasks: [{ daysToKeep: 30 }] });
    try {
      const monitor = startProcess(world, { watchSettings: true });
      const witness = new Witness('flow');
      monitor.watch(witness);
      await world.scheduler.pass(2 * minute);
      world.nas.task(1).change({ preserve_day_number: 5, enable_auto_add_mail: true, enable_schedule: true });
      await world.scheduler.pass(hour);
      const changes = witness.lasting.filter(({ event }) => event === 'settings_changed');
      assert.deepEqual(
        changes.map(({ before, after }) => [before, after]),
        [
          [{ policy: 'manual' }, { policy: 'scheduled' }],
          [
            { daysToKeep: 30, enableAutoAddMail: false },
            { daysToKeep: 5, enableAutoAddMail: true },
          ],
        ],
      );
      for (const secret of world.nas.secrets()) assert.ok(!JSON.stringify(monitor.remembered).includes(secret));
    } finally {
      await world.close();
    }
  });

  it('lets tasks that cannot be read keep none of the others from its turn', async () => {
    const { monitor, nas, scheduler } = bench({ watchSettings: true });
    nas.tasks = [1, 2, 3, 4].map((id) => taskRow(id));
    const asked: number[] = [];
    const read = nas.getTaskSetting.bind(nas);
    nas.getTaskSetting = (input) => {
      const { taskId } = input as { taskId: number };
      asked.push(taskId);
      return taskId <= 2 ? Promise.reject(new DsmError('NAS_ERROR', 'These two are broken.')) : read(input);
    };
    const witness = new Witness('flow');
    nas.settings.set(4, { daysToKeep: 30 });
    monitor.watch(witness);
    await scheduler.pass(2 * minute);
    assert.deepEqual(asked, [1, 2, 3, 4]);
    nas.settings.set(4, { daysToKeep: 7 });
    await scheduler.pass(2 * hour);
    assert.deepEqual(witness.told, ['settings_changed']);
    assert.ok(asked.length <= 16, `${asked.length} readings in two hours`);
  });

  it('takes what cannot be read for no change, and a refusal for no failed poll', async () => {
    const { monitor, nas, scheduler } = bench({ watchSettings: true });
    const witness = new Witness('flow');
    nas.settings.set(1, { daysToKeep: 30 });
    monitor.watch(witness);
    await scheduler.pass(minute);
    nas.settings.set(1, { daysToKeep: null });
    await scheduler.pass(2 * hour);
    nas.fail('getTaskSetting', 'PERMISSION_DENIED');
    await scheduler.pass(2 * hour);
    assert.deepEqual(witness.told, []);
    assert.equal(monitor.health.failedPolls, 0);
  });
});
