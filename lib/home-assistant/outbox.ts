// What should be on the broker, and the way it gets there: states, then events, then paced documents.
import type { BrokerConnection, Delivery } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import { DocumentQueue, parentPaceMs, type DueDocument } from './document-queue';
import { documentGapMs } from './document-track';
import type { DeviceDocument } from './documents';
import { EventQueue } from './event-queue';
import type { EventMessage } from './events';
import type { RetainedMessage } from './state';
import { timeLeftMs } from './time-left';

/** Messages that may be unconfirmed at a time; brokers commonly queue 1,000 per client and drop the rest. */
const windowSize = 20;

/** Publishes what differs from what the broker is known to hold. It sends nothing until `open`. */
export class Outbox {
  /** Messages sent so far. */
  sent = 0;
  /** Resolves when messages are let out for the first time, or never will be. */
  readonly opened: Promise<void>;
  #tellOpened: () => void = () => undefined;
  #isOpen = false;
  #states: readonly RetainedMessage[] = [];
  readonly #documents: DocumentQueue;
  /** Retained topics to be emptied a while after this moment. */
  readonly #clears = new Map<string, number>();
  /** What is to be emptied once a document is gone. */
  readonly #dependents = new Map<string, readonly string[]>();
  readonly #events = new EventQueue();
  #inFlight = 0;
  #isPumpDue = false;
  #cancelWake: (() => void) | null = null;
  #quietWaiters: (() => void)[] = [];

  readonly #broker: BrokerConnection;
  readonly #scheduler: Scheduler;

