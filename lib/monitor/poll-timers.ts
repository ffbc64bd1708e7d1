// The two timers of a poll loop: when to poll next, and when the silence has lasted too long.
import type { Scheduler } from './scheduler';

/** The timers of one NAS. Each is set anew in place of what it was set to before. */
export class PollTimers {
  #cancelPoll: () => void = () => undefined;
  #cancelSilence: () => void = () => undefined;

  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  poll(ms: number, callback: () => void): void {
    this.#cancelPoll();
    this.#cancelPoll = this.#scheduler.after(ms, callback);
  }

  silence(ms: number, callback: () => void): void {
    this.#cancelSilence();
    this.#cancelSilence = this.#scheduler.after(ms, callback);
  }

  /** Calls both off. */
  rest(): void {
    this.#cancelPoll();
    this.#cancelSilence();
  }
}
