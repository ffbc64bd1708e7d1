// The roll-up of many NASes.
import assert from 'node:assert/strict';
import { summarizeFleet, type FleetTask } from '../../../lib/monitor';

function task(nas: string, id: number, changes: Partial<FleetTask> = {}): FleetTask {
  return {
    nas,
    id,
    name: `${nas} ${id}`,
    activity: 'idle',
    result: 'success',
    resultBasis: 'status',
    policy: 'scheduled',
    schedule: null,
    lastRun: null,
    lastSuccessAt: '2026-11-22T02:00:00Z',
    lastCompletedAt: '2026-11-22T02:00:00Z',
    failuresInARow: 0,
    nextRunAt: null,
    overdue: false,
    stalled: false,
    problem: false,
    problemReason: null,
    usedBytes: 1,
    services: {},
    codes: { status: 1, taskStatus: 2, taskErrorCode: 0, jobId: 0, executionId: 1 },
    ...changes,
  };
}
const failed = (times: number): Partial<FleetTask> => ({
  result: 'failed',
  problem: true,
  problemReason: 'failed',
  failuresInARow: times,
});

describe('roll-up', () => {
  it('counts nothing of no tasks', () => {
    assert.deepEqual(summarizeFleet([]), {
      total: 0,
      byResult: { success: 0, partial: 0, failed: 0, canceled: 0, never: 0, unknown: 0 },
      running: 0,
      problems: 0,
      overdue: 0,
      worstFirst: [],
      oldestLastSuccess: null,
      withoutSuccess: 0,
    });
  });

  it('counts by result, activity and problem', () => {
    const summary = summarizeFleet([
      task('a', 1),
      task('a', 2, { activity: 'running' }),
      task('b', 1, failed(1)),
      task('b', 2, { overdue: true, problem: true, problemReason: 'overdue' }),
      task('c', 1, { result: 'never', lastSuccessAt: null, overdue: null }),
    ]);
    assert.equal(summary.total, 5);
    assert.deepEqual(summary.byResult, { success: 3, partial: 0, failed: 1, canceled: 0, never: 1, unknown: 0 });
    assert.equal(summary.running, 1);
    assert.equal(summary.problems, 2);
    assert.equal(summary.overdue, 1);
    assert.equal(summary.withoutSuccess, 1);
  });

  it('puts the worst first, and the same order whatever order they came in', () => {
    const expected = [
      task('late', 1, { ...failed(2), overdue: true }),
      task('failed', 9, failed(9)),
      task('failed', 1, failed(1)),
      task('overdue', 1, { problem: true, problemReason: 'overdue', overdue: true }),
      task('stalled', 1, { problem: true, problemReason: 'stalled', stalled: true }),
      task('odd', 1, { problem: true, problemReason: 'unexplained', result: 'unknown' }),
      task('partial', 1, { problem: true, problemReason: 'partial', result: 'partial' }),
      task('unsure', 1, { result: 'unknown' }),
      task('new', 1, { result: 'never', lastSuccessAt: null }),
      task('canceled', 1, { result: 'canceled' }),
      task('old', 1, { lastSuccessAt: '2026-11-20T02:00:00Z' }),
      task('a', 1),
      task('a', 2),
      task('b', 1),
    ];
    for (const given of [expected, [...expected].reverse(), [...expected].sort((l, r) => (l.nas < r.nas ? 1 : -1))]) {
      assert.deepEqual(
        summarizeFleet(given).worstFirst.map(({ nas, id }) => `${nas} ${id}`),
        expected.map(({ nas, id }) => `${nas} ${id}`),
      );
    }
  });

  it('names the task whose last success is oldest; those without one are counted beside it', () => {
    const summary = summarizeFleet([
      task('a', 1),
      task('b', 2, { lastSuccessAt: '2026-10-01T00:00:00Z' }),
      task('c', 3, { lastSuccessAt: null }),
    ]);
    assert.deepEqual(summary.oldestLastSuccess, {
      nas: 'b',
      id: 2,
      name: 'b 2',
      lastSuccessAt: '2026-10-01T00:00:00Z',
    });
    assert.equal(summary.withoutSuccess, 1);
  });
});
