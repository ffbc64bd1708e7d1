// Changes settings of a task so that nothing else changes: read, change what was asked, write, read back, compare.
import { type DsmSession } from '../dsm/types';
import { type CallOptions, lookAfterLoss, write } from './calls';
import { ActiveBackupError } from './errors';
import { inTurn } from './lock';
import { printValue } from './print-value';
import { recordOf } from './readings';
import { type TaskInfo, flagOrNull, numberOrNull, withNumbers } from './settings-wire';

/** A value that a setting takes on the wire. */
export type WireValue = number | boolean | string | null | readonly unknown[];

/** One setting and the value that it shall have. */
export interface Change {
  /** What a message calls it. */
  name: string;
  /** Where it stands in `task_info`. */
  path: readonly [string] | readonly [string, string];
  value: WireValue;
}

/**
 * Not sent back: the account that the task signs in with. The NAS knows them, and the documented client, whose writes
 * are known to work, leaves them out.
 */
const accountFields = ['app_permissions', 'administrator_account_email', 'application_id', 'tenant_id'] as const;

/** Written lists are changes to be made, not the lists that shall be: empty means that nothing changes. */
const deltaLists = [
  'user_list',
  'group_list',
  'all_site_list',
  'general_site_list',
  'my_site_list',
  'team_list',
] as const;

function valueAt(info: TaskInfo, path: Change['path']): unknown {
  const [first, second] = path;
  return second === undefined ? info[first] : recordOf(info[first])?.[second];
}

/** A list in a text ("1,0, 3"), in one order; the order of days means nothing. */
function sortedParts(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  return String(value)
    .split(',')
    .map((part) => part.trim())
    .sort()
    .join();
}

/** Whether the NAS keeps what was asked: it may give a number as text, and 0 or 1 for a switch. */
function isKept(wanted: WireValue, kept: unknown): boolean {
  if (typeof wanted === 'boolean') return flagOrNull(kept) === wanted;
  if (typeof wanted === 'number') return numberOrNull(kept) === wanted;
  if (wanted === null) return kept === null || kept === undefined;
  if (typeof wanted === 'string') return sortedParts(kept) === sortedParts(wanted);
  return JSON.stringify(kept ?? []) === JSON.stringify(wanted);
}

/** Those of the changes that settings do not hold yet. */
export function pendingChanges(info: TaskInfo, changes: readonly Change[]): Change[] {
  return changes.filter((change) => !isKept(change.value, valueAt(info, change.path)));
}

/** The object that `set_task_setting` takes: the whole settings with the changes, less what must not be sent. */
export function settingsToWrite(info: TaskInfo, changes: readonly Change[]): Record<string, unknown> {
  const next = withNumbers(info);
  const schedule = recordOf(info.schedule);
  if (schedule !== null) next.schedule = withNumbers(schedule);
  for (const name of accountFields) Reflect.deleteProperty(next, name);
  for (const name of deltaLists) next[name] = [];
  for (const { path, value } of changes) {
    const [first, second] = path;
    next[first] = second === undefined ? value : { ...recordOf(next[first]), [second]: value };
  }
  return next;
}

/** The settings around a change. */
export interface ChangedSettings {
  before: TaskInfo;
  after: TaskInfo;
  changed: boolean;
  /** What the write itself answered; null where nothing was sent. */
  raw: unknown;
}

/**
 * Changes settings of one task, one writer at a time per task and session.
 *
 * @param readInfo reads the settings of the task
 * @param plan says from the present settings what they shall be; it throws where that may not be
 * @throws ActiveBackupError NOT_APPLIED where the NAS keeps something else, OUTCOME_UNKNOWN where the answer to the
 * write was lost and the settings cannot be read
 */
export async function changeSettings(
  session: DsmSession,
  taskId: number,
  readInfo: () => Promise<TaskInfo>,
  plan: (info: TaskInfo) => readonly Change[],
  options: CallOptions,
): Promise<ChangedSettings> {
  return inTurn(session, taskKey(taskId), options.signal, async () => {
    const before = await readInfo();
    const wanted = plan(before);
    const changes = pendingChanges(before, wanted);
    if (changes.length === 0) return { before, after: before, changed: false, raw: null };
    const params = { task_id: taskId, task_info: settingsToWrite(before, changes) };
    const { lost, data } = await write(session, 'set_task_setting', params, options);
    const what = `Changing task ${String(taskId)}`;
    const after = await lookAfterLoss(what, lost, readInfo);
    const missing = pendingChanges(after, wanted);
    if (missing.length > 0) throw notApplied(what, missing, after, lost === null ? null : lost.code);
    return { before, after, changed: true, raw: data };
  });
}

function notApplied(what: string, missing: readonly Change[], kept: TaskInfo, lost: string | null): ActiveBackupError {
  const differences = missing
    .map(({ name, path, value }) => `${name} is ${printValue(valueAt(kept, path))}, asked was ${printValue(value)}`)
    .join('; ');
  const answer = lost === null ? 'the NAS accepted it' : `the NAS did not say whether it was carried out (${lost})`;
  return new ActiveBackupError('NOT_APPLIED', `${what}: ${answer}, and keeps other settings: ${differences}`, {
    outcome: lost === null ? 'refused' : 'unknown',
  });
}

/** Everything that writes to one task takes its turn under this key. */
export function taskKey(taskId: number): string {
  return `task ${String(taskId)}`;
}
