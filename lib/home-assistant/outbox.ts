// What should be on the broker, and the way it gets there: states, then events, then paced documents.
import type { BrokerConnection, Delivery } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import { DocumentTrack, documentGapMs } from './document-track';
import type { DeviceDocument } from './documents';
import { EventQueue } from './event-queue';
import type { EventMessage } from './events';
import type { RetainedMessage } from './state';

/** Between two documents, so that a hundred tasks do not reach Home Assistant in one burst. */
const documentPaceMs = 50;
/** Messages that may be unconfirmed at a time; brokers commonly queue 1,000 per client and drop the rest. */
const windowSize = 20;

/** Publishes what differs from what the broker is known to hold. It sends nothing until `open`. */
export class Outbox {
  /** Messages sent so far. */
  sent = 0;
  private isOpen = false;
  private states: readonly RetainedMessage[] = [];
  private readonly tracks = new Map<string, DocumentTrack>();
  /** Retained topics to be emptied → not before, milliseconds. */
  private readonly clears = new Map<string, number>();
  /** What is to be emptied once a document is gone. */
  private readonly dependents = new Map<string, readonly string[]>();
  private readonly events = new EventQueue();
  private inFlight = 0;
  private lastDocumentMs = 0;
  private isPumpDue = false;
  private cancelWake: (() => void) | null = null;
  private quietWaiters: (() => void)[] = [];

  constructor(
    private readonly broker: BrokerConnection,
    private readonly scheduler: Scheduler,
  ) {
    broker.onConnect(() => this.pumpSoon());
    broker.onDisconnect(() => {
      this.events.keepLatest();
      this.pumpSoon();
    });
  }

  /** Lets messages out. */
  open(): void {
    this.isOpen = true;
    this.pumpSoon();
  }

  /** The retained states, in the order in which they are to be sent. */
  wantStates(states: readonly RetainedMessage[]): void {
    this.states = states;
    for (const { topic } of states) this.clears.delete(topic);
    this.pumpSoon();
  }

  /** The documents by topic. Topics that are not named stay as they are. */
  wantDocuments(documents: ReadonlyMap<string, DeviceDocument>): void {
    for (const [topic, document] of documents) {
      this.track(topic).want(document);
      this.dependents.delete(topic);
    }
    this.pumpSoon();
  }

  /** Notes what an earlier run announced on a topic. */
  learn(topic: string, components: ReadonlyMap<string, string>): void {
    this.track(topic).learn(components);
  }

  /**
   * Empties retained topics: the document first and the states a while later. An entity that is still being removed
   * would warn of an empty state.
   */
  clear(documentTopic: string | null, stateTopics: readonly string[]): void {
    const track = documentTopic === null ? undefined : this.tracks.get(documentTopic);
    if (track?.isKnown === true) {
      track.want(null);
      this.dependents.set(track.topic, stateTopics);
    } else {
      track?.rest();
      const fromMs = track === undefined ? 0 : this.scheduler.now() + documentGapMs;
      for (const topic of stateTopics) this.clears.set(topic, fromMs);
    }
    this.pumpSoon();
  }

  /** Sends an event after the states that stand. Resolves when it was published or superseded; rejects on `close`. */
  tell(message: EventMessage): Promise<void> {
    const told = this.events.add(message);
    if (!this.broker.connected) this.events.keepLatest();
    this.pumpSoon();
    return told;
  }

  /** Sends everything again. */
  sendAllAgain(): void {
    this.broker.forget();
    this.pumpSoon();
  }

  /** Resolves when there is nothing to send at present, at once while nothing can be sent. */
  whenQuiet(): Promise<void> {
    return new Promise((resolve) => {
      this.quietWaiters.push(resolve);
      this.pumpSoon();
    });
  }

  close(): void {
    this.isOpen = false;
    this.cancelWake?.();
    this.events.close();
    this.becomeQuiet();
  }

  private track(topic: string): DocumentTrack {
    const track = this.tracks.get(topic) ?? new DocumentTrack(topic);
    this.tracks.set(topic, track);
    return track;
  }

