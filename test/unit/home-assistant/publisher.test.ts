import assert from 'node:assert/strict';
import { lintDocuments } from '../../home-assistant/lint-documents';
import { bench, longMs, type Bench, type BenchOptions } from './bench';
import type { RecordedMessage } from './fake-broker';
import { event, health, lost, manyTasks, snapshot, task } from './fixtures';

const packageTopic = 'homeassistant/device/active_backup_office/config';
const taskTopic = (id: number): string => `homeassistant/device/active_backup_office_task_${id}/config`;
const base = 'active-backup/office';

const topicsOf = (messages: readonly RecordedMessage[]): string[] => messages.map(({ topic }) => topic);
const isDocument = ({ topic }: RecordedMessage): boolean => topic.startsWith('homeassistant/');

/** A publisher of `count` tasks that has announced everything. */
async function announced(count: number, options: BenchOptions = {}): Promise<Bench> {
  const made = bench(options);
  made.monitor.poll(snapshot(manyTasks(count)));
  await made.scheduler.pass(longMs);
  return made;
}

describe('a publisher that starts', () => {
  it('has the last will offline on its status', () => {
    assert.deepEqual(bench().will, { topic: `${base}/status`, payload: 'offline' });
  });

  it('publishes nothing before the first poll has ended', async () => {
    const { broker, scheduler } = bench();
    await scheduler.pass(longMs);
    assert.deepEqual(broker.messages, []);
  });

  it('shows no state of yesterday as live: states, then the NAS, then itself', async () => {
    const { broker, monitor, scheduler } = bench();
    monitor.poll(snapshot([task()]));
    await scheduler.pass(longMs);
    const order = topicsOf(broker.messages);
    const at = (topic: string): number => order.indexOf(topic);
    assert.ok(at(`${base}/task/1/state`) >= 0);
    assert.ok(at(`${base}/task/1/state`) < at(`${base}/nas`));
    assert.ok(at(`${base}/nas`) < at(`${base}/status`));
  });

  it('calls the NAS offline before it calls itself online when the first poll fails', async () => {
    const { broker, monitor, scheduler } = bench({ store: [[`${base}/nas`, 'online']] });
    monitor.poll(null, lost);
    await scheduler.pass(longMs);
    const [first, second] = broker.messages;
    assert.deepEqual([first?.topic, first?.payload], [`${base}/nas`, 'offline']);
    assert.deepEqual([second?.topic, second?.payload], [`${base}/status`, 'online']);
    assert.ok(broker.store.has(packageTopic), 'a new user sees the package, and why it is away');
  });

  it('announces the package first and the tasks paced', async () => {
    const { broker } = await announced(3);
    const documents = broker.messages.filter(isDocument);
    assert.deepEqual(topicsOf(documents), [packageTopic, taskTopic(1), taskTopic(2), taskTopic(3)]);
    for (const [index, { atMs }] of documents.entries()) {
      if (index > 0) assert.ok(atMs - (documents[index - 1]?.atMs ?? 0) >= 50);
    }
    assert.ok(broker.messages.every(({ retain }) => retain));
  });

  it('has everything of a hundred tasks on the broker, and Home Assistant takes it', async () => {
    const { broker } = await announced(100);
    const documents = broker.messages.filter(isDocument);
    assert.equal(documents.length, 101);
    assert.deepEqual(lintDocuments(documents, broker.store), []);
    assert.equal(broker.store.size, 101 + 200 + 3);
  });

  it('publishes states without documents where discovery is off, and takes old documents away', async () => {
    const earlier = await announced(1);
    const { broker } = await announced(1, { settings: { discovery: false }, store: earlier.broker.store });
    assert.deepEqual(
      [...broker.store.keys()].filter((topic) => topic.startsWith('homeassistant/')),
      [],
    );
    assert.equal(broker.store.get(`${base}/status`), 'online');
    assert.ok(broker.store.has(`${base}/task/1/state`));
  });
});

