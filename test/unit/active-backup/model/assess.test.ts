// A task over several polls: what is remembered, which runs are news, and when the history is needed.
import assert from 'node:assert/strict';
import { assessTask, needsHistory, readTaskMemory } from '../../../../lib/active-backup/assess';
import { readTaskList, type WireTask } from '../../../../lib/active-backup/wire';
import { hour, type Json, now, poll, row, runningTask, secondRun, seconds, seedTask } from './support';

const wire = (task: Json): WireTask => readTaskList({ tasks: [task] }).tasks[0]!;
const ids = (ended: readonly { run: { runId: number | null } }[]): unknown[] => ended.map(({ run }) => run.runId);

describe('at first sight', () => {
  it('everything is the baseline: no run is news', () => {
    const { endedRuns, memory } = poll({ task: seedTask(), context: { history: [row({ runId: 0 }), row()] } });
    assert.deepEqual(endedRuns, []);
    assert.equal(memory.firstSeenMs, now);
    assert.equal(memory.lastRun?.runId, 1);
  });

  it('last success, failures in a row and lengths come from the history', () => {
    const history = [
      row({ runId: 5, status: 7, endedAt: '2024-12-09T00:00:00Z' }),
      row({ runId: 4, status: 6, durationSeconds: 40, endedAt: '2024-12-08T00:00:00Z' }),
      row({ runId: 3, status: 1, durationSeconds: 30, endedAt: '2024-12-07T00:00:00Z' }),
    ];
    const task = seedTask({ task_execution_id: 6, error_mail: 1, success_count: 0 });
    const found = poll({ task, context: { history } });
    assert.equal(found.task.lastSuccessAt, '2024-12-07T00:00:00Z');
    assert.equal(found.task.lastCompletedAt, '2024-12-08T00:00:00Z');
    assert.equal(found.task.failuresInARow, 1);
    assert.deepEqual(found.memory.completedSeconds, [40, 30]);
  });

  it('of a running task the last run comes from the history, else nothing is known', () => {
    const known = poll({
      task: runningTask(),
      context: { history: [row({ runId: 6 }), row({ runId: 5, status: 6, endedAt: '2024-12-09T00:00:00Z' })] },
    }).task;
    assert.equal(known.result, 'success');
    assert.equal(known.resultBasis, 'history');
    assert.equal(known.lastRun?.runId, 6);
    const unknown = poll({ task: runningTask() }).task;
    assert.equal(unknown.result, 'unknown');
    assert.equal(unknown.lastRun, null);
    assert.equal(unknown.failuresInARow, null);
    assert.equal(unknown.problem, false);
  });
});

describe('while a task runs', () => {
  it('result, last run and last success stay those of the last finished run, whatever the list shows', () => {
    const first = poll({ task: seedTask() });
    const task = runningTask({
      error_mail: 9,
      success_count: 0,
      task_execution_id: 2,
      last_execution_time: 0,
      duration: 5,
    });
    const running = poll({ task, memory: first.memory });
    assert.equal(running.task.activity, 'running');
    assert.equal(running.task.result, 'success');
    assert.equal(running.task.resultBasis, 'remembered');
    assert.deepEqual(running.task.lastRun, first.task.lastRun);
    assert.equal(running.task.lastSuccessAt, first.task.lastSuccessAt);
    assert.deepEqual(running.endedRuns, []);
    assert.deepEqual(running.task.codes, { status: 4, taskStatus: 2, taskErrorCode: 0, jobId: 7, executionId: 2 });
  });

  it('a task that had never run still never has', () => {
    const never = { task_id: 1, task_name: 'new' };
    const first = poll({ task: never });
    const running = poll({ task: { ...never, status: 4 }, memory: first.memory });
    assert.equal(running.task.result, 'never');
    assert.equal(running.task.lastRun, null);
    const done = poll({ task: secondRun(), memory: running.memory });
    assert.deepEqual(ids(done.endedRuns), [2]);
    assert.equal(done.memory.neverRan, false);
  });
});

