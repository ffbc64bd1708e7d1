// Overdue, stalled and problem: what raises them, what does not, and who is not judged.
import assert from 'node:assert/strict';
import { type TaskMemory } from '../../../../lib/active-backup/memory-types';
import { type Limits } from '../../../../lib/active-backup/types';
import { day, hour, iso, type Json, now, poll, read, row, seedTask, seconds } from './support';

const zone = 'Europe/Berlin';
const daily = {
  enable_schedule: true,
  schedule: {
    date_type: 0,
    repeat_date: 0,
    repeat_hour: 0,
    hour: 22,
    minute: 0,
    last_work_hour: 22,
    week_day: '0,1,2,3,4,5,6',
  },
};
/** A scheduled task whose last run, a success of an hour, ended at 23:00 in Berlin. */
const ended = Date.parse('2026-05-11T21:00:00Z');
const scheduled = (changes: Json = {}): Json =>
  seedTask({ ...daily, last_execution_time: ended / 1000, duration: 3600, ...changes });
const at = (text: string): number => Date.parse(text);

describe('a scheduled task', () => {
  /** The slot after is May 12th, 22:00 in Berlin; 6 hours of grace and one hour of run make 03:00Z on the 13th. */
  it('is overdue after the first slot that follows its last completed run, the grace and its longest run', () => {
    assert.equal(read(scheduled(), { nowMs: at('2026-05-13T03:00:00Z') }).overdue, false);
    const late = read(scheduled(), { nowMs: at('2026-05-13T03:00:01Z') });
    assert.equal(late.overdue, true);
    assert.equal(late.problem, true);
    assert.equal(late.problemReason, 'overdue');
    assert.equal(late.result, 'success');
  });

  it('has the grace that the limits give', () => {
    const limits = { graceHours: 0 };
    assert.equal(read(scheduled(), { nowMs: at('2026-05-12T21:00:01Z'), limits }).overdue, true);
    assert.equal(read(scheduled(), { nowMs: at('2026-05-12T21:00:00Z'), limits }).overdue, false);
  });

  it('gets the longest of its last five completed runs, at most a day', () => {
    const runs = [3, 40, 2].map((hours, index) =>
      row({ runId: index + 5, durationSeconds: hours * 3600, endedAt: iso(ended - (3 - index) * 2 * day) }),
    );
    const task = scheduled({ task_execution_id: 9 });
    const deadline = at('2026-05-12T20:00:00Z') + 6 * hour + 24 * hour;
    assert.equal(read(task, { nowMs: deadline, history: runs }).overdue, false);
    assert.equal(read(task, { nowMs: deadline + 1, history: runs }).overdue, true);
  });

  it('is next run at its next slot', () => {
    assert.equal(read(scheduled(), { nowMs: at('2026-05-12T10:00:00Z') }).nextRunAt, '2026-05-12T20:00:00Z');
  });

  it('is not cleared by a run under way', () => {
    const first = poll({ task: scheduled(), context: { nowMs: ended + hour } });
    const running = poll({
      task: scheduled({ status: 4, job_id: 8 }),
      memory: first.memory,
      context: { nowMs: ended + 3 * day },
    });
    assert.equal(running.task.activity, 'running');
    assert.equal(running.task.overdue, true);
    assert.equal(running.task.problemReason, 'overdue');
  });

  it('is not judged with a schedule of an unknown kind, without days or with a broken hour', () => {
    for (const schedule of [
      { ...daily.schedule, date_type: 1 },
      { ...daily.schedule, week_day: '' },
      { ...daily.schedule, hour: 'x' },
    ]) {
      const task = read(scheduled({ schedule }), { nowMs: ended + 90 * day });
      assert.equal(task.overdue, null);
      assert.equal(task.nextRunAt, null);
      assert.equal(task.problem, false);
    }
    assert.equal(read(scheduled({ schedule: undefined }), { nowMs: ended + 90 * day }).overdue, null);
  });

  it('is not judged where the time zone is not to be trusted', () => {
    for (const timeZone of [null, 'Nowhere/At_All']) {
      const task = read(scheduled(), { nowMs: ended + 90 * day, timeZone });
      assert.equal(task.overdue, null);
      assert.equal(task.nextRunAt, null);
    }
  });

  it('with limit hours of its own is judged by those alone', () => {
    const limits: Limits = { tasks: { '1': 100 } };
    const context = { limits, timeZone: null };
    assert.equal(read(scheduled(), { ...context, nowMs: ended + 100 * hour }).overdue, false);
    assert.equal(read(scheduled(), { ...context, nowMs: ended + 100 * hour + 1 }).overdue, true);
  });
});

