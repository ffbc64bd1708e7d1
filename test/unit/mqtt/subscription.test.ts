import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { MqttClient } from 'mqtt';
import { connectBroker } from '../../../lib/mqtt';

type Answer = (error: Error | null, granted?: { topic: string; qos: number }[]) => void;

/** A client of which a test answers the subscriptions. */
class FakeClient extends EventEmitter {
  readonly answers: Answer[] = [];

  subscribe(_filter: string, _options: object, answer: Answer): void {
    this.answers.push(answer);
  }

  unsubscribe(): void {
    // Nobody asks.
  }

  end(_force: boolean, _options?: object, done?: () => void): void {
    done?.();
  }
}

describe('a subscription', () => {
  it('tells each time that the broker has confirmed or refused it, and nothing once it was given up', async () => {
    const clients: FakeClient[] = [];
    const connection = connectBroker(
      {
        url: 'mqtt://localhost',
        options: {},
        clientId: 'x',
        will: { topic: 'a', payload: 'b' },
        reconnect: { leastMs: 1, mostMs: 1 },
      },
      () =>
        Promise.resolve({
          connect: () => {
            const client = new FakeClient();
            clients.push(client);
            return client as unknown as MqttClient;
          },
        }),
    );
    let answers = 0;
    const unsubscribe = connection.subscribe('a/+', () => undefined, { onAnswer: () => (answers += 1) });
    await delay(5);
    clients[0]?.emit('connect');
    assert.equal(answers, 0);
    clients[0]?.answers[0]?.(null, [{ topic: 'a/+', qos: 1 }]);
    assert.equal(answers, 1);
    clients[0]?.emit('close');
    await delay(20);
    clients[1]?.emit('connect');
    clients[1]?.answers[0]?.(null, [{ topic: 'a/+', qos: 128 }]);
    assert.equal(answers, 2);
    clients[0]?.answers[0]?.(null);
    unsubscribe();
    clients[1]?.answers[0]?.(null);
    assert.equal(answers, 2);
    await connection.end();
  });
});