  /** After the present turn: an update and the events that belong to it come in one, in either order. */
  private pumpSoon(): void {
    if (this.isPumpDue) return;
    this.isPumpDue = true;
    queueMicrotask(() => {
      this.isPumpDue = false;
      this.pump();
    });
  }

  private pump(): void {
    this.cancelWake?.();
    this.cancelWake = null;
    if (!this.isOpen || !this.broker.connected) {
      this.becomeQuiet();
      return;
    }
    while (this.inFlight < windowSize) {
      if (!this.sendState() && !this.sendEvent() && !this.sendClear()) break;
    }
    const waitMs = this.inFlight < windowSize ? this.sendDocument() : null;
    if (waitMs !== null) this.cancelWake = this.scheduler.after(waitMs, () => this.pump());
    if (this.inFlight === 0 && (waitMs === null || waitMs > documentPaceMs)) this.becomeQuiet();
  }

  private becomeQuiet(): void {
    const waiters = this.quietWaiters;
    this.quietWaiters = [];
    for (const resolve of waiters) resolve();
  }

  private send(topic: string, payload: string, retain: boolean, done: (delivery: Delivery) => void): void {
    this.sent += 1;
    this.inFlight += 1;
    void this.broker.publish(topic, payload, { retain, qos: 1 }).then((delivery) => {
      this.inFlight -= 1;
      done(delivery);
      this.pumpSoon();
    });
  }

  private sendState(): boolean {
    const next = this.states.find(({ topic, payload }) => this.broker.published(topic) !== payload);
    if (!next) return false;
    this.send(next.topic, next.payload, true, () => undefined);
    return true;
  }

  private sendEvent(): boolean {
    const event = this.events.take();
    if (!event) return false;
    this.send(event.message.topic, event.message.payload, false, (delivery) => {
      if (delivery === 'acknowledged' || delivery === 'refused') event.told();
      else if (this.isOpen) {
        this.events.putBack(event);
        if (!this.broker.connected) this.events.keepLatest();
      } else event.failed(new Error('The connection ended before this event was confirmed.'));
    });
    return true;
  }

  private sendClear(): boolean {
    const nowMs = this.scheduler.now();
    const due = [...this.clears].find(([topic, fromMs]) => fromMs <= nowMs && this.broker.published(topic) !== '');
    if (!due) return false;
    const [topic] = due;
    this.send(topic, '', true, (delivery) => {
      if (isSettled(delivery)) this.clears.delete(topic);
    });
    return true;
  }

  /** Sends one document if one is due. The answer is how long to wait for the next one, or null. */
  private sendDocument(): number | null {
    const nowMs = this.scheduler.now();
    let earliestMs = Infinity;
    for (const [topic, fromMs] of this.clears) {
      if (this.broker.published(topic) !== '') earliestMs = Math.min(earliestMs, fromMs);
    }
    for (const track of this.tracks.values()) {
      const text = track.nextText();
      if (this.broker.published(track.topic) === text || !track.isWanted) continue;
      const dueMs = Math.max(track.dueMs(text), this.lastDocumentMs + documentPaceMs);
      if (dueMs > nowMs) {
        earliestMs = Math.min(earliestMs, dueMs);
        continue;
      }
      this.lastDocumentMs = nowMs;
      this.sendTracked(track, text, nowMs);
      return documentPaceMs;
    }
    return earliestMs === Infinity ? null : Math.max(0, earliestMs - nowMs);
  }

  private sendTracked(track: DocumentTrack, text: string, nowMs: number): void {
    const arrived = track.sending(text, nowMs);
    this.send(track.topic, text, true, (delivery) => {
      if (!isSettled(delivery)) return;
      arrived();
      if (!track.isClear || text !== '') return;
      track.rest();
      const dependents = this.dependents.get(track.topic) ?? [];
      this.dependents.delete(track.topic);
      for (const topic of dependents) this.clears.set(topic, this.scheduler.now() + documentGapMs);
    });
  }
}

/** Whether there is no use in sending it again over this connection. */
function isSettled(delivery: Delivery): boolean {
  return delivery === 'acknowledged' || delivery === 'unchanged' || delivery === 'refused';
}
