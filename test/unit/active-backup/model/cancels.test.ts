// A cancel that the NAS accepted from here: which run it is booked on, and for how long it waits for that run.
import assert from 'node:assert/strict';
import { withCancel } from '../../../../lib/active-backup/assess';
import { type TaskMemory } from '../../../../lib/active-backup/memory-types';
import { type Json, now, poll, row, runningTask, secondRun, seconds, seedTask } from './support';

describe('a cancel from here', () => {
  const start = (): TaskMemory => poll({ task: runningTask(), memory: poll({ task: seedTask() }).memory }).memory;
  const warned = { warning_mail: 20 };
  const at = (time: string): number => Date.parse(`2024-12-10T${time}Z`);
  const third = (changes: Json = {}): Json =>
    secondRun({ task_execution_id: 3, last_execution_time: seconds('2024-12-10T11:20:00Z'), ...changes });

  it('of a run whose id is not shown yet makes the run that ends next canceled, also at later polls', () => {
    const memory = withCancel(start(), 1, at('10:59:30'));
    assert.deepEqual(memory.canceledRuns, [{ runId: 0, atMs: at('10:59:30') }]);
    const ended = poll({ task: secondRun(warned), memory });
    assert.equal(ended.endedRuns[0]?.result, 'canceled');
    assert.deepEqual(ended.memory.canceledRuns, []);
    const later = poll({ task: secondRun(warned), memory: ended.memory });
    assert.equal(later.task.result, 'canceled');
    assert.equal(later.task.resultBasis, 'own_cancel');
    assert.equal(poll({ task: third(), memory: later.memory }).task.result, 'success');
  });

  it('of a run whose id is shown is remembered by that id', () => {
    const atMs = at('10:59:30');
    const memory = withCancel(start(), 2, atMs);
    assert.deepEqual(memory.canceledRuns, [{ runId: 2, atMs }]);
    const ended = poll({ task: secondRun(warned), memory });
    assert.equal(ended.endedRuns[0]?.result, 'canceled');
    assert.deepEqual(ended.memory.canceledRuns, [], 'its run has ended');
  });

  it('never turns the run before into a canceled one', () => {
    const memory = { ...start(), canceledRuns: [{ runId: 1, atMs: now }] };
    assert.equal(poll({ task: seedTask(), memory }).task.result, 'success');
  });

  it('is not booked on a run that had ended before it', () => {
    const history = [row({ runId: 2, endedAt: '2024-12-10T10:00:00Z' }), row()];
    const canceled = withCancel(start(), 1, at('10:30:00'));
    const running = poll({ task: runningTask(), memory: canceled, context: { history } });
    assert.deepEqual(
      running.endedRuns.map(({ result }) => result),
      ['success'],
    );
    const ended = poll({ task: third(warned), memory: running.memory });
    assert.equal(ended.endedRuns[0]?.result, 'canceled');
  });

  it('of the run under way, while the list still showed the id of one that had ended, is booked on the one that ends next', () => {
    const history = [row({ runId: 2, endedAt: '2024-12-10T10:00:00Z' }), row()];
    const idle = poll({ task: seedTask() }).memory;
    const canceled = withCancel(idle, 2, at('10:30:00'));
    const running = poll({ task: runningTask({ task_execution_id: 2 }), memory: canceled, context: { history } });
    assert.equal(running.task.result, 'success');
    const ended = poll({ task: third(warned), memory: running.memory });
    assert.equal(ended.endedRuns[0]?.result, 'canceled');
  });

  it('belongs to its run also where the NAS booked the end a moment before it answered', () => {
    for (const [time, result] of [
      ['11:00:59', 'canceled'],
      ['11:01:01', 'partial'],
    ] as const) {
      const memory = withCancel(start(), 1, at(time));
      assert.equal(poll({ task: secondRun(warned), memory }).endedRuns[0]?.result, result, time);
    }
  });

  it('of a run without a date belongs to it', () => {
    const memory = withCancel(start(), 2, now);
    assert.equal(poll({ task: secondRun({ ...warned, last_execution_time: 0 }), memory }).task.result, 'canceled');
  });

  it('that no run followed is forgotten, so that the next run does not inherit it', () => {
    let memory = withCancel(start(), 1, now);
    ({ memory } = poll({ task: seedTask(), memory }));
    assert.deepEqual(memory.canceledRuns, [{ runId: 0, atMs: now }], 'the run may be booked a moment later');
    ({ memory } = poll({ task: seedTask(), memory }));
    assert.deepEqual(memory.canceledRuns, []);
  });

  it('of several runs that ended belongs to the one that says itself that it was canceled', () => {
    const memory = withCancel(start(), 1, at('09:59:30'));
    const history = [row({ runId: 2, status: 7, endedAt: '2024-12-10T10:00:00Z' })];
    const { endedRuns } = poll({ task: third(), memory, context: { history } });
    assert.deepEqual(
      endedRuns.map(({ result }) => result),
      ['canceled', 'success'],
    );
  });

  it('of several runs that ended belongs to the first that ended after it, else to the last that ended just before', () => {
    const history = [row({ runId: 2, endedAt: '2024-12-10T11:19:30Z' })];
    const results = (time: string): unknown[] => {
      const memory = withCancel(start(), 1, at(time));
      return poll({ task: third(), memory, context: { history } }).endedRuns.map(({ result }) => result);
    };
    assert.deepEqual(results('11:19:00'), ['canceled', 'success']);
    assert.deepEqual(results('11:19:45'), ['success', 'canceled']);
    assert.deepEqual(results('11:20:10'), ['success', 'canceled']);
  });

  it('that was accepted before the task was ever seen counts at the first sight', () => {
    const early = (atMs: number) => [{ taskId: 1, runId: 2, atMs }];
    const found = poll({ task: secondRun(warned), context: { earlyCancels: early(at('10:59:30')) } });
    assert.equal(found.task.result, 'canceled');
    assert.deepEqual(found.endedRuns, []);
    const running = poll({ task: runningTask(warned), context: { earlyCancels: early(at('10:59:30')) } });
    assert.equal(poll({ task: secondRun(warned), memory: running.memory }).endedRuns[0]?.result, 'canceled');
    const late = poll({ task: seedTask(), context: { earlyCancels: early(at('10:59:30')) } });
    assert.equal(poll({ task: secondRun(warned), memory: late.memory }).endedRuns[0]?.result, 'canceled');
    const other = poll({ task: secondRun(warned), context: { earlyCancels: [{ taskId: 2, runId: 2, atMs: now }] } });
    assert.equal(other.task.result, 'partial');
  });

  it('is remembered of the last ten only', () => {
    let memory = start();
    for (let id = 2; id <= 20; id += 1) memory = withCancel(memory, id, now);
    assert.equal(memory.canceledRuns.length, 10);
    assert.equal(memory.canceledRuns.at(-1)?.runId, 20);
  });
});
