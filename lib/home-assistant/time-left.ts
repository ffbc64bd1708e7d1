// Waiting on a clock that somebody may set back.

/** What is left at `nowMs` of a span that began at `sinceMs`. A clock that was set back counts as elapsed. */
export function timeLeftMs(sinceMs: number, spanMs: number, nowMs: number): number {
  return nowMs < sinceMs ? 0 : Math.max(0, sinceMs + spanMs - nowMs);
}
