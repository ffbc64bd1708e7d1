// Sees a broker as it is: every message with its retain flag as published, and what is retained now.
import { setTimeout as delay } from 'node:timers/promises';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { waitUntil } from './processes';

/** One message as it passed. */
export interface SeenMessage {
  readonly topic: string;
  readonly payload: string;
  /** As the publisher set it: MQTT 5 keeps the flag where a subscriber asks for it. */
  readonly retain: boolean;
  readonly qos: number;
  readonly atMs: number;
}

/** An observer of a broker, connected until `close`. */
export interface BrokerView {
  /** Every message since the observer came, oldest first; what was retained before comes first. */
  readonly messages: readonly SeenMessage[];
  /** What is retained now: topic → payload. Asked anew, so that nothing is remembered wrongly. */
  retained(): Promise<Map<string, string>>;
  /** Publishes with QoS 1. */
  publish(topic: string, payload: string, retain?: boolean): Promise<void>;
  /**
   * Resolves when no message has come for `quietMs`.
   * @throws Error when it never becomes quiet within `timeoutMs`.
   */
  quiet(quietMs: number, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** The retained messages of a broker, seen by a connection of their own. */
async function readRetained(url: string, options: IClientOptions): Promise<Map<string, string>> {
  const client = await connectAsync(url, { ...options, protocolVersion: 5, clean: true });
  const found = new Map<string, string>();
  try {
    let lastMs = Date.now();
    client.on('message', (topic, payload, packet) => {
      if (!packet.retain) return;
      lastMs = Date.now();
      found.set(topic, payload.toString());
    });
    await client.subscribeAsync('#', { qos: 1 });
    // A broker sends what it retains right after the SUBACK; it has no sign for "that was all".
    while (Date.now() - lastMs < 300) await delay(50);
  } finally {
    await client.endAsync(true);
  }
  return found;
}

/** Watches all topics of a broker. It reconnects by itself when the broker restarts. */
export async function watchBroker(url: string, options: IClientOptions = {}): Promise<BrokerView> {
  const messages: SeenMessage[] = [];
  const settings: IClientOptions = { ...options, protocolVersion: 5, clean: true, reconnectPeriod: 250 };
  const client: MqttClient = await connectAsync(url, settings);
  client.on('error', () => undefined);
  client.on('message', (topic, payload, packet) => {
    const { retain, qos } = packet;
    messages.push({ topic, payload: payload.toString(), retain, qos, atMs: Date.now() });
  });
  await client.subscribeAsync('#', { qos: 1, rap: true });
  return {
    messages,
    retained: () => readRetained(url, options),
    publish: async (topic, payload, retain = false) => {
      await client.publishAsync(topic, payload, { qos: 1, retain });
    },
    quiet: async (quietMs, timeoutMs = 60_000) => {
      const startMs = Date.now();
      const isQuiet = (): boolean => Date.now() - (messages.at(-1)?.atMs ?? startMs) >= quietMs;
      await waitUntil(`a broker that is quiet for ${quietMs} ms`, isQuiet, { timeoutMs });
    },
    close: async () => {
      await client.endAsync(true);
    },
  };
}
