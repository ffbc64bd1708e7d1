// Events on their way to the broker: in order, and while it is away only the latest of each type and task.
import type { EventMessage } from './events';

/** An event and whoever waits for its fate. */
export interface QueuedEvent {
  message: EventMessage;
  /** Order of arrival. */
  number: number;
  told: () => void;
  failed: (reason: Error) => void;
}

/** The queue. It sends nothing itself. */
export class EventQueue {
  #waiting: QueuedEvent[] = [];
  #arrivals = 0;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Appends an event. The promise resolves when it was published or superseded, and rejects when `close` comes first. */
  add(message: EventMessage): Promise<void> {
    this.#arrivals += 1;
    const number = this.#arrivals;
    return new Promise((told, failed) => {
      this.#waiting.push({ message, number, told, failed });
    });
  }

  take(): QueuedEvent | undefined {
    return this.#waiting.shift();
  }

  /** Puts back an event whose delivery is in doubt: it may be told twice, with the same id, but never lost. */
  putBack(event: QueuedEvent): void {
    this.#waiting.push(event);
    this.#waiting.sort((a, b) => a.number - b.number);
  }

  /**
   * Keeps the latest of each key, in order: what happened to a task is heard by a returning broker, but not how often,
   * so that a long absence does not end in a flood.
   */
  keepLatest(): void {
    const latest = new Map(this.#waiting.map((event) => [event.message.key, event]));
    const superseded = this.#waiting.filter((event) => latest.get(event.message.key) !== event);
    this.#waiting = this.#waiting.filter((event) => latest.get(event.message.key) === event);
    for (const event of superseded) event.told();
  }

  /** Gives everything back to those who wait: it was not told. */
  close(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) event.failed(new Error('The publisher was closed before this event was published.'));
  }
}
