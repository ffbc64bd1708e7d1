import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { mock } from 'node:test';
import type { MqttClient } from 'mqtt';
import { connectBroker, type BrokerConnection, type BrokerSettings } from '../../../lib/mqtt';

type Answer = (error: Error | null) => void;

/** A client whose broker is the test. */
class FakeClient extends EventEmitter {
  readonly answers: Answer[] = [];

  publish(_topic: string, _payload: string, _options: object, answer: Answer): void {
    this.answers.push(answer);
  }

  end(_force: boolean, _options?: object, done?: () => void): void {
    done?.();
  }
}

function connect(settings: Partial<BrokerSettings>, onClient: (client: FakeClient) => void): BrokerConnection {
  const connection = { url: 'mqtt://localhost', options: {}, clientId: 'x', will: { topic: 'a', payload: 'b' } };
  return connectBroker({ ...connection, ...settings }, () =>
    Promise.resolve({
      connect: () => {
        const client = new FakeClient();
        setImmediate(() => onClient(client));
        return client as unknown as MqttClient;
      },
    }),
  );
}

describe('a connection', () => {
  afterEach(() => mock.restoreAll());

  it('that the broker ends again and again is made at growing distances, and soon where one has lasted', async () => {
    const pausesMs: number[] = [];
    let nowMs = 0;
    mock.method(performance, 'now', () => nowMs);
    mock.method(globalThis, 'setTimeout', (next: () => void, pauseMs: number) => {
      pausesMs.push(pauseMs);
      if (pausesMs.length < 9) setImmediate(next);
    });
    let clients = 0;
    const connection = connect({ reconnect: { leastMs: 1_000, mostMs: 30_000 }, random: () => 0 }, (client) => {
      clients += 1;
      client.emit('connect');
      if (clients === 7) nowMs += 30_000;
      client.emit('close');
    });
    while (pausesMs.length < 9) await new Promise((resolve) => setImmediate(resolve));
    await connection.end();
    assert.deepEqual(pausesMs, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 1_000, 1_000, 2_000]);
  });

  it('names the first topic that the broker refuses, and is silent on the others', async () => {
    const told: string[] = [];
    const clients: FakeClient[] = [];
    const connection = connect({}, (client) => {
      clients.push(client);
      client.emit('connect');
    });
    connection.onError((text) => told.push(text));
    while (!connection.connected) await delay(1);
    const deliveries = ['x/1', 'x/2'].map((topic) => connection.publish(topic, 'y', { retain: true }));
    for (const answer of clients[0]?.answers ?? []) answer(new Error('Publish error: Not authorized'));
    assert.deepEqual(await Promise.all(deliveries), ['refused', 'refused']);
    assert.deepEqual(told, ['The broker refused a message on x/1: Publish error: Not authorized']);
    await connection.end();
  });
});
