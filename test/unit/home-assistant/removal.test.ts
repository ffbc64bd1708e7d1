import assert from 'node:assert/strict';
import { bench, longMs, type Bench, type BenchOptions } from './bench';
import type { RecordedMessage } from './fake-broker';
import { event, health, lost, manyTasks, snapshot, startMs, task } from './fixtures';

const taskTopic = (id: number): string => `homeassistant/device/active_backup_office_task_${id}/config`;
const base = 'active-backup/office';
const stateTopics = (id: number): string[] => [`${base}/task/${id}/state`, `${base}/task/${id}/attributes`];

async function announced(count: number, options: BenchOptions = {}): Promise<Bench> {
  const made = bench(options);
  made.monitor.poll(snapshot(manyTasks(count)));
  await made.scheduler.pass(longMs);
  made.broker.take();
  return made;
}

function remains(made: Bench, id: number): string[] {
  return [taskTopic(id), ...stateTopics(id)].filter((topic) => made.broker.store.has(topic));
}

function print({ topic, payload }: RecordedMessage): string {
  if (payload === '') return `${topic} (empty)`;
  const type = payload.startsWith('{') ? (JSON.parse(payload) as { event_type?: string }).event_type : undefined;
  return `${topic} ${type ?? '(full)'}`;
}

describe('a task that was given up', () => {
  it('is told as removed first; then its document goes, and its states when the entities are gone', async () => {
    const made = await announced(2);
    const [one, two] = manyTasks(2);
    made.monitor.poll(snapshot([one!]), health(), [event('removed', two!)]);
    await made.scheduler.pass(longMs);
    const messages = made.broker.take().filter(({ topic }) => topic.includes('task'));
    assert.deepEqual(messages.map(print), [
      `${base}/task/2/event removed`,
      `${taskTopic(2)} (empty)`,
      `${base}/task/2/state (empty)`,
      `${base}/task/2/attributes (empty)`,
    ]);
    assert.ok(messages[2]!.atMs - messages[1]!.atMs >= 2000);
    assert.deepEqual(remains(made, 1).length, 3);
  });

  it('goes without an event too, a little later', async () => {
    const made = await announced(2);
    made.monitor.poll(snapshot(manyTasks(1)));
    await made.scheduler.pass(4_000);
    assert.equal(remains(made, 2).length, 3);
    await made.scheduler.pass(longMs);
    assert.deepEqual(remains(made, 2), []);
  });

  it('goes when the broker is back, its event before it', async () => {
    const made = await announced(2);
    made.broker.disconnect();
    made.monitor.poll(snapshot(manyTasks(1)), health(), [event('removed', manyTasks(2)[1]!)]);
    await made.scheduler.pass(60_000);
    made.broker.connect();
    await made.scheduler.pass(longMs);
    const order = made.broker.take().map(print);
    assert.ok(order.indexOf(`${base}/task/2/event removed`) < order.indexOf(`${taskTopic(2)} (empty)`));
    assert.deepEqual(remains(made, 2), []);
  });

  it('stays when it is back before its event could be told', async () => {
    const made = await announced(2);
    made.monitor.poll(snapshot(manyTasks(1)));
    await made.scheduler.pass(1_000);
    made.monitor.poll(snapshot(manyTasks(2)));
    await made.scheduler.pass(longMs);
    assert.equal(remains(made, 2).length, 3);
  });
});

