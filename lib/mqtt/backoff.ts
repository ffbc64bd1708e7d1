// How long to wait before the next try to connect.

/**
 * Milliseconds before try number `attempt` (from 1): doubled each time between the two limits, less up to half of it
 * by chance, so that all the clients of a broker that restarts do not come back in the same instant.
 */
export function reconnectDelayMs(attempt: number, limits: { leastMs: number; mostMs: number }, random: number): number {
  const full = Math.min(limits.leastMs * 2 ** Math.min(attempt - 1, 20), limits.mostMs);
  return Math.round(full * (1 - 0.5 * random));
}
