// What each of the twelve methods sends, name by name and type by type.
import assert from 'node:assert/strict';
import { asked, cleanUp, sent, startRig } from './support';

describe('what the client sends', () => {
  afterEach(cleanUp);

  it('asks for tasks without parameters', async () => {
    const { nas, client } = await startRig();
    await client.getTasks();
    assert.deepEqual(sent(nas, 'list_tasks'), {});
    assert.equal(nas.decodedRequests.at(-1)?.version, 1);
  });

  it('asks for the package log by offset and limit', async () => {
    const { nas, client } = await startRig();
    await client.getPackageLog({ offset: 3, limit: 7 });
    assert.deepEqual(sent(nas, 'get_general_log'), { offset: 3, limit: 7 });
  });

  it('asks for a task log with the key word, also an empty one', async () => {
    const { nas, client } = await startRig();
    await client.getTaskLog({ taskId: 1 });
    assert.deepEqual(sent(nas, 'get_all_log'), { task_id: 1, limit: 200, offset: 0, key_word: '' });
    await client.getTaskLog({ taskId: 1, limit: 5, offset: 1, keyWord: '2026 user' });
    assert.deepEqual(sent(nas, 'get_all_log'), { task_id: 1, limit: 5, offset: 1, key_word: '2026 user' });
  });

  it('asks for settings and worker counts', async () => {
    const { nas, client } = await startRig();
    await client.getTaskSetting({ taskId: 1 });
    assert.deepEqual(sent(nas, 'get_task_setting'), { task_id: 1 });
    await client.getWorkerCount();
    assert.deepEqual(sent(nas, 'get_worker_count'), {});
  });

  it('sets both worker counts in one call', async () => {
    const { nas, client } = await startRig();
    await client.setWorkerCount({ backupWorkers: 10, eventWorkers: 20 });
    assert.deepEqual(sent(nas, 'update_worker_count'), { backup_job_worker_count: 10, event_worker_count: 20 });
  });

  it('writes whole settings back for a schedule, without account fields and with six empty lists', async () => {
    const { nas, client } = await startRig();
    const before = nas.task(1).setting;
    await client.setTaskSchedule({
      taskId: 1,
      policy: 'scheduled',
      startHour: 8,
      startMinute: 30,
      lastRunHour: 23,
      repeatEveryHours: 1,
      runDays: [6, 0, 3],
    });
    const params = sent(nas, 'set_task_setting');
    const info = params.task_info as Record<string, unknown>;
    assert.deepEqual(Object.keys(params).sort(), ['task_id', 'task_info']);
    assert.equal(params.task_id, 1);
    for (const name of ['app_permissions', 'administrator_account_email', 'application_id', 'tenant_id']) {
      assert.ok(!(name in info), name);
    }
    const lists = ['user_list', 'group_list', 'all_site_list', 'general_site_list', 'my_site_list', 'team_list'];
    for (const name of lists) assert.deepEqual(info[name], [], name);
    assert.equal(info.backup_policy, 1);
    assert.equal(info.enable_schedule, true);
    assert.deepEqual(info.schedule, {
      ...before.schedule,
      hour: 8,
      minute: 30,
      last_work_hour: 23,
      repeat_hour: 1,
      week_day: '0,3,6',
    });
    const untouched = Object.keys(before).filter(
      (name) =>
        !lists.includes(name) && !['backup_policy', 'enable_schedule', 'schedule'].includes(name) && name in info,
    );
    assert.ok(untouched.length > 20);
    for (const name of untouched) assert.deepEqual(info[name], before[name], name);
    const flags = nas.requests.filter(({ method }) => method === 'set_task_setting').flatMap(({ flags }) => flags);
    assert.deepEqual(flags, []);
  });

  for (const [policy, wire] of [
    ['continuous', { backup_policy: 0, enable_schedule: false }],
    ['manual', { backup_policy: 1, enable_schedule: false }],
    ['scheduled', { backup_policy: 1, enable_schedule: true }],
  ] as const) {
    it(`writes ${policy} as ${JSON.stringify(wire)}`, async () => {
      const other = policy === 'manual' ? 'continuous' : 'manual';
      const { nas, client } = await startRig({ nas: { tasks: [{ policy: other }] } });
      await client.setTaskSchedule({ taskId: 1, policy });
      const info = sent(nas, 'set_task_setting').task_info as Record<string, unknown>;
      assert.deepEqual({ backup_policy: info.backup_policy, enable_schedule: info.enable_schedule }, wire);
    });
  }

  it('writes a retention as rotation policy and days', async () => {
    const { nas, client } = await startRig({ nas: { tasks: [{ daysToKeep: 0 }] } });
    await client.setRotationPolicy({ taskId: 1, daysToKeep: 90, allowDeletion: true });
    const info = sent(nas, 'set_task_setting').task_info as Record<string, unknown>;
    assert.equal(info.rotation_policy, 1);
    assert.equal(info.preserve_day_number, 90);
    await client.setRotationPolicy({ taskId: 1, daysToKeep: 0 });
    const all = sent(nas, 'set_task_setting').task_info as Record<string, unknown>;
    assert.equal(all.rotation_policy, 0);
    assert.equal(all.preserve_day_number, 90);
  });

  it('starts by task id, and cancels by task, job and job type', async () => {
    const { nas, client } = await startRig({ nas: { tasks: [{ runs: [{ outcome: 'hung' }] }] } });
    await client.runBackup({ taskId: 1 });
    assert.deepEqual(sent(nas, 'backup_task'), { task_id: 1 });
    const jobId = nas.task(1).state.run?.jobId;
    await client.cancelBackup({ taskId: 1 });
    assert.deepEqual(sent(nas, 'cancel_task'), { task_id: 1, job_id: jobId, job_type: 0 });
  });

  it('deletes with the wish for the data as a boolean, and relinks with all six members', async () => {
    const { nas, client } = await startRig({ nas: { tasks: [{ name: 'Mail' }, { name: 'Files' }] } });
    const path = nas.task(1).setting.local_path;
    await client.deleteTask({ taskId: 1, confirm: 'Mail' });
    assert.deepEqual(sent(nas, 'delete_task'), { task_id: 1, should_remove_storage: false });
    await client.deleteTask({ taskId: 2, confirm: 'Files', removeData: true, confirmRemoveData: 'Files' });
    assert.deepEqual(sent(nas, 'delete_task'), { task_id: 2, should_remove_storage: true });
    const [, localShared = '', ...rest] = path.split('/');
    const localPath = `/${rest.join('/')}`;
    await client.relinkTask({ taskName: 'Mail', localShared, localPath, adminEmail: 'admin@example.com' });
    assert.deepEqual(sent(nas, 'relink_task'), {
      task_info: {
        selected: true,
        task_name: 'Mail',
        local_shared: localShared,
        local_path: localPath,
        region: 'Microsoft 365',
        admin_email: 'admin@example.com',
      },
    });
  });

  it("asks for the history of backups with the wire's own spelling, in seconds", async () => {
    const { nas, client } = await startRig();
    await client.listRuns({ sinceMs: 1_700_000_000_999, untilMs: 1_800_000_000_001 });
    assert.deepEqual(sent(nas, 'list_task_logs'), {
      job_type: 0,
      start_run_time: 1_700_000_000,
      end_run_time: 1_800_000_001,
      transfered_size_from: 0,
      offset: 0,
      limit: 5000,
    });
  });

  it('marks writes as writes, so that the session never repeats or shares them', async () => {
    const { nas, client } = await startRig();
    nas.faults.add({ method: 'set_task_setting', kind: 'reset', when: 'after', times: 1 });
    const answer = await client.setRotationPolicy({ taskId: 1, daysToKeep: 9, allowDeletion: true });
    assert.equal(answer.changed, true);
    assert.equal(asked(nas).filter((method) => method === 'set_task_setting').length, 1);
  });
});
