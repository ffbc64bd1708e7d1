// A task's settings as flows see them: in fields and in words, and nothing of the tenant unless asked for.
import { type TaskInfo, daysToKeepOf, numberOrNull, policyOf, scheduleOf, withNumbers } from './settings-wire';
import { retentionInWords, scheduleInWords } from './settings-words';
import { type TaskSettings } from './types';

/** What of the tenant may be shown. */
export interface SettingsDisclosure {
  /** The administrator's address, tenant and application ids, permissions and the tenant's domain. */
  includeAccount: boolean;
  /** The lists of every account, group, team and site of the tenant: personal data, and megabytes in a big one. */
  includeObjects: boolean;
}

/** The lists of `task_info`: every object of the tenant, protected or not. */
const objectLists = {
  users: 'user_list',
  groups: 'group_list',
  teams: 'team_list',
  mySites: 'my_site_list',
  generalSites: 'general_site_list',
} as const;

/** Already told under a name of this package's own. */
const toldOtherwise = new Set([
  'task_id',
  'task_name',
  'backup_policy',
  'enable_schedule',
  'schedule',
  'rotation_policy',
  'preserve_day_number',
]);

/** Switches and numbers tell nothing about persons; of the texts, these neither. A text not known here may. */
const harmlessTexts = new Set(['local_path', 'local_shared']);

const account = new Set([
  'administrator_account_email',
  'tenant_id',
  'application_id',
  'app_permissions',
  'site_domain',
]);

function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

function isHarmless(name: string, value: unknown): boolean {
  if (toldOtherwise.has(name) || account.has(name)) return false;
  if (typeof value === 'boolean' || typeof value === 'number') return true;
  return typeof value === 'string' && harmlessTexts.has(name);
}

function isAccount(name: string, value: unknown): boolean {
  return account.has(name) || (typeof value === 'string' && !harmlessTexts.has(name) && !toldOtherwise.has(name));
}

function pick(info: TaskInfo, wanted: (name: string, value: unknown) => boolean): Record<string, unknown> {
  const kept = Object.entries(withNumbers(info)).filter(([name, value]) => wanted(name, value));
  return Object.fromEntries(kept.map(([name, value]) => [camelCase(name), value]));
}

function lengthOf(list: unknown): number | null {
  return Array.isArray(list) ? list.length : null;
}

function perList<T>(info: TaskInfo, read: (list: unknown) => T): Record<keyof typeof objectLists, T> {
  const entries = Object.entries(objectLists).map(([name, wire]) => [name, read(info[wire])]);
  return Object.fromEntries(entries) as Record<keyof typeof objectLists, T>;
}

/** The settings of a task for a flow. `objectCounts` says how many objects the tenant has, protected or not. */
export function describeSettings(taskId: number, info: TaskInfo, disclosure: SettingsDisclosure): TaskSettings {
  const policy = policyOf(info);
  const schedule = scheduleOf(info);
  const daysToKeep = daysToKeepOf(info);
  return {
    ...pick(info, isHarmless),
    taskId,
    taskName: taskNameOf(info),
    policy,
    schedule,
    daysToKeep,
    words: { schedule: scheduleInWords(policy, schedule), retention: retentionInWords(daysToKeep) },
    objectCounts: perList(info, lengthOf),
    ...(disclosure.includeAccount ? { account: pick(info, isAccount) } : {}),
    ...(disclosure.includeObjects
      ? { objects: perList(info, (list): unknown => (Array.isArray(list) ? list : [])) }
      : {}),
  };
}

/** The name of the task that settings belong to. */
export function taskNameOf(info: TaskInfo): string {
  const name = info.task_name;
  return typeof name === 'string' ? name : String(numberOrNull(name) ?? '');
}
