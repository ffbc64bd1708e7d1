// What may be given to each parameter: one table, from which the client and whatever sits on it validate alike.
import { ActiveBackupError } from './errors';
import { printValue } from './print-value';
import { type BackupPolicy } from './types';

/** One parameter: what it takes, and the check that turns a given value into a usable one. */
export interface Field<T> {
  readonly name: string;
  /** What would be right, to stand after "expected". */
  readonly expected: string;
  /**
   * The usable value.
   * @throws ActiveBackupError INVALID_INPUT that names the field, the value and what would be right
   */
  parse(value: unknown): T;
}

/** What a reader answers when a value is not what the field takes. */
const refused = Symbol('refused');

function field<T>(name: string, expected: string, read: (value: unknown) => T | typeof refused): Field<T> {
  return {
    name,
    expected,
    parse(value) {
      const result = read(value);
      if (result === refused) throw invalidInput(name, value, expected);
      return result;
    },
  };
}

/** The refusal of a value, in the one wording that all parameters share. */
export function invalidInput(name: string, value: unknown, expected: string): ActiveBackupError {
  const found = value === undefined ? 'missing' : `${printValue(value)} is not valid`;
  return new ActiveBackupError('INVALID_INPUT', `${name}: ${found}; expected ${expected}`, { outcome: 'not_sent' });
}

/** Flows and forms deliver numbers as text, so digits count; "", "8.5" and " 8" do not. */
function readWhole(value: unknown, least: number, most: number): number | typeof refused {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return refused;
  if (number < least || number > most) return refused;
  return number === 0 ? 0 : number;
}

