// Setting when a task runs: what changes, what stays, and what is refused.
import assert from 'node:assert/strict';
import { rawOf } from '../../../../lib/active-backup';
import { asked, cleanUp, clientOf, rejects, type RigOptions, sent, startRig, StubSession } from './support';

const weekly = { kind: 'weekly', startHour: 2, startMinute: 15, lastRunHour: 20, repeatEveryHours: 6, runDays: [1, 3] };
const stored = { hour: 2, minute: 15, last_work_hour: 20, repeat_hour: 6, week_day: '1,3' };

function rigWith(
  policy: 'continuous' | 'manual' | 'scheduled',
  schedule = {},
  more: RigOptions = {},
): ReturnType<typeof startRig> {
  return startRig({
    ...more,
    nas: { tasks: [{ name: 'Mail', policy, schedule: { ...stored, ...schedule } }], ...more.nas },
  });
}

describe('setTaskSchedule', () => {
  afterEach(cleanUp);

  it('changes what was asked, keeps the rest, reads it back and says when the task runs next', async () => {
    const { client } = await rigWith('manual');
    const answer = await client.setTaskSchedule({ taskId: 'Mail', policy: 'scheduled', startHour: 4 });
    assert.deepEqual(answer, {
      taskId: 1,
      taskName: 'Mail',
      before: { policy: 'manual', schedule: weekly },
      after: { policy: 'scheduled', schedule: { ...weekly, startHour: 4 } },
      changed: true,
      nextRunAt: '2026-11-23T04:15:00Z',
    });
    assert.equal(rawOf(answer), null);
  });

  it('re-enables the stored schedule with "scheduled" alone', async () => {
    const { client } = await rigWith('continuous');
    const { after } = await client.setTaskSchedule({ taskId: 1, policy: 2 });
    assert.deepEqual(after, { policy: 'scheduled', schedule: weekly });
  });

  it('sends nothing where everything is so already', async () => {
    const { nas, client } = await rigWith('scheduled');
    const answer = await client.setTaskSchedule({
      taskId: 1,
      policy: 'scheduled',
      startHour: '2',
      runDays: ['Wed', 'Mon'],
    });
    assert.equal(answer.changed, false);
    assert.deepEqual(answer.before, answer.after);
    assert.deepEqual(asked(nas), ['get_task_setting']);
  });

  it('does not call days in another order a change', async () => {
    const { nas, client } = await rigWith('scheduled', { week_day: '3,1' });
    assert.equal((await client.setTaskSchedule({ taskId: 1, runDays: [1, 3] })).changed, false);
    assert.equal(nas.count('set_task_setting'), 0);
  });

  it('keeps the policy where only fields are given', async () => {
    const { client } = await rigWith('scheduled');
    const { after, nextRunAt } = await client.setTaskSchedule({ taskId: 1, runDays: 'Sun' });
    assert.equal(after.policy, 'scheduled');
    assert.equal(nextRunAt, '2026-11-22T14:15:00Z');
  });

  it('stores fields given beside manual for the next time the schedule is used', async () => {
    const { client } = await rigWith('scheduled');
    const { after, nextRunAt } = await client.setTaskSchedule({ taskId: 1, policy: 'manual', startMinute: 45 });
    assert.deepEqual(after, { policy: 'manual', schedule: { ...weekly, startMinute: 45 } });
    assert.equal(nextRunAt, null);
  });

  it('takes the schedule as an object in either spelling, also as it was answered before', async () => {
    const { client } = await rigWith('manual');
    const schedule = { start_hour: 8, start_minute: 30, last_run_hour: 23, repeat_every_hours: 1, run_days: [0, 1] };
    const first = await client.setTaskSchedule({ task_id: 1, policy: 2, schedule });
    assert.equal(first.after.schedule?.startHour, 8);
    const second = await client.setTaskSchedule({ taskId: 1, ...first.before });
    assert.deepEqual(second.after, first.before);
    await rejects(
      client.setTaskSchedule({ taskId: 1, startHour: 3, schedule: { start_hour: 3 } }),
      'INVALID_INPUT',
      /startHour/,
    );
  });

  it('refuses a wish for nothing before anything is sent', async () => {
    const { nas, client } = await rigWith('manual');
    await rejects(client.setTaskSchedule({ taskId: 1 }), 'INVALID_INPUT', /^policy: missing/);
    assert.deepEqual(asked(nas), []);
  });

  it('refuses a last hour before the first when repeating, given or stored', async () => {
    const { nas, client } = await rigWith('scheduled');
    const wish = { taskId: 1, startHour: 10, lastRunHour: 9, repeatEveryHours: 1 };
    await rejects(client.setTaskSchedule(wish), 'INVALID_INPUT', /lastRunHour: 9 lies before startHour 10/, 'not_sent');
    assert.deepEqual(asked(nas), []);
    await rejects(client.setTaskSchedule({ taskId: 1, startHour: 21 }), 'INVALID_INPUT', /lastRunHour: 20 lies before/);
    await rejects(client.setTaskSchedule({ taskId: 1, lastRunHour: 1 }), 'INVALID_INPUT');
    assert.equal(nas.count('set_task_setting'), 0);
    await client.setTaskSchedule({ taskId: 1, startHour: 21, repeatEveryHours: 0 });
  });

  for (const kind of [{ date_type: 1 }, { repeat_date: 2 }, { repeat_min: 30 }, { monthly_week: [1] }]) {
    it(`replaces a schedule with ${JSON.stringify(kind)} only where that was allowed`, async () => {
      const { nas, client } = await rigWith('manual', kind);
      const wish = { taskId: 1, policy: 'scheduled', startHour: 4 };
      await rejects(client.setTaskSchedule(wish), 'NOT_CONFIRMED', /replaceUnknownSchedule/);
      assert.equal(nas.count('set_task_setting'), 0);
      const { before, after } = await client.setTaskSchedule({ ...wish, replaceUnknownSchedule: true });
      assert.equal(before.schedule?.kind, 'unknown');
      assert.deepEqual(after.schedule, { ...weekly, startHour: 4 });
      const now = nas.task(1).setting.schedule;
      assert.deepEqual([now.date_type, now.repeat_date, now.repeat_min, now.monthly_week], [0, 0, 0, []]);
    });
  }

  it('lets another policy be set beside a schedule of an unknown kind, which stays as it is', async () => {
    const { nas, client } = await rigWith('scheduled', { date_type: 1 });
    const { nextRunAt } = await client.setTaskSchedule({ taskId: 1, policy: 'manual' });
    assert.equal(nextRunAt, null);
    assert.equal(nas.task(1).setting.schedule.date_type, 1);
  });

  it('says what the NAS kept where it kept something else', async () => {
    const { nas, client } = await rigWith('scheduled');
    nas.faults.add({
      method: 'set_task_setting',
      kind: 'accept-other',
      instead: { task_info: { schedule: { hour: 7 } } },
    });
    await rejects(client.setTaskSchedule({ taskId: 1, startHour: 4 }), 'NOT_APPLIED', /startHour is 7, asked was 4/);
    nas.faults.clear();
    nas.faults.add({ method: 'set_task_setting', kind: 'accept-nothing' });
    await rejects(
      client.setTaskSchedule({ taskId: 1, policy: 'manual' }),
      'NOT_APPLIED',
      /enable_schedule is true, asked was false/,
    );
  });

  it('gives the next run in the zone of the NAS, across the change to summer time', async () => {
    const { client } = await startRig({
      nas: { tasks: [{ policy: 'scheduled', schedule: { hour: 2, minute: 30 } }] },
      client: { timeZone: 'Europe/Berlin', now: () => Date.UTC(2027, 2, 27, 12) },
    });
    const { nextRunAt } = await client.setTaskSchedule({ taskId: 1, startMinute: 30 });
    // 02:30 does not exist on 28 March 2027: the first minute that does is 03:00, 01:00 UTC.
    assert.equal(nextRunAt, '2027-03-28T01:00:00Z');
  });

  it('puts no schedule into use whose hour is no hour', async () => {
    const { nas, client } = await rigWith('manual', { hour: 25 });
    await rejects(client.setTaskSchedule({ taskId: 1, policy: 'scheduled' }), 'INVALID_INPUT', /^startHour: missing/);
    assert.equal(nas.count('set_task_setting'), 0);
    const { after } = await client.setTaskSchedule({ taskId: 1, policy: 'scheduled', startHour: 4 });
    assert.deepEqual(after, { policy: 'scheduled', schedule: { ...weekly, startHour: 4 } });
  });

  it('writes back as the NAS gave it what is not understood, and adds nothing that it left out', async () => {
    const { nas, client } = await rigWith('manual');
    nas.switches.payload = { shape: 'current', omit: ['monthly_week'], nulls: ['site_domain'], extraFields: true };
    assert.equal((await client.setTaskSchedule({ taskId: 1, policy: 'scheduled', startHour: 4 })).changed, true);
    const info = sent(nas, 'set_task_setting').task_info as Record<string, unknown>;
    assert.deepEqual(info.field_of_a_later_version, { enabled: true, values: [1, 'two', null] });
    assert.equal(info.site_domain, null);
    const { status_of_a_later_version: later, monthly_week: leftOut } = info.schedule as Record<string, unknown>;
    assert.deepEqual([later, leftOut], [42, undefined]);
  });

  it('writes numbers back as numbers where the NAS gives text', async () => {
    const { nas, client } = await rigWith('scheduled');
    nas.switches.payload = { shape: 'current', numericStrings: true };
    const answer = await client.setTaskSchedule({ taskId: 1, startHour: 5 });
    assert.equal(answer.changed, true);
    assert.equal(nas.task(1).setting.schedule.hour, 5);
    assert.equal(nas.task(1).setting.schedule.minute, 15);
  });
});

