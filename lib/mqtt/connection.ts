// The broker connection: own last will, reconnect with jitter, and what was last published where.
import type { IClientOptions, MqttClient } from 'mqtt';
import { reconnectDelayMs } from './backoff';
import { clientOptions } from './client-options';
import { brokerErrorText } from './error-text';
import { topicMatches } from './topic-filter';
import type {
  BrokerConnection,
  BrokerMessage,
  BrokerSettings,
  Delivery,
  PublishOptions,
  SubscribeOptions,
} from './types';

/** What is used of mqtt.js. */
export interface MqttLibrary {
  connect(url: string, options: IClientOptions): MqttClient;
}

interface Subscription {
  filter: string;
  handler: (message: BrokerMessage) => void;
  retainAsPublished: boolean;
  onAnswer: () => void;
}

/** How long a goodbye may take before the socket is closed without one. */
const goodbyeMs = 2_000;
const defaultReconnect = { leastMs: 1_000, mostMs: 30_000 };

/** Loaded only when somebody connects: most flows never publish anything. */
const loadLibrary = (): Promise<MqttLibrary> => import('mqtt');

/**
 * Starts to connect and keeps trying until `end`. Listeners that are attached at once miss nothing.
 * @param load how mqtt.js is loaded; tests give another
 */
export function connectBroker(
  settings: BrokerSettings,
  load: () => Promise<MqttLibrary> = loadLibrary,
): BrokerConnection {
  return new Connection(settings, load);
}

class Connection implements BrokerConnection {
  #client: MqttClient | null = null;
  #isConnected = false;
  #ended = false;
  #attempts = 0;
  #connectedMs = 0;
  #isRefusalTold = false;
  #retryTimer: NodeJS.Timeout | null = null;
  readonly #retained = new Map<string, string>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #outstanding = new Set<(delivery: Delivery) => void>();
  readonly #connectListeners: (() => void)[] = [];
  readonly #disconnectListeners: (() => void)[] = [];
  readonly #errorListeners: ((text: string) => void)[] = [];

  readonly #settings: BrokerSettings;
  readonly #load: () => Promise<MqttLibrary>;

  constructor(settings: BrokerSettings, load: () => Promise<MqttLibrary>) {
    this.#settings = settings;
    this.#load = load;
    void this.#attempt();
  }