describe('a task that is only missing', () => {
  it('stays, also over a broker that lost what it kept', async () => {
    const made = await announced(2);
    made.monitor.poll(snapshot(manyTasks(1), { missingTaskIds: [2] }));
    await made.scheduler.pass(longMs);
    assert.deepEqual(remains(made, 2).length, 3);
    made.broker.disconnect(true);
    made.broker.connect();
    await made.scheduler.pass(longMs);
    assert.deepEqual(remains(made, 2).length, 3);
  });

  it('stays after failed polls and when the list drops to empty', async () => {
    const made = await announced(2);
    made.monitor.poll(null, lost);
    await made.scheduler.pass(longMs);
    made.monitor.poll(snapshot([], { listDroppedToEmpty: true }));
    await made.scheduler.pass(longMs);
    assert.equal(remains(made, 1).length + remains(made, 2).length, 6);
  });

  it('goes when it is given up after a restart that never saw it', async () => {
    const earlier = await announced(2);
    const made = bench({ store: earlier.broker.store });
    made.monitor.poll(snapshot(manyTasks(1), { missingTaskIds: [2] }));
    await made.scheduler.pass(longMs);
    assert.equal(remains(made, 2).length, 3);
    made.monitor.poll(snapshot(manyTasks(1)));
    await made.scheduler.pass(longMs);
    assert.deepEqual(remains(made, 2), []);
  });
});

describe('what an earlier run left behind', () => {
  it('is cleared after the first good poll, and not after a failed one', async () => {
    const earlier = await announced(3);
    const made = bench({ store: earlier.broker.store });
    made.monitor.poll(null, lost);
    await made.scheduler.pass(longMs);
    assert.equal(remains(made, 3).length, 3);
    made.monitor.poll(snapshot([manyTasks(1)[0]!]));
    await made.scheduler.pass(longMs);
    assert.deepEqual([...remains(made, 2), ...remains(made, 3)], []);
    assert.equal(remains(made, 1).length, 3);
  });

  it('is cleared where only states are left', async () => {
    const made = bench({ store: [[`${base}/task/9/state`, '{}']] });
    made.monitor.poll(snapshot([task()]));
    await made.scheduler.pass(longMs);
    assert.deepEqual(remains(made, 9), []);
  });

  it("is never anybody else's", async () => {
    const foreign = [
      [
        'homeassistant/device/active_backup_office_task_9/config',
        '{"origin":{"name":"other"},"device":{},"components":{}}',
      ],
      ['homeassistant/device/zigbee/config', '{}'],
      ['active-backup/office_b/task/9/state', '{}'],
      ['active-backup/office/notes', 'mine'],
    ] as const;
    const neighbour = bench({ settings: { slug: 'office_task_1' } });
    neighbour.monitor.poll(snapshot(manyTasks(3)));
    await neighbour.scheduler.pass(longMs);
    const made = bench({ store: [...foreign, ...neighbour.broker.store] });
    made.monitor.poll(snapshot([task({ id: 5 })]));
    await made.scheduler.pass(longMs);
    for (const [topic, payload] of [...foreign, ...neighbour.broker.store]) {
      assert.equal(made.broker.store.get(topic), payload, topic);
    }
  });

  it('is not judged by an empty list before a day of this machine has passed, whatever the NAS says of time', async () => {
    const hourMs = 3_600_000;
    const earlier = await announced(1);
    const made = bench({ store: earlier.broker.store });
    made.monitor.poll(snapshot([], { atMs: Date.parse('2000-01-01') }));
    await made.scheduler.pass(longMs);
    made.monitor.poll(snapshot([], { atMs: startMs }));
    await made.scheduler.pass(23 * hourMs);
    made.monitor.poll(snapshot([], { atMs: startMs + 1 }));
    await made.scheduler.pass(hourMs);
    assert.equal(remains(made, 1).length, 3);
    made.monitor.poll(null, lost);
    await made.scheduler.pass(longMs);
    assert.equal(remains(made, 1).length, 3, 'a failed poll is no witness');
    made.monitor.poll(snapshot([], { atMs: startMs + 2 }));
    await made.scheduler.pass(longMs);
    assert.deepEqual(remains(made, 1), []);
  });

  it('is not replaced by a poorer document while the NAS is away', async () => {
    const earlier = await announced(1);
    const topic = 'homeassistant/device/active_backup_office/config';
    const before = earlier.broker.store.get(topic);
    const made = bench({ store: earlier.broker.store });
    made.monitor.poll(null, lost);
    await made.scheduler.pass(longMs);
    assert.equal(made.broker.store.get(topic), before);
  });
});
