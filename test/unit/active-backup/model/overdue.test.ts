// Overdue: what raises it, what does not, and who is not judged.
import assert from 'node:assert/strict';
import { type Limits } from '../../../../lib/active-backup/types';
import { day, hour, iso, type Json, now, poll, read, row, seedTask, nightly, nightlyEnd, nightlyTask } from './support';

const at = (text: string): number => Date.parse(text);

describe('a scheduled task', () => {
  /** The slot after is May 12th, 22:00 in Berlin; 6 hours of grace and one hour of run make 03:00Z on the 13th. */
  it('is overdue after the first slot that follows its last completed run, the grace and its longest run', () => {
    assert.equal(read(nightlyTask(), { nowMs: at('2026-05-13T03:00:00Z') }).overdue, false);
    const late = read(nightlyTask(), { nowMs: at('2026-05-13T03:00:01Z') });
    assert.equal(late.overdue, true);
    assert.equal(late.problem, true);
    assert.equal(late.problemReason, 'overdue');
    assert.equal(late.result, 'success');
  });

  it('has the grace that the limits give', () => {
    const limits = { graceHours: 0 };
    assert.equal(read(nightlyTask(), { nowMs: at('2026-05-12T21:00:01Z'), limits }).overdue, true);
    assert.equal(read(nightlyTask(), { nowMs: at('2026-05-12T21:00:00Z'), limits }).overdue, false);
  });

  it('gets the longest of its last five completed runs, at most a day', () => {
    const runs = [3, 40, 2].map((hours, index) =>
      row({ runId: index + 5, durationSeconds: hours * 3600, endedAt: iso(nightlyEnd - (3 - index) * 2 * day) }),
    );
    const task = nightlyTask({ task_execution_id: 9 });
    const deadline = at('2026-05-12T20:00:00Z') + 6 * hour + 24 * hour;
    assert.equal(read(task, { nowMs: deadline, history: runs }).overdue, false);
    assert.equal(read(task, { nowMs: deadline + 1, history: runs }).overdue, true);
  });

  it('is next run at its next slot', () => {
    assert.equal(read(nightlyTask(), { nowMs: at('2026-05-12T10:00:00Z') }).nextRunAt, '2026-05-12T20:00:00Z');
  });

  it('is not cleared by a run under way', () => {
    const first = poll({ task: nightlyTask(), context: { nowMs: nightlyEnd + hour } });
    const running = poll({
      task: nightlyTask({ status: 4, job_id: 8 }),
      memory: first.memory,
      context: { nowMs: nightlyEnd + 3 * day },
    });
    assert.equal(running.task.activity, 'running');
    assert.equal(running.task.overdue, true);
    assert.equal(running.task.problemReason, 'overdue');
  });

  it('is not judged with a schedule of an unknown kind, without days or with a broken hour', () => {
    for (const schedule of [
      { ...nightly.schedule, date_type: 1 },
      { ...nightly.schedule, week_day: '' },
      { ...nightly.schedule, hour: 'x' },
    ]) {
      const task = read(nightlyTask({ schedule }), { nowMs: nightlyEnd + 90 * day });
      assert.equal(task.overdue, null);
      assert.equal(task.nextRunAt, null);
      assert.equal(task.problem, false);
    }
    assert.equal(read(nightlyTask({ schedule: undefined }), { nowMs: nightlyEnd + 90 * day }).overdue, null);
  });

  it('is not judged where the time zone is not to be trusted', () => {
    for (const timeZone of [null, 'Nowhere/At_All']) {
      const task = read(nightlyTask(), { nowMs: nightlyEnd + 90 * day, timeZone });
      assert.equal(task.overdue, null);
      assert.equal(task.nextRunAt, null);
    }
  });

  it('with limit hours of its own is judged by those alone', () => {
    const limits: Limits = { tasks: { '1': 100 } };
    const context = { limits, timeZone: null };
    assert.equal(read(nightlyTask(), { ...context, nowMs: nightlyEnd + 100 * hour }).overdue, false);
    assert.equal(read(nightlyTask(), { ...context, nowMs: nightlyEnd + 100 * hour + 1 }).overdue, true);
  });
});

