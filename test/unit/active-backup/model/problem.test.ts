// Stalled and problem: what raises them, and what does not.
import assert from 'node:assert/strict';
import { type TaskMemory } from '../../../../lib/active-backup/memory-types';
import { type Limits } from '../../../../lib/active-backup/types';
import { day, hour, type Json, now, poll, read, seedTask, seconds, nightlyEnd, nightlyTask } from './support';

const zone = 'Europe/Berlin';

describe('stalled', () => {
  const running = (memory: TaskMemory | null, nowMs: number, changes: Json = {}) =>
    poll({ task: seedTask({ status: 4, job_id: 5, ...changes }), memory, context: { nowMs } });

  function afterRun(hours: number): TaskMemory {
    return poll({ task: seedTask({ duration: hours * 3600 }), context: { nowMs: now } }).memory;
  }

  it('is a run longer than a day and than three times the longest of the last five', () => {
    for (const [hours, limit] of [
      [2, 24],
      [8, 24],
      [10, 30],
    ] as const) {
      const first = running(afterRun(hours), now);
      assert.equal(running(first.memory, now + limit * hour).task.stalled, false);
      const late = running(first.memory, now + limit * hour + 1).task;
      assert.equal(late.stalled, true);
      assert.equal(late.problemReason, 'stalled');
    }
  });

  it('allows the first full backup seven days', () => {
    const first = running(null, now);
    assert.equal(running(first.memory, now + 3 * day).task.problem, false);
    assert.equal(running(first.memory, now + 7 * day).task.stalled, false);
    assert.equal(running(first.memory, now + 7 * day + 1).task.stalled, true);
  });

  it('counts each run anew', () => {
    const first = running(afterRun(1), now);
    const other = running(first.memory, now + 20 * hour, { job_id: 6 });
    assert.equal(running(other.memory, now + 30 * hour, { job_id: 6 }).task.stalled, false);
    const idle = poll({ task: seedTask(), memory: first.memory, context: { nowMs: now + 20 * hour } });
    assert.equal(idle.memory.runningSinceMs, null);
    assert.equal(idle.task.stalled, false);
    assert.equal(running(running(idle.memory, now + 21 * hour).memory, now + 40 * hour).task.stalled, false);
  });
});

describe('problem', () => {
  const partial = (index: number, more: Json = {}): Json =>
    seedTask({
      task_execution_id: index,
      warning_mail: 1,
      last_execution_time: (now + index * 300_000) / 1000,
      ...more,
    });

  it('is a partial run, unless that is switched off', () => {
    assert.equal(read(partial(1)).problemReason, 'partial');
    const off = read(partial(1), { limits: { partialIsProblem: false } });
    assert.equal(off.problem, false);
    assert.equal(off.problemReason, null);
    assert.equal(off.result, 'partial');
  });

  it('of a continuous task is partial only after three in a row', () => {
    const continuous = { backup_policy: 0 };
    let memory: TaskMemory | null = null;
    const found: boolean[] = [];
    for (const index of [1, 2, 3]) {
      const seen = poll({ task: partial(index, continuous), memory, context: { nowMs: now + index * 300_000 } });
      memory = seen.memory;
      found.push(seen.task.problem);
    }
    assert.deepEqual(found, [false, false, true]);
    const healed = poll({
      task: seedTask({ ...continuous, task_execution_id: 4, last_execution_time: (now + 1_500_000) / 1000 }),
      memory,
      context: { nowMs: now + 1_500_000 },
    });
    assert.equal(healed.task.problem, false);
    assert.equal(healed.memory.partialsInARow, 0);
  });

  it('of a continuous task is partial after two hours', () => {
    const seen = poll({ task: partial(0, { backup_policy: 0 }), context: { nowMs: now } });
    const later = (ms: number) =>
      poll({ task: partial(0, { backup_policy: 0 }), memory: seen.memory, context: { nowMs: now + ms } }).task;
    assert.equal(later(2 * hour - 1).problem, false);
    assert.equal(later(2 * hour).problemReason, 'partial');
  });

  it('is what nobody can explain, and not what is merely not known', () => {
    assert.equal(read(seedTask({ status: 5 })).problemReason, 'unexplained');
    const unknown = read(seedTask({ status: undefined }));
    assert.equal(unknown.result, 'unknown');
    assert.equal(unknown.problem, false);
  });

  it('is left as it was by a canceled run', () => {
    const canceled = seedTask({
      status: 7,
      task_execution_id: 2,
      last_execution_time: seconds('2024-12-10T11:00:00Z'),
    });
    const failed = poll({ task: seedTask({ error_mail: 1, success_count: 0 }) });
    const after = poll({ task: canceled, memory: failed.memory }).task;
    assert.equal(after.result, 'canceled');
    assert.equal(after.problem, true);
    assert.equal(after.problemReason, 'failed');
    assert.equal(after.failuresInARow, 1);
    const fine = poll({ task: seedTask() });
    assert.equal(poll({ task: canceled, memory: fine.memory }).task.problem, false);
  });

  it('names the failure before the age', () => {
    const task = seedTask({ backup_policy: 0, error_mail: 1, success_count: 0 });
    const late = read(task, { nowMs: now + 40 * day });
    assert.equal(late.overdue, true);
    assert.equal(late.problemReason, 'failed');
  });

  it('stays while the next run is under way', () => {
    const failed = poll({ task: seedTask({ error_mail: 1, success_count: 0 }) });
    const running = poll({ task: seedTask({ status: 4 }), memory: failed.memory }).task;
    assert.equal(running.result, 'failed');
    assert.equal(running.problemReason, 'failed');
  });

  it('tells the always partial tenant that stops: no alarm while it runs, overdue when it does not', () => {
    const limits: Limits = { partialIsProblem: false };
    const run = (index: number): Json =>
      nightlyTask({
        warning_mail: 4,
        task_execution_id: index,
        last_execution_time: (nightlyEnd + index * day) / 1000,
      });
    let memory: TaskMemory | null = null;
    for (let index = 0; index < 30; index += 1) {
      const seen = poll({
        task: run(index),
        memory,
        context: { nowMs: nightlyEnd + index * day + hour, limits, timeZone: zone },
      });
      memory = seen.memory;
      assert.equal(seen.task.problem, false);
    }
    const stopped = poll({
      task: run(29),
      memory,
      context: { nowMs: nightlyEnd + 31 * day, limits, timeZone: zone },
    }).task;
    assert.equal(stopped.result, 'partial');
    assert.equal(stopped.problemReason, 'overdue');
  });

  it('tells the task that fails for a week and then hangs', () => {
    let memory: TaskMemory | null = null;
    for (let index = 1; index <= 7; index += 1) {
      const task = nightlyTask({
        error_mail: 1,
        success_count: 0,
        task_execution_id: index + 1,
        last_execution_time: (nightlyEnd + index * day) / 1000,
      });
      const seen = poll({ task, memory, context: { nowMs: nightlyEnd + index * day + hour } });
      memory = seen.memory;
      assert.equal(seen.task.failuresInARow, index);
      assert.equal(seen.task.problemReason, 'failed');
    }
    const hung = (ms: number) =>
      poll({ task: nightlyTask({ status: 4, job_id: 9 }), memory, context: { nowMs: nightlyEnd + 8 * day + ms } });
    ({ memory } = hung(0));
    const later = hung(8 * day).task;
    assert.equal(later.activity, 'running');
    assert.equal(later.result, 'failed');
    assert.equal(later.overdue, true);
    assert.equal(later.stalled, true);
  });
});
