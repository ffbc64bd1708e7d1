// What P/status and P/nas say to a subscriber who reads nothing else: yesterday's states are never shown as live.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { startMosquitto, type Mosquitto } from '../home-assistant/mosquitto';
import { until } from './bench';
import { publisherFlow, retainedTopics, slug, startRig, type Rig } from './node-red-rig';
import { describeMosquitto } from './tier';

const base = `active-backup/${slug}`;
const status = `${base}/status`;
const nasTopic = `${base}/nas`;

describeMosquitto('a restarted Node-RED', function () {
  this.timeout(120_000);
  let mosquitto: Mosquitto;
  let rig: Rig;

  const deploy = (): Promise<void> =>
    rig.nodeRed.deploy(publisherFlow(rig.nas, { url: mosquitto.urls.mqtt, protocolVersion: 4 }));
  const says = (topic: string, payload: string) => (): boolean => rig.seen.retained.get(topic) === payload;

  /** Forgets the live messages; what both topics said before is where the next ones start. */
  const fromNow = (): { [status]: string | undefined; [nasTopic]: string | undefined } => {
    rig.seen.live.length = 0;
    return { [status]: rig.seen.retained.get(status), [nasTopic]: rig.seen.retained.get(nasTopic) };
  };

  /** The index of the message after which both said online, or -1. */
  const liveFrom = (start: ReturnType<typeof fromNow>): number => {
    const says: Record<string, string | undefined> = { ...start };
    return rig.seen.live.findIndex(({ topic, payload }) => {
      says[topic] = payload;
      return says[status] === 'online' && says[nasTopic] === 'online';
    });
  };

  beforeEach(async () => {
    mosquitto = await startMosquitto();
    rig = await startRig({ url: mosquitto.urls.mqtt, options: {} }, 2);
    await deploy();
    await rig.keeps(retainedTopics([1, 2]));
    await until('the publisher to be online', says(status, 'online'));
  });
  afterEach(async () => {
    await rig.close();
    await mosquitto.dispose();
  });

  it('beside a refused login, and then beside a blocked one, shows nothing of yesterday as live', async () => {
    const { nodeRed, nas, seen } = rig;
    const documents = [...seen.retained].filter(([topic]) => topic.endsWith('/config'));
    nas.account.password = 'changed by somebody';
    const logins = nas.count('login');
    for (const expectedLogins of [logins + 1, logins + 1]) {
      await nodeRed.kill9();
      await until('the last will', says(status, 'offline'));
      const start = fromNow();
      await nodeRed.start();
      await until('the publisher to be online', says(status, 'online'));
      await delay(1_000);
      assert.equal(liveFrom(start), -1);
      assert.equal(seen.retained.get(nasTopic), 'offline');
      const state = JSON.parse(seen.retained.get(`${base}/state`) ?? '') as Record<string, unknown>;
      assert.deepEqual([state.last_error, state.tasks], ['auth_failed', null]);
      assert.equal(nas.count('login'), expectedLogins);
      assert.deepEqual(
        [...seen.retained].filter(([topic]) => topic.endsWith('/config')),
        documents,
        'nothing is removed',
      );
    }

    const start = fromNow();
    nas.task(1).rename('Renamed meanwhile');
    await deploy();
    await until('the NAS to be online', () => liveFrom(start) >= 0);
    const before = seen.live.slice(0, liveFrom(start) + 1);
    for (const id of [1, 2]) assert.ok(before.some(({ topic }) => topic === `${base}/task/${id}/state`));
    const first = before.find(({ topic }) => topic === `${base}/task/1/state`);
    assert.ok(first?.payload.includes('Renamed meanwhile'));
  });

  it('says nothing of itself before its first poll has ended', async () => {
    const { nodeRed, nas, seen } = rig;
    await nodeRed.kill9();
    await until('the last will', says(status, 'offline'));
    const start = fromNow();
    const hang = nas.faults.add({ kind: 'hang' });
    await nodeRed.start();
    // The poll gives up after five seconds.
    await delay(3_000);
    assert.equal(seen.live.length, 0);
    await until('the publisher to be online', says(status, 'online'), 30_000);
    assert.equal(liveFrom(start), -1);
    assert.equal(seen.live[0]?.topic, nasTopic);
    hang.clear();
    await seen.publish(`${base}/cmd/refresh`, 'PRESS');
    await until('the NAS to be online', says(nasTopic, 'online'), 30_000);
    const before = seen.live.slice(0, liveFrom(start) + 1).map(({ topic }) => topic);
    for (const id of [1, 2]) assert.ok(before.includes(`${base}/task/${id}/state`));
  });
});
