// What the reading methods answer: tasks, logs, settings, workers, and the NAS's own data beside them.
import assert from 'node:assert/strict';
import { type ActiveBackupClient, rawOf } from '../../../../lib/active-backup';
import { asked, cleanUp, clientOf, noonMs, rejects, startRig, StubSession } from './support';

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

  describe('logs', () => {
    it('gives the published sample of the package log newest first, with kinds and names', async () => {
      const { client } = await startRig({ nas: { sample: 'seed' } });
      const page = await client.getPackageLog();
      assert.deepEqual(page.entries[0], {
        at: '2024-12-10T01:30:36Z',
        level: 'info',
        kind: 'backup',
        text: 'Backup task [test] completed.',
        taskId: 1,
        taskName: 'test',
        runId: 1,
        codes: { errorCode: 0, logType: 0, category: 0 },
      });
      assert.deepEqual(
        page.entries.map(({ kind, runId }) => [kind, runId]),
        [
          ['backup', 1],
          ['action', null],
          ['action', null],
        ],
      );
      assert.deepEqual([page.offset, page.limit, page.more], [0, 200, false]);
    });

    it('says that more may follow after a full page, and nothing after the last', async () => {
      const { client } = await startRig({ nas: { sample: 'seed' } });
      assert.equal((await client.getPackageLog({ limit: 2 })).more, true);
      const rest = await client.getPackageLog({ limit: 2, offset: 2 });
      assert.equal(rest.entries.length, 1);
      assert.equal(rest.more, false);
      const none = await client.getPackageLog({ limit: 2, offset: 9 });
      assert.deepEqual(none, { entries: [], offset: 9, limit: 2, more: false });
    });

    it('gives a task log as items, and only those with the key word', async () => {
      const { client } = await startRig({ nas: { sample: 'seed' } });
      const all = await client.getTaskLog({ taskId: 'test' });
      assert.equal(all.entries.length, 3);
      assert.ok(
        all.entries.every(({ kind, taskName, runId }) => kind === 'item' && taskName === 'test' && runId === 1),
      );
      const some = await client.getTaskLog({ taskId: 1, keyWord: 'team' });
      assert.equal(some.entries.length, 1);
    });

    it('names tasks from the list once a minute, or from what the caller gives', async () => {
      const { nas, client } = await startRig();
      await client.getPackageLog();
      await client.getPackageLog();
      assert.deepEqual(asked(nas), ['get_general_log', 'list_tasks', 'get_general_log']);
      nas.clock.advance(61);
      await client.getPackageLog();
      assert.equal(nas.count('list_tasks'), 2);
      nas.clock.advance(61);
      const page = await client.getPackageLog({}, { taskNames: new Map([[1, 'given']]) });
      assert.equal(page.entries[0]?.taskName, 'given');
      assert.equal(nas.count('list_tasks'), 2);
    });

    it('gives a log without names where the list cannot be read', async () => {
      const { nas, client } = await startRig();
      nas.faults.add({ method: 'list_tasks', kind: 'html', status: 502 });
      const page = await client.getPackageLog();
      assert.ok(page.entries.length > 0);
      assert.equal(page.entries[0]?.taskName, null);
    });

    it('reads odd rows for what they are and calls nothing healthy that is not known', async () => {
      const rows = [
        { log_type: 1, category: 0, timestamp: '1733794236', task_id: '1', description: 'a', error_code: -87 },
        { log_type: 2, category: 7, timestamp: 1733794300, task_id: 0, description: 5 },
        { log_type: 9, category: null, timestamp: 0 },
        { log_type: 'x', category: 'y', timestamp: null, task_execution_id: 4294967295 },
        {},
      ];
      const { entries } = await clientOf(new StubSession(() => ({ logs: rows }))).getPackageLog(
        {},
        { taskNames: new Map() },
      );
      assert.deepEqual(
        entries.map(({ at, level, kind, taskId, runId }) => [at, level, kind, taskId, runId]),
        [
          ['2024-12-10T01:31:40Z', 'error', 'unknown', null, null],
          ['2024-12-10T01:30:36Z', 'warning', 'backup', 1, null],
          [null, 'unknown', 'unknown', null, null],
          [null, 'unknown', 'unknown', null, null],
          [null, 'unknown', 'unknown', null, null],
        ],
      );
      assert.equal(entries[1]?.codes.errorCode, -87);
      assert.equal(entries[0]?.text, '');
    });

    it("calls a row without a category an item in a task's own log only", async () => {
      const client = clientOf(new StubSession(() => ({ logs: [{ category: null }, {}, { category: 0 }] })));
      const names = { taskNames: new Map<number, string>() };
      const kinds = async (page: Promise<{ entries: { kind: string }[] }>): Promise<string[]> =>
        (await page).entries.map(({ kind }) => kind);
      assert.deepEqual(await kinds(client.getTaskLog({ taskId: 1 }, names)), ['item', 'item', 'backup']);
      assert.deepEqual(await kinds(client.getPackageLog({}, names)), ['unknown', 'unknown', 'backup']);
    });

    it('refuses an answer without a list of rows', async () => {
      for (const data of [undefined, null, {}, { logs: null }, { logs: {} }, { logs: [1] }]) {
        const client = clientOf(new StubSession(() => data));
        await rejects(client.getPackageLog(), 'INVALID_RESPONSE');
        await rejects(client.getTaskLog({ taskId: 1 }), 'INVALID_RESPONSE');
      }
    });

    it('gives the untouched rows beside the entries', async () => {
      const { client } = await startRig({ nas: { sample: 'seed' } });
      const raw = rawOf(await client.getPackageLog()) as { logs: Record<string, unknown>[] };
      assert.equal(raw.logs[0]?.storage_remove_id, 0);
      assert.equal(raw.logs[0].timestamp, 1733794236);
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
