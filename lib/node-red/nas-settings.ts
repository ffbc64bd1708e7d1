// Reads a NAS's config node: every field may be missing, text, or an environment variable that was not set.
import { ActiveBackupError, printValue, type Limits } from '../active-backup';
import { normalizeFingerprint, parseNasUrl } from '../dsm';
import { asObject, unresolvedVariable } from './config-values';

/** The properties of an `active-backup-nas` node as a flow file may hold them. */
export interface NasNodeDefinition {
  id: string;
  name?: unknown;
  url?: unknown;
  tls?: unknown;
  verifyCertificate?: unknown;
  certificateSha256?: unknown;
  slug?: unknown;
  timeZone?: unknown;
  pollSeconds?: unknown;
  pollRunningSeconds?: unknown;
  timeoutSeconds?: unknown;
  allowChanges?: unknown;
  watchSettings?: unknown;
  limits?: unknown;
}

/** A config node's settings, complete and checked. */
export interface NasSettings {
  name: string;
  url: string;
  verifyCertificate: boolean;
  /** The fingerprint of the one certificate that is trusted, or null: then it is verified as usual. */
  certificateSha256: string | null;
  slug: string;
  timeZone: string;
  pollSeconds: number;
  pollRunningSeconds: number;
  timeoutSeconds: number;
  allowChanges: boolean;
  /** Whether each task's settings are read hourly, to tell when somebody changes them. */
  watchSettings: boolean;
  limits: Limits;
}

/** A slug: the short id that topics and entity ids are made of. */
const slugPattern = /^[a-z0-9_]{1,64}$/;
/** The ids of task 1 of a NAS `a` begin with `a_task_1`, as would those of a NAS with this slug. */
const looksLikeTask = /_task_\d+(?=_|$)/;

/**
 * @throws ActiveBackupError `NOT_CONFIGURED` that names the field, what it holds and what would be right
 */
export function readNasSettings(definition: NasNodeDefinition): NasSettings {
  const url = readText(definition.url, 'url');
  if (url === '') throw wrong('url', 'is empty', 'the address of the NAS, such as https://nas.example:5001');
  return {
    name: typeof definition.name === 'string' ? definition.name : '',
    url: parseUrl(url),
    verifyCertificate: readFlag(definition.verifyCertificate, 'verifyCertificate', true),
    certificateSha256: readFingerprint(definition.certificateSha256, url),
    slug: readSlug(definition),
    timeZone: readTimeZone(definition.timeZone),
    pollSeconds: readSeconds(definition.pollSeconds, 'pollSeconds', 60, 5),
    pollRunningSeconds: readSeconds(definition.pollRunningSeconds, 'pollRunningSeconds', 10, 1),
    timeoutSeconds: readSeconds(definition.timeoutSeconds, 'timeoutSeconds', 30, 1),
    allowChanges: readFlag(definition.allowChanges, 'allowChanges', false),
    watchSettings: readFlag(definition.watchSettings, 'watchSettings', false),
    limits: readLimits(definition.limits),
  };
}

function parseUrl(url: string): string {
  const parsed = parseNasUrl(url);
  if (!parsed.ok) throw new ActiveBackupError('NOT_CONFIGURED', parsed.problem);
  return url;
}

function readFingerprint(value: unknown, url: string): string | null {
  const text = readText(value, 'certificateSha256');
  if (text === '') return null;
  // Over http:// there is no certificate: to ignore the pin would feign a protection.
  if (!/^https:/i.test(url)) throw wrong('certificateSha256', 'is set', 'an address with https://, or no fingerprint');
  const fingerprint = normalizeFingerprint(text);
  if (fingerprint === null) {
    throw wrong('certificateSha256', `is ${printValue(text)}`, 'a SHA-256 fingerprint of 64 hexadecimal digits');
  }
  return fingerprint;
}

