// Identical reads in flight are one read; it is given up only when all who wait for it have given up.
import { abortedError, untilAborted } from './abort';

interface Flight<T> {
  promise: Promise<T>;
  controller: AbortController;
  waiting: number;
}

/** Reads under way, by what they ask. */
export class SharedReads<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /**
   * Joins the read of this key, or starts it. A caller that gives up gets ABORTED and the others their answer.
   * @param start starts the read; its signal fires when nobody waits any more
   */
  async join(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal?.aborted === true) throw abortedError();
    const flight = this.#flights.get(key) ?? this.#start(key, start);
    flight.waiting += 1;
    try {
      return await untilAborted(flight.promise, [signal]);
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        this.#forget(key, flight);
        flight.controller.abort();
      }
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight: Flight<T> = { promise: start(controller.signal), controller, waiting: 0 };
    this.#flights.set(key, flight);
    const forget = (): void => this.#forget(key, flight);
    flight.promise.then(forget, forget);
    return flight;
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
