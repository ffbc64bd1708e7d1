// Values of a NAS that hardly change: each is asked hourly, and soon again where that failed for a passing reason.
import { isCodedError } from '../dsm';

const usualMs = 3_600_000;
const soonMs = 60_000;
/** What the NAS does not give today it will not give in a minute. */
const refusals = new Set(['PERMISSION_DENIED', 'NOT_SUPPORTED']);

/** One such value. */
export class SlowValue<T> {
  #value: T | null = null;
  #next: { askedMs: number; waitMs: number } | null = null;
  readonly #ask: (signal: AbortSignal) => Promise<T>;

  constructor(ask: (signal: AbortSignal) => Promise<T>) {
    this.#ask = ask;
  }

  /**
   * The value, asked for where it is due; null until known and where the NAS refuses it. It is read beside the task
   * list, so whatever goes wrong here says nothing against the NAS.
   * @throws DsmError ABORTED
   */
  async read(hostMs: number, signal: AbortSignal): Promise<T | null> {
    if (this.#next && Math.abs(hostMs - this.#next.askedMs) < this.#next.waitMs) return this.#value;
    let waitMs = usualMs;
    try {
      this.#value = await this.#ask(signal);
    } catch (error) {
      if (!isCodedError(error) || error.code === 'ABORTED') throw error;
      if (refusals.has(error.code)) this.#value = null;
      else waitMs = soonMs;
    }
    this.#next = { askedMs: hostMs, waitMs };
    return this.#value;
  }
}
