// One short life of a publisher in a real Node-RED, over every kind of connection that the core broker node can hold.
import assert from 'node:assert/strict';
import { startMosquitto, type Mosquitto } from '../home-assistant/mosquitto';
import { until, type Target } from './bench';
import { startEmbeddedBroker } from './embedded-broker';
import {
  publisherFlow,
  publisherId,
  retainedTopics,
  slug,
  startRig,
  type BrokerNodeSettings,
  type PublisherNodeSettings,
  type Rig,
} from './node-red-rig';
import { describeMosquitto } from './tier';

const login = { username: 'ha', password: 'a secret of the broker' };

/** What happens to a publisher in a year, in seconds. `loseEverything` restarts the broker with an empty store. */
async function life(
  rig: Rig,
  broker: BrokerNodeSettings,
  publisher: Partial<PublisherNodeSettings>,
  loseEverything: () => Promise<void>,
): Promise<void> {
  const { nodeRed, nas, seen } = rig;
  const base = `${publisher.baseTopic ?? 'active-backup'}/${slug}`;
  const flow = publisherFlow(nas, broker, { removeOnDelete: true, ...publisher });
  const topics = retainedTopics([1, 2], publisher);
  const isOnline = (): boolean => seen.retained.get(`${base}/status`) === 'online';
  const heard = (topic: string, type: string): boolean =>
    seen.live.some((message) => message.topic === topic && message.payload.includes(`"event_type":"${type}"`));

  await nodeRed.deploy(flow);
  await rig.keeps(topics);
  await until('the publisher to be online', isOnline);

  const runs = nas.count('backup_task');
  nas.task(1).script({ outcome: 'hung' });
  await seen.publish(`${base}/task/1/cmd/run`, 'PRESS');
  await until('the command to be told as done', () => heard(`${base}/event`, 'command_done'));
  await until('the run to show', () => seen.retained.get(`${base}/task/1/state`)?.includes('"running":"ON"') ?? false);
  assert.equal(nas.count('backup_task'), runs + 1);
  nas.task(1).finish({ outcome: 'success' });
  await until('the end of the run', () => heard(`${base}/task/1/event`, 'success'));
  assert.ok(seen.retained.get(`${base}/task/1/state`)?.includes('"running":"OFF"'));

  const before = new Map(seen.retained);
  await loseEverything();
  await rig.keeps(topics);
  await until('the publisher to be back', isOnline);
  assert.deepEqual(seen.retained, before);

  const from = seen.live.length;
  await nodeRed.deploy(flow);
  await until('the publisher to be back', () => seen.live.slice(from).some(({ payload }) => payload === 'online'));
  await until('the publisher to be online', isOnline);
  assert.deepEqual(
    seen.live.slice(from).filter(({ payload }) => payload === ''),
    [],
  );
  await rig.keeps(topics);

  await nodeRed.deploy(flow.filter(({ id }) => id !== publisherId));
  await rig.keeps([]);
  assert.deepEqual([...(await rig.kept()).keys()], []);
  for (const secret of [...nas.secrets(), login.password]) assert.ok(!nodeRed.log().includes(secret));
}

describeMosquitto('a publisher in a real Node-RED', function () {
  this.timeout(120_000);
  let rig: Rig | null = null;
  afterEach(async () => {
    await rig?.close();
    rig = null;
  });

  it('lives on an embedded broker', async () => {
    const broker = await startEmbeddedBroker();
    const target: Target = { url: broker.url, options: { protocolVersion: 4 } };
    try {
      rig = await startRig(target, 2);
      const { seen } = rig;
      await life(rig, { url: broker.url, protocolVersion: 4 }, {}, async () => {
        await broker.stop();
        seen.retained.clear();
        await broker.startEmpty();
      });
    } finally {
      await rig?.close();
      await broker.stop();
    }
  });

  describe('on Mosquitto, with user and password', () => {
    let mosquitto: Mosquitto;
    before(async () => {
      mosquitto = await startMosquitto({ login, tls: true, websockets: true });
    });
    after(() => mosquitto.dispose());
    beforeEach(() => mosquitto.restart('empty'));

    for (const listener of ['mqtt', 'mqtts', 'ws', 'wss'] as const) {
      for (const protocolVersion of [4, 5] as const) {
        const isSecure = listener === 'mqtts' || listener === 'wss';
        const prefixed = listener === 'mqtt' && protocolVersion === 5;
        const publisher = prefixed ? { baseTopic: 'site/a/backups', discoveryPrefix: 'site/a/ha' } : {};
        const what = `${listener}:// with MQTT ${protocolVersion === 5 ? '5' : '3.1.1'}`;
        it(`lives over ${what}${isSecure ? ', tls-config' : ''}${prefixed ? ', topics with a prefix' : ''}`, async () => {
          const url = mosquitto.urls[listener] ?? '';
          rig = await startRig({ url: mosquitto.urls.mqtt, options: login }, 2);
          const { seen } = rig;
          const ca = isSecure ? { ca: mosquitto.certificateAuthority } : {};
          await life(rig, { url, protocolVersion, login, ...ca }, publisher, async () => {
            await mosquitto.stop();
            seen.retained.clear();
            await mosquitto.start('empty');
          });
          // Mosquitto calls MQTT 3.1.1 "p2". The client id is the publisher's own, not the user's.
          const connected = new RegExp(` as active_backup_[0-9a-f]{8} \\(p${protocolVersion === 5 ? 5 : 2}, .*u'ha'`);
          assert.match(mosquitto.log(), connected);
        });
      }
    }
  });
});
