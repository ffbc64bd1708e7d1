// Logging in and out: which version, which fields, and what the answer holds.
import { AUTH_API, dsmCodeError } from './codes';
import type { ApiEntry } from './directory';
import type { FormField } from './encoding';
import { isRecord } from './envelope';
import { DsmError } from './errors';
import type { Exchange, Gateway, Pass } from './gateway';
import { Secret } from './secret';

/** Version 7 sessions may do what 6 and older may not on DSM 7 (writes answered 105); newer ones are not known. */
const NEWEST_VERSION = 7;
/** DSM 7 refuses older ones. */
const OLDEST_VERSION = 3;
/** The version that understands device tokens, and that answers 430 ("handshake required") never. */
const DEVICE_VERSION = 6;
const HANDSHAKE_REQUIRED = 430;

/** Who logs in. */
export interface Credentials {
  username: string;
  password: Secret;
  deviceToken: Secret | null;
  /** The name that the device token is bound to. */
  deviceName: string;
}

/** A successful login. */
export interface Login extends Pass {
  version: number;
  /** The token of the trusted device, where one was asked for and given. */
  deviceToken: Secret | null;
}

/** How a login is sent. */
export interface LoginContext {
  gateway: Gateway;
  entry: ApiEntry;
  timeoutMs: number;
  signals: readonly (AbortSignal | undefined)[];
  /** Called for each login that is put on the wire. */
  onLogin: () => void;
}

/**
 * The newest login version that both sides know.
 * @throws DsmError NOT_SUPPORTED when there is none
 */
export function loginVersion(entry: ApiEntry): number {
  const version = Math.min(entry.maxVersion, NEWEST_VERSION);
  if (version < OLDEST_VERSION || version < entry.minVersion) {
    const text = `The NAS offers login versions ${entry.minVersion} to ${entry.maxVersion}; 3 to 7 are understood here.`;
    throw new DsmError('NOT_SUPPORTED', text, { outcome: 'not_sent' });
  }
  return version;
}

/**
 * The fields of a login, raw, as SYNO.API.Auth takes them. Neither `session` nor `format` is sent: some NASes answer
 * 402 to any session name, and with `format=sid` DSM 7.0 did not honour device tokens.
 * @param otp a current code: pairs, and asks for a device token
 */
export function loginFields(credentials: Credentials, otp: Secret | null): FormField[] {
  const { username, password, deviceToken, deviceName } = credentials;
  const fields: FormField[] = [
    ['account', username],
    ['passwd', password.reveal()],
    ['enable_syno_token', 'yes'],
  ];
  if (otp !== null) {
    fields.push(['otp_code', otp.reveal()], ['enable_device_token', 'yes'], ['device_name', deviceName]);
  } else if (deviceToken !== null) {
    fields.push(['device_id', deviceToken.reveal()], ['device_name', deviceName]);
  }
  return fields;
}

/** A text that may stand in a header: no control character, no separator that could start another cookie or header. */
function readHeaderSafe(value: unknown): Secret | null {
  return typeof value === 'string' && /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,4096}$/.test(value)
    ? new Secret(value)
    : null;
}

/**
 * Reads a login's data. The device token is `device_id` since version 7 and `did` before.
 * @returns null when there is no usable sid
 */
export function readLogin(data: unknown, version: number): Login | null {
  if (!isRecord(data)) return null;
  const sid = readHeaderSafe(data.sid);
  if (sid === null) return null;
  return {
    sid,
    version,
    synoToken: readHeaderSafe(data.synotoken),
    deviceToken: readHeaderSafe(data.device_id) ?? readHeaderSafe(data.did),
  };
}

async function attempt(
  context: LoginContext,
  version: number,
  fields: readonly FormField[],
): Promise<{ login: Login } | { refusal: number }> {
  context.onLogin();
  const reply = await context.gateway.exchange({ ...authExchange(context, version), method: 'login', fields });
  if (!reply.success) return { refusal: reply.dsmCode };
  const login = readLogin(reply.data, version);
  if (login !== null) return { login };
  const text = `${context.gateway.host} answered the login without a session id.`;
  throw new DsmError('INVALID_RESPONSE', text, { outcome: 'unknown' });
}

function authExchange(context: LoginContext, version: number): Omit<Exchange, 'method' | 'fields'> {
  const { timeoutMs, signals, entry } = context;
  // A login is never repeated by the transport: each one that fails counts towards the auto block.
  return { api: AUTH_API, version, path: entry.path, timeoutMs, signals, repeatable: false };
}

/**
 * Logs in once. Only the answer "handshake required" leads to a second try, with version 6, which needs none.
 * @param otp a current code, for pairing
 * @throws DsmError with DSM's code when it refuses; transport errors; INVALID_RESPONSE
 */
export async function logIn(context: LoginContext, credentials: Credentials, otp: Secret | null): Promise<Login> {
  const version = loginVersion(context.entry);
  if (otp !== null && version < DEVICE_VERSION) {
    const text = 'This version of DSM cannot trust a device, which two-factor accounts need here.';
    throw new DsmError('NOT_SUPPORTED', text, { outcome: 'not_sent' });
  }
  const fields = loginFields(credentials, otp);
  let result = await attempt(context, version, fields);
  if ('refusal' in result && result.refusal === HANDSHAKE_REQUIRED && version > DEVICE_VERSION) {
    result = await attempt(context, DEVICE_VERSION, fields);
  }
  if ('login' in result) return result.login;
  throw dsmCodeError({ api: AUTH_API, method: 'login', dsmCode: result.refusal });
}

/** Logs out. The sid goes along: without it DSM answers success, ends nothing, and sessions pile up. */
export async function logOut(context: LoginContext, login: Login): Promise<void> {
  await context.gateway.exchange({
    ...authExchange(context, login.version),
    method: 'logout',
    fields: [],
    pass: login,
  });
}
