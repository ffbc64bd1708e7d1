// The simulated NAS's clock: real time by default, or one that tests drive.

/** Milliseconds since the epoch, and a way to let time pass at once. */
export interface Clock {
  /** Now, in milliseconds since the epoch. */
  now(): number;
  /** Lets `seconds` pass at once; what falls into them (runs that start or end) has then happened. */
  advance(seconds: number): void;
}

/** The host's time; `advance` moves it ahead of the host's by so many seconds. */
export function createRealClock(): Clock {
  let aheadMs = 0;
  return {
    now: () => Date.now() + aheadMs,
    advance: (seconds) => {
      aheadMs += seconds * 1000;
    },
  };
}

/** A clock that stands still until it is advanced. */
export function createVirtualClock(startMs: number): Clock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance: (seconds) => {
      nowMs += seconds * 1000;
    },
  };
}