describe('setRotationPolicy', () => {
  afterEach(cleanUp);

  for (const [now, next, needsConsent] of [
    [0, 30, true],
    [30, 29, true],
    [30, 31, false],
    [30, 0, false],
    [0, 3650, true],
    [1, 3650, false],
  ] as const) {
    it(`from ${String(now)} to ${String(next)} ${needsConsent ? 'needs' : 'does not need'} allowDeletion`, async () => {
      const { nas, client } = await startRig({ nas: { tasks: [{ name: 'Mail', daysToKeep: now }] } });
      const wish = { taskId: 1, daysToKeep: next };
      if (needsConsent) {
        await rejects(client.setRotationPolicy(wish), 'NOT_CONFIRMED', /allowDeletion/, 'not_sent');
        assert.equal(nas.count('set_task_setting'), 0);
      }
      const answer = await client.setRotationPolicy(needsConsent ? { ...wish, allowDeletion: true } : wish);
      assert.deepEqual(answer, {
        taskId: 1,
        taskName: 'Mail',
        before: { daysToKeep: now },
        after: { daysToKeep: next },
        changed: true,
      });
      assert.equal(nas.task(1).setting.rotation_policy, next === 0 ? 0 : 1);
    });
  }

  it('sends nothing where it is so already', async () => {
    const { nas, client } = await startRig({ nas: { tasks: [{ daysToKeep: 30 }] } });
    assert.equal((await client.setRotationPolicy({ taskId: 1, daysToKeep: 30 })).changed, false);
    assert.equal(nas.count('set_task_setting'), 0);
  });

  it('takes a retention that it cannot read for all versions', async () => {
    const { nas, client } = await startRig({ nas: { tasks: [{ setting: { rotation_policy: 7 } }] } });
    await rejects(client.setRotationPolicy({ taskId: 1, daysToKeep: 3650 }), 'NOT_CONFIRMED', /unknown number/);
    assert.equal(nas.count('set_task_setting'), 0);
  });
});