describe('a run that ended', () => {
  it('is news once', () => {
    const first = poll({ task: seedTask() });
    const ended = poll({ task: secondRun(), memory: first.memory });
    assert.deepEqual(ids(ended.endedRuns), [2]);
    assert.equal(ended.endedRuns[0]?.result, 'success');
    assert.equal(ended.endedRuns[0].run.endedAt, '2024-12-10T11:00:00Z');
    assert.deepEqual(poll({ task: secondRun(), memory: ended.memory }).endedRuns, []);
  });

  it('is news after a restart during the run', () => {
    const first = poll({ task: seedTask() });
    const running = poll({ task: runningTask(), memory: first.memory });
    const memory = readTaskMemory(JSON.parse(JSON.stringify(running.memory)));
    assert.deepEqual(ids(poll({ task: secondRun(), memory }).endedRuns), [2]);
  });

  it('and all that started and ended between two polls are told in order, from the history', () => {
    const first = poll({ task: seedTask() });
    const history = [
      row({ runId: 4, status: 1, endedAt: '2024-12-10T11:00:01Z' }),
      row({ runId: 3, status: 6, endedAt: '2024-12-10T10:00:00Z' }),
      row({ runId: 2, status: 7, endedAt: '2024-12-10T09:00:00Z' }),
      row({ runId: 2, status: 7, endedAt: '2024-12-10T09:00:00Z' }),
      row(),
      row({ taskId: 9, runId: 8, endedAt: '2024-12-10T09:30:00Z' }),
    ];
    const { endedRuns, memory } = poll({
      task: secondRun({ task_execution_id: 4 }),
      memory: first.memory,
      context: { history },
    });
    assert.deepEqual(ids(endedRuns), [2, 3, 4]);
    assert.deepEqual(
      endedRuns.map(({ result }) => result),
      ['canceled', 'partial', 'success'],
    );
    assert.equal(memory.failuresInARow, 0);
    assert.equal(memory.partialsInARow, 0);
  });

  it('is told while the next one is already under way', () => {
    const first = poll({ task: seedTask() });
    const history = [
      row({ runId: 3, status: null, endedAt: null }),
      row({ runId: 2, status: 6, endedAt: '2024-12-10T10:00:00Z' }),
      row(),
    ];
    const running = poll({ task: runningTask({ task_execution_id: 3 }), memory: first.memory, context: { history } });
    assert.deepEqual(ids(running.endedRuns), [2]);
    assert.equal(running.task.result, 'partial');
    const done = poll({ task: secondRun({ task_execution_id: 3 }), memory: running.memory, context: { history } });
    assert.deepEqual(ids(done.endedRuns), [3]);
  });

  it('is not told while its row cannot be told from one of the run under way', () => {
    const first = poll({ task: seedTask() });
    const history = [row({ runId: 3, status: 2, endedAt: '2024-12-10T11:00:00Z' }), row()];
    const running = poll({ task: runningTask({ task_execution_id: 3 }), memory: first.memory, context: { history } });
    assert.deepEqual(running.endedRuns, []);
    const done = poll({ task: secondRun({ task_execution_id: 3 }), memory: running.memory, context: { history } });
    assert.deepEqual(
      done.endedRuns.map(({ basis }) => basis),
      ['unexplained'],
    );
  });

  it('after the list was read is told after the one that the list shows', () => {
    const first = poll({ task: seedTask() });
    const history = [
      row({ runId: 3, status: 6, endedAt: '2024-12-10T11:10:00Z' }),
      row({ runId: 2, endedAt: '2024-12-10T11:00:00Z' }),
    ];
    const ended = poll({ task: secondRun(), memory: first.memory, context: { history } });
    assert.deepEqual(ids(ended.endedRuns), [2, 3]);
    assert.equal(ended.task.lastRun?.runId, 3);
    assert.equal(ended.task.result, 'partial');
    const third = secondRun({ task_execution_id: 3, status: 6, last_execution_time: seconds('2024-12-10T11:10:00Z') });
    assert.deepEqual(poll({ task: third, memory: ended.memory }).endedRuns, []);
  });

  it('with the id of the run before and a later end is another run', () => {
    const first = poll({ task: seedTask() });
    assert.deepEqual(ids(poll({ task: secondRun({ task_execution_id: 1 }), memory: first.memory }).endedRuns), [1]);
    const moved = seedTask({ last_execution_time: 1733794236 });
    assert.deepEqual(poll({ task: moved, memory: first.memory }).endedRuns, [], 'one second is rounding');
  });

  it('is recognised by its end where the NAS gives no run ids', () => {
    const without = { task_execution_id: undefined };
    const first = poll({ task: seedTask(without) });
    assert.deepEqual(poll({ task: seedTask(without), memory: first.memory }).endedRuns, []);
    assert.equal(poll({ task: secondRun(without), memory: first.memory }).endedRuns.length, 1);
  });

  it('without a date is news by its id, and not again when the date appears', () => {
    const first = poll({ task: seedTask() });
    const undated = poll({ task: secondRun({ last_execution_time: undefined }), memory: first.memory });
    assert.deepEqual(ids(undated.endedRuns), [2]);
    assert.equal(undated.endedRuns[0]?.result, 'unknown');
    const dated = poll({ task: secondRun(), memory: undated.memory });
    assert.deepEqual(dated.endedRuns, []);
    assert.equal(dated.task.result, 'success');
    assert.equal(dated.task.lastSuccessAt, '2024-12-10T11:00:00Z');
  });

  it('with a date in the future is replaced by the next one', () => {
    const ahead = poll({ task: seedTask({ last_execution_time: seconds('2031-01-01T00:00:00Z') }) });
    const next = poll({ task: secondRun(), memory: ahead.memory });
    assert.deepEqual(ids(next.endedRuns), [2]);
    assert.equal(next.task.lastSuccessAt, '2024-12-10T11:00:00Z');
    const history = [row({ runId: 2, endedAt: '2024-12-10T11:00:00Z' }), row({ endedAt: '2031-01-01T00:00:00Z' })];
    assert.deepEqual(poll({ task: secondRun(), memory: next.memory, context: { history } }).endedRuns, []);
  });

  it('is news after the ids of a task began again, without a flood of old rows', () => {
    const first = poll({ task: seedTask({ task_execution_id: 450 }) });
    const history = [
      row({ runId: 1, endedAt: '2024-12-10T11:00:00Z' }),
      row({ runId: 450 }),
      row({ runId: 449, endedAt: '2024-12-08T00:00:00Z' }),
    ];
    const again = poll({ task: secondRun({ task_execution_id: 1 }), memory: first.memory, context: { history } });
    assert.deepEqual(ids(again.endedRuns), [1]);
    const later = poll({ task: secondRun({ task_execution_id: 1 }), memory: again.memory, context: { history } });
    assert.deepEqual(later.endedRuns, []);
  });

  it('is not told again when the list falls back to an older one', () => {
    const first = poll({ task: secondRun() });
    const back = poll({ task: seedTask({ status: 6 }), memory: first.memory });
    assert.deepEqual(back.endedRuns, []);
    assert.equal(back.task.lastRun?.runId, 2);
    assert.equal(back.task.result, 'success');
    assert.equal(poll({ task: seedTask({ task_status_error_code: 3 }), memory: first.memory }).task.result, 'failed');
    assert.deepEqual(poll({ task: secondRun(), memory: back.memory }).endedRuns, []);
  });

  it('long before the first sight of a running task is no news', () => {
    const first = poll({ task: runningTask() });
    assert.deepEqual(poll({ task: seedTask(), memory: first.memory }).endedRuns, []);
    assert.deepEqual(ids(poll({ task: secondRun(), memory: first.memory }).endedRuns), [2]);
  });
});

