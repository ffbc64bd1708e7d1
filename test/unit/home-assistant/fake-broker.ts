// A broker and the connection to it, in memory, with a record of every message.
import {
  topicMatches,
  type BrokerConnection,
  type BrokerMessage,
  type Delivery,
  type SubscribeOptions,
} from '../../../lib/mqtt';
import type { Scheduler } from '../../../lib/monitor/scheduler';

export interface RecordedMessage {
  topic: string;
  payload: string;
  retain: boolean;
  atMs: number;
}

interface Subscription {
  filter: string;
  handler: (message: BrokerMessage) => void;
  onAnswer: () => void;
}

export class FakeBroker implements BrokerConnection {
  connected = false;
  /** Every message that reached the broker from the connection. */
  messages: RecordedMessage[] = [];
  readonly store = new Map<string, string>();
  ended = false;
  /** Set: the broker takes messages and confirms none until `confirm`. */
  isMute = false;
  /** How long a subscription waits for its answer, and for what is retained right after it. */
  answerMs = 0;
  private readonly known = new Map<string, string>();
  private readonly subscriptions = new Set<Subscription>();
  private readonly listeners = { connect: [] as (() => void)[], disconnect: [] as (() => void)[] };
  private unconfirmed: ((delivery: Delivery) => void)[] = [];

  constructor(
    private readonly scheduler: Scheduler,
    private readonly witness: (message: RecordedMessage) => void = () => undefined,
  ) {}

  get filters(): string[] {
    return [...this.subscriptions].map(({ filter }) => filter);
  }

  published(topic: string): string | undefined {
    return this.known.get(topic);
  }

  forget(topic?: string): void {
    if (topic === undefined) this.known.clear();
    else this.known.delete(topic);
  }

  publish(topic: string, payload: string, { retain = false } = {}): Promise<Delivery> {
    if (!this.connected) return Promise.resolve('not_connected');
    if (retain && this.known.get(topic) === payload) return Promise.resolve('unchanged');
    if (retain) {
      this.known.set(topic, payload);
      if (payload === '') this.store.delete(topic);
      else this.store.set(topic, payload);
    }
    const message = { topic, payload, retain, atMs: this.scheduler.now() };
    this.messages.push(message);
    this.witness(message);
    this.deliver(topic, payload, false);
    if (!this.isMute) return Promise.resolve('acknowledged');
    return new Promise((resolve) => this.unconfirmed.push(resolve));
  }

  subscribe(
    filter: string,
    handler: (message: BrokerMessage) => void,
    { onAnswer = () => undefined }: SubscribeOptions = {},
  ): () => void {
    const subscription = { filter, handler, onAnswer };
    this.subscriptions.add(subscription);
    if (this.connected) this.answer(subscription);
    return () => this.subscriptions.delete(subscription);
  }

  onConnect(listener: () => void): void {
    this.listeners.connect.push(listener);
  }

  onDisconnect(listener: () => void): void {
    this.listeners.disconnect.push(listener);
  }

  onError(): void {
    // This one does not fail.
  }

  end(): Promise<void> {
    this.connected = false;
    this.ended = true;
    return Promise.resolve();
  }

  /** The connection stands. */
  connect(): void {
    this.connected = true;
    for (const subscription of [...this.subscriptions]) this.answer(subscription);
    for (const listener of this.listeners.connect) listener();
  }

  /** The connection breaks; with `emptied` the broker loses what it kept. */
  disconnect(emptied = false): void {
    this.connected = false;
    this.known.clear();
    if (emptied) this.store.clear();
    const { unconfirmed } = this;
    this.unconfirmed = [];
    for (const resolve of unconfirmed) resolve('lost');
    for (const listener of this.listeners.disconnect) listener();
  }

  /** Somebody else publishes. */
  say(topic: string, payload: string, retain = false): void {
    if (retain && payload === '') this.store.delete(topic);
    else if (retain) this.store.set(topic, payload);
    this.deliver(topic, payload, false);
  }

  /** Confirms what waited. */
  confirm(): void {
    this.isMute = false;
    const { unconfirmed } = this;
    this.unconfirmed = [];
    for (const resolve of unconfirmed) resolve('acknowledged');
  }

  /** Topics in the order of their messages, since the last call. */
  take(): RecordedMessage[] {
    const { messages } = this;
    this.messages = [];
    return messages;
  }

  private answer(subscription: Subscription): void {
    if (this.answerMs === 0) this.replay(subscription);
    else this.scheduler.after(this.answerMs, () => this.replay(subscription));
  }

  private replay({ filter, handler, onAnswer }: Subscription): void {
    onAnswer();
    for (const [topic, payload] of [...this.store]) {
      if (topicMatches(filter, topic)) handler({ topic, payload, retain: true });
    }
  }

  private deliver(topic: string, payload: string, retain: boolean): void {
    for (const { filter, handler } of [...this.subscriptions]) {
      if (topicMatches(filter, topic)) handler({ topic, payload, retain });
    }
  }
}