describe('setWorkerCount', () => {
  afterEach(cleanUp);

  it('sets one and keeps the other', async () => {
    const { client } = await startRig();
    const answer = await client.setWorkerCount({ eventWorkers: '12' });
    assert.deepEqual(answer, {
      backupWorkers: 40,
      eventWorkers: 12,
      maxBackupWorkers: 40,
      maxEventWorkers: 40,
      changed: true,
      lowered: [],
    });
  });

  it('keeps the other also where it is not the maximum', async () => {
    const { client } = await startRig();
    await client.setWorkerCount({ eventWorkers: 12 });
    assert.equal((await client.setWorkerCount({ backupWorkers: 9 })).eventWorkers, 12);
    assert.equal((await client.setWorkerCount({ eventWorkers: 13 })).backupWorkers, 9);
  });

  it('lowers what lies above the maximum and says so', async () => {
    const { nas, client } = await startRig();
    await client.setWorkerCount({ backupWorkers: 10 });
    const answer = await client.setWorkerCount({ backupWorkers: 500, eventWorkers: 40 });
    assert.deepEqual([answer.backupWorkers, answer.lowered, answer.changed], [40, ['backupWorkers'], true]);
    const again = await client.setWorkerCount({ backupWorkers: 500 });
    assert.deepEqual([again.lowered, again.changed], [['backupWorkers'], false]);
    assert.equal(nas.count('update_worker_count'), 2);
  });

  for (const maximum of [undefined, 0, -1, 4294967295]) {
    it(`sets what is asked where the NAS tells the maximum ${String(maximum)}`, async () => {
      const counts: Record<string, unknown> = {
        backup_job_worker_count: 5,
        event_worker_count: 5,
        max_backup_job_worker_count: maximum,
      };
      const session = new StubSession(({ method, params }) => {
        if (method === 'update_worker_count') Object.assign(counts, params);
        return counts;
      });
      const answer = await clientOf(session).setWorkerCount({ backupWorkers: 500 });
      assert.deepEqual(
        [answer.backupWorkers, answer.eventWorkers, answer.maxBackupWorkers, answer.lowered, answer.changed],
        [500, 5, null, [], true],
      );
    });
  }

  it('writes no number of workers back that is none', async () => {
    const session = new StubSession(() => ({ backup_job_worker_count: 5, event_worker_count: -1 }));
    await rejects(clientOf(session).setWorkerCount({ backupWorkers: 9 }), 'INVALID_RESPONSE', /event_worker_count/);
    assert.deepEqual(session.methods, ['get_worker_count']);
  });

  it('refuses a wish for nothing before anything is sent', async () => {
    const { nas, client } = await startRig();
    await rejects(client.setWorkerCount({}), 'INVALID_INPUT', /backupWorkers: missing/);
    assert.deepEqual(asked(nas), []);
  });

  it('says what the NAS kept where it kept something else', async () => {
    const { nas, client } = await startRig();
    nas.faults.add({ method: 'update_worker_count', kind: 'accept-nothing' });
    await rejects(client.setWorkerCount({ backupWorkers: 9 }), 'NOT_APPLIED', /keeps backupWorkers 40/);
  });
});