describe('the history is needed', () => {
  const idle = poll({ task: seedTask() }).memory;
  const running = poll({ task: runningTask(), memory: idle }).memory;

  it('at first sight, when a run began or ended, and when another job runs', () => {
    assert.equal(needsHistory(wire(seedTask()), null), true);
    assert.equal(needsHistory(wire(runningTask()), idle), true);
    assert.equal(needsHistory(wire(seedTask()), running), true);
    assert.equal(needsHistory(wire(secondRun()), idle), true);
    assert.equal(needsHistory(wire(runningTask({ job_id: 8 })), running), true);
  });

  it('not while nothing changes', () => {
    assert.equal(needsHistory(wire(seedTask()), idle), false);
    assert.equal(needsHistory(wire(runningTask()), running), false);
    assert.equal(needsHistory(wire(runningTask({ task_execution_id: 2, last_execution_time: 0 })), running), false);
    const never = poll({ task: { task_id: 1 } }).memory;
    assert.equal(needsHistory(wire({ task_id: 1 }), never), false);
  });
});

describe('assessing', () => {
  it('leaves its arguments as they were', () => {
    const freeze = <T>(value: T): T => {
      if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
      return value;
    };
    const first = poll({ task: seedTask() });
    const list = freeze(
      readTaskList({
        tasks: [secondRun({ status: 6 })],
        event_log: [{ task_id: 1, task_execution_id: 2, log_type: 2 }],
      }),
    );
    const context = freeze({ nowMs: now + hour, timeZone: 'UTC', limits: {}, history: [row()] });
    assert.equal(assessTask(list.tasks[0]!, list.eventLog, freeze(first.memory), context).task.result, 'partial');
  });
});
