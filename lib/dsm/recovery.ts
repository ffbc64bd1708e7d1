// What to do about a code that a call was refused with: the rules that keep a session alive without login storms.

/** What happened to this call so far. */
export interface CallHistory {
  reloggedIn: boolean;
  rediscovered: boolean;
}

/** What is known of the method that was called. */
export interface MethodHistory {
  /** It was answered with success under the present login. */
  workedInThisLogin: boolean;
  /** It was answered with success at some time in this session. */
  knownGood: boolean;
  /** When 105 or 103 was last told to a caller, where it was not answered with success since. */
  refused?: 'recently' | 'long ago';
}

/**
 * `relogin`: the session is gone, log in and send once more. `renew`: the same, but the NAS still holds the session, so
 * log out first, as sessions pile up. `rediscover`: ask for path and versions again. `fail`: tell the caller.
 */
export type NextStep = 'relogin' | 'renew' | 'rediscover' | 'fail';

/** The gateway refused the call because of its session, before it was carried out: even a write may be sent again. */
const SESSION_CODES = new Set([106, 107, 119, 150]);
/** On DSM 5 and 6 also the answer to a session that a reboot ended; else a real lack of rights. */
const NO_PERMISSION = 105;
/** Also the answer to a missing or outdated SynoToken. */
const NO_SUCH_METHOD = 103;
/** The path or the versions may have changed with an update. */
const DIRECTORY_CODES = new Set([102, 104]);

/**
 * The next step after a refusal. At most one login and one discovery per call. 105 leads to a login only where the same
 * method worked under the same login, so that an account without rights never causes a second login. Where a method that
 * had worked stays refused, one more login is tried now and then: the refusal may have come of a NAS that was starting.
 */
export function nextStep(dsmCode: number, call: CallHistory, method: MethodHistory): NextStep {
  if (DIRECTORY_CODES.has(dsmCode)) return call.rediscovered ? 'fail' : 'rediscover';
  if (call.reloggedIn) return 'fail';
  if (SESSION_CODES.has(dsmCode)) return 'relogin';
  if (!isDoubtful(dsmCode) || !method.knownGood || method.refused === 'recently') return 'fail';
  const isWorthIt = dsmCode === NO_SUCH_METHOD || method.workedInThisLogin || method.refused === 'long ago';
  return isWorthIt ? 'renew' : 'fail';
}

/** Whether a new login may help against a refusal that is no matter of the session by its number. */
export function isDoubtful(dsmCode: number): boolean {
  return dsmCode === NO_PERMISSION || dsmCode === NO_SUCH_METHOD;
}
