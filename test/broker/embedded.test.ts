// The publisher over a real MQTT client and an embedded broker.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { event, health, manyTasks, snapshot, task } from '../unit/home-assistant/fixtures';
import { keptBy, observe, startPublisher, until, type Observer, type RealBench, type Target } from './bench';
import { judgeDistances } from './distance';
import { startEmbeddedBroker, type EmbeddedBroker } from './embedded-broker';
import { shortSequence } from './short-sequence';

const base = 'active-backup/office';
const taskTopic = (id: number): string => `homeassistant/device/active_backup_office_task_${id}/config`;
const run = `${base}/task/1/cmd/run`;

describe('a publisher on an embedded broker', () => {
  let broker: EmbeddedBroker;
  let target: Target;
  let seen: Observer;
  let running: RealBench[] = [];

  const start = (
    ...args: Parameters<typeof startPublisher> extends [Target, ...infer Rest] ? Rest : never
  ): RealBench => {
    const made = startPublisher(target, ...args);
    running.push(made);
    return made;
  };

  /** A publisher that has announced its tasks. */
  const announced = async (count: number): Promise<RealBench> => {
    const made = start();
    made.monitor.poll(snapshot(manyTasks(count)));
    await until('everything to be announced', () => seen.retained.has(taskTopic(count)));
    return made;
  };

  beforeEach(async () => {
    broker = await startEmbeddedBroker();
    target = { url: broker.url, options: { protocolVersion: 4 } };
    seen = await observe(target);
  });

  afterEach(async () => {
    await Promise.all(running.map(({ publisher }) => publisher.close()));
    running = [];
    await seen.end();
    await broker.stop();
  });

  it('lives through the short sequence', () => shortSequence(target));

  it('lets two seconds pass between two different documents on a topic, also over a redeploy', async function () {
    this.timeout(60_000);
    await judgeDistances(target);
  });

  it('is offline by its last will when it is killed, and nothing is removed', async () => {
    const { breakConnection, publisher } = await announced(1);
    breakConnection();
    await until('the last will', () => seen.live.some(({ payload }) => payload === 'offline'));
    await publisher.close();
    assert.ok((await keptBy(target, '#')).has(taskTopic(1)));
  });

  it('restores a broker that restarted with an empty store', async () => {
    await announced(2);
    const before = new Map(seen.retained);
    await broker.stop();
    seen.retained.clear();
    await broker.startEmpty();
    await until('everything to be back', () => seen.retained.size === before.size);
    assert.deepEqual(seen.retained, before);
  });

  it('takes back at once what a power cut of the whole house left as online', async () => {
    await seen.publish(`${base}/status`, 'online', true);
    start();
    await until('the status to be taken back', () => seen.retained.get(`${base}/status`) === 'offline');
    assert.deepEqual([...(await keptBy(target, '#')).keys()], [`${base}/status`]);
  });

  it('answers the birth of Home Assistant with documents and states', async () => {
    await announced(1);
    seen.live.length = 0;
    await seen.publish('homeassistant/status', 'online');
    await until('the document', () => seen.live.some(({ topic }) => topic === taskTopic(1)));
    assert.ok(seen.live.some(({ topic }) => topic === `${base}/task/1/state`));
  });

  it('discards and clears a retained command at every connect', async () => {
    await seen.publish(run, 'PRESS', true);
    const { calls, breakConnection } = await announced(1);
    await until('the command to be cleared', async () => !(await keptBy(target, `${base}/#`)).has(run));
    breakConnection();
    await until('the publisher to be back', () => seen.live.filter(({ payload }) => payload === 'online').length > 2);
    assert.deepEqual(calls, []);
  });

  it('delivers no press that was made while it was away', async () => {
    const first = await announced(1);
    await first.publisher.close();
    await seen.publish(run, 'PRESS');
    const second = start();
    second.monitor.poll(snapshot(manyTasks(1)));
    await until('the second to be online', () => seen.retained.get(`${base}/status`) === 'online');
    await delay(300);
    assert.deepEqual(second.calls, []);
  });

  it('cleans up at start what an earlier run left, and nothing else', async () => {
    const first = await announced(3);
    await first.publisher.close();
    await seen.publish('homeassistant/device/other/config', '{"origin":{"name":"other"}}', true);
    const second = start();
    second.monitor.poll(snapshot(manyTasks(1)));
    await until('the clean-up', () => !seen.retained.has(`${base}/task/3/attributes`));
    assert.equal(seen.retained.has(taskTopic(2)) || seen.retained.has(taskTopic(3)), false);
    assert.ok(seen.retained.has(taskTopic(1)) && seen.retained.has('homeassistant/device/other/config'));
  });

  it('publishes nothing in three idle polls, and one change as state, attributes and one event', async () => {
    const { monitor } = await announced(2);
    await delay(300);
    seen.live.length = 0;
    for (let poll = 0; poll < 3; poll += 1) {
      monitor.poll(snapshot(manyTasks(2), { atMs: Date.now() }), health({ lastGoodPollMs: Date.now() }));
      await delay(100);
    }
    assert.deepEqual(seen.live, []);
    const changed = task({ id: 2, name: 'Task 2', lastRun: { ...task().lastRun!, runId: 8, durationSeconds: 60 } });
    monitor.poll(snapshot([manyTasks(1)[0]!, changed]), health(), [event('success', changed)]);
    await until('the event', () => seen.live.some(({ topic }) => topic.endsWith('/event')));
    await delay(300);
    assert.deepEqual(
      seen.live.map(({ topic }) => topic),
      [`${base}/task/2/state`, `${base}/task/2/attributes`, `${base}/task/2/event`],
    );
  });

  it('says offline when the NAS is away and leaves its states', async () => {
    const { monitor } = await announced(1);
    monitor.poll(null, health({ state: 'offline', errorCode: 'AUTH_FAILED' }));
    await until('the NAS to be offline', () => seen.retained.get(`${base}/nas`) === 'offline');
    assert.ok(seen.retained.has(`${base}/task/1/state`));
  });

  it('leaves nothing when its node is deleted and that was wanted, no retained command either', async () => {
    const made = start({ settings: { removeOnDelete: true } });
    made.monitor.poll(snapshot(manyTasks(2)));
    await until('everything to be announced', () => seen.retained.has(taskTopic(2)));
    await seen.publish(run, 'PRESS', true);
    await until('the command to be carried out', () => made.outcomes.length > 0);
    await made.publisher.close({ removed: true });
    assert.deepEqual([...(await keptBy(target, '#')).keys()], []);
  });

  it('survives a broker that is not there and connects when it comes', async () => {
    await broker.stop();
    const { log, monitor } = start();
    monitor.poll(snapshot(manyTasks(1)));
    await until('the failure to be logged', () => log.some((line) => line.includes('ECONNREFUSED')));
    await broker.startEmpty();
    await until('everything to be announced', () => seen.retained.has(taskTopic(1)));
    assert.equal(log.filter((line) => line.includes('ECONNREFUSED')).length, 1);
  });
});
