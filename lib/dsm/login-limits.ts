// Two limits on logins beside the lockout guard: one at a time per address and account, and not too many in a row.
import { untilAborted } from './abort';

const underWay = new Map<string, Promise<unknown>>();

/**
 * Runs a login when no other session of this process is logging in under the same key. So ten sessions that start
 * together with one wrong password learn from the first one's refusal instead of adding nine more.
 * @param job looks at the lockout guard again before it logs in
 * @throws DsmError ABORTED when a signal fires while waiting
 */
export async function oneLoginAtATime<T>(
  key: string,
  signals: readonly (AbortSignal | undefined)[],
  job: () => Promise<T>,
): Promise<T> {
  for (let other = underWay.get(key); other !== undefined; other = underWay.get(key)) {
    await untilAborted(other, signals);
  }
  const run = job();
  const settled = run
    .catch(() => undefined)
    .then(() => {
      underWay.delete(key);
    });
  underWay.set(key, settled);
  return run;
}

/** Re-logins that may follow each other without a pause, and the time after which one more is allowed. */
const BURST = 20;
const REFILL_MS = 6_000;

/**
 * The allowance for re-logins. A NAS that drops each new session (two clients that kick each other out, a proxy that
 * strips cookies) would otherwise get a login with every call, and sessions pile up on it.
 */
export class ReloginAllowance {
  #left = BURST;
  #atMs: number | null = null;

  /** Takes one re-login. @returns false when there is none left at this time */
  take(nowMs: number): boolean {
    const elapsedMs = this.#atMs === null ? 0 : Math.max(0, nowMs - this.#atMs);
    this.#left = Math.min(BURST, this.#left + elapsedMs / REFILL_MS);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
