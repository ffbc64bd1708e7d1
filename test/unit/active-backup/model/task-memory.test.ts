// Reading a task's memory back from a file that may be older, newer or damaged.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readTaskMemory } from '../../../../lib/active-backup/assess';
import { now, poll, row, seedTask } from './support';

describe('the memory of a task', () => {
  it('comes back from JSON as it went', () => {
    const { memory } = poll({
      task: seedTask({ status: 6 }),
      context: { history: [row({ status: 6, errorCode: 4 })] },
    });
    assert.deepEqual(readTaskMemory(JSON.parse(JSON.stringify(memory))), memory);
  });

  it('is none where not even the first sighting can be read', () => {
    for (const value of [null, undefined, [], 'x', 4, {}, { firstSeenMs: 'yesterday' }, { firstSeenMs: null }]) {
      assert.equal(readTaskMemory(value), null);
    }
  });

  it('takes what is missing or wrong as not known', () => {
    const memory = readTaskMemory({
      firstSeenMs: now,
      lastRun: { result: 'splendid' },
      lastSuccessMs: 'x',
      failuresInARow: -3,
      completedSeconds: [1, 'x', -5, 2, 3, 4, 5, 6],
      canceledRuns: [...Array.from({ length: 50 }, (_, index) => ({ runId: index, atMs: now })), 7, { runId: 1 }],
      verdict: { problem: 'yes', reason: 'gremlins' },
      somethingNewer: { a: 1 },
    });
    assert.deepEqual(memory, {
      firstSeenMs: now,
      lastRun: null,
      lastSuccessMs: null,
      lastCompletedMs: null,
      failuresInARow: 0,
      partialsInARow: 0,
      partialSinceMs: null,
      completedSeconds: [1, 2, 3, 4, 5],
      baselineMs: null,
      runningSinceMs: null,
      runningJobId: null,
      verdict: { problem: false, reason: null },
      canceledRuns: Array.from({ length: 10 }, (_, index) => ({ runId: index + 40, atMs: now })),
    });
  });

  it('of any shape can be assessed against', () => {
    const names = Object.keys(poll({ task: seedTask() }).memory);
    const damaged = fc.dictionary(fc.constantFrom(...names, 'beforeLastRun', 'lastRunEvidence'), fc.jsonValue());
    fc.assert(
      fc.property(damaged, fc.boolean(), (fields, running) => {
        const memory = readTaskMemory({ firstSeenMs: now, ...fields });
        const { task } = poll({
          task: seedTask(running ? { status: 4 } : { task_execution_id: 2 }),
          memory,
          context: { history: [row()] },
        });
        assert.equal(typeof task.problem, 'boolean');
      }),
    );
  });
});
