// The real broker of the acceptance tests keeps what its options promise.
import assert from 'node:assert/strict';
import { connectAsync, type IClientOptions } from 'mqtt';
import { watchBroker } from './broker-view';
import { startMosquitto, type Mosquitto } from './mosquitto';

const login = { username: 'publisher', password: 'a password' };

describe('a real Mosquitto', () => {
  let broker: Mosquitto | null = null;
  afterEach(async () => {
    await broker?.dispose();
    broker = null;
  });

  it('takes MQTT 3.1.1 and 5 over TCP, TLS, WebSockets and secure WebSockets, with the password only', async () => {
    broker = await startMosquitto({ login, tls: true, websockets: true });
    const { mqtt, mqtts, ws, wss } = broker.urls;
    assert.ok(mqtts !== undefined && ws !== undefined && wss !== undefined);
    const ca = broker.certificateAuthority;
    for (const url of [mqtt, mqtts, ws, wss]) {
      for (const protocolVersion of [4, 5] as const) {
        const options: IClientOptions = { ...login, protocolVersion, ca, reconnectPeriod: 0 };
        const client = await connectAsync(url, options);
        await client.endAsync();
      }
      const stranger = connectAsync(url, { ...login, password: 'wrong', ca, reconnectPeriod: 0 });
      await assert.rejects(stranger, /not authorized/i);
    }
    await assert.rejects(connectAsync(mqtts, { ...login, reconnectPeriod: 0 }), /certificate/);
  });

  it('keeps or forgets its retained messages over a restart, as asked', async () => {
    broker = await startMosquitto();
    const view = await watchBroker(broker.urls.mqtt);
    try {
      await view.publish('a/b', 'kept', true);
      await broker.restart('kept');
      assert.deepEqual([...(await view.retained())], [['a/b', 'kept']]);
      await broker.restart('empty');
      assert.deepEqual([...(await view.retained())], []);
    } finally {
      await view.close();
    }
  });

  it('shows the retain flag as it was published', async () => {
    broker = await startMosquitto();
    const view = await watchBroker(broker.urls.mqtt);
    try {
      await view.publish('state', '1', true);
      await view.publish('event', '2');
      await view.quiet(200);
      assert.deepEqual(
        view.messages.map(({ topic, payload, retain, qos }) => [topic, payload, retain, qos]),
        [
          ['state', '1', true, 1],
          ['event', '2', false, 1],
        ],
      );
    } finally {
      await view.close();
    }
  });
});
