// The connection's limits as the dialog edits them: text fields on one side, the stored object on the other. Pure.
import { fields, settingRules } from './rules';
import { accepts, isAcceptableSetting, isEnvironmentReference } from './validation';

/** One row of the list of tasks with a limit of their own. */
export interface TaskLimitRow {
  id: string;
  /** Never overdue or stalled. */
  ignore: boolean;
  hours: string;
}

/** What stands in the dialog's fields; empty = the default. */
export interface LimitFields {
  graceHours: string;
  continuousHours: string;
  manualHours: string;
  partialIsProblem: boolean;
  tasks: TaskLimitRow[];
}

function asText(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Stored limits as an object: a flow written by hand may hold them as JSON text. Null where they are none. */
function recordOf(stored: unknown): Record<string, unknown> | null {
  if ((stored ?? '') === '') return {};
  try {
    const limits: unknown = typeof stored === 'string' ? JSON.parse(stored) : stored;
    return isRecord(limits) ? limits : null;
  } catch {
    return null;
  }
}

/** The fields for stored limits, whatever an older flow has there. */
export function fieldsOfLimits(stored: unknown): LimitFields {
  const limits = recordOf(stored) ?? {};
  const tasks = isRecord(limits.tasks) ? limits.tasks : {};
  return {
    graceHours: asText(limits.graceHours),
    continuousHours: asText(limits.continuousHours),
    manualHours: asText(limits.manualHours),
    partialIsProblem: [undefined, null, true, 'true'].includes(limits.partialIsProblem as boolean),
    tasks: Object.entries(tasks).map(([id, limit]) => ({
      id,
      ignore: limit === 'ignore',
      hours: limit === 'ignore' ? '' : asText(limit),
    })),
  };
}

/** A number where the text is one; an environment variable or a slip is kept as it is, so that it can be seen. */
function asStored(value: string): number | string {
  return value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** A field's value as it is stored; undefined for the default. */
function valueOf(fields: LimitFields, name: keyof LimitFields): unknown {
  if (name === 'partialIsProblem') return fields.partialIsProblem ? undefined : false;
  if (name !== 'tasks') return fields[name].trim() === '' ? undefined : asStored(fields[name].trim());
  const rows = fields.tasks.filter((row) => row.id.trim() !== '' && (row.ignore || row.hours.trim() !== ''));
  if (rows.length === 0) return undefined;
  return Object.fromEntries(
    rows.map((row) => [row.id.trim(), row.ignore ? 'ignore' : asStored(row.hours.trim())] as const),
  );
}

/** What to store: only what differs from the defaults, and what was stored where the field still shows that. */
export function limitsOfFields(fields: LimitFields, stored: unknown): unknown {
  const first = fieldsOfLimits(stored);
  const names = Object.keys(first) as (keyof LimitFields)[];
  const isKept = (name: keyof LimitFields) => JSON.stringify(fields[name]) === JSON.stringify(first[name]);
  if (names.every(isKept)) return stored;
  const kept = recordOf(stored);
  const values = names.map((name) => [name, isKept(name) ? kept?.[name] : valueOf(fields, name)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function isHours(value: unknown): boolean {
  return value === undefined || isAcceptableSetting(settingRules.hours, asText(value));
}

/** Whether a text is the id of a task. */
export function isTaskId(id: string): boolean {
  return /^\d{1,10}$/.test(id) && accepts(fields.taskNumber, Number(id));
}

/** Whether stored limits would be refused at run time. */
export function areAcceptableLimits(stored: unknown): boolean {
  const limits = recordOf(stored);
  if (limits === null) return isEnvironmentReference(stored);
  if (![limits.graceHours, limits.continuousHours, limits.manualHours].every(isHours)) return false;
  if (limits.tasks === undefined) return true;
  if (!isRecord(limits.tasks)) return false;
  return Object.entries(limits.tasks).every(([id, limit]) => isTaskId(id) && (limit === 'ignore' || isHours(limit)));
}
