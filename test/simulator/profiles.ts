// Older, newer and odd shapes of the answers: which fields they lack, add, or write differently.

import { copy, isObject, type JsonObject } from './json';
import { SERVICES } from './services';

/** How answers of the package differ from the published sample's. */
export interface PayloadProfile {
  /** Field set of `list_tasks`: the sample's, that of 2020, or one like Google Workspace's. */
  shape: 'current' | '2020' | 'gsuite';
  /** Numbers as numeric strings. */
  numericStrings?: boolean;
  /** Members (by key, anywhere) that are null. */
  nulls?: string[];
  /** Members (by key, anywhere) that are missing. */
  omit?: string[];
  /** Members that nobody knows, in every object. */
  extraFields?: boolean;
}

/** What `extraFields` adds to every object. */
const LATER_FIELDS = {
  field_of_a_later_version: { enabled: true, values: [1, 'two', null] },
  status_of_a_later_version: 42,
};

/** Whether a member is one that answers of this profile have, and that comes back from a client which keeps them. */
export function isLaterField(name: string, profile: PayloadProfile): boolean {
  return profile.extraFields === true && name in LATER_FIELDS;
}

const LACKING_2020 = [
  'attention_count',
  'success_count',
  'task_execution_id',
  'task_status_error_code',
  'upgrade_progress',
  'enable_exchange',
  'monthly_week',
];

/** The members of an object whose keys pass. */
function pick(row: JsonObject, keep: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([key]) => keep(key)));
}

/** What the API of 2020 did not have, and what it had instead. */
function shape2020(data: JsonObject): JsonObject {
  return {
    ...data,
    tasks: rows(data.tasks).map((task) => ({
      ...pick(task, (key) => !LACKING_2020.includes(key) && !/group|teams|mysite/.test(key)),
      schedule: isObject(task.schedule) ? pick(task.schedule, (key) => key !== 'monthly_week') : task.schedule,
      union_enable_mail: 1,
    })),
    users: rows(data.users).map((user) =>
      pick(user, (key) => !['original_name', 'type', 'service_list'].includes(key)),
    ),
    service_usage: rows(data.service_usage).map((usage) => ({
      ...usage,
      archive_mail_used_storage: null,
      mail_used_storage: null,
    })),
  };
}

/** Google Workspace's engine: shared drives in place of sites and teams, no error code, a healthy `task_status` of 1. */
function shapeGsuite(data: JsonObject): JsonObject {
  const lacking = /group|archive|mysite|_site|site_|exchange|task_status_error_code/;
  return {
    ...data,
    tasks: rows(data.tasks).map((task) => {
      const kept = Object.entries(pick(task, (key) => !lacking.test(key)));
      return {
        ...Object.fromEntries(kept.map(([key, value]) => [key.replace('teams', 'teamdrive'), value])),
        task_status: 1,
      };
    }),
  };
}

function rows(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function rewrite(value: unknown, profile: PayloadProfile): unknown {
  if (typeof value === 'number') return profile.numericStrings === true ? String(value) : value;
  if (Array.isArray(value)) return value.map((item) => rewrite(item, profile));
  if (!isObject(value)) return value;
  const rewritten: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    if (profile.omit?.includes(key) === true) continue;
    rewritten[key] = profile.nulls?.includes(key) === true ? null : rewrite(member, profile);
  }
  return profile.extraFields === true ? { ...rewritten, ...copy(LATER_FIELDS) } : rewritten;
}

/** The answer of a method in the shape of the profile; the answer given is not changed. */
export function applyProfile(method: string, data: unknown, profile: PayloadProfile): unknown {
  if (!isObject(data)) return data;
  let shaped = copy(data);
  if (method === 'list_tasks' && profile.shape === '2020') shaped = shape2020(shaped);
  if (method === 'list_tasks' && profile.shape === 'gsuite') shaped = shapeGsuite(shaped);
  return rewrite(shaped, profile);
}

/** Keys of the service columns: what a test may want to take away or to null. */
export const SERVICE_KEYS: readonly string[] = SERVICES.map((service) => service.key);