describe('overdue', () => {
  it('of a continuous task comes after 24 hours, or what the limits say', () => {
    const task = seedTask({ backup_policy: 0, last_execution_time: ended / 1000 });
    assert.equal(read(task, { nowMs: ended + 24 * hour }).overdue, false);
    assert.equal(read(task, { nowMs: ended + 24 * hour + 1 }).overdue, true);
    assert.equal(read(task, { nowMs: ended + 24 * hour + 1, limits: { continuousHours: 48 } }).overdue, false);
    assert.equal(read(task, { nowMs: ended + 49 * hour, limits: { continuousHours: 48 } }).overdue, true);
  });

  it('of a manual task is judged only with a limit', () => {
    const task = seedTask({ last_execution_time: ended / 1000 });
    assert.equal(read(task, { nowMs: ended + 900 * day }).overdue, null);
    assert.equal(read(task, { nowMs: ended + 900 * day, limits: { manualHours: 720 } }).overdue, true);
    assert.equal(read(task, { nowMs: ended + day, limits: { manualHours: 720 } }).overdue, false);
  });

  it('of an ignored task is not judged, nor is stalled; a failure is still a problem', () => {
    const limits: Limits = { tasks: { '1': 'ignore' }, manualHours: 1 };
    const task = read(seedTask(), { nowMs: now + 900 * day, limits });
    assert.equal(task.overdue, null);
    assert.equal(task.stalled, null);
    assert.equal(task.problem, false);
    assert.equal(read(seedTask({ task_status_error_code: 1 }), { limits }).problemReason, 'failed');
  });

  it('ignores limits that are no length of time, and names of the prototype', () => {
    const task = seedTask({ backup_policy: 0, last_execution_time: ended / 1000 });
    for (const continuousHours of [NaN, -5, 0, Infinity]) {
      assert.equal(read(task, { nowMs: ended + 25 * hour, limits: { continuousHours } }).overdue, true);
    }
    assert.equal(
      read(task, {
        nowMs: ended + 25 * hour,
        limits: { tasks: JSON.parse('{"__proto__":{"1":"ignore"}}') as Limits['tasks'] & object },
      }).overdue,
      true,
    );
  });

  it('is not judged from a date more than an hour ahead', () => {
    const task = seedTask({ backup_policy: 0, last_execution_time: ended / 1000 });
    assert.equal(read(task, { nowMs: ended - hour }).overdue, false);
    assert.equal(read(task, { nowMs: ended - hour - 1 }).overdue, null);
  });

  it('is not judged where the policy is not known', () => {
    assert.equal(read(seedTask({ backup_policy: 9 }), { nowMs: now + 900 * day }).overdue, null);
  });

  it('counts from when a task was first seen if it has never run', () => {
    const never = { task_id: 1, task_name: 'new', backup_policy: 0, status: 0 };
    const first = poll({ task: never, context: { nowMs: now } });
    assert.equal(first.task.result, 'never');
    assert.equal(first.task.overdue, false);
    const later = (ms: number): boolean | null =>
      poll({ task: never, memory: first.memory, context: { nowMs: now + ms } }).task.overdue;
    assert.equal(later(day), false);
    assert.equal(later(day + 1), true);
  });

  it('counts from the start of the run that was there at first sight if none ever completed, and failures never move it', () => {
    const failing = (index: number): Json =>
      seedTask({
        backup_policy: 0,
        task_execution_id: index,
        error_mail: 3,
        success_count: 0,
        duration: 600,
        last_execution_time: (ended + index * hour) / 1000,
      });
    let { memory } = poll({ task: failing(0), context: { nowMs: ended + 60_000 } });
    assert.equal(memory.baselineMs, ended - 600_000);
    for (let index = 1; index <= 23; index += 1) {
      const seen = poll({ task: failing(index), memory, context: { nowMs: ended + index * hour } });
      memory = seen.memory;
      assert.equal(seen.task.overdue, false);
    }
    const { task } = poll({ task: failing(24), memory, context: { nowMs: ended + 24 * hour } });
    assert.equal(task.result, 'failed');
    assert.equal(task.overdue, true);
    assert.equal(task.failuresInARow, 25);
  });

  it('is cleared by a partial run that protected something, and not by one that did not', () => {
    const first = poll({
      task: seedTask({ backup_policy: 0, last_execution_time: ended / 1000 }),
      context: { nowMs: ended + hour },
    });
    const later = (changes: Json) =>
      poll({
        task: seedTask({
          backup_policy: 0,
          task_execution_id: 2,
          last_execution_time: (ended + 2 * day) / 1000,
          ...changes,
        }),
        memory: first.memory,
        context: { nowMs: ended + 2 * day + hour },
      }).task;
    assert.equal(later({ warning_mail: 2 }).overdue, false);
    assert.equal(later({ warning_mail: 2 }).lastCompletedAt, iso(ended + 2 * day));
    assert.equal(later({ warning_mail: 2 }).lastSuccessAt, iso(ended));
    assert.equal(later({ warning_mail: 2, success_count: 0 }).overdue, true);
    assert.equal(later({ status: 7 }).overdue, true);
  });

  it('knows the last completed run from the history', () => {
    const history = [
      row({ runId: 8, status: 7, endedAt: iso(ended - hour) }),
      row({ runId: 7, endedAt: iso(ended - 10 * hour) }),
      row({ runId: 6, endedAt: iso(ended - 20 * hour) }),
    ];
    const task = seedTask({
      backup_policy: 0,
      task_execution_id: 9,
      error_mail: 1,
      success_count: 0,
      last_execution_time: ended / 1000,
    });
    const read1 = read(task, { nowMs: ended, history });
    assert.equal(read1.lastSuccessAt, iso(ended - 10 * hour));
    assert.equal(read1.lastCompletedAt, iso(ended - 10 * hour));
    assert.equal(read1.overdue, false);
    assert.equal(read(task, { nowMs: ended + 15 * hour, history }).overdue, true);
  });
});

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
      scheduled({ warning_mail: 4, task_execution_id: index, last_execution_time: (ended + index * day) / 1000 });
    let memory: TaskMemory | null = null;
    for (let index = 0; index < 30; index += 1) {
      const seen = poll({
        task: run(index),
        memory,
        context: { nowMs: ended + index * day + hour, limits, timeZone: zone },
      });
      memory = seen.memory;
      assert.equal(seen.task.problem, false);
    }
    const stopped = poll({ task: run(29), memory, context: { nowMs: ended + 31 * day, limits, timeZone: zone } }).task;
    assert.equal(stopped.result, 'partial');
    assert.equal(stopped.problemReason, 'overdue');
  });

  it('tells the task that fails for a week and then hangs', () => {
    let memory: TaskMemory | null = null;
    for (let index = 1; index <= 7; index += 1) {
      const task = scheduled({
        error_mail: 1,
        success_count: 0,
        task_execution_id: index + 1,
        last_execution_time: (ended + index * day) / 1000,
      });
      const seen = poll({ task, memory, context: { nowMs: ended + index * day + hour } });
      memory = seen.memory;
      assert.equal(seen.task.failuresInARow, index);
      assert.equal(seen.task.problemReason, 'failed');
    }
    const hung = (ms: number) =>
      poll({ task: scheduled({ status: 4, job_id: 9 }), memory, context: { nowMs: ended + 8 * day + ms } });
    ({ memory } = hung(0));
    const later = hung(8 * day).task;
    assert.equal(later.activity, 'running');
    assert.equal(later.result, 'failed');
    assert.equal(later.overdue, true);
    assert.equal(later.stalled, true);
  });
});
