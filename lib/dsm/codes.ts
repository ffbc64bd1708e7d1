// What DSM's numbers mean, as tables. The same number means different things on different APIs, so tables go by API.
import { DsmError, type DsmErrorCode, type Outcome } from './errors';

/** The API that logs in and out. */
export const AUTH_API = 'SYNO.API.Auth';

interface Meaning {
  code: DsmErrorCode;
  /** What happened and what to do about it. `{api}`, `{method}` and `{parameter}` are filled in. */
  sentence: string;
  /** True where the NAS may have done part of the work before it gave this number. */
  vague?: boolean;
  /** Auth only: logging in again with the same credentials is useless or does harm (auto block, lockout, prompts). */
  final?: boolean;
}

type Table = Readonly<Record<number, Meaning>>;

const EXPIRED: Meaning = {
  code: 'AUTH_FAILED',
  sentence: "The account's password has expired. Sign in to DSM once, change it, and enter the new one here.",
  final: true,
};

/** Numbers of SYNO.API.Auth. */
const AUTH_CODES: Table = {
  400: {
    code: 'AUTH_FAILED',
    sentence:
      'The NAS does not accept this user name and password. Correct them; no further login is tried until then.',
    final: true,
  },
  401: {
    code: 'AUTH_FAILED',
    sentence: 'The account is deactivated. Activate it in DSM (Control Panel, User) or use another one.',
    final: true,
  },
  402: {
    code: 'AUTH_FAILED',
    sentence:
      'The account may not sign in to DSM. Allow it the application "DSM" (Control Panel, Application Privileges).',
    final: true,
  },
  403: {
    code: 'OTP_REQUIRED',
    sentence: 'The account uses two-factor authentication. Pair this device once with a current six-digit code.',
    final: true,
  },
  404: {
    code: 'OTP_REQUIRED',
    sentence: 'The two-factor code was wrong or too old. Pair again with a current one.',
    final: true,
  },
  405: {
    code: 'AUTH_FAILED',
    sentence: 'The NAS refuses logins through this application portal. Use the address of DSM itself.',
    final: true,
  },
  // Pairing cannot help here, so it is not OTP_REQUIRED, which would send the user there.
  406: {
    code: 'AUTH_FAILED',
    sentence:
      'DSM enforces two-factor authentication and this account has not set it up. Sign in to DSM once with it, ' +
      'set it up, and then pair.',
    final: true,
  },
  407: {
    code: 'IP_BLOCKED',
    sentence:
      'The NAS has blocked the address of this machine after too many failed logins. Remove it in DSM (Control Panel, ' +
      'Security, Protection, Allow/Block List), correct the password, and then test the connection.',
    final: true,
  },
  408: EXPIRED,
  409: EXPIRED,
  410: {
    code: 'AUTH_FAILED',
    sentence: 'The password must be changed first. Sign in to DSM once, change it, and enter the new one here.',
    final: true,
  },
  // The account is locked, not our address: the block list would be the wrong place to look.
  411: {
    code: 'AUTH_FAILED',
    sentence:
      'The account is locked after too many failed logins. Unlock it in DSM (Control Panel, Security, Account) or wait, ' +
      'and then test the connection.',
    final: true,
  },
  430: {
    code: 'NOT_SUPPORTED',
    sentence: 'The NAS accepts logins only with an encrypted handshake that is not supported here.',
  },
  449: {
    code: 'OTP_REQUIRED',
    sentence: 'The account signs in by approval on a phone. Use an account with a password, or pair with a code.',
    final: true,
  },
};

const MISSING_API: Meaning = {
  code: 'PACKAGE_UNAVAILABLE',
  sentence:
    'The NAS does not offer {api}: its package is not installed, is stopped, or is being updated. Look in Package Center.',
};

const MISSING_DSM_API: Meaning = { code: 'NOT_SUPPORTED', sentence: 'This version of DSM does not offer {api}.' };

const UNKNOWN: Meaning = { code: 'NAS_ERROR', sentence: 'The NAS refused {api} {method}.' };

const SESSION_GONE: Meaning = {
  code: 'SESSION_LOST',
  sentence: 'The NAS ended the session, and again right after a new login.',
};

