// What a publisher does about a broker that is away for a while.
import assert from 'node:assert/strict';
import { bench, longMs, type Bench } from './bench';
import type { RecordedMessage } from './fake-broker';
import { event, health, manyTasks, snapshot, task } from './fixtures';

const base = 'active-backup/office';

const topicsOf = (messages: readonly RecordedMessage[]): string[] => messages.map(({ topic }) => topic);

/** The events among messages: topic and type. */
function eventsIn(messages: readonly RecordedMessage[]): string[] {
  return messages
    .filter(({ topic }) => topic.endsWith('/event'))
    .map(({ topic, payload }) => `${topic} ${(JSON.parse(payload) as { event_type: string }).event_type}`);
}

/** A publisher of `count` tasks that has announced everything. */
async function announced(count: number): Promise<Bench> {
  const made = bench();
  made.monitor.poll(snapshot(manyTasks(count)));
  await made.scheduler.pass(longMs);
  return made;
}

describe('a publisher whose broker was away', () => {
  it('brings everything back at once when the broker lost what it kept', async () => {
    const { broker, scheduler } = await announced(2);
    const before = new Map(broker.store);
    broker.disconnect(true);
    await scheduler.pass(60_000);
    broker.connect();
    await scheduler.pass(5_000);
    assert.deepEqual(broker.store, before);
  });

  it('keeps the latest event of each type and task, in order, and sends them after the states', async () => {
    const { broker, monitor, scheduler } = await announced(2);
    broker.disconnect();
    broker.take();
    const one = task({ name: 'Task 1' });
    const two = task({ id: 2, name: 'Task 2' });
    const told: string[] = [];
    const note = (name: string, promise: Promise<void>): void => {
      void promise.then(() => told.push(name));
    };
    note('first start', monitor.tell(event('started', one)));
    note('other task', monitor.tell(event('failed', two)));
    note('success', monitor.tell(event('success', one)));
    note('second start', monitor.tell(event('started', one)));
    await scheduler.pass(1000);
    assert.deepEqual(told, ['first start'], 'what is superseded counts as told, the rest does not');
    broker.connect();
    await scheduler.pass(longMs);
    const messages = broker.take();
    assert.deepEqual(eventsIn(messages), [
      `${base}/task/2/event failed`,
      `${base}/task/1/event success`,
      `${base}/task/1/event started`,
    ]);
    const topics = topicsOf(messages);
    assert.ok(topics.indexOf(`${base}/task/2/event`) > topics.indexOf(`${base}/task/2/state`));
    assert.deepEqual(told.sort(), ['first start', 'other task', 'second start', 'success']);
  });

  it('keeps them from before the first connection too, those of the package and of commands as well', async () => {
    const { broker, monitor, scheduler } = bench({}, false);
    const one = task({ name: 'Task 1' });
    const names = ['started', 'success', 'recovered', 'added'] as const;
    monitor.poll(
      snapshot([one]),
      health(),
      names.map((name) => event(name, one)),
    );
    void monitor.tell(event('nas_lost', null));
    void monitor.tell(event('nas_back', null));
    await scheduler.pass(100);
    broker.connect();
    await scheduler.pass(longMs);
    assert.deepEqual(eventsIn(broker.messages), [
      ...['started', 'success', 'recovered', 'added'].map((type) => `${base}/task/1/event ${type}`),
      ...['added', 'nas_lost', 'nas_back'].map((type) => `${base}/event ${type}`),
    ]);
  });

  it('tells an event again whose confirmation was lost with the connection', async () => {
    const { broker, monitor, scheduler } = await announced(1);
    broker.isMute = true;
    const promise = monitor.tell(event('failed', task({ name: 'Task 1' })));
    await scheduler.pass(100);
    broker.disconnect();
    broker.isMute = false;
    broker.take();
    broker.connect();
    await scheduler.pass(longMs);
    await promise;
    assert.equal(broker.take().filter(({ topic }) => topic.endsWith('/event')).length, 1);
  });

  it('gives unsent events back when it is closed', async () => {
    const { broker, monitor, publisher } = await announced(1);
    broker.disconnect();
    const promise = monitor.tell(event('failed', task()));
    const refused = assert.rejects(promise);
    await publisher.close();
    await refused;
  });
});