  /** @param parentTopic where the package's document belongs, or null without discovery */
  constructor(broker: BrokerConnection, scheduler: Scheduler, parentTopic: string | null) {
    this.#broker = broker;
    this.#scheduler = scheduler;
    this.#documents = new DocumentQueue(parentTopic);
    this.opened = new Promise((resolve) => {
      this.#tellOpened = resolve;
    });
    broker.onConnect(() => this.#pumpSoon());
    broker.onDisconnect(() => {
      this.#events.keepLatest();
      this.#pumpSoon();
    });
  }

  /** Lets messages out. */
  open(): void {
    this.#isOpen = true;
    this.#tellOpened();
    this.#pumpSoon();
  }

  /** The retained states, in the order in which they are to be sent. */
  wantStates(states: readonly RetainedMessage[]): void {
    this.#states = states;
    for (const { topic } of states) this.#clears.delete(topic);
    this.#pumpSoon();
  }

  /** The documents by topic. Topics that are not named stay as they are. */
  wantDocuments(documents: ReadonlyMap<string, DeviceDocument>): void {
    for (const [topic, document] of documents) {
      this.#documents.want(topic, document);
      this.#dependents.delete(topic);
    }
    this.#pumpSoon();
  }

  /** Notes what an earlier run announced on a topic, and when at the latest. */
  learn(topic: string, components: ReadonlyMap<string, string>, text: string, atMs: number): void {
    this.#documents.learn(topic, components, text, atMs);
  }

  /** Topics on which Home Assistant may know a document, the package's last. */
  get knownDocuments(): string[] {
    return this.#documents.knownTopics;
  }

  /**
   * Empties retained topics: the document first and the states a while later. An entity that is still being removed
   * would warn of an empty state.
   */
  clear(documentTopic: string | null, stateTopics: readonly string[]): void {
    const track = documentTopic === null ? undefined : this.#documents.find(documentTopic);
    if (track?.isKnown === true) {
      track.want(null);
      this.#dependents.set(track.topic, stateTopics);
    } else {
      track?.rest();
      const sinceMs = track === undefined ? -Infinity : this.#scheduler.now();
      for (const topic of stateTopics) this.#clears.set(topic, sinceMs);
    }
    this.#pumpSoon();
  }

  /** Sends an event after the states that stand. Resolves when it was published or superseded; rejects on `close`. */
  tell(message: EventMessage): Promise<void> {
    const told = this.#events.add(message);
    if (!this.#broker.connected) this.#events.keepLatest();
    this.#pumpSoon();
    return told;
  }

  /** Sends everything again. */
  sendAllAgain(): void {
    this.#broker.forget();
    this.#pumpSoon();
  }

  /** Resolves when there is nothing to send at present, at once while nothing can be sent. */
  whenQuiet(): Promise<void> {
    return new Promise((resolve) => {
      this.#quietWaiters.push(resolve);
      this.#pumpSoon();
    });
  }

  close(): void {
    this.#isOpen = false;
    this.#tellOpened();
    this.#cancelWake?.();
    this.#events.close();
    this.#becomeQuiet();
  }

  /** After the present turn: an update and the events that belong to it come in one, in either order. */
  #pumpSoon(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    queueMicrotask(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    this.#cancelWake?.();
    this.#cancelWake = null;
    if (!this.#isOpen || !this.#broker.connected) {
      this.#becomeQuiet();
      return;
    }
    while (this.#inFlight < windowSize) {
      if (!this.#sendState() && !this.#sendEvent() && !this.#sendClear()) break;
    }
    const waitMs = this.#inFlight < windowSize ? this.#sendDocument() : Infinity;
    if (waitMs !== Infinity) this.#cancelWake = this.#scheduler.after(waitMs, () => this.#pump());
    if (this.#inFlight === 0 && waitMs > parentPaceMs) this.#becomeQuiet();
  }

  #becomeQuiet(): void {
    const waiters = this.#quietWaiters;
    this.#quietWaiters = [];
    for (const resolve of waiters) resolve();
  }

  #send(topic: string, payload: string, retain: boolean, done: (delivery: Delivery) => void): void {
    this.sent += 1;
    this.#inFlight += 1;
    void this.#broker.publish(topic, payload, { retain, qos: 1 }).then((delivery) => {
      this.#inFlight -= 1;
      done(delivery);
      this.#pumpSoon();
    });
  }

  #sendState(): boolean {
    const next = this.#states.find(({ topic, payload }) => this.#broker.published(topic) !== payload);
    if (!next) return false;
    this.#send(next.topic, next.payload, true, () => undefined);
    return true;
  }

  #sendEvent(): boolean {
    const event = this.#events.take();
    if (!event) return false;
    this.#send(event.message.topic, event.message.payload, false, (delivery) => {
      if (delivery === 'acknowledged' || delivery === 'refused') event.told();
      else if (this.#isOpen) {
        this.#events.putBack(event);
        if (!this.#broker.connected) this.#events.keepLatest();
      } else event.failed(new Error('The connection ended before this event was confirmed.'));
    });
    return true;
  }

  #sendClear(): boolean {
    const due = [...this.#clears].find((clear) => this.#clearWaitMs(...clear) === 0);
    if (!due) return false;
    const [topic] = due;
    this.#send(topic, '', true, (delivery) => {
      if (isSettled(delivery)) this.#clears.delete(topic);
    });
    return true;
  }

  /** How long a topic must wait to be emptied: Infinity where it is empty. */
  #clearWaitMs(topic: string, sinceMs: number): number {
    if (this.#broker.published(topic) === '') return Infinity;
    return timeLeftMs(sinceMs, documentGapMs, this.#scheduler.now());
  }

  /** Sends one document if one is due. The answer is how long to wait for what is next. */
  #sendDocument(): number {
    let due = this.#nextDocument();
    if (due?.waitMs === 0) {
      this.#sendTracked(due);
      due = this.#nextDocument();
    }
    return Math.min(due?.waitMs ?? Infinity, ...[...this.#clears].map((clear) => this.#clearWaitMs(...clear)));
  }

  #nextDocument(): DueDocument | null {
    return this.#documents.next(this.#scheduler.now(), (topic) => this.#broker.published(topic));
  }

  #sendTracked(due: DueDocument): void {
    const { track, text } = due;
    const ended = this.#documents.sending(due, this.#scheduler.now());
    this.#send(track.topic, text, true, (delivery) => {
      ended(isSettled(delivery), this.#scheduler.now());
      if (!isSettled(delivery) || !track.isClear || text !== '') return;
      track.rest();
      const dependents = this.#dependents.get(track.topic) ?? [];
      this.#dependents.delete(track.topic);
      for (const topic of dependents) this.#clears.set(topic, this.#scheduler.now());
    });
  }
}

/** Whether there is no use in sending it again over this connection. */
function isSettled(delivery: Delivery): boolean {
  return delivery === 'acknowledged' || delivery === 'unchanged' || delivery === 'refused';
}
