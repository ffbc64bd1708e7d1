// One at a time, first come first served, with an end to the line.
import { abortedError } from './abort';
import { DsmError } from './errors';

interface Waiter {
  admit: () => void;
  refuse: (error: Error) => void;
}

/** Gives turns. Whoever gets one must give it back, once. */
export class TurnQueue {
  readonly #limit: number;
  readonly #waiting = new Set<Waiter>();
  #busy = false;
  #idleListeners: (() => void)[] = [];

  /** @param limit how many may wait; the one who has the turn does not count */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Waits for a turn.
   * @returns the function that gives it back
   * @throws DsmError BUSY when the line is full, ABORTED when the signal fires while waiting; nothing was sent then
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted === true) throw abortedError();
    if (this.#busy) await this.#wait(signal);
    this.#busy = true;
    return this.#leaveOnce();
  }

  /** Refuses everybody who waits. */
  refuseWaiting(error: () => Error): void {
    const waiting = [...this.#waiting];
    for (const waiter of waiting) waiter.refuse(error());
  }

  /** Settles when nobody has the turn. */
  async idle(): Promise<void> {
    if (this.#busy) await new Promise<void>((resolve) => this.#idleListeners.push(resolve));
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.size >= this.#limit) {
      const text = `${this.#limit} requests to this NAS are waiting already; no more are taken until some are answered.`;
      throw new DsmError('BUSY', text, { outcome: 'not_sent' });
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        admit: () => {
          leave();
          resolve();
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const onAbort = (): void => waiter.refuse(abortedError());
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #leaveOnce(): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const [next] = this.#waiting;
      // The turn passes on without a gap, so that nobody new can step in between.
      if (next !== undefined) {
        next.admit();
        return;
      }
      this.#busy = false;
      const listeners = this.#idleListeners;
      this.#idleListeners = [];
      for (const listener of listeners) listener();
    };
  }
}