describe('overdue', () => {
  it('of a continuous task comes after 24 hours, or what the limits say', () => {
    const task = seedTask({ backup_policy: 0, last_execution_time: nightlyEnd / 1000 });
    assert.equal(read(task, { nowMs: nightlyEnd + 24 * hour }).overdue, false);
    assert.equal(read(task, { nowMs: nightlyEnd + 24 * hour + 1 }).overdue, true);
    assert.equal(read(task, { nowMs: nightlyEnd + 24 * hour + 1, limits: { continuousHours: 48 } }).overdue, false);
    assert.equal(read(task, { nowMs: nightlyEnd + 49 * hour, limits: { continuousHours: 48 } }).overdue, true);
  });

  it('of a manual task is judged only with a limit', () => {
    const task = seedTask({ last_execution_time: nightlyEnd / 1000 });
    assert.equal(read(task, { nowMs: nightlyEnd + 900 * day }).overdue, null);
    assert.equal(read(task, { nowMs: nightlyEnd + 900 * day, limits: { manualHours: 720 } }).overdue, true);
    assert.equal(read(task, { nowMs: nightlyEnd + day, limits: { manualHours: 720 } }).overdue, false);
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
    const task = seedTask({ backup_policy: 0, last_execution_time: nightlyEnd / 1000 });
    for (const continuousHours of [NaN, -5, 0, Infinity]) {
      assert.equal(read(task, { nowMs: nightlyEnd + 25 * hour, limits: { continuousHours } }).overdue, true);
    }
    assert.equal(
      read(task, {
        nowMs: nightlyEnd + 25 * hour,
        limits: { tasks: JSON.parse('{"__proto__":{"1":"ignore"}}') as Limits['tasks'] & object },
      }).overdue,
      true,
    );
  });

  it('is not judged from a date more than an hour ahead', () => {
    const task = seedTask({ backup_policy: 0, last_execution_time: nightlyEnd / 1000 });
    assert.equal(read(task, { nowMs: nightlyEnd - hour }).overdue, false);
    assert.equal(read(task, { nowMs: nightlyEnd - hour - 1 }).overdue, null);
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
        last_execution_time: (nightlyEnd + index * hour) / 1000,
      });
    let { memory } = poll({ task: failing(0), context: { nowMs: nightlyEnd + 60_000 } });
    assert.equal(memory.baselineMs, nightlyEnd - 600_000);
    for (let index = 1; index <= 23; index += 1) {
      const seen = poll({ task: failing(index), memory, context: { nowMs: nightlyEnd + index * hour } });
      memory = seen.memory;
      assert.equal(seen.task.overdue, false);
    }
    const { task } = poll({ task: failing(24), memory, context: { nowMs: nightlyEnd + 24 * hour } });
    assert.equal(task.result, 'failed');
    assert.equal(task.overdue, true);
    assert.equal(task.failuresInARow, 25);
  });

  it('is cleared by a partial run that protected something, and not by one that did not', () => {
    const first = poll({
      task: seedTask({ backup_policy: 0, last_execution_time: nightlyEnd / 1000 }),
      context: { nowMs: nightlyEnd + hour },
    });
    const later = (changes: Json) =>
      poll({
        task: seedTask({
          backup_policy: 0,
          task_execution_id: 2,
          last_execution_time: (nightlyEnd + 2 * day) / 1000,
          ...changes,
        }),
        memory: first.memory,
        context: { nowMs: nightlyEnd + 2 * day + hour },
      }).task;
    assert.equal(later({ warning_mail: 2 }).overdue, false);
    assert.equal(later({ warning_mail: 2 }).lastCompletedAt, iso(nightlyEnd + 2 * day));
    assert.equal(later({ warning_mail: 2 }).lastSuccessAt, iso(nightlyEnd));
    assert.equal(later({ warning_mail: 2, success_count: 0 }).overdue, true);
    assert.equal(later({ status: 7 }).overdue, true);
  });

  it('knows the last completed run from the history', () => {
    const history = [
      row({ runId: 8, status: 7, endedAt: iso(nightlyEnd - hour) }),
      row({ runId: 7, endedAt: iso(nightlyEnd - 10 * hour) }),
      row({ runId: 6, endedAt: iso(nightlyEnd - 20 * hour) }),
    ];
    const task = seedTask({
      backup_policy: 0,
      task_execution_id: 9,
      error_mail: 1,
      success_count: 0,
      last_execution_time: nightlyEnd / 1000,
    });
    const read1 = read(task, { nowMs: nightlyEnd, history });
    assert.equal(read1.lastSuccessAt, iso(nightlyEnd - 10 * hour));
    assert.equal(read1.lastCompletedAt, iso(nightlyEnd - 10 * hour));
    assert.equal(read1.overdue, false);
    assert.equal(read(task, { nowMs: nightlyEnd + 15 * hour, history }).overdue, true);
  });
});
