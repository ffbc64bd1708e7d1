// What the reading methods answer: tasks, settings, workers, and the NAS's own data beside them.
import assert from 'node:assert/strict';
import { type ActiveBackupClient, rawOf } from '../../../../lib/active-backup';
import { cleanUp, clientOf, noonMs, rejects, startRig, StubSession } from './support';

describe('reading with the client', () => {
  afterEach(cleanUp);

  describe('getTasks', () => {
    it("answers tasks, package, the NAS's clock and its untouched data", async () => {
      const { client } = await startRig({ nas: { tasks: 3 } });
      const list = await client.getTasks();
      assert.deepEqual(
        list.tasks.map(({ id, activity, result }) => [id, activity, result]),
        [1, 2, 3].map((id) => [id, 'idle', 'success']),
      );
      assert.equal(list.wire.tasks.length, 3);
      assert.equal(list.dateMs, noonMs);
      assert.equal(list.package.objects.total, (list.raw as { users: unknown[] }).users.length);
      assert.equal(rawOf(list), list.raw);
    });

    it('judges by the limits and the time zone of the client', async () => {
      const task = { policy: 'scheduled' as const, schedule: { hour: 2 } };
      const { client, session } = await startRig({ nas: { tasks: [task] } });
      const [known] = (await client.getTasks()).tasks;
      assert.equal(known?.nextRunAt, '2026-11-23T02:00:00Z');
      const [unknown] = (await clientOf(session, { timeZone: null }).getTasks()).tasks;
      assert.equal(unknown?.nextRunAt, null);
      assert.equal(unknown.overdue, null);
    });

    it('refuses an answer without a list of tasks', async () => {
      for (const data of [undefined, null, [], {}, { tasks: null }, { tasks: {} }, { tasks: [{}] }]) {
        await rejects(clientOf(new StubSession(() => data)).getTasks(), 'INVALID_RESPONSE');
      }
    });
  });

  describe('settings', () => {
    it('gives the published sample in fields and in words, without anything of the tenant', async () => {
      const { client } = await startRig({ nas: { sample: 'seed' } });
      const settings = await client.getTaskSetting({ taskId: 1 });
      assert.equal(settings.taskName, 'test');
      assert.equal(settings.policy, 'manual');
      assert.equal(settings.daysToKeep, 0);
      assert.deepEqual(settings.words, {
        schedule: 'Runs only when somebody starts it.',
        retention: 'Keeps all versions.',
      });
      assert.equal(settings.enableUserRestore, true);
      assert.equal(settings.localPath, '/datastore/ActiveBackupForMicrosoft365/task_1');
      assert.deepEqual(settings.objectCounts, { users: 1, groups: 1, teams: 1, mySites: 1, generalSites: 1 });
      assert.doesNotMatch(JSON.stringify(settings), /@|xxxx|sharepoint|tenant|application|permission/i);
    });

    it('gives account fields and object lists only when asked for', async () => {
      const { nas, client } = await startRig();
      const hidden = JSON.stringify(await client.getTaskSetting({ taskId: 1 }));
      const canaries = nas.task(1).setting;
      for (const name of ['tenant_id', 'application_id', 'administrator_account_email', 'site_domain']) {
        assert.ok(!hidden.includes(String(canaries[name])), name);
      }
      const shown = await client.getTaskSetting({ taskId: 1, includeAccount: true });
      const account = shown.account as Record<string, unknown>;
      assert.equal(account.tenantId, canaries.tenant_id);
      assert.equal(account.administratorAccountEmail, canaries.administrator_account_email);
      assert.ok(!('objects' in shown));
      const lists = (await client.getTaskSetting({ taskId: 1, includeObjects: true })).objects as Record<
        string,
        unknown[]
      >;
      assert.deepEqual(lists.users, canaries.user_list);
    });

    it('hides a text that a later version adds, as nobody knows what it tells', async () => {
      const info = {
        task_id: 1,
        task_name: 'a',
        owner: 'jane@example.com',
        later_flag: true,
        later_object: { mail: 'x@y' },
      };
      const client = clientOf(new StubSession(() => ({ task_info: info })));
      const settings = await client.getTaskSetting({ taskId: 1 });
      assert.doesNotMatch(JSON.stringify(settings), /@/);
      assert.equal(settings.laterFlag, true);
    });

    it('answers TASK_NOT_FOUND with the known tasks where the NAS refuses an unknown one', async () => {
      const { client } = await startRig({ nas: { tasks: [{ name: 'Mail' }] } });
      await rejects(client.getTaskSetting({ taskId: 9 }), 'TASK_NOT_FOUND', /no task 9; known tasks are 1 \("Mail"\)/);
      await rejects(client.getTaskLog({ taskId: 9 }), 'TASK_NOT_FOUND');
      await rejects(client.getTaskLog({ taskId: 'Files' }), 'TASK_NOT_FOUND', /"Files"/);
      await rejects(client.listRuns({ taskId: 9 }), 'TASK_NOT_FOUND');
      await rejects(client.setRotationPolicy({ taskId: 9, daysToKeep: 0 }), 'TASK_NOT_FOUND');
    });

    it("keeps the NAS's own refusal where the task is there", async () => {
      const { nas, client } = await startRig();
      nas.faults.add({ method: 'get_task_setting', kind: 'code', code: 117 });
      await rejects(client.getTaskSetting({ taskId: 1 }), 'BUSY');
    });

    it('refuses an answer without settings, or with those of another task', async () => {
      for (const data of [undefined, {}, { task_info: [] }, { task_info: { task_id: 2 } }]) {
        await rejects(clientOf(new StubSession(() => data)).getTaskSetting({ taskId: 1 }), 'INVALID_RESPONSE');
      }
    });

    it('takes empty settings for none: TASK_NOT_FOUND where the task is not listed, and nothing is written back', async () => {
      const asks: ((client: ActiveBackupClient, taskId: number) => Promise<unknown>)[] = [
        (client, taskId) => client.getTaskSetting({ taskId }),
        (client, taskId) => client.setRotationPolicy({ taskId, daysToKeep: 0 }),
        (client, taskId) => client.setTaskSchedule({ taskId, policy: 'manual' }),
      ];
      for (const ask of asks) {
        const session = new StubSession(({ method }) =>
          method === 'list_tasks' ? { tasks: [{ task_id: 1, task_name: 'Mail' }] } : { task_info: {} },
        );
        await rejects(ask(clientOf(session), 9), 'TASK_NOT_FOUND', /no task 9; known tasks are 1 \("Mail"\)/);
        await rejects(ask(clientOf(session), 1), 'INVALID_RESPONSE');
        assert.ok(!session.methods.includes('set_task_setting'));
      }
    });

    it('reads settings that do not name their task', async () => {
      const client = clientOf(new StubSession(() => ({ task_info: { task_name: 'Mail', rotation_policy: 0 } })));
      const settings = await client.getTaskSetting({ taskId: 4 });
      assert.deepEqual([settings.taskId, settings.taskName, settings.daysToKeep], [4, 'Mail', 0]);
    });

    for (const days of [-1, 0, 0.5, 4294967295, '', 'all', null, undefined]) {
      it(`knows no retention of ${String(days)} days`, async () => {
        const info = { task_name: 'Mail', rotation_policy: 1, preserve_day_number: days };
        const { daysToKeep, words } = await clientOf(new StubSession(() => ({ task_info: info }))).getTaskSetting({
          taskId: 4,
        });
        assert.equal(daysToKeep, null);
        assert.equal(words.retention, 'How long versions are kept is not known.');
      });
    }

    for (const [odd, field] of [
      [{ hour: 25 }, 'startHour'],
      [{ hour: -1 }, 'startHour'],
      [{ hour: 1.5 }, 'startHour'],
      [{ minute: 60 }, 'startMinute'],
      [{ repeat_hour: 99 }, 'repeatEveryHours'],
      [{ repeat_hour: 6, last_work_hour: 4294967295 }, 'lastRunHour'],
    ] as const) {
      it(`tells no time of a schedule with ${JSON.stringify(odd)}`, async () => {
        const wire = { hour: 2, minute: 0, repeat_hour: 0, last_work_hour: 2, week_day: '1', ...odd };
        const info = { task_name: 'Mail', enable_schedule: true, schedule: wire };
        const client = clientOf(new StubSession(() => ({ task_info: info })));
        const { schedule, words } = await client.getTaskSetting({ taskId: 4 });
        assert.equal(schedule?.[field], null);
        assert.equal(words.schedule, "Runs on a schedule of a kind that only the NAS's own page can show.");
      });
    }

    it('needs no last hour of a schedule that does not repeat', async () => {
      const wire = { hour: 2, minute: 0, repeat_hour: 0, last_work_hour: -1, week_day: '1' };
      const info = { task_name: 'Mail', enable_schedule: true, schedule: wire };
      const client = clientOf(new StubSession(() => ({ task_info: info })));
      const { schedule, words } = await client.getTaskSetting({ taskId: 4 });
      assert.deepEqual([schedule?.kind, schedule?.lastRunHour], ['weekly', null]);
      assert.equal(words.schedule, "Runs every Monday at 02:00 (the NAS's local time).");
    });

    for (const [days, schedule, words] of [
      [
        '0,1,2,3,4,5,6',
        { hour: 8, minute: 30, repeat_hour: 1, last_work_hour: 23 },
        'Runs every day at 08:30, then every hour until 23:30',
      ],
      ['1,2,3,4,5', { hour: 22, minute: 5, repeat_hour: 0 }, 'Runs from Monday to Friday at 22:05'],
      [
        '0,6',
        { hour: 1, minute: 0, repeat_hour: 4, last_work_hour: 12 },
        'Runs on Saturday and Sunday at 01:00, then every 4 hours until 09:00',
      ],
      [
        '0,2,5',
        { hour: 0, minute: 0, repeat_hour: 12, last_work_hour: 3 },
        'Runs every Sunday, Tuesday and Friday at 00:00',
      ],
    ] as const) {
      it(`says "${words}"`, async () => {
        const { client } = await startRig({
          nas: { tasks: [{ policy: 'scheduled', schedule: { ...schedule, week_day: days } }] },
        });
        const settings = await client.getTaskSetting({ taskId: 1 });
        assert.equal(settings.words.schedule, `${words} (the NAS's local time).`);
      });
    }
  });

  it('reads the worker counts, and refuses an answer that lacks one', async () => {
    const { client } = await startRig();
    assert.deepEqual(await client.getWorkerCount(), {
      backupWorkers: 40,
      eventWorkers: 40,
      maxBackupWorkers: 40,
      maxEventWorkers: 40,
      changed: false,
      lowered: [],
    });
    const without = clientOf(new StubSession(() => ({ backup_job_worker_count: 5, event_worker_count: null })));
    await rejects(without.getWorkerCount(), 'INVALID_RESPONSE', /event_worker_count/);
  });

  for (const count of [-1, 4294967295, 1.5, '']) {
    it(`takes ${JSON.stringify(count)} for no number of workers`, async () => {
      const client = clientOf(new StubSession(() => ({ backup_job_worker_count: 5, event_worker_count: count })));
      await rejects(client.getWorkerCount(), 'INVALID_RESPONSE', /event_worker_count/);
    });
  }

  it('reads worker counts without maxima: these are not known', async () => {
    const counts = { backup_job_worker_count: '40', event_worker_count: 20, max_event_worker_count: null };
    const { backupWorkers, eventWorkers, maxBackupWorkers, maxEventWorkers } = await clientOf(
      new StubSession(() => counts),
    ).getWorkerCount();
    assert.deepEqual([backupWorkers, eventWorkers, maxBackupWorkers, maxEventWorkers], [40, 20, null, null]);
  });

  it("reads the package's version and the NAS's local time", async () => {
    const { client } = await startRig({ nas: { timeZone: 'Europe/Berlin' } });
    assert.equal(await client.getPackageVersion(), '2.5.5-14034');
    const { localTime, dateMs } = await client.getNasTime();
    assert.match(localTime ?? '', /13:00:00/);
    assert.equal(dateMs, noonMs);
  });

  it('reads the same from an answer whose numbers are text', async () => {
    const { nas, client } = await startRig({ nas: { sample: 'seed' } });
    const before = [
      await client.getTaskSetting({ taskId: 1 }),
      (await client.getPackageLog()).entries,
      await client.getWorkerCount(),
    ];
    nas.switches.payload = { shape: 'current', numericStrings: true };
    const [settings, ...rest] = [
      await client.getTaskSetting({ taskId: 1 }),
      (await client.getPackageLog()).entries,
      await client.getWorkerCount(),
    ];
    assert.deepEqual(rest, before.slice(1));
    assert.deepEqual(settings, before[0]);
  });

  it('sends nothing after the caller has ended the call, and says ABORTED', async () => {
    const session = new StubSession(() => ({ tasks: [] }));
    const client = clientOf(session);
    const signal = AbortSignal.abort();
    await rejects(client.getTasks({ signal }), 'ABORTED', undefined, 'not_sent');
    await rejects(client.getWorkerCount({ signal }), 'ABORTED');
    await rejects(client.runBackup({ taskId: 1 }, { signal }), 'ABORTED');
    await rejects(client.setRotationPolicy({ taskId: 1, daysToKeep: 0 }, { signal }), 'ABORTED');
    assert.deepEqual(session.calls, []);
  });
});
