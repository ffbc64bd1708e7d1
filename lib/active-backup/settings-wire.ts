// A task's settings as the NAS gives them (`task_info`), and what of them this package understands.
import { invalidResponse } from './calls';
import { numberOf, positiveOf, readNumber, readSwitch, recordOf } from './readings';
import { isWhole } from './schedule-slots';
import { type BackupPolicy, type Schedule } from './types';

/** `task_info` of `get_task_setting`: every field optional, unknown ones kept. */
export type TaskInfo = Readonly<Record<string, unknown>>;

/** A number of the wire, or null where there is none to be read. */
export function numberOrNull(value: unknown): number | null {
  return numberOf(readNumber(value));
}

/** Switches are booleans in settings and 0 or 1 in lists; null where it is neither. */
export function flagOrNull(value: unknown): boolean | null {
  const reading = readSwitch(value);
  return reading === 0 || reading === 1 ? reading === 1 : null;
}

/** "Scheduled" is `enable_schedule`; else `backup_policy` 0 is continuous and 1 manual. 2 never occurs on the wire. */
export function policyOf(info: TaskInfo): BackupPolicy | null {
  if (flagOrNull(info.enable_schedule) === true) return 'scheduled';
  const policy = numberOrNull(info.backup_policy);
  if (policy === 0) return 'continuous';
  return policy === 1 ? 'manual' : null;
}

/** Days of `week_day` ("0,3,6"), ascending; null where the text is not such a list. */
function daysOf(value: unknown): number[] | null {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value <= 6 ? [value] : null;
  if (typeof value !== 'string') return null;
  const parts = value.split(',').map((part) => part.trim());
  if (parts.length === 1 && parts[0] === '') return [];
  if (!parts.every((part) => /^[0-6]$/.test(part))) return null;
  return [...new Set(parts.map(Number))].sort((left, right) => left - right);
}

/** The fields that make a schedule more than "these days, from this hour, every n hours"; all 0 or empty when it is not. */
const otherKinds = ['date_type', 'repeat_date', 'repeat_min'] as const;

const timeKeys = ['hour', 'minute', 'last_work_hour', 'repeat_hour'] as const;

function isZero(value: unknown): boolean {
  return value === undefined || value === null || numberOrNull(value) === 0;
}

function isEmptyList(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** A part of a clock's time; null where it is none: 25 o'clock must be neither shown nor put into use. */
function clockPart(value: unknown, most: number): number | null {
  const number = numberOrNull(value);
  return isWhole(number, 0, most) ? number : null;
}

/**
 * The schedule of `task_info`, or null where there is none. Its kind is unknown when it is one of those that were never
 * published (monthly, by date, by minutes) or holds a value that cannot be read.
 */
export function scheduleOf(info: TaskInfo): Schedule | null {
  const stored = recordOf(info.schedule);
  if (stored === null) return null;
  const days = daysOf(stored.week_day);
  const weekly =
    otherKinds.every((key) => isZero(stored[key])) &&
    isEmptyList(stored.monthly_week) &&
    timeKeys.every((key) => readNumber(stored[key]) !== 'unreadable') &&
    (days !== null || stored.week_day === undefined || stored.week_day === null);
  return {
    kind: weekly ? 'weekly' : 'unknown',
    startHour: clockPart(stored.hour, 23),
    startMinute: clockPart(stored.minute, 59),
    lastRunHour: clockPart(stored.last_work_hour, 23),
    repeatEveryHours: clockPart(stored.repeat_hour, 24),
    runDays: days ?? [],
  };
}

/**
 * Days that versions are kept; 0 = all versions; null where `rotation_policy` is neither 0 nor 1, or the days are no
 * whole number above 0 (0 days beside policy 1 must not read as "all").
 */
export function daysToKeepOf(info: TaskInfo): number | null {
  const policy = numberOrNull(info.rotation_policy);
  if (policy === 0) return 0;
  return policy === 1 ? positiveOf(readNumber(info.preserve_day_number)) : null;
}

/** Numbers of `task_info` and of its schedule; some NAS give them as text, and the documented type is an integer. */
const wholeNumbers = new Set([
  ...['task_id', 'schedule_id', 'region', 'task_status', 'task_status_error_code'],
  ...['backup_policy', 'rotation_policy', 'preserve_day_number'],
  ...['date_type', 'hour', 'last_work_hour', 'minute', 'repeat_date', 'repeat_hour', 'repeat_min'],
]);

/** The fields with numbers where numbers belong. */
export function withNumbers(fields: TaskInfo): Record<string, unknown> {
  const entries = Object.entries(fields).map(([name, value]) => {
    const number = wholeNumbers.has(name) && typeof value === 'string' ? numberOrNull(value) : null;
    return [name, number ?? value];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/**
 * `task_info` out of the answer to `get_task_setting`.
 * @throws ActiveBackupError INVALID_RESPONSE where it is missing, empty or another task's
 */
export function taskInfoOf(data: unknown, taskId: number): TaskInfo {
  const info = recordOf(recordOf(data)?.task_info);
  if (info === null || Object.keys(info).length === 0) {
    throw invalidResponse('get_task_setting', 'holds no task_info');
  }
  const found = numberOrNull(info.task_id);
  if (found !== null && found !== taskId) {
    throw invalidResponse('get_task_setting', `is not about task ${String(taskId)}`);
  }
  return info;
}
