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

/** The fields for a stored object, whatever an older flow has there. */
export function fieldsOfLimits(stored: unknown): LimitFields {
  const limits = isRecord(stored) ? stored : {};
  const tasks = isRecord(limits.tasks) ? limits.tasks : {};
  return {
    graceHours: asText(limits.graceHours),
    continuousHours: asText(limits.continuousHours),
    manualHours: asText(limits.manualHours),
    partialIsProblem: limits.partialIsProblem !== false,
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

/** The object to store: only what differs from the defaults. */
export function limitsOfFields(fields: LimitFields): Record<string, unknown> {
  const limits: Record<string, unknown> = {};
  for (const name of ['graceHours', 'continuousHours', 'manualHours'] as const) {
    const value = fields[name].trim();
    if (value !== '') limits[name] = asStored(value);
  }
  if (!fields.partialIsProblem) limits.partialIsProblem = false;
  const rows = fields.tasks.filter((row) => row.id.trim() !== '' && (row.ignore || row.hours.trim() !== ''));
  if (rows.length > 0) {
    limits.tasks = Object.fromEntries(
      rows.map((row) => [row.id.trim(), row.ignore ? 'ignore' : asStored(row.hours.trim())]),
    );
  }
  return limits;
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
  if (stored === undefined || stored === null || stored === '') return true;
  if (!isRecord(stored)) return isEnvironmentReference(stored);
  if (![stored.graceHours, stored.continuousHours, stored.manualHours].every(isHours)) return false;
  if (stored.tasks === undefined) return true;
  if (!isRecord(stored.tasks)) return false;
  return Object.entries(stored.tasks).every(([id, limit]) => isTaskId(id) && (limit === 'ignore' || isHours(limit)));
}
