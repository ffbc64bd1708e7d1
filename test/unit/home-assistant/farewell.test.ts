// What a publisher leaves on the broker when it closes.
import assert from 'node:assert/strict';
import { bench, longMs, type Bench, type BenchOptions } from './bench';
import { manyTasks, snapshot } from './fixtures';

const base = 'active-backup/office';
const run = `${base}/task/1/cmd/run`;

/** A publisher of `count` tasks that has announced everything. */
async function announced(count: number, options: BenchOptions = {}): Promise<Bench> {
  const made = bench(options);
  made.monitor.poll(snapshot(manyTasks(count)));
  await made.scheduler.pass(longMs);
  return made;
}

/** Deletes the node; the answer is what was published meanwhile, empty payloads only. */
async function remove(made: Bench): Promise<string[]> {
  made.broker.take();
  const closing = made.publisher.close({ removed: true });
  await made.scheduler.pass(longMs);
  await closing;
  const messages = made.broker.take();
  assert.deepEqual(
    messages.filter(({ payload }) => payload !== ''),
    [],
  );
  return messages.map(({ topic }) => topic);
}

const isDocument = (topic: string): boolean => topic.startsWith('homeassistant/');

describe('a publisher that closes', () => {
  it('says offline and leaves everything else on the broker', async () => {
    const { broker, publisher } = await announced(2);
    const before = broker.store.size;
    broker.take();
    await publisher.close({ removed: true });
    assert.deepEqual(
      broker.take().map(({ topic, payload }) => `${topic} ${payload}`),
      [`${base}/status offline`],
    );
    assert.equal(broker.store.size, before);
    assert.equal(broker.ended, true);
  });

  it('leaves nothing of its own when its node is deleted and that was wanted', async () => {
    const { broker, publisher, scheduler } = await announced(2, {
      settings: { removeOnDelete: true },
      store: [['homeassistant/device/somebody/config', '{}']],
    });
    const closing = publisher.close({ removed: true });
    await scheduler.pass(longMs);
    await closing;
    assert.deepEqual([...broker.store.keys()], ['homeassistant/device/somebody/config']);
  });

  it('watches the NAS no longer', async () => {
    const { monitor, publisher } = await announced(1);
    await publisher.close();
    assert.equal(monitor.watchers.length, 0);
  });

  it('empties only the documents that are there, those of tasks before that of the package', async () => {
    const earlier = await announced(2);
    const made = await announced(1, { settings: { removeOnDelete: true }, store: earlier.broker.store });
    made.broker.disconnect();
    made.broker.connect();
    await made.scheduler.pass(longMs);
    const emptied = await remove(made);
    assert.deepEqual(emptied.filter(isDocument), [
      'homeassistant/device/active_backup_office_task_1/config',
      'homeassistant/device/active_backup_office/config',
    ]);
    assert.deepEqual([...made.broker.store.keys()], []);
  });

  it('touches nothing under the discovery prefix where discovery is off', async () => {
    const made = await announced(1, { settings: { removeOnDelete: true, discovery: false } });
    assert.deepEqual((await remove(made)).filter(isDocument), []);
    assert.deepEqual([...made.broker.store.keys()], []);
  });

  it('leaves no retained command either, also one that did not look retained when it came', async () => {
    for (const discovery of [true, false]) {
      const made = await announced(1, { settings: { removeOnDelete: true, discovery } });
      made.broker.say(run, 'PRESS', true);
      made.broker.say(`${base}/cmd/refresh`, 'PRESS', true);
      await made.scheduler.pass(100);
      await remove(made);
      assert.deepEqual([...made.broker.store.keys()], []);
    }
  });
});
