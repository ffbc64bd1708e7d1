// When a task that is no longer listed is given up.
import assert from 'node:assert/strict';
import { type Row, taskRow } from './fake-nas';
import { bench, kill, Witness, seen, watched } from './support';

const minute = 60_000;
const hour = 60 * minute;

const threeTasks = (): Row[] => [1, 2, 3].map((id) => taskRow(id));

describe('removal of a task', () => {
  it('waits for two good polls that lie a minute apart', async () => {
    const { nas, scheduler, monitor, witness } = await watched(threeTasks(), {
      pollSeconds: 20,
      pollRunningSeconds: 20,
    });
    nas.tasks.pop();
    await scheduler.pass(20_000);
    assert.deepEqual(seen(monitor).missingTaskIds, [3]);
    await scheduler.pass(59_000);
    assert.deepEqual(witness.told, []);
    assert.deepEqual(seen(monitor).missingTaskIds, [3]);
    await scheduler.pass(1_000);
    assert.deepEqual(witness.told, ['removed']);
    assert.deepEqual(seen(monitor).missingTaskIds, []);
    await scheduler.pass(hour);
    assert.deepEqual(witness.told, ['removed']);
  });

  it('forgives a task that was missing in one answer', async () => {
    const { nas, scheduler, monitor, witness } = await watched(threeTasks());
    const gone = nas.tasks.pop()!;
    await scheduler.pass(minute);
    nas.tasks.push(gone);
    await scheduler.pass(minute);
    nas.tasks.pop();
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, []);
    assert.deepEqual(seen(monitor).missingTaskIds, [3]);
  });

  it('never follows a failed poll: both good ones come after it', async () => {
    const { nas, scheduler, monitor, witness } = await watched(threeTasks());
    nas.tasks.pop();
    await scheduler.pass(minute);
    nas.fail('getTasks', 'UNREACHABLE');
    await scheduler.pass(5 * hour);
    assert.deepEqual(witness.told, ['nas_lost']);
    nas.fail('getTasks', null);
    await monitor.refresh();
    assert.deepEqual(witness.told, ['nas_lost', 'nas_back']);
    await scheduler.pass(2 * minute);
    assert.equal(witness.told.at(-1), 'removed');
  });

  it('is not hastened by a NAS whose clock jumps', async () => {
    const { nas, scheduler, witness } = await watched(threeTasks());
    nas.tasks = [];
    nas.skewMs = -20 * 365 * 24 * hour;
    await scheduler.pass(minute);
    nas.skewMs = 0;
    await scheduler.pass(hour);
    assert.deepEqual(witness.told, []);
  });

  it('waits 24 hours when the list drops to empty, says so, and holds that over a restart', async () => {
    const first = await watched(threeTasks());
    first.nas.tasks = [];
    await first.scheduler.pass(10 * hour);
    assert.equal(seen(first.monitor).listDroppedToEmpty, true);
    assert.deepEqual(seen(first.monitor).missingTaskIds, [1, 2, 3]);
    kill(first);
    const second = bench({ pollSeconds: 60 }, first);
    const witness = new Witness('witness');
    second.monitor.watch(witness);
    await second.scheduler.pass(13 * hour);
    assert.deepEqual(witness.told, []);
    await second.scheduler.pass(hour + 2 * minute);
    assert.deepEqual(witness.told, ['removed', 'removed', 'removed']);
    assert.equal(seen(second.monitor).listDroppedToEmpty, false);
    assert.deepEqual(Object.keys(second.monitor.remembered.tasks), []);
  });

  it('takes the usual way again when some of the tasks are back', async () => {
    const { nas, scheduler, monitor, witness } = await watched(threeTasks());
    const [one] = nas.tasks;
    nas.tasks = [];
    await scheduler.pass(12 * hour);
    nas.tasks = [one!];
    await scheduler.pass(minute);
    assert.equal(seen(monitor).listDroppedToEmpty, false);
    assert.deepEqual(witness.told, []);
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['removed', 'removed']);
  });
});