/** The slug as given, or one from the node's id, which is as constant. */
function readSlug(definition: NasNodeDefinition): string {
  const slug = readText(definition.slug, 'slug');
  if (slug === '') {
    const made = `nas_${definition.id.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`;
    return made.replace(/_task_(?=\d+(?:_|$))/g, '_task');
  }
  if (!slugPattern.test(slug)) {
    throw wrong('slug', `is ${printValue(slug)}`, 'one to 64 of the characters a-z, 0-9 and _');
  }
  const taskLike = looksLikeTask.exec(slug);
  if (taskLike) {
    const expected = `one without "${taskLike[0]}": so begin the ids of another NAS's tasks`;
    throw wrong('slug', `is ${printValue(slug)}`, expected);
  }
  return slug;
}

function readTimeZone(value: unknown): string {
  const zone = readText(value, 'timeZone');
  if (zone === '') return Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw wrong('timeZone', `is ${printValue(zone)}`, 'an IANA time zone such as Europe/Berlin');
  }
}

function readText(value: unknown, name: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw wrong(name, `is a ${typeof value}`, 'a text');
  const variable = unresolvedVariable(value);
  if (variable !== null) {
    throw new ActiveBackupError('NOT_CONFIGURED', `${name}: the environment variable ${variable} is not set.`);
  }
  return value.trim();
}

/** Environment variables arrive as text, so "true" and "false" count. */
function readFlag(value: unknown, name: string, fallback: boolean): boolean {
  if (value === undefined || value === null || value === '') return fallback;
  if (typeof value === 'boolean') return value;
  const text = readText(value, name).toLowerCase();
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw wrong(name, `is ${printValue(text)}`, 'true or false');
}

function readSeconds(value: unknown, name: string, fallback: number, least: number): number {
  if (value === undefined || value === null || value === '') return fallback;
  const seconds = typeof value === 'number' ? value : Number(readText(value, name));
  if (!Number.isFinite(seconds) || seconds < least || seconds > 86_400) {
    throw wrong(name, `is ${printValue(value)}`, `a number of seconds from ${least} to 86400`);
  }
  return seconds;
}

function readLimits(value: unknown): Limits {
  let limits = value;
  if (typeof value === 'string' && value.trim() !== '') {
    try {
      limits = JSON.parse(readText(value, 'limits'));
    } catch (error) {
      if (error instanceof ActiveBackupError) throw error;
      throw wrong('limits', 'is not JSON', 'an object such as {"graceHours": 6}');
    }
  }
  if (limits === undefined || limits === null || limits === '') return {};
  const given = asObject(limits);
  if (!given) throw wrong('limits', 'is not an object', 'an object such as {"graceHours": 6}');
  const read: Limits = {};
  for (const [name, entry] of Object.entries(given)) {
    if (entry === null || entry === undefined || entry === '') continue;
    if (name === 'graceHours' || name === 'continuousHours' || name === 'manualHours') {
      read[name] = readHours(entry, `limits.${name}`);
    } else if (name === 'partialIsProblem') {
      read.partialIsProblem = readFlag(entry, `limits.${name}`, true);
    } else if (name === 'tasks') {
      read.tasks = readTaskLimits(entry);
    } else {
      throw wrong(
        `limits.${name}`,
        'is not known',
        'graceHours, continuousHours, manualHours, partialIsProblem or tasks',
      );
    }
  }
  return read;
}

function readTaskLimits(value: unknown): NonNullable<Limits['tasks']> {
  const given = asObject(value);
  if (!given) throw wrong('limits.tasks', 'is not an object', 'ids of tasks with hours or "ignore"');
  const tasks: NonNullable<Limits['tasks']> = {};
  for (const [id, entry] of Object.entries(given)) {
    if (!/^[1-9]\d{0,9}$/.test(id)) {
      throw wrong('limits.tasks', `has ${printValue(id)}`, 'ids of tasks with hours or "ignore"');
    }
    tasks[id] = entry === 'ignore' ? 'ignore' : readHours(entry, `limits.tasks.${id}`);
  }
  return tasks;
}

function readHours(value: unknown, name: string): number {
  const hours = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof hours !== 'number' || !Number.isFinite(hours) || hours < 0 || hours > 87_600) {
    throw wrong(name, `is ${printValue(value)}`, 'a number of hours from 0 to 87600');
  }
  return hours;
}

function wrong(name: string, found: string, expected: string): ActiveBackupError {
  return new ActiveBackupError('NOT_CONFIGURED', `The connection's ${name} ${found}; expected ${expected}.`);
}
