// Cancels that the NAS accepted from here: the monitor notes them, also of tasks that it has not seen yet.
import assert from 'node:assert/strict';
import { ended, historyRow, running, taskRow } from './fake-nas';
import { bench, watched } from './support';

const minute = 60_000;

describe('a cancel that was accepted', () => {
  it('counts a run as canceled when the NAS accepted our cancel, also while it was being asked', async () => {
    const { nas, scheduler, monitor, witness } = await watched();
    nas.change(1, running());
    await scheduler.pass(minute);
    let open: () => void = () => undefined;
    nas.gate = new Promise((resolve) => (open = resolve));
    const poll = monitor.refresh();
    monitor.noteCanceled(1, 101);
    nas.gate = null;
    open();
    await poll;
    nas.change(1, ended(200, scheduler.now(), { status: 1, warning_mail: 5 }));
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['started', 'canceled']);
  });

  it('counts a run as canceled whose cancel was accepted before the task was ever seen', async () => {
    for (const polls of [0, 1]) {
      const made = bench();
      const { nas, scheduler, monitor } = made;
      // The clock of a NAS that is an hour behind decides what came before what.
      nas.skewMs = -60 * minute;
      nas.change(1, running());
      monitor.noteCanceled(1, 101);
      if (polls > 0) await monitor.refresh();
      await scheduler.pass(10_000);
      nas.change(1, ended(102, scheduler.now() - 60 * minute, { warning_mail: 5 }));
      assert.equal((await monitor.refresh()).tasks[0]?.result, 'canceled');
      nas.change(1, ended(103, scheduler.now() - 59 * minute, { warning_mail: 5 }));
      assert.equal((await monitor.refresh()).tasks[0]?.result, 'partial', 'the next run is not');
    }
  });

  it('keeps an early cancel while the history is owed, and twenty of them at most', async () => {
    const { nas, monitor, scheduler } = bench();
    nas.change(1, ended(102, scheduler.now(), { warning_mail: 5 }));
    nas.tasks.push(taskRow(2, ended(202, scheduler.now(), { warning_mail: 5 })));
    monitor.noteCanceled(1, 102);
    for (let taskId = 100; taskId < 119; taskId += 1) monitor.noteCanceled(taskId, 1);
    monitor.noteCanceled(2, 202);
    nas.fail('listRuns', 'BUSY');
    const results = async (): Promise<unknown[]> => (await monitor.refresh()).tasks.map(({ result }) => result);
    assert.deepEqual(await results(), ['partial', 'canceled']);
    nas.fail('listRuns', null);
    assert.deepEqual(await results(), ['partial', 'canceled']);
  });

  it('books a cancel by the clock of the NAS', async () => {
    const { nas, scheduler, monitor, witness } = await watched();
    nas.skewMs = 60 * minute;
    nas.change(1, running());
    await scheduler.pass(minute);
    nas.history.push(historyRow(1, 200, scheduler.now() + 58 * minute));
    monitor.noteCanceled(1, 200);
    nas.change(1, ended(201, scheduler.now() + 60 * minute, { warning_mail: 5 }));
    await scheduler.pass(minute);
    const ends = witness.lasting.filter(({ event }) => event !== 'started');
    assert.deepEqual(
      ends.map(({ event, run }) => [event, run?.runId]),
      [
        ['success', 200],
        ['canceled', 201],
      ],
    );
  });
});
