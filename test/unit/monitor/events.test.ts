// What is told when something happens to a task.
import assert from 'node:assert/strict';
import { isRoutine } from '../../../lib/monitor';
import { ended, historyRow, idle, noonMs, running, taskRow, type Row } from './fake-nas';
import { seen, watched } from './support';

const minute = 60_000;

describe('events of a task', () => {
  it('tells nothing at the baseline, whatever state the tasks are in', async () => {
    const { witness } = await watched([
      taskRow(1, { status: 6 }),
      taskRow(2, running()),
      taskRow(3, { error_mail: 3, success_count: 0 }),
      taskRow(4, { backup_policy: 0, last_execution_time: 1000 }),
    ]);
    assert.equal(witness.updates.at(-1)?.snapshot?.tasks.length, 4);
  });

  it('tells a run that was seen running: its start, then its end, with the run', async () => {
    const { nas, scheduler, witness } = await watched();
    nas.change(1, running());
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['started']);
    nas.change(1, ended(200, scheduler.now(), { status: 6, duration: 40 }));
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['started', 'partial']);
    const end = witness.lasting[1]!;
    assert.equal(end.nas, 'office');
    assert.equal(end.before, 'success');
    assert.equal(end.after, 'partial');
    assert.equal(end.run?.runId, 200);
    assert.equal(end.run.result, 'partial');
    assert.equal(end.run.durationSeconds, 40);
    assert.equal(end.at, end.run.endedAt);
    assert.equal(end.task?.result, 'partial');
    assert.equal(new Set(witness.lasting.map(({ eventId }) => eventId)).size, 2);
  });

  it('shows the state before it tells the event', async () => {
    const { nas, scheduler, witness } = await watched();
    witness.forget();
    nas.change(1, ended(200, noonMs + 1000));
    await scheduler.pass(minute);
    assert.deepEqual(witness.order, ['update online', 'started', 'success', 'polled']);
  });

  const endings: { title: string; row: Row; told: string[] }[] = [
    { title: 'success', row: {}, told: ['success'] },
    { title: 'partial by its status', row: { status: 6 }, told: ['partial'] },
    { title: 'failed', row: { status: 6, success_count: 0, error_mail: 2 }, told: ['failed'] },
    { title: 'canceled', row: { status: 7 }, told: ['canceled'] },
    { title: 'unexplained', row: { status: 8 }, told: ['unknown'] },
  ];
  for (const { title, row, told } of endings) {
    it(`tells a run that began and ended between two polls: ${title}`, async () => {
      const { nas, scheduler, witness } = await watched();
      nas.change(1, ended(200, noonMs + 30_000, { duration: 5, ...row }));
      await scheduler.pass(minute);
      assert.deepEqual(witness.told, ['started', ...told]);
      assert.equal(witness.lasting[0]!.at, '2026-11-22T12:00:25Z');
      await scheduler.pass(10 * minute);
      assert.equal(witness.told.length, 2, 'once');
    });
  }

  it('tells every run of the history after missed polls, of all tasks in the order of time', async () => {
    const { nas, scheduler, witness } = await watched([taskRow(1), taskRow(2)]);
    nas.fail('getTasks', 'UNREACHABLE');
    await scheduler.pass(10 * minute);
    nas.history.push(
      historyRow(1, 201, noonMs + 2 * minute, { status: 6 }),
      historyRow(2, 202, noonMs + 4 * minute, { status: 7 }),
      historyRow(1, 203, noonMs + 6 * minute),
    );
    nas.change(1, ended(203, noonMs + 6 * minute, { duration: 60 }));
    nas.change(2, ended(204, noonMs + 8 * minute, { duration: 60 }));
    nas.fail('getTasks', null);
    witness.forget();
    await scheduler.pass(5 * minute);
    assert.deepEqual(
      witness.lasting.map(({ event, task, run }) => `${event} ${task?.id ?? ''} ${run?.runId ?? ''}`.trim()),
      [
        'nas_back',
        'started 1 201',
        'partial 1 201',
        'started 2 202',
        'canceled 2 202',
        'started 1 203',
        'success 1 203',
        'recovered 1 203',
        'started 2 204',
        'success 2 204',
      ],
    );
    const results = witness.lasting.filter(({ task, event }) => task?.id === 1 && event !== 'started');
    assert.deepEqual(
      results.map(({ before }) => before),
      ['success', 'partial', 'partial'],
    );
  });

  it('tells a recovery once: the first success after failures, not the second', async () => {
    const { nas, scheduler, witness } = await watched();
    const run = async (id: number, row: Row): Promise<void> => {
      nas.change(1, { error_mail: 0, success_count: 3, ...ended(id, scheduler.now(), { duration: 1, ...row }) });
      await scheduler.pass(minute);
    };
    await run(201, { status: 6 });
    await run(202, { success_count: 0, error_mail: 1 });
    await run(203, { status: 7 });
    witness.forget();
    await run(204, {});
    await run(205, {});
    assert.deepEqual(witness.told, ['started', 'success', 'recovered', 'started', 'success']);
  });

  it('tells overdue once, and the next success as a recovery', async () => {
    const { nas, scheduler, witness } = await watched(undefined, { limits: { manualHours: 5 } });
    await scheduler.pass(3 * 3_600_000);
    assert.deepEqual(witness.told, []);
    await scheduler.pass(2 * 3_600_000);
    assert.deepEqual(witness.told, ['overdue']);
    await scheduler.pass(48 * 3_600_000);
    nas.change(1, running());
    await scheduler.pass(minute);
    nas.change(1, ended(200, scheduler.now()));
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['overdue', 'started', 'success', 'recovered']);
    await scheduler.pass(5 * 3_600_000);
    assert.deepEqual(
      witness.lasting.slice(4).map(({ event }) => event),
      ['overdue'],
      'again, once it is late again',
    );
  });

  it('does not tell overdue again when it could not be judged for a while', async () => {
    const made = await watched([taskRow(1, { backup_policy: 0, last_execution_time: noonMs / 1000 - 23.5 * 3600 })]);
    await made.scheduler.pass(3_600_000);
    assert.deepEqual(made.witness.told, ['overdue']);
    made.nas.change(1, { backup_policy: null });
    await made.scheduler.pass(10 * minute);
    assert.equal(seen(made.monitor).tasks[0]?.overdue, null);
    made.nas.change(1, { backup_policy: 0 });
    await made.scheduler.pass(10 * minute);
    assert.equal(seen(made.monitor).tasks[0]?.overdue, true);
    assert.deepEqual(made.witness.told, ['overdue']);
  });

  it('tells a stalled run once', async () => {
    const { nas, scheduler, witness } = await watched();
    nas.change(1, running());
    await scheduler.pass(23 * 3_600_000);
    assert.deepEqual(witness.told, ['started']);
    await scheduler.pass(48 * 3_600_000);
    assert.deepEqual(witness.told, ['started', 'stalled']);
  });

  it('tells new, renamed and removed tasks, with the name before', async () => {
    const { nas, scheduler, witness } = await watched();
    nas.tasks.push(taskRow(2, { task_name: 'New' }));
    nas.change(1, { task_name: 'Other' });
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['renamed', 'added']);
    assert.equal(witness.lasting[0]!.before, 'Task 1');
    assert.equal(witness.lasting[0]!.after, 'Other');
    witness.forget();
    nas.tasks = [nas.task(2)];
    await scheduler.pass(5 * minute);
    assert.deepEqual(witness.told, ['removed']);
    assert.equal(witness.lasting[0]!.task?.name, 'Other');
    witness.forget();
    nas.tasks.push(taskRow(1));
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['added']);
  });

  it('tells that a new task runs already', async () => {
    const { nas, scheduler, witness } = await watched();
    nas.tasks.push(taskRow(2, { ...running(), task_execution_id: 0, last_execution_time: 0, duration: 0 }));
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['added', 'started']);
  });

  it('tells that somebody changed the schedule or the policy, and not that it could not be read', async () => {
    const schedule = { hour: 2, minute: 0, repeat_hour: 0, last_work_hour: 2, week_day: '0,3', date_type: 0 };
    const { nas, scheduler, witness } = await watched([taskRow(1, { enable_schedule: true, schedule })]);
    nas.change(1, { enable_schedule: false });
    await scheduler.pass(minute);
    nas.change(1, { schedule: { ...schedule, hour: 3, week_day: '0' } });
    await scheduler.pass(minute);
    nas.change(1, { schedule: null, backup_policy: null });
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['settings_changed', 'settings_changed']);
    const [policy, times] = witness.lasting;
    assert.deepEqual([policy!.before, policy!.after], [{ policy: 'scheduled' }, { policy: 'manual' }]);
    assert.deepEqual((times!.before as { schedule: Row }).schedule.runDays, [0, 3]);
    assert.deepEqual((times!.after as { schedule: Row }).schedule.startHour, 3);
  });

  it('tells when a run turns out worse than it was told: the row of the log comes a second later', async () => {
    const { nas, scheduler, witness } = await watched();
    nas.change(1, ended(200, noonMs + 10_000));
    await scheduler.pass(minute);
    nas.eventLog = [{ task_id: 1, task_execution_id: 200, last_execution_time: noonMs / 1000 + 11, log_type: 1 }];
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['started', 'success', 'partial']);
    assert.equal(witness.lasting[2]!.run?.runId, 200);
    await scheduler.pass(10 * minute);
    assert.equal(witness.told.length, 3);
  });

  it('tells that a task failed without a run, when its authorisation does', async () => {
    const { nas, scheduler, witness } = await watched();
    nas.change(1, { task_status_error_code: -13 });
    await scheduler.pass(5 * minute);
    nas.change(1, { task_status_error_code: 0 });
    await scheduler.pass(5 * minute);
    assert.deepEqual(witness.told, ['failed'], 'that it is well again, the next success tells');
    nas.change(1, ended(200, scheduler.now()));
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['failed', 'started', 'success', 'recovered']);
  });

  it('tells nothing of a status that nobody knows while the next run waits, and no second time what was told', async () => {
    for (const [row, told] of [
      [{}, ['started', 'success', 'started', 'success']],
      [{ status: 6 }, ['started', 'partial', 'started', 'success', 'recovered']],
    ] as const) {
      const { nas, scheduler, monitor, witness } = await watched();
      nas.change(1, ended(200, scheduler.now(), row));
      await scheduler.pass(minute);
      nas.change(1, { status: 2 });
      await scheduler.pass(minute);
      assert.equal(seen(monitor).tasks[0]?.result, 'unknown');
      nas.change(1, { status: 1, ...row });
      await scheduler.pass(minute);
      nas.change(1, { status: 2 });
      await scheduler.pass(minute);
      nas.change(1, ended(201, scheduler.now()));
      await scheduler.pass(minute);
      assert.deepEqual(witness.told, told);
      const last = witness.lasting.findLast(({ event }) => event === 'success');
      assert.equal(last?.before, told[1]);
    }
  });

  it('tells each start and each end once when a task starts again at once', async () => {
    const { nas, scheduler, witness } = await watched();
    for (let run = 0; run < 4; run += 1) {
      nas.change(1, running(10 + run));
      await scheduler.pass(minute);
      nas.history.push(historyRow(1, 200 + run, scheduler.now()));
    }
    nas.change(1, ended(203, scheduler.now()));
    await scheduler.pass(minute);
    const pairs = Array.from({ length: 4 }, () => ['started', 'success']).flat();
    assert.deepEqual([...witness.told].sort(), pairs.sort());
    assert.deepEqual(
      witness.lasting.filter(({ event }) => event === 'success').map(({ run }) => run?.runId),
      [200, 201, 202, 203],
    );
  });

  it('tells a run with an unexplained end when it is over, and no start twice', async () => {
    const { nas, scheduler, witness } = await watched();
    nas.change(1, running(10));
    await scheduler.pass(minute);
    nas.history.push(historyRow(1, 200, scheduler.now(), { status: 8 }));
    nas.change(1, running(11));
    await scheduler.pass(minute);
    nas.history.push(historyRow(1, 201, scheduler.now()));
    nas.change(1, ended(201, scheduler.now()));
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['started', 'started', 'unknown', 'success', 'recovered']);
  });

  it('marks the daily bread of continuous tasks', async () => {
    const { nas, scheduler, witness } = await watched([taskRow(1, { backup_policy: 0 })]);
    nas.change(1, ended(200, noonMs + 1000));
    await scheduler.pass(minute);
    nas.change(1, ended(201, noonMs + 61_000, { status: 6 }));
    await scheduler.pass(minute);
    assert.deepEqual(
      witness.lasting.map((event) => `${event.event} ${isRoutine(event)}`),
      ['started true', 'success true', 'started true', 'partial false'],
    );
  });

  it('tells progress while a task runs, and each good poll', async () => {
    const { nas, scheduler, witness } = await watched();
    witness.forget();
    nas.change(1, running());
    await scheduler.pass(minute + 30_000);
    assert.equal(witness.events.filter(({ event }) => event === 'progress').length, 4);
    assert.equal(witness.events.filter(({ event }) => event === 'polled').length, 4);
    nas.change(1, idle);
    nas.fail('getTasks', 'TIMEOUT');
    witness.forget();
    await scheduler.pass(3 * minute);
    assert.equal(witness.events.filter(({ event }) => event === 'polled').length, 0);
  });
});
