// Whether the NAS answers, as a pure step from one poll's outcome to the next, and how long to wait between polls.
import type { NasHealth } from './types';

/** Errors that no further try will mend: the NAS counts as away at once. */
const credentialErrors = new Set(['AUTH_FAILED', 'OTP_REQUIRED', 'IP_BLOCKED']);

/** Whether a poll failed with such an error. */
export function isCredentialError(code: string | null): boolean {
  return credentialErrors.has(code ?? '');
}

/** So many polls in a row must fail before the NAS counts as away: one lost answer is not an outage. */
const failuresBeforeOffline = 2;
const firstBackoffMs = 5_000;
const longestBackoffMs = 300_000;

/** Before the first poll, and where the last one says nothing any more. */
export function unknownHealth(nowMs: number): NasHealth {
  return {
    state: 'unknown',
    errorCode: null,
    errorMessage: null,
    sinceMs: nowMs,
    failedPolls: 0,
    lastGoodPollMs: null,
  };
}

/** After a good poll. */
export function afterGoodPoll(health: NasHealth, nowMs: number): NasHealth {
  return {
    state: 'online',
    errorCode: null,
    errorMessage: null,
    sinceMs: health.state === 'online' ? health.sinceMs : nowMs,
    failedPolls: 0,
    lastGoodPollMs: nowMs,
  };
}

/** After a failed poll. Without any good poll so far, the first failure is enough: there is nothing to hold on to. */
export function afterFailedPoll(health: NasHealth, code: string, message: string, nowMs: number): NasHealth {
  const failedPolls = health.failedPolls + 1;
  const offline = health.state !== 'online' || isCredentialError(code) || failedPolls >= failuresBeforeOffline;
  const state = offline ? 'offline' : 'online';
  return {
    state,
    errorCode: code,
    errorMessage: message,
    sinceMs: state === health.state ? health.sinceMs : nowMs,
    failedPolls,
    lastGoodPollMs: health.lastGoodPollMs,
  };
}

/** After too long without a good poll, whatever the present one is doing: as good as polls that failed. */
export function afterSilence(health: NasHealth, nowMs: number): NasHealth {
  return {
    ...health,
    state: 'offline',
    errorCode: health.errorCode ?? 'TIMEOUT',
    errorMessage: health.errorMessage ?? 'The NAS has not answered a poll for too long.',
    sinceMs: health.state === 'offline' ? health.sinceMs : nowMs,
    failedPolls: Math.max(health.failedPolls, failuresBeforeOffline),
  };
}

/** Whether the NAS is certainly away, and not only failed the first poll of this process: then that is told. */
export function isAway({ state, errorCode, failedPolls }: NasHealth): boolean {
  return state === 'offline' && (isCredentialError(errorCode) || failedPolls >= failuresBeforeOffline);
}

/** How long a NAS may go without a good poll before it counts as away: three polls, at least three minutes. */
export function silenceMs(pollSeconds: number): number {
  return Math.max(3 * pollSeconds * 1000, 180_000);
}

/**
 * How long to wait before the next poll, milliseconds. Network faults back off from 5 s to 5 min with up to 20 % more
 * as jitter, so that many NASes behind one broken line do not come back in step; a credential error costs the NAS nothing
 * (no login is tried), so the usual rhythm goes on.
 */
export function nextPollMs(
  health: NasHealth,
  anyRunning: boolean,
  settings: { pollSeconds: number; pollRunningSeconds: number },
  random: number,
): number {
  if (health.failedPolls > 0 && !isCredentialError(health.errorCode)) {
    const backoff = firstBackoffMs * 2 ** Math.min(health.failedPolls - 1, 10);
    return Math.min(Math.round(backoff * (1 + 0.2 * random)), longestBackoffMs);
  }
  return 1000 * (anyRunning ? Math.min(settings.pollRunningSeconds, settings.pollSeconds) : settings.pollSeconds);
}
