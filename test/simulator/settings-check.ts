// Strict reading of a `task_info` that a client writes: known members, right types, sensible ranges.

import { isObject, type JsonObject } from './json';
import { isLaterField, type PayloadProfile } from './profiles';

type Check = (value: unknown) => boolean;

const flag: Check = (value) => typeof value === 'boolean';
const text: Check = (value) => typeof value === 'string';
const list: Check = (value) => Array.isArray(value) && value.every(isObject);
const integer: Check = (value) => Number.isInteger(value);
const between =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
const nullOrList: Check = (value) => value === null || Array.isArray(value);
const weekDays: Check = (value) => typeof value === 'string' && /^([0-6](,[0-6])*)?$/.test(value);

const SCHEDULE: Record<string, Check> = {
  date: (value) => typeof value === 'string' && /^\d{4}\/\d{1,2}\/\d{1,2}$/.test(value),
  date_type: between(0, 9),
  hour: between(0, 23),
  last_work_hour: between(0, 23),
  minute: between(0, 59),
  monthly_week: (value) => Array.isArray(value),
  repeat_date: between(0, 9),
  repeat_hour: between(0, 23),
  repeat_hour_store_config: nullOrList,
  repeat_min: between(0, 59),
  repeat_min_store_config: nullOrList,
  week_day: weekDays,
};
/** The misspelt member that the public Python client writes; the NAS takes it and forgets it. */
const HARMLESS_IN_SCHEDULE = ['repeat_minute_store_config'];

/** Fields of the account behind the task: clients leave them out of a write. */
export const ACCOUNT_FIELDS = ['administrator_account_email', 'app_permissions', 'application_id', 'tenant_id'];
/** Lists of objects: a write names the changed ones only. `all_site_list` exists in writes alone. */
export const LIST_FIELDS = [
  'user_list',
  'group_list',
  'all_site_list',
  'general_site_list',
  'my_site_list',
  'team_list',
];

const SETTING: Record<string, Check> = {
  backup_policy: between(0, 1),
  enable_schedule: flag,
  enable_user_restore: flag,
  is_customized_app: flag,
  is_team_list_ready: flag,
  local_path: text,
  preserve_day_number: between(1, 3650),
  region: integer,
  rotation_policy: between(0, 1),
  schedule_id: integer,
  site_domain: text,
  task_id: integer,
  task_name: (value) => typeof value === 'string' && value.trim() !== '',
  task_status: integer,
  task_status_error_code: integer,
  ...Object.fromEntries(
    [
      ...['mail', 'archive_mail', 'contact', 'calendar', 'drive'].flatMap((service) => [
        `enable_auto_add_${service}`,
        `enable_auto_discover_group_alias_${service}`,
      ]),
      ...[
        'external_account',
        'unlicensed_account',
        'general_site',
        'my_site',
        'teams',
        'group_mail',
        'group_calendar',
      ].map((what) => `enable_auto_discover_${what}`),
    ].map((name) => [name, flag]),
  ),
  ...Object.fromEntries(LIST_FIELDS.map((name) => [name, list])),
};

const ACCOUNT: Record<string, Check> = {
  administrator_account_email: text,
  app_permissions: (value) => Array.isArray(value),
  application_id: text,
  tenant_id: text,
};

const RELINK: Record<string, Check> = {
  selected: (value) => value === true,
  task_name: (value) => typeof value === 'string' && value.trim() !== '',
  local_shared: (value) => typeof value === 'string' && value !== '' && !value.includes('/'),
  local_path: (value) => typeof value === 'string' && value.startsWith('/'),
  region: (value) => typeof value === 'string' && value !== '',
  admin_email: (value) => typeof value === 'string' && value.includes('@'),
};

/** Whether a member is missing or null because the NAS itself gives it so. */
function isAsGiven(value: JsonObject, name: string, given: PayloadProfile): boolean {
  if (!(name in value)) return given.omit?.includes(name) === true;
  return value[name] === null && given.nulls?.includes(name) === true;
}

/** The first member that is missing, unknown or of a wrong type; null when all is well. */
function problemOf(
  value: JsonObject,
  checks: Record<string, Check>,
  harmless: readonly string[] = [],
  given: PayloadProfile = { shape: 'current' },
): string | null {
  for (const [name, check] of Object.entries(checks)) {
    if (!isAsGiven(value, name, given) && (!(name in value) || !check(value[name]))) return name;
  }
  const isKnown = (name: string): boolean => name in checks || harmless.includes(name) || isLaterField(name, given);
  return Object.keys(value).find((name) => !isKnown(name)) ?? null;
}

/**
 * What is wrong with a `task_info` of `set_task_setting`: a member's name, or null. The account's fields are optional.
 * @param given the shape in which this NAS gives its settings: it takes them back in it
 */
export function settingProblem(info: JsonObject, given: PayloadProfile): string | null {
  const sentAccountFields = Object.fromEntries(Object.entries(ACCOUNT).filter(([name]) => name in info));
  const schedule: Check = (value) =>
    isObject(value) && problemOf(value, SCHEDULE, HARMLESS_IN_SCHEDULE, given) === null;
  return problemOf(info, { ...SETTING, schedule, ...sentAccountFields }, [], given);
}

/** What is wrong with a `task_info` of `relink_task`: a member's name, or null. */
export function relinkProblem(info: JsonObject): string | null {
  return problemOf(info, RELINK);
}

/** Of the members that were written, those that the NAS keeps. What it gave away as null is no new value. */
export function keptMembers(written: JsonObject, given: PayloadProfile): JsonObject {
  const kept = Object.entries(written).filter(
    ([name]) =>
      !LIST_FIELDS.includes(name) &&
      !ACCOUNT_FIELDS.includes(name) &&
      !HARMLESS_IN_SCHEDULE.includes(name) &&
      !name.startsWith('task_status') &&
      !isLaterField(name, given) &&
      !isAsGiven(written, name, given),
  );
  return Object.fromEntries(kept);
}