function whole(name: string, least: number, most: number, note = ''): Field<number> {
  const range =
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number from ${String(least)}`
      : `a whole number from ${String(least)} to ${String(most)}`;
  return field(name, `${range}${note}`, (value) => readWhole(value, least, most));
}

/** Strictly a boolean: the flags confirm deletions, and "false" as text would count as true somewhere. */
function flag(name: string): Field<boolean> {
  return field(name, 'true or false', (value) => (typeof value === 'boolean' ? value : refused));
}

/** Control characters and lone surrogates: neither belongs into a name, and logs are read line by line. */
const unprintable = /\p{Cc}|\p{Surrogate}/u;

function readText(value: unknown, least: number, most: number): string | typeof refused {
  if (typeof value !== 'string' || value.length > most || unprintable.test(value)) return refused;
  return value.length >= least && (least === 0 || value.trim() !== '') ? value : refused;
}

function text(name: string, least: number, most: number, note = ''): Field<string> {
  const length =
    least === 0
      ? `a text of at most ${String(most)} characters`
      : `a text of ${String(least)} to ${String(most)} characters`;
  return field(name, `${length} without control characters${note}`, (value) => readText(value, least, most));
}

function oneOf<T extends string>(name: string, words: readonly T[]): Field<T> {
  return field(name, `one of ${words.join(', ')}`, (value) => words.find((word) => word === value) ?? refused);
}

/** The three policies in the order of the seed's numbers 0, 1, 2. */
export const policyNames: readonly BackupPolicy[] = ['continuous', 'manual', 'scheduled'];

function readPolicy(value: unknown): BackupPolicy | typeof refused {
  const number = readWhole(value, 0, policyNames.length - 1);
  if (number !== refused) return policyNames[number] ?? refused;
  return policyNames.find((name) => name === value) ?? refused;
}

/** The days of the week in the order of the wire's numbers, 0 = Sunday. */
export const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

function readDay(value: unknown): number | typeof refused {
  const number = readWhole(value, 0, 6);
  if (number !== refused || typeof value !== 'string') return number;
  const word = value.toLowerCase();
  const index = dayNames.findIndex((name) => name.toLowerCase() === word || name.slice(0, 3).toLowerCase() === word);
  return index === -1 ? refused : index;
}

/** Days in any order, as a list or as text with commas; ascending afterwards. Twice the same day is a slip. */
function readDays(value: unknown): number[] | typeof refused {
  const parts: unknown[] | null =
    typeof value === 'string' ? value.split(',').map((part) => part.trim()) : Array.isArray(value) ? value : null;
  if (parts === null || parts.length === 0 || parts.length > 7) return refused;
  const days: number[] = [];
  // Array.from: a list with holes has them as undefined, which is refused.
  for (const part of Array.from(parts)) {
    const day = readDay(part);
    if (day === refused || days.includes(day)) return refused;
    days.push(day);
  }
  return days.sort((left, right) => left - right);
}

/** A path below a shared folder: `/folder/task_1`. Two dots would leave the shared folder. */
function readLocalPath(value: unknown): string | typeof refused {
  const path = readText(value, 2, 4096);
  if (path === refused || !path.startsWith('/') || path.includes('\\')) return refused;
  return path.split('/').some((part) => part === '..' || part === '.') ? refused : path;
}

function readSharedFolder(value: unknown): string | typeof refused {
  const name = readText(value, 1, 255);
  return name === refused || /[/\\]/.test(name) || name === '.' || name === '..' ? refused : name;
}

function readAddress(value: unknown): string | typeof refused {
  const address = readText(value, 3, 254);
  return address !== refused && /^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(address) ? address : refused;
}

const largestId = 2 ** 31 - 1;
const latestMs = 8.64e15;

/** A task id as a number, where a name would be too loose. Text is refused: a name may be made of digits. */
const taskNumber = field('taskId', 'a task id: a whole number from 1, given as a number', (value) =>
  typeof value === 'number' ? readWhole(value, 1, largestId) : refused,
);

/** A task by its id or by its name; which task that is, `resolveTask` says. */
const taskReference = field<number | string>(
  'taskId',
  'a task id (a whole number from 1) or the name of a task',
  (value) => (typeof value === 'number' ? readWhole(value, 1, largestId) : readText(value, 1, 255)),
);

/** Every parameter of every method, with the limits that the NAS or its vendor sets where they are known. */
export const fields = {
  taskId: taskReference,
  taskNumber,
  offset: whole('offset', 0, largestId),
  /** One page of a log: 2,000 lines in one answer is the most that is known to work. */
  limit: whole('limit', 1, 2000),
  keyWord: text('keyWord', 0, 255),
  /** Runs of a history; rows beyond the most that is scanned can never be shown. */
  runs: whole('limit', 1, 5000),
  maxRows: whole('maxRows', 1, 5000),
  sinceMs: whole('sinceMs', 0, latestMs, ' (milliseconds since 1970)'),
  untilMs: whole('untilMs', 0, latestMs, ' (milliseconds since 1970)'),
  includeAccount: flag('includeAccount'),
  includeObjects: flag('includeObjects'),
  /** The documented client refuses fewer than 5 workers; what lies above the NAS's maximum is lowered to it. */
  backupWorkers: whole('backupWorkers', 5, largestId),
  eventWorkers: whole('eventWorkers', 5, largestId),
  policy: field('policy', 'continuous, manual or scheduled (or 0, 1, 2)', readPolicy),
  startHour: whole('startHour', 0, 23),
  startMinute: whole('startMinute', 0, 59),
  lastRunHour: whole('lastRunHour', 0, 23),
  repeatEveryHours: whole('repeatEveryHours', 0, 23, ' (0 = once a day)'),
  runDays: field(
    'runDays',
    'a list of at least one day of the week, each once: numbers from 0 (Sunday) to 6 or English names',
    readDays,
  ),
  replaceUnknownSchedule: flag('replaceUnknownSchedule'),
  /** The vendor's range; 0 is this package's word for "all versions". */
  daysToKeep: whole('daysToKeep', 0, 3650, ' (0 = all versions)'),
  allowDeletion: flag('allowDeletion'),
  ifRunning: oneOf('ifRunning', ['report', 'join', 'refuse']),
  wait: flag('wait'),
  /** How long a run is waited for: a year at most. */
  waitSeconds: whole('timeoutSeconds', 1, 31_536_000),
  allNas: flag('allNas'),
  summary: flag('summary'),
  fetchAll: flag('fetchAll'),
  maxEntries: whole('maxEntries', 1, 100_000),
  onlyNew: flag('onlyNew'),
  confirm: text('confirm', 0, 255),
  removeData: flag('removeData'),
  confirmRemoveData: text('confirmRemoveData', 0, 255),
  taskName: text('taskName', 1, 255),
  localShared: field('localShared', "a shared folder's name of 1 to 255 characters, without a slash", readSharedFolder),
  localPath: field(
    'localPath',
    'a path below the shared folder that starts with "/", without "." and ".." parts',
    readLocalPath,
  ),
  adminEmail: field('adminEmail', 'an e-mail address', readAddress),
  region: text('region', 1, 255),
};