describe('a publisher at work', () => {
  it('publishes nothing at all in three idle polls', async () => {
    const { broker, monitor, scheduler } = await announced(3);
    broker.take();
    for (let poll = 1; poll <= 3; poll += 1) {
      const atMs = scheduler.now();
      monitor.poll(snapshot(manyTasks(3), { atMs }), health({ lastGoodPollMs: atMs }));
      await scheduler.pass(60_000);
    }
    assert.deepEqual(broker.take(), []);
  });

  it('publishes one change of one task as its state, its attributes and one event, the event last', async () => {
    const { broker, monitor, scheduler } = await announced(3);
    broker.take();
    const changed = task({ id: 2, name: 'Task 2', lastRun: { ...task().lastRun!, runId: 8, durationSeconds: 60 } });
    monitor.poll(snapshot([manyTasks(3)[0]!, changed, manyTasks(3)[2]!]), health(), [event('success', changed)]);
    await scheduler.pass(longMs);
    const messages = broker.take();
    assert.deepEqual(topicsOf(messages), [`${base}/task/2/state`, `${base}/task/2/attributes`, `${base}/task/2/event`]);
    assert.deepEqual(
      messages.map(({ retain }) => retain),
      [true, true, false],
    );
  });

  it('sends the state first even where the event was told before the update', async () => {
    const { broker, monitor, scheduler } = await announced(1);
    broker.take();
    void monitor.tell(event('nas_lost', null));
    monitor.poll(null, lost);
    await scheduler.pass(longMs);
    assert.deepEqual(topicsOf(broker.take()), [`${base}/nas`, `${base}/state`, `${base}/event`]);
  });

  it('lets two seconds pass between two different documents on one topic', async () => {
    const { broker, monitor, scheduler } = await announced(1);
    broker.take();
    for (const name of ['One', 'Two', 'Three', 'Four']) {
      monitor.poll(snapshot([task({ name })]));
      await scheduler.pass(500);
    }
    await scheduler.pass(longMs);
    const documents = broker.take().filter(({ topic }) => topic === taskTopic(1));
    assert.match(documents.at(-1)?.payload ?? '', /M365 backup Four/);
    for (const [index, { atMs }] of documents.entries()) {
      if (index > 0) assert.ok(atMs - documents[index - 1]!.atMs >= 2000);
    }
    assert.ok(documents.length < 4, 'what was overtaken is not sent');
  });

  it('removes a dropped component by its platform, and leaves it out two seconds later', async () => {
    const { broker, monitor, scheduler } = await announced(1);
    broker.take();
    monitor.poll(snapshot([task({ name: 'Task 1', policy: 'manual' })]));
    await scheduler.pass(longMs);
    const [removal, final] = broker.take().filter(isDocument);
    const components = (message: RecordedMessage | undefined): Record<string, unknown> =>
      (JSON.parse(message?.payload ?? '') as { components: Record<string, unknown> }).components;
    assert.deepEqual(components(removal).next_run, { platform: 'sensor' });
    assert.equal('next_run' in components(final), false);
    assert.ok(final!.atMs - removal!.atMs >= 2000);
  });

  it('removes the buttons of an earlier run whose control was on', async () => {
    const earlier = await announced(1);
    const { broker } = await announced(1, { settings: { control: false }, store: earlier.broker.store });
    const documents = broker.messages.filter(({ topic }) => topic === taskTopic(1));
    assert.match(documents[0]?.payload ?? '', /"run":\{"platform":"button"\}/);
    assert.doesNotMatch(documents[1]?.payload ?? '', /"run":/);
    assert.equal(documents.length, 2);
  });
});

describe('a publisher and Home Assistant', () => {
  it('answers a birth after two to ten seconds with everything', async () => {
    const { broker, scheduler } = await announced(2);
    broker.take();
    broker.say('homeassistant/status', 'online');
    broker.say('homeassistant/status', 'online');
    await scheduler.pass(1_900);
    assert.deepEqual(broker.take(), []);
    await scheduler.pass(10_000);
    const messages = broker.take();
    assert.equal(messages.filter(isDocument).length, 3);
    assert.equal(messages.length, 3 + 4 + 3);
  });

  it('answers a birth on its usual topic, and on that of another discovery prefix, once for both', async () => {
    const { broker, scheduler } = await announced(1, { settings: { discoveryPrefix: 'ha' } });
    for (const topics of [['homeassistant/status'], ['ha/status'], ['ha/status', 'homeassistant/status']]) {
      broker.take();
      for (const topic of topics) broker.say(topic, 'online');
      await scheduler.pass(longMs);
      assert.equal(broker.take().length, 2 + 2 + 3, topics.join(' and '));
    }
  });

  it('does not answer its end, nor a birth that the broker kept', async () => {
    const { broker, scheduler } = await announced(1, { store: [['homeassistant/status', 'online']] });
    broker.take();
    broker.say('homeassistant/status', 'offline');
    await scheduler.pass(longMs);
    assert.deepEqual(broker.take(), []);
  });

  it('corrects a last will that arrives after it connected again', async () => {
    const { broker, scheduler } = await announced(1);
    broker.take();
    broker.say(`${base}/status`, 'offline', true);
    await scheduler.pass(longMs);
    assert.deepEqual(topicsOf(broker.take()), [`${base}/status`]);
    assert.equal(broker.store.get(`${base}/status`), 'online');
  });
});

describe("a publisher's node", () => {
  it('is told how broker, NAS and tasks are, and only when it changes', async () => {
    const { statuses, monitor, broker } = await announced(2);
    monitor.poll(snapshot(manyTasks(2)));
    broker.disconnect();
    assert.deepEqual(
      statuses.map(({ brokerConnected, nas, tasks }) => `${brokerConnected} ${nas} ${tasks ?? '-'}`),
      ['false unknown -', 'true unknown -', 'true online 2', 'false online 2'],
    );
  });

  it('gets the number of published messages for a refresh', async () => {
    const { publisher, monitor, scheduler } = await announced(2);
    const unchanged = publisher.refresh();
    await scheduler.pass(longMs);
    assert.deepEqual(await unchanged, { tasks: 2, published: 0 });
    monitor.refresh = () => {
      const found = snapshot(manyTasks(3));
      monitor.poll(found);
      return Promise.resolve(found);
    };
    const grown = publisher.refresh();
    await scheduler.pass(longMs);
    // State and attributes of the new task, the package's count, and one document.
    assert.deepEqual(await grown, { tasks: 3, published: 4 });
  });

  it('gets, for a refresh during the start, the number of messages of the start', async () => {
    const { publisher, monitor, broker, scheduler } = bench({}, false);
    monitor.poll(snapshot(manyTasks(2)));
    const refreshed = publisher.refresh();
    await scheduler.pass(100);
    broker.connect();
    await scheduler.pass(longMs);
    assert.deepEqual(await refreshed, { tasks: 2, published: broker.messages.length });
    assert.equal(broker.messages.length, 3 + 4 + 3);
  });

  it('gets its answer to a refresh in a few seconds while the broker is away', async () => {
    const { publisher, monitor, scheduler } = bench({}, false);
    monitor.poll(snapshot(manyTasks(2)));
    const refreshed = publisher.refresh();
    await scheduler.pass(6_000);
    assert.deepEqual(await refreshed, { tasks: 2, published: 0 });
  });
});