  get #reconnect(): { leastMs: number; mostMs: number } {
    return this.#settings.reconnect ?? defaultReconnect;
  }

  get connected(): boolean {
    return this.#isConnected;
  }

  published(topic: string): string | undefined {
    return this.#retained.get(topic);
  }

  forget(topic?: string): void {
    if (topic === undefined) this.#retained.clear();
    else this.#retained.delete(topic);
  }

  publish(topic: string, payload: string, { retain = false, qos = 1 }: PublishOptions = {}): Promise<Delivery> {
    const client = this.#client;
    if (client === null || !this.#isConnected) return Promise.resolve('not_connected');
    if (retain) {
      if (this.#retained.get(topic) === payload) return Promise.resolve('unchanged');
      this.#retained.set(topic, payload);
    }
    return new Promise((resolve) => {
      const settle = (delivery: Delivery): void => {
        if (this.#outstanding.delete(settle)) resolve(delivery);
      };
      this.#outstanding.add(settle);
      client.publish(topic, payload, { qos, retain }, (error) => {
        if (!error) settle('acknowledged');
        else if (this.#client !== client) settle('lost');
        else {
          this.#tellRefusal(topic, error);
          settle('refused');
        }
      });
    });
  }

  subscribe(filter: string, handler: (message: BrokerMessage) => void, options: SubscribeOptions = {}): () => void {
    const { retainAsPublished = false, onAnswer = () => undefined } = options;
    const subscription = { filter, handler, retainAsPublished, onAnswer };
    this.#subscriptions.add(subscription);
    if (this.#client !== null && this.#isConnected) this.#askFor(this.#client, subscription);
    return () => {
      if (!this.#subscriptions.delete(subscription)) return;
      const stillWanted = [...this.#subscriptions].some((other) => other.filter === filter);
      if (!stillWanted && this.#isConnected) this.#client?.unsubscribe(filter, () => undefined);
    };
  }

  onConnect(listener: () => void): void {
    this.#connectListeners.push(listener);
  }

  onDisconnect(listener: () => void): void {
    this.#disconnectListeners.push(listener);
  }

  onError(listener: (text: string) => void): void {
    this.#errorListeners.push(listener);
  }

  async end(): Promise<void> {
    this.#ended = true;
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    const client = this.#client;
    const isConnected = this.#isConnected;
    this.#letGo('lost');
    if (client === null) return;
    if (isConnected) await sayGoodbye(client);
    client.end(true);
  }

  async #attempt(): Promise<void> {
    this.#attempts += 1;
    try {
      const library = await this.#load();
      if (this.#ended) return;
      this.#follow(library.connect(this.#settings.url, clientOptions(this.#settings)));
    } catch (error) {
      this.#tellError(error);
      this.#retryLater();
    }
  }

  #follow(client: MqttClient): void {
    this.#client = client;
    // This listener stays for ever: mqtt.js throws an `error` that nobody listens to, also after its end.
    client.on('error', (error) => {
      if (this.#client !== client) return;
      this.#tellError(error);
      if (!this.#isConnected) this.#drop(client);
    });
    client.on('close', () => this.#drop(client));
    client.on('connect', () => {
      if (this.#client !== client) return;
      this.#isConnected = true;
      this.#connectedMs = performance.now();
      this.#isRefusalTold = false;
      for (const subscription of this.#subscriptions) this.#askFor(client, subscription);
      this.#tell(this.#connectListeners);
    });
    client.on('message', (topic, payload, packet) => {
      if (this.#client !== client) return;
      const message: BrokerMessage = { topic, payload: payload.toString(), retain: packet.retain };
      for (const { filter, handler } of [...this.#subscriptions]) {
        if (topicMatches(filter, topic)) this.#guard(() => handler(message));
      }
    });
  }

  /** Gives up a client whose connection failed or broke, and tries with a new one later. */
  #drop(client: MqttClient): void {
    if (this.#client !== client) return;
    const wasConnected = this.#isConnected;
    // A connection that does not last is no success: two clients with one id would throw each other out each second.
    if (wasConnected && performance.now() - this.#connectedMs >= this.#reconnect.mostMs) this.#attempts = 0;
    this.#letGo('lost');
    client.end(true);
    if (wasConnected) this.#tell(this.#disconnectListeners);
    this.#retryLater();
  }

  #letGo(delivery: Delivery): void {
    this.#client = null;
    this.#isConnected = false;
    // The broker may have lost everything by the next connection, so all of it is published again then.
    this.#retained.clear();
    for (const settle of [...this.#outstanding]) settle(delivery);
  }

  #retryLater(): void {
    if (this.#ended) return;
    const delayMs = reconnectDelayMs(
      Math.max(1, this.#attempts),
      this.#reconnect,
      (this.#settings.random ?? Math.random)(),
    );
    this.#retryTimer = setTimeout(() => void this.#attempt(), delayMs);
  }

  #askFor(client: MqttClient, subscription: Subscription): void {
    const { filter, retainAsPublished, onAnswer } = subscription;
    const isMqtt5 = this.#settings.options.protocolVersion === 5;
    const options = isMqtt5 ? { qos: 1 as const, rap: retainAsPublished, rh: 0 } : { qos: 1 as const };
    client.subscribe(filter, options, (error, granted) => {
      if (this.#client !== client) return;
      if (error || granted?.some(({ qos }) => qos >= 128)) {
        this.#tellError(new Error(`The broker refused the subscription to ${filter}.`));
      }
      if (this.#subscriptions.has(subscription)) this.#guard(onAnswer);
    });
  }

  #tell(listeners: readonly (() => void)[]): void {
    for (const listener of listeners) this.#guard(listener);
  }

  /** Once a connection: a broker that refuses one document refuses a hundred. */
  #tellRefusal(topic: string, error: Error): void {
    if (!this.#isRefusalTold) this.#tellError(new Error(`The broker refused a message on ${topic}: ${error.message}`));
    this.#isRefusalTold = true;
  }

  #tellError(error: unknown): void {
    const text = brokerErrorText(error);
    for (const listener of this.#errorListeners) listener(text);
  }

  /** A listener's own failure must not end the process: these are calls from a socket. */
  #guard(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#tellError(error);
    }
  }
}

/** Sends what is still on its way and DISCONNECT. A broker that does not answer is left after a moment. */
async function sayGoodbye(client: MqttClient): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, goodbyeMs);
    client.end(false, {}, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
