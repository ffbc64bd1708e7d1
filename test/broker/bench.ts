// A publisher of a monitor that a test moves, over a real MQTT client, and somebody who sees all of it.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { connectBroker } from '../../lib/mqtt/connection';
import { createPublisher, type CommandOutcome, type Publisher, type PublisherSettings } from '../../lib/home-assistant';
import { problemsOf } from '../home-assistant/lint-everything';
import { FakeMonitor } from '../unit/home-assistant/fake-monitor';
import { settings } from '../unit/home-assistant/fixtures';

/** How a broker is reached. */
export interface Target {
  url: string;
  options: IClientOptions;
}

/** Waits for a condition. What it waited for is named when it never came. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > endMs) throw new Error(`Waited in vain for ${what}.`);
    await delay(20);
  }
}

export interface SeenMessage {
  topic: string;
  payload: string;
  /** When it arrived here. */
  atMs: number;
}

/** Sees every live message, and keeps the retained ones as a broker would. */
export interface Observer {
  live: SeenMessage[];
  retained: Map<string, string>;
  /** Whether it is connected and sees everything. */
  readonly connected: boolean;
  publish(topic: string, payload: string, retain?: boolean): Promise<void>;
  /** Disconnects, and lets the linter judge every document and every payload that was seen. */
  end(): Promise<void>;
}

export async function observe({ url, options }: Target): Promise<Observer> {
  const client = await mqtt.connectAsync(url, { ...options, clientId: `observer_${Date.now()}`, reconnectPeriod: 100 });
  client.on('error', () => undefined);
  const everything: SeenMessage[] = [];
  let isSubscribed = true;
  client.on('close', () => {
    isSubscribed = false;
  });
  const observer: Observer = {
    live: [],
    retained: new Map(),
    get connected() {
      return isSubscribed;
    },
    publish: async (topic, payload, retain = false) => {
      await client.publishAsync(topic, payload, { qos: 1, retain });
    },
    end: async () => {
      await client.endAsync(true);
      assert.deepEqual(problemsOf(everything), []);
    },
  };
  client.on('message', (topic, buffer, { retain }) => {
    const payload = buffer.toString();
    const message = { topic, payload, atMs: performance.now() };
    everything.push(message);
    if (!retain) observer.live.push(message);
    // A publisher of ours retains everything but events and commands.
    if (/\/(event|cmd\/\w+)$/.test(topic) && !retain) return;
    if (payload === '') observer.retained.delete(topic);
    else observer.retained.set(topic, payload);
  });
  await client.subscribeAsync('#', { qos: 1 });
  client.on('connect', () => {
    client.subscribe('#', { qos: 1 }, () => {
      isSubscribed = true;
    });
  });
  return observer;
}

/** What the broker keeps under a topic, asked anew. */
export async function keptBy({ url, options }: Target, filter: string): Promise<Map<string, string>> {
  const client = await mqtt.connectAsync(url, { ...options, clientId: `reader_${Date.now()}` });
  const kept = new Map<string, string>();
  let lastMs = Date.now();
  client.on('message', (topic, payload, { retain }) => {
    lastMs = Date.now();
    if (retain) kept.set(topic, payload.toString());
  });
  await client.subscribeAsync(filter, { qos: 1 });
  // A broker has no sign for "that was all"; a busy machine takes its time.
  while (Date.now() - lastMs < 700) await delay(20);
  await client.endAsync(true);
  return kept;
}

export interface RealBench {
  publisher: Publisher;
  monitor: FakeMonitor;
  calls: string[];
  outcomes: CommandOutcome[];
  log: string[];
  /** Breaks the connection as a pulled cable would: without a goodbye. */
  breakConnection: () => void;
}

export interface RealBenchOptions {
  settings?: Partial<PublisherSettings>;
  clientId?: string;
}

export function startPublisher(
  { url, options }: Target,
  { settings: changes, clientId }: RealBenchOptions = {},
): RealBench {
  const monitor = new FakeMonitor();
  const calls: string[] = [];
  const outcomes: CommandOutcome[] = [];
  const log: string[] = [];
  let client: MqttClient | null = null;
  const note = (call: string): Promise<void> => {
    calls.push(call);
    return Promise.resolve();
  };
  const publisher = createPublisher({
    id: 'node-1',
    monitor,
    connect: (will) =>
      connectBroker(
        { url, options, will, clientId: clientId ?? 'active_backup_office_1', reconnect: { leastMs: 50, mostMs: 200 } },
        () =>
          Promise.resolve({
            connect: (address: string, clientOptions: IClientOptions) => {
              client = mqtt.connect(address, clientOptions);
              return client;
            },
          }),
      ),
    settings: settings(changes),
    commands: {
      run: (taskId) => note(`run ${taskId}`),
      cancel: (taskId) => note(`cancel ${taskId}`),
      refresh: () => note('refresh'),
    },
    random: () => 0,
    log: (level, text) => log.push(`${level} ${text}`),
    onCommand: (outcome) => outcomes.push(outcome),
  });
  publisher.start();
  return { publisher, monitor, calls, outcomes, log, breakConnection: () => client?.stream.destroy() };
}
