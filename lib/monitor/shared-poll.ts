// One poll at a time, shared by everybody who asks for one meanwhile, and given up when nobody waits any more.
import { leaveOnAbort } from './leave-on-abort';
import type { Snapshot } from './types';

/** A poll under way, and how many wait for it. */
interface CurrentPoll {
  result: Promise<Snapshot>;
  abandon: AbortController;
  askers: number;
}

/** The polls of one NAS. */
export class SharedPoll {
  #current: CurrentPoll | null = null;
  readonly #poll: (abandoned: AbortSignal) => Promise<Snapshot>;
  readonly #ended: () => void;

  /**
   * @param poll polls once; its signal fires when nobody waits for it any more
   * @param ended called after a poll, unless the next one is under way
   */
  constructor(poll: (abandoned: AbortSignal) => Promise<Snapshot>, ended: () => void) {
    this.#poll = poll;
    this.#ended = ended;
  }

  get isUnderWay(): boolean {
    return this.#current !== null;
  }

  /**
   * Waits for the end of the poll under way, however that is.
   * @throws DsmError ABORTED when the signal fires first
   */
  async ended(signal: AbortSignal | undefined): Promise<void> {
    await leaveOnAbort(Promise.allSettled([this.#current?.result]), signal);
  }

  /**
   * The outcome of the poll under way, or of a new one.
   * @throws what the poll does, or DsmError ABORTED when the signal fires first
   */
  async join(signal: AbortSignal | undefined): Promise<Snapshot> {
    const current = (this.#current ??= this.#start());
    current.askers += 1;
    try {
      return await leaveOnAbort(current.result, signal);
    } finally {
      current.askers -= 1;
      // A silent NAS would be waited for on nobody's behalf, and everybody's next question with it.
      if (current.askers === 0 && signal?.aborted === true) {
        if (this.#current === current) this.#current = null;
        current.abandon.abort();
      }
    }
  }

  #start(): CurrentPoll {
    const abandon = new AbortController();
    const result = this.#poll(abandon.signal).finally(() => {
      if (this.#current?.abandon === abandon) this.#current = null;
      if (this.#current === null) this.#ended();
    });
    // Whoever asked gets the failure through join(); an abandoned poll must not end the process.
    result.catch(() => undefined);
    return { result, abandon, askers: 0 };
  }
}
