// What must hold for everything that writes: nothing without permission, nothing twice, nothing lost between two writers.
import assert from 'node:assert/strict';
import { type ActiveBackupClient } from '../../../../lib/active-backup';
import { type Simulator } from '../../../simulator';
import { asked, cleanUp, clientOf, lostAnswer, rejects, startRig, StubSession } from './support';

const writers: [string, (client: ActiveBackupClient) => Promise<unknown>][] = [
  ['setWorkerCount', (client) => client.setWorkerCount({ backupWorkers: 9 })],
  ['setTaskSchedule', (client) => client.setTaskSchedule({ taskId: 1, policy: 'continuous' })],
  ['setRotationPolicy', (client) => client.setRotationPolicy({ taskId: 1, daysToKeep: 7, allowDeletion: true })],
  ['runBackup', (client) => client.runBackup({ taskId: 1 })],
  ['cancelBackup', (client) => client.cancelBackup({ taskId: 1 })],
  ['deleteTask', (client) => client.deleteTask({ taskId: 1, confirm: 'Mail' })],
  [
    'relinkTask',
    (client) =>
      client.relinkTask({ taskName: 'M', localShared: 'S', localPath: '/a/b', adminEmail: 'admin@example.com' }),
  ],
];

describe('writing with the client', () => {
  afterEach(cleanUp);

  for (const [name, write] of writers) {
    it(`${name} answers READ_ONLY and sends nothing where changes are off`, async () => {
      const session = new StubSession(() => assert.fail('nothing may be sent'));
      await rejects(write(clientOf(session, { allowChanges: false })), 'READ_ONLY', undefined, 'not_sent');
      assert.deepEqual(session.calls, []);
    });
  }

  for (const [name, method, wish, applied] of [
    [
      'setTaskSchedule',
      'set_task_setting',
      (client: ActiveBackupClient) => client.setTaskSchedule({ taskId: 1, policy: 'continuous' }),
      (nas: Simulator) => nas.task(1).setting.backup_policy === 0,
    ],
    [
      'setRotationPolicy',
      'set_task_setting',
      (client: ActiveBackupClient) => client.setRotationPolicy({ taskId: 1, daysToKeep: 7, allowDeletion: true }),
      (nas: Simulator) => nas.task(1).setting.preserve_day_number === 7,
    ],
    [
      'setWorkerCount',
      'update_worker_count',
      (client: ActiveBackupClient) => client.setWorkerCount({ backupWorkers: 9 }),
      () => true,
    ],
  ] as const) {
    for (const kind of ['reset', 'html', 'empty'] as const) {
      it(`${name} looks at the NAS when a ${kind} swallows the answer, and never sends twice`, async () => {
        const { nas, client } = await startRig();
        nas.faults.add({ method, kind, when: 'after', times: 1 });
        const answer = await wish(client);
        assert.equal(answer.changed, true);
        assert.ok(applied(nas));
        assert.equal(nas.count(method), 1);
      });

      it(`${name} says NOT_APPLIED when a ${kind} swallowed the request itself`, async () => {
        const { nas, client } = await startRig();
        nas.faults.add({ method, kind, when: 'before', times: 1 });
        await rejects(wish(client), 'NOT_APPLIED', /did not say whether it was carried out/, 'unknown');
        assert.equal(nas.count(method), 1);
      });
    }

    it(`${name} says OUTCOME_UNKNOWN when the answer is lost and the NAS is gone`, async () => {
      const { nas, client } = await startRig();
      nas.faults.add({ method, kind: 'reset', when: 'after', times: 1 });
      nas.faults.add({
        method: method === 'set_task_setting' ? 'get_task_setting' : 'get_worker_count',
        kind: 'html',
        skip: 1,
      });
      await rejects(wish(client), 'OUTCOME_UNKNOWN', /state cannot be read/, 'unknown');
      assert.equal(nas.count(method), 1);
    });

    it(`${name} hands on a refusal and looks no further`, async () => {
      const { nas, client } = await startRig();
      nas.faults.add({ method, kind: 'code', code: 105, times: 9 });
      await rejects(wish(client), 'PERMISSION_DENIED');
    });
  }

  it('lets two flows change the same task at once, one after the other, and loses neither change', async () => {
    const { nas, client, session } = await startRig({ nas: { tasks: [{ policy: 'manual' }] } });
    const other = clientOf(session);
    const [schedule, retention, hour] = await Promise.all([
      client.setTaskSchedule({ taskId: 1, policy: 'scheduled', startHour: 3 }),
      other.setRotationPolicy({ taskId: 1, daysToKeep: 7, allowDeletion: true }),
      client.setTaskSchedule({ taskId: 1, lastRunHour: 22 }),
    ]);
    assert.deepEqual([schedule.changed, retention.changed, hour.changed], [true, true, true]);
    const { setting } = nas.task(1);
    assert.deepEqual(
      [setting.enable_schedule, setting.schedule.hour, setting.schedule.last_work_hour, setting.preserve_day_number],
      [true, 3, 22, 7],
    );
    const one = ['get_task_setting', 'set_task_setting', 'get_task_setting'];
    assert.deepEqual(asked(nas), [...one, ...one, ...one]);
  });

  it('lets the next writer in when one fails or gives up waiting', async () => {
    const { nas, client } = await startRig();
    nas.faults.add({ method: 'set_task_setting', kind: 'code', code: 117, times: 1 });
    const controller = new AbortController();
    const failing = client.setTaskSchedule({ taskId: 1, policy: 'continuous' });
    const leaving = client.setTaskSchedule({ taskId: 1, startHour: 5 }, { signal: controller.signal });
    const staying = client.setTaskSchedule({ taskId: 1, startHour: 6 });
    controller.abort();
    await rejects(leaving, 'ABORTED', undefined, 'not_sent');
    await rejects(failing, 'BUSY');
    assert.equal((await staying).after.schedule?.startHour, 6);
  });

  it('keeps those behind a writer that gave up waiting behind the one that still writes', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const session = new StubSession(() => ({ task_info: { task_id: 1, rotation_policy: 0 } }));
    const answer = session.call.bind(session);
    session.call = async (call) => {
      const given = await answer(call);
      await held;
      return given;
    };
    const client = clientOf(session);
    const controller = new AbortController();
    const wish = { taskId: 1, daysToKeep: 0 };
    const first = client.setRotationPolicy(wish);
    const leaving = client.setRotationPolicy(wish, { signal: controller.signal });
    const last = client.setRotationPolicy(wish);
    controller.abort();
    await rejects(leaving, 'ABORTED');
    await new Promise(setImmediate);
    assert.equal(session.calls.length, 1);
    release();
    await Promise.all([first, last]);
    assert.equal(session.calls.length, 2);
  });

  it('writes to different tasks without waiting for each other', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const session = new StubSession(({ params }) => ({ task_info: { task_id: params?.task_id, rotation_policy: 0 } }));
    const slow = session.call.bind(session);
    session.call = async (call) => {
      if (call.params?.task_id === 1) await held;
      return slow(call);
    };
    const client = clientOf(session);
    const first = client.setRotationPolicy({ taskId: 1, daysToKeep: 0 });
    assert.equal((await client.setRotationPolicy({ taskId: 2, daysToKeep: 0 })).changed, false);
    release();
    await first;
  });

  it('looks again, and does not send again, for every way an answer can be lost', async () => {
    let sends = 0;
    const session = new StubSession(({ method }) => {
      if (method !== 'set_task_setting')
        return { task_info: { task_id: 1, rotation_policy: 1, preserve_day_number: 5 } };
      sends += 1;
      return lostAnswer();
    });
    await rejects(clientOf(session).setRotationPolicy({ taskId: 1, daysToKeep: 0 }), 'NOT_APPLIED');
    assert.equal(sends, 1);
  });
});
