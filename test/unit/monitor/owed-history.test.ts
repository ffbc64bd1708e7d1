// Polls whose history fails for a passing reason: what is shown, what waits, and for how long.
import assert from 'node:assert/strict';
import type { DsmErrorCode } from '../../../lib/dsm';
import { ended, historyRow, noonMs, running, taskRow } from './fake-nas';
import { bench, seen, Witness, type Bench, watched } from './support';

const minute = 60_000;

/** Two runs of task 1 that began and ended since the last poll; the list shows the second. */
function twoShortRuns({ nas }: Bench): void {
  nas.change(1, ended(300, noonMs + 30_000, { duration: 5 }));
  nas.history.push(historyRow(1, 299, noonMs + 20_000, { status: 6 }), historyRow(1, 300, noonMs + 30_000));
}

describe('a history that is owed', () => {
  for (const code of ['BUSY', 'TIMEOUT', 'UNREACHABLE', 'SESSION_LOST'] as const satisfies DsmErrorCode[]) {
    it(`leaves the poll good after ${code}, and no short run is lost: all is told once the history answers`, async () => {
      const made = await watched();
      const { monitor, nas, scheduler, witness } = made;
      twoShortRuns(made);
      nas.fail('listRuns', code);
      const remembered = monitor.remembered.tasks;
      await scheduler.pass(minute);
      assert.deepEqual(witness.told, []);
      assert.equal(monitor.health.state, 'online');
      assert.equal(monitor.health.failedPolls, 0);
      assert.deepEqual(monitor.remembered.tasks, remembered);
      assert.equal(seen(monitor).tasks[0]?.lastRun?.runId, 300);
      assert.deepEqual(seen(monitor).endedRuns, []);
      nas.fail('listRuns', null);
      await scheduler.pass(minute);
      assert.deepEqual(witness.told, ['started', 'partial', 'started', 'success', 'recovered']);
      assert.equal(seen(monitor).endedRuns.length, 2);
    });
  }

  it('is given up at the third poll in a row, which goes by the list alone', async () => {
    const made = await watched();
    const { nas, scheduler, witness } = made;
    twoShortRuns(made);
    nas.fail('listRuns', 'BUSY');
    await scheduler.pass(2 * minute);
    assert.deepEqual(witness.told, []);
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['started', 'success']);
    const asked = nas.count('listRuns');
    await scheduler.pass(10 * minute);
    assert.equal(nas.count('listRuns'), asked, 'nothing is owed any more');
    nas.change(1, running());
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['started', 'success'], 'the next one may be owed again');
  });

  it('fails the poll where the reason is no passing one', async () => {
    for (const code of ['AUTH_FAILED', 'OTP_REQUIRED', 'IP_BLOCKED'] as const) {
      const made = await watched();
      twoShortRuns(made);
      made.nas.fail('listRuns', code);
      await assert.rejects(made.monitor.refresh(), { code });
      assert.equal(made.monitor.health.state, 'offline');
    }
  });

  it('at the first poll of all leaves the baseline to the next one', async () => {
    const { monitor, nas, scheduler } = bench();
    const witness = new Witness('one');
    nas.history.push(historyRow(1, 101, noonMs - 3_600_000, { status: 6 }));
    nas.fail('listRuns', 'TIMEOUT');
    monitor.watch(witness);
    await scheduler.pass(50);
    assert.equal(seen(monitor).tasks[0]?.result, 'success');
    assert.deepEqual(monitor.remembered.tasks, {});
    nas.fail('listRuns', null);
    await scheduler.pass(minute);
    assert.equal(seen(monitor).tasks[0]?.result, 'partial');
    assert.deepEqual(witness.told, []);
  });

  it('gives up no task meanwhile', async () => {
    const made = await watched();
    const { monitor, nas, scheduler, witness } = made;
    nas.tasks.push(taskRow(2));
    await scheduler.pass(minute);
    witness.forget();
    nas.tasks = [nas.task(1)];
    await scheduler.pass(minute);
    twoShortRuns(made);
    nas.fail('listRuns', 'BUSY');
    await scheduler.pass(minute);
    assert.deepEqual(seen(monitor).missingTaskIds, [2]);
    assert.equal(witness.told.length, 0);
    nas.fail('listRuns', null);
    await scheduler.pass(minute);
    assert.equal(witness.told.filter((event) => event === 'removed').length, 1);
  });

  it('tells that it was polled, and no progress of a run whose start is not told yet', async () => {
    const { nas, scheduler, witness } = await watched();
    witness.forget();
    nas.change(1, running());
    nas.fail('listRuns', 'BUSY');
    await scheduler.pass(minute);
    assert.deepEqual(
      witness.events.map(({ event }) => event),
      ['polled'],
    );
    nas.fail('listRuns', null);
    await scheduler.pass(10_000);
    assert.deepEqual(
      witness.events.map(({ event }) => event),
      ['polled', 'started', 'progress', 'polled'],
    );
  });
});