const BAD_PARAMETER: Meaning = {
  code: 'NAS_ERROR',
  sentence: 'The NAS refused {method}: parameter {parameter} is missing or wrong.',
};

const UNSTABLE: Meaning = {
  code: 'BUSY',
  sentence: 'The NAS is busy or its network is unstable. Try again later.',
  vague: true,
};

/** Numbers that every API shares. */
const COMMON_CODES: Table = {
  100: { code: 'NAS_ERROR', sentence: 'The NAS failed to carry out {method} and gave no reason.', vague: true },
  101: { code: 'NAS_ERROR', sentence: 'The NAS found the request incomplete: parameter {parameter}.' },
  103: { code: 'NOT_SUPPORTED', sentence: 'This version of {api} does not know {method}.' },
  104: { code: 'NOT_SUPPORTED', sentence: 'The NAS does not offer the version of {api} that is needed.' },
  105: {
    code: 'PERMISSION_DENIED',
    sentence: 'The account may not use {api} {method}. It must belong to the administrators group.',
  },
  106: SESSION_GONE,
  107: {
    code: 'SESSION_LOST',
    sentence: 'Another login with this account ended the session twice. Use an account of its own here.',
  },
  109: UNSTABLE,
  110: UNSTABLE,
  111: UNSTABLE,
  114: BAD_PARAMETER,
  117: {
    code: 'BUSY',
    sentence: 'The NAS does not accept {method} in its present state, or is busy. Try again later.',
  },
  118: UNSTABLE,
  119: SESSION_GONE,
  120: BAD_PARAMETER,
  150: {
    code: 'SESSION_LOST',
    sentence:
      'The NAS sees requests from another address than the login. Has this machine two ways to the NAS, or does a proxy ' +
      'change its address?',
  },
  160: {
    code: 'PERMISSION_DENIED',
    sentence:
      'The account lacks the right to this application. Allow it in DSM (Control Panel, Application Privileges).',
  },
};

/** Numbers by API; an API that is not here has the common ones only. */
const TABLES: Readonly<Record<string, Table>> = { [AUTH_API]: AUTH_CODES };

/** APIs that are DSM's own and not a package's: without them it is DSM that is too old, and no package is missing. */
const DSM_APIS = /^SYNO\.(API|Core|DSM|Entry|Storage)\./;

/** A code that DSM gave to a call. */
export interface Refusal {
  api: string;
  method: string;
  dsmCode: number;
  /** The parameter that DSM complained about, where it told one. */
  parameter?: string | null;
}

function missingApi(api: string): Meaning {
  return DSM_APIS.test(api) ? MISSING_DSM_API : MISSING_API;
}

function meaningOf(api: string, dsmCode: number): Meaning {
  const ofApi = TABLES[api]?.[dsmCode];
  if (ofApi !== undefined) return ofApi;
  return (dsmCode === 102 ? missingApi(api) : COMMON_CODES[dsmCode]) ?? UNKNOWN;
}

function fill(sentence: string, refusal: Omit<Refusal, 'dsmCode'>): string {
  return sentence
    .replace('{api}', refusal.api)
    .replace('{method}', refusal.method)
    .replace('{parameter}', refusal.parameter == null ? '(not named)' : `"${refusal.parameter}"`);
}

/** The error for a code that DSM answered. Its outcome is `refused`, or `unknown` where the number leaves that open. */
export function dsmCodeError(refusal: Refusal): DsmError {
  const { api, dsmCode } = refusal;
  const { code, sentence, vague } = meaningOf(api, dsmCode);
  const outcome: Outcome = vague === true ? 'unknown' : 'refused';
  return new DsmError(code, `${fill(sentence, refusal)} (DSM code ${dsmCode})`, { dsmCode, outcome });
}

/** The error for an API that SYNO.API.Info does not list. */
export function missingApiError(api: string): DsmError {
  const { code, sentence } = missingApi(api);
  return new DsmError(code, fill(sentence, { api, method: '' }), { outcome: 'not_sent' });
}

/** Whether a login that DSM answered with this code must not be tried again with the same credentials. */
export function endsLogins(dsmCode: number): boolean {
  return AUTH_CODES[dsmCode]?.final === true;
}
