// Backup tasks of the simulated NAS: how runs start, show, progress, end, and what they leave behind.

import assert from 'node:assert/strict';
import { type Clock, createVirtualClock, startSimulator, type Simulator } from '../../simulator';
import { openSession, type PlainSession } from './plain-client';

const START_MS = Date.UTC(2026, 10, 22, 12);
const START_S = START_MS / 1000;

describe('simulator: runs', () => {
  let nas: Simulator;
  let clock: Clock;
  let session: PlainSession;
  beforeEach(async () => {
    clock = createVirtualClock(START_MS);
    nas = await startSimulator({
      clock,
      timeZone: 'Europe/Berlin',
      switches: { idleTimeoutSeconds: 1e9 },
      tasks: [{ name: 'One' }, { name: 'Never', history: [] }],
    });
    session = await openSession(nas);
  });
  afterEach(() => nas.close());

  const pick = async (id: number, ...names: string[]) => {
    const row = await session.row(id);
    return names.map((name) => row[name]);
  };

  it('shows a task that never ran with zeros', async () => {
    const names = ['status', 'last_execution_time', 'duration', 'success_count', 'task_execution_id', 'job_id'];
    assert.deepEqual(await pick(2, ...names), [0, 0, 0, 0, 0, 0]);
  });

  it('runs: status 4, a job id, progress; the last run stays until the new one has ended', async () => {
    const before = await session.row();
    nas.task(1).script({ durationSeconds: 300, transferredBytes: 5_000_000_000 });
    await session.abm('backup_task', { task_id: 1 });
    clock.advance(299);
    const during = await session.row();
    assert.equal(during.status, 4);
    assert.ok(Number(during.job_id) > 0);
    assert.equal((during.progress_list as unknown[]).length, 1);
    for (const name of ['last_execution_time', 'duration', 'task_execution_id', 'success_count']) {
      assert.equal(during[name], before[name], name);
    }
    clock.advance(1);
    const after = await session.row();
    assert.deepEqual(
      [after.status, after.job_id, after.progress_list, after.last_execution_time, after.duration],
      [1, 0, [], START_S + 300, 300],
    );
    assert.equal(after.task_execution_id, Number(before.task_execution_id) + 1);
    assert.equal(after.transferred_size_drive, 5_000_000_000);
    assert.equal(Number(after.drive_used_storage) - Number(before.drive_used_storage), 5_000_000_000);
  });

  it('can show a run late, or with the new run in the row', async () => {
    nas.task(1).script({ showDelaySeconds: 5 });
    await session.abm('backup_task', { task_id: 1 });
    assert.deepEqual(await pick(1, 'status', 'job_id', 'progress_list'), [1, 0, []]);
    clock.advance(5);
    assert.equal((await session.row()).status, 4);
    nas.switches.runningRow = 'new';
    assert.deepEqual(await pick(1, 'success_count', 'task_execution_id'), [0, nas.ledger().at(-1)?.runId]);
  });

  it('ends partial, failed, unknown and with whatever numbers the script says', async () => {
    const run = async (script: Parameters<Simulator['addTask']>[0] extends undefined ? never : object) => {
      nas.task(1).script(script);
      await session.abm('backup_task', { task_id: 1 });
      clock.advance(60);
      return session.row();
    };
    const partial = await run({ outcome: 'partial' });
    assert.deepEqual([partial.status, partial.attention_count, partial.warning_drive], [6, 1, 1]);
    const failed = await run({ outcome: 'failed', taskErrorCode: -13 });
    assert.deepEqual([failed.success_count, failed.error_mail, failed.task_status_error_code], [0, 3, -13]);
    assert.equal((await run({ outcome: 'unknown' })).status, 8);
    const odd = await run({ status: 42, warnings: { mail: 7 }, errors: 2, succeeded: 9, logType: 2 });
    assert.deepEqual(
      [odd.status, odd.warning_mail, odd.error_drive, odd.success_count, odd.task_status_error_code],
      [42, 7, 2, 9, 0],
    );
    const { data } = (await session.abm('list_tasks')).json;
    assert.equal(data?.event_log?.[0]?.log_type, 2);
    assert.deepEqual(
      nas.ledger().map((entry) => entry.outcome),
      ['success', 'partial', 'failed', 'unknown', 'success'],
    );
  });

  it('never ends a hung run by itself; a cancel or a test does', async () => {
    nas.task(1).script({ outcome: 'hung' });
    await session.abm('backup_task', { task_id: 1 });
    clock.advance(365 * 24 * 3600);
    assert.equal((await session.row()).status, 4);
    nas.task(1).finish({ outcome: 'success' });
    assert.deepEqual(await pick(1, 'status', 'duration'), [1, 365 * 24 * 3600]);
  });

  it('cancels the job that runs and no other, and books untouched objects as warnings', async () => {
    nas.task(1).script({ outcome: 'hung' });
    await session.abm('backup_task', { task_id: 1 });
    const { job_id } = await session.row();
    const cancel = async (parameters: object) =>
      (await session.abm('cancel_task', { task_id: 1, job_type: 0, ...parameters })).json.error?.code;
    assert.equal(await cancel({ job_id: Number(job_id) + 1 }), 120);
    assert.equal(await cancel({ job_id, job_type: 1 }), 120);
    assert.equal(await cancel({ job_id }), undefined);
    assert.deepEqual(await pick(1, 'status', 'job_id', 'warning_mail'), [7, 0, 3]);
    const { data } = (await session.abm('get_general_log', { limit: 1 })).json;
    assert.equal(data?.logs?.[0]?.category, 3);
    assert.match(String(data.logs[0].description), /canceled backup task \[One\]/);
    assert.equal(await cancel({ job_id: 0 }), undefined);
    nas.switches.codes.cancelIdle = 117;
    assert.equal(await cancel({ job_id: 0 }), 117);
  });

  it('refuses to run a running task, or accepts it and does nothing', async () => {
    nas.task(1).script({ outcome: 'hung' });
    const start = async () => (await session.abm('backup_task', { task_id: 1 })).json.error?.code;
    assert.equal(await start(), undefined);
    assert.equal(await start(), 117);
    nas.switches.codes.backupRunning = null;
    assert.equal(await start(), undefined);
    assert.equal(nas.ledger().filter((entry) => entry.endedAtMs === null).length, 1);
  });

  it('writes logs newest first, pages them, and gives no total', async () => {
    await session.abm('backup_task', { task_id: 1 });
    clock.advance(60);
    const { data } = (await session.abm('get_general_log', { offset: 0, limit: 2 })).json;
    assert.deepEqual(Object.keys(data ?? {}).sort(), ['logs', 'offset']);
    assert.deepEqual(
      data?.logs?.map((row) => [row.category, row.timestamp, row.task_execution_id]),
      [
        [0, START_S + 61, nas.ledger().at(-1)?.runId],
        [3, START_S, 0],
      ],
    );
    const next = (await session.abm('get_general_log', { offset: 2, limit: 200 })).json.data;
    assert.equal(next?.offset, 2);
    assert.equal(next.logs?.length, 1);
    const lines = (await session.abm('get_all_log', { task_id: 1, key_word: 'team' })).json.data?.logs ?? [];
    assert.equal(lines.length, 2);
    assert.ok(lines.every((line) => /team/i.test(String(line.description))));
  });

  it('writes them newest first also where a task is added with an older past', async () => {
    nas.addTask({ name: 'Older', history: [{ startedSecondsAgo: 9 * 86_400 }, { startedSecondsAgo: 86_400 }] });
    const { data } = (await session.abm('get_general_log')).json;
    assert.deepEqual(
      data?.logs?.map((row) => row.task_id),
      [1, 3, 3],
    );
    const events = (await session.abm('list_tasks')).json.data?.event_log ?? [];
    assert.deepEqual(
      events.map((row) => row.task_id),
      [1, 3, 3],
    );
    const runs = { job_type: 0, start_run_time: 0, end_run_time: START_S, limit: 1 };
    const newest = (await session.abm('list_task_logs', runs)).json.data?.task_logs ?? [];
    assert.equal(newest[0]?.task_id, 1);
  });

  it('keeps one row of history a run: range of starts, job type, size, paging; 103 where it does not exist', async () => {
    nas.task(1).script({ transferredBytes: 0 }, { outcome: 'canceled' });
    for (let run = 0; run < 2; run += 1) {
      nas.task(1).start();
      clock.advance(60);
    }
    const rows = async (own: object) =>
      (
        await session.abm('list_task_logs', { job_type: 0, start_run_time: 0, end_run_time: START_S + 1e6, ...own })
      ).json.data?.task_logs?.map((row) => row.task_execution_id);
    assert.deepEqual(await rows({}), [3, 2, 1]);
    assert.deepEqual(await rows({ offset: 1, limit: 1 }), [2]);
    assert.deepEqual(await rows({ start_run_time: START_S }), [3, 2]);
    assert.deepEqual(await rows({ end_run_time: START_S - 1 }), [1]);
    assert.deepEqual(await rows({ transfered_size_from: 1 }), [1]);
    assert.deepEqual(await rows({ job_type: 1 }), []);
    nas.switches.history = false;
    const parameters = { job_type: 0, start_run_time: 0, end_run_time: 1 };
    assert.equal((await session.abm('list_task_logs', parameters)).json.error?.code, 103);
  });

  it('starts scheduled tasks in its own time zone, and continuous ones 1 to 10 minutes after each end', () => {
    const scheduled = nas.addTask({ name: 'Night', policy: 'scheduled', schedule: { hour: 2, minute: 30 } });
    const continuous = nas.addTask({ name: 'Always', policy: 'continuous', defaultRun: { durationSeconds: 30 } });
    clock.advance(2 * 24 * 3600);
    const runs = nas.ledger().filter((entry) => entry.trigger !== 'history');
    assert.deepEqual(
      runs.filter((entry) => entry.taskId === scheduled.id).map((entry) => new Date(entry.startedAtMs).toISOString()),
      ['2026-11-23T01:30:00.000Z', '2026-11-24T01:30:00.000Z'],
    );
    const always = runs.filter((entry) => entry.taskId === continuous.id);
    assert.ok(always.length > 200, String(always.length));
    for (const [index, entry] of always.slice(1).entries()) {
      const pauseSeconds = (entry.startedAtMs - Number(always[index]?.endedAtMs)) / 1000;
      assert.ok(pauseSeconds >= 60 && pauseSeconds <= 600, String(pauseSeconds));
    }
    assert.deepEqual(
      runs.map((entry) => entry.startedAtMs),
      runs.map((entry) => entry.startedAtMs).toSorted((left, right) => left - right),
    );
  });

  it('obeys a policy that was written: manual tasks stop starting, scheduled ones begin', () => {
    const task = nas.addTask({ policy: 'continuous' });
    task.change({ backup_policy: 1 });
    assert.equal(task.nextStartMs, null);
    task.change({ enable_schedule: true });
    assert.equal(task.nextStartMs, Date.UTC(2026, 10, 22, 23));
  });

  it('answers for a tenant of ten thousand users', async () => {
    nas.addTask({ users: 10_000, usedBytes: 2 ** 45 });
    const { data } = (await session.abm('list_tasks')).json;
    assert.ok((data?.users?.length ?? 0) > 10_000);
    assert.ok(Number(data?.tasks?.[2]?.drive_used_storage) > 2 ** 32);
    const info = (await session.abm('get_task_setting', { task_id: 3 })).json.data?.task_info;
    assert.equal((info?.user_list as unknown[]).length, 10_000);
  });
});
