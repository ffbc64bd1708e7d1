// What the person who starts the demo may choose, read from the environment.

/** A setting that cannot be used; the message says what would be right. */
export class SettingError extends Error {
  override name = 'SettingError';
}

/** A NAS that the person gave. */
export interface RealNas {
  url: string;
  username: string;
  password: string;
}

/** A broker that the person gave. */
export interface RealBroker {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`, without credentials. */
  url: string;
  username: string;
  password: string;
}

/** The demo's settings; null: the demo's own. */
export interface DemoSettings {
  nas: RealNas | null;
  broker: RealBroker | null;
  /** The editor's port; null: 1880, or any free one when that is taken. */
  port: number | null;
}

/** An address with one of the given schemes; the variable's name is for the message. */
function address(variable: string, value: string, schemes: readonly string[]): URL {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || url.hostname === '' || !schemes.includes(url.protocol)) {
    throw new SettingError(
      `${variable} must be an address that begins with ${schemes.map((s) => `${s}//`).join(' or ')}.`,
    );
  }
  return url;
}

function nasOf(env: NodeJS.ProcessEnv): RealNas | null {
  const names = ['NAS_URL', 'NAS_USERNAME', 'NAS_PASSWORD'] as const;
  const missing = names.filter((name) => (env[name] ?? '') === '');
  if (missing.length === names.length) return null;
  if (missing.length > 0) throw new SettingError(`A real NAS needs ${missing.join(' and ')} too.`);
  const url = address('NAS_URL', env.NAS_URL ?? '', ['https:', 'http:']);
  if (url.username !== '' || url.password !== '') {
    throw new SettingError('NAS_URL may not hold a user or a password: use NAS_USERNAME and NAS_PASSWORD.');
  }
  return { url: env.NAS_URL ?? '', username: env.NAS_USERNAME ?? '', password: env.NAS_PASSWORD ?? '' };
}

function brokerOf(env: NodeJS.ProcessEnv): RealBroker | null {
  const given = env.MQTT_URL ?? '';
  if (given === '') return null;
  const url = address('MQTT_URL', given, ['mqtt:', 'mqtts:', 'ws:', 'wss:']);
  const username = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return { url: url.href, username, password };
}

function portOf(env: NodeJS.ProcessEnv): number | null {
  const given = env.NODE_RED_PORT ?? '';
  if (given === '') return null;
  const port = Number(given);
  if (!/^\d+$/.test(given) || port > 65_535) throw new SettingError('NODE_RED_PORT must be a number up to 65535.');
  return port;
}

/**
 * Reads the settings from environment variables.
 * @throws SettingError where one cannot be used.
 */
export function readSettings(env: NodeJS.ProcessEnv): DemoSettings {
  return { nas: nasOf(env), broker: brokerOf(env), port: portOf(env) };
}
