// Time as the monitor needs it, so that tests can drive it.

/** A clock with timers. */
export interface Scheduler {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `ms`. The returned function calls it off. */
  after(ms: number, callback: () => void): () => void;
}

/** The machine's own clock. Its timers do not keep a process alive that has nothing else to do. */
export const systemScheduler: Scheduler = {
  now: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
