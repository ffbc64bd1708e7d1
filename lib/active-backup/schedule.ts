// What a wish for another schedule changes in a task's settings, and when it may not be fulfilled.
import { type Change } from './change-settings';
import { ActiveBackupError } from './errors';
import { invalidInput } from './fields';
import { type Input, methodParameters, readInput, scheduleParameters } from './inputs';
import { recordOf } from './readings';
import { nextSlot } from './schedule-slots';
import { type TaskInfo, policyOf, scheduleOf } from './settings-wire';
import { isoFromMs } from './times';
import { type BackupPolicy, type Schedule } from './types';

type ScheduleInput = Input<(typeof methodParameters)['setTaskSchedule']>;

/** What was asked of `setTaskSchedule`. */
export type ScheduleWish = Omit<ScheduleInput, 'taskId'>;

/** A schedule and whether it is in use, as `before` and `after` show it. */
export interface ScheduleState {
  policy: BackupPolicy | null;
  schedule: Schedule | null;
}

/** On the wire a schedule that is in use is a manual policy with `enable_schedule`; 2 occurs nowhere. */
const policyOnTheWire: Record<BackupPolicy, { backup_policy: number; enable_schedule: boolean }> = {
  continuous: { backup_policy: 0, enable_schedule: false },
  manual: { backup_policy: 1, enable_schedule: false },
  scheduled: { backup_policy: 1, enable_schedule: true },
};

/** The five fields by the wire's names. */
const scheduleOnTheWire = {
  startHour: 'hour',
  startMinute: 'minute',
  lastRunHour: 'last_work_hour',
  repeatEveryHours: 'repeat_hour',
  runDays: 'week_day',
} as const;
type ScheduleField = keyof typeof scheduleOnTheWire;
const scheduleFields = Object.keys(scheduleOnTheWire) as ScheduleField[];

/** What makes a schedule the weekly kind, whatever it was before. */
const weeklyKind: readonly Change[] = [
  { name: 'date_type', path: ['schedule', 'date_type'], value: 0 },
  { name: 'repeat_date', path: ['schedule', 'repeat_date'], value: 0 },
  { name: 'repeat_min', path: ['schedule', 'repeat_min'], value: 0 },
  { name: 'monthly_week', path: ['schedule', 'monthly_week'], value: [] },
];

/** The schedule and its use in settings. */
export function scheduleStateOf(info: TaskInfo): ScheduleState {
  return { policy: policyOf(info), schedule: scheduleOf(info) };
}

/** Drops what only our own answers hold: a schedule that was read may be given back as it is. */
function withoutKind(schedule: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schedule).filter(([name]) => name !== 'kind'));
}

/**
 * The parameters of `setTaskSchedule`. The fields of the schedule stand beside the others or, as the documented client
 * has them, in an object `schedule`; one field in both places is refused.
 * @throws ActiveBackupError INVALID_INPUT
 */
export function readScheduleInput(given: unknown): ScheduleInput {
  const record = recordOf(given ?? {});
  const nested = record?.schedule;
  if (record === null || nested === undefined) return readInput(methodParameters.setTaskSchedule, given);
  const fieldsOfSchedule = recordOf(nested);
  if (fieldsOfSchedule === null) throw invalidInput('schedule', nested, 'an object with the fields of a schedule');
  const inside = readInput(scheduleParameters, withoutKind(fieldsOfSchedule));
  const outside = readInput(methodParameters.setTaskSchedule, { ...record, schedule: undefined });
  const twice = scheduleFields.find((field) => inside[field] !== undefined && outside[field] !== undefined);
  if (twice !== undefined) throw invalidInput(twice, outside[twice], 'it once: in schedule or beside it');
  const asked = Object.entries(inside).filter(([, value]) => value !== undefined);
  return { ...outside, ...Object.fromEntries(asked) };
}

function askedFields(wish: ScheduleWish): ScheduleField[] {
  return scheduleFields.filter((field) => wish[field] !== undefined);
}

function lastBeforeStart(lastRunHour: number, startHour: number): ActiveBackupError {
  return new ActiveBackupError(
    'INVALID_INPUT',
    `lastRunHour: ${String(lastRunHour)} lies before startHour ${String(startHour)}; expected a whole number from ` +
      `${String(startHour)} to 23 when repeating`,
    { outcome: 'not_sent' },
  );
}

/**
 * What can be refused without a look at the NAS.
 * @throws ActiveBackupError INVALID_INPUT
 */
export function checkScheduleWish(wish: ScheduleWish): void {
  if (wish.policy === undefined && askedFields(wish).length === 0) {
    throw new ActiveBackupError(
      'INVALID_INPUT',
      'policy: missing; expected continuous, manual or scheduled (or 0, 1, 2), or a field of the schedule to change',
      { outcome: 'not_sent' },
    );
  }
  const { startHour, lastRunHour, repeatEveryHours = 0 } = wish;
  if (repeatEveryHours > 0 && startHour !== undefined && lastRunHour !== undefined && lastRunHour < startHour) {
    throw lastBeforeStart(lastRunHour, startHour);
  }
}

/** The schedule that shall be: what was asked, and for the rest what is stored. */
function merged(wish: ScheduleWish, stored: Schedule | null): Omit<Schedule, 'kind'> {
  const startHour = wish.startHour ?? stored?.startHour ?? null;
  const repeatEveryHours = wish.repeatEveryHours ?? stored?.repeatEveryHours ?? null;
  return {
    startHour,
    startMinute: wish.startMinute ?? stored?.startMinute ?? null,
    // Without repetition the last hour means nothing, so any will do.
    lastRunHour: wish.lastRunHour ?? stored?.lastRunHour ?? (repeatEveryHours === 0 ? startHour : null),
    repeatEveryHours,
    runDays: wish.runDays ?? stored?.runDays ?? [],
  };
}

/** @throws ActiveBackupError INVALID_INPUT where what was asked makes no schedule together with what is stored */
function checkMerged(next: Omit<Schedule, 'kind'>, wish: ScheduleWish): void {
  const missing = scheduleFields.find(
    (field) => next[field] === null || (field === 'runDays' && next.runDays.length === 0),
  );
  if (missing !== undefined) {
    throw new ActiveBackupError('INVALID_INPUT', `${missing}: missing; expected a value, as the NAS has none stored`, {
      outcome: 'not_sent',
    });
  }
  const { startHour, lastRunHour, repeatEveryHours } = next;
  if (startHour === null || lastRunHour === null || repeatEveryHours === null || repeatEveryHours === 0) return;
  const concerned = [wish.startHour, wish.lastRunHour, wish.repeatEveryHours].some((value) => value !== undefined);
  if (concerned && lastRunHour < startHour) throw lastBeforeStart(lastRunHour, startHour);
}

/**
 * The changes that a wish makes to settings. Fields that were not asked keep what the NAS has, so `scheduled` alone
 * puts the stored schedule into use again, and fields without a policy keep the policy. Fields given beside `continuous`
 * or `manual` are stored too, for the next time that the schedule is used.
 * @throws ActiveBackupError NOT_CONFIRMED where a schedule of an unknown kind would be overwritten, INVALID_INPUT where
 * the outcome would be no schedule
 */
export function planSchedule(info: TaskInfo, wish: ScheduleWish): Change[] {
  const stored = scheduleOf(info);
  const asked = askedFields(wish);
  const wire = wish.policy === undefined ? null : policyOnTheWire[wish.policy];
  const policyChanges: Change[] =
    wire === null
      ? []
      : [
          { name: 'backup_policy', path: ['backup_policy'], value: wire.backup_policy },
          { name: 'enable_schedule', path: ['enable_schedule'], value: wire.enable_schedule },
        ];
  const unknownKind = stored?.kind === 'unknown';
  const putsIntoUse = wish.policy === 'scheduled' && policyOf(info) !== 'scheduled';
  const touchesSchedule = asked.length > 0 || putsIntoUse || (unknownKind && wish.replaceUnknownSchedule);
  if (!touchesSchedule) return policyChanges;
  if (unknownKind && !wish.replaceUnknownSchedule) {
    throw new ActiveBackupError(
      'NOT_CONFIRMED',
      'The stored schedule is of a kind that cannot be expressed here (monthly, by date or by minutes); it is replaced ' +
        'only with replaceUnknownSchedule true',
      { outcome: 'not_sent' },
    );
  }
  const next = merged(wish, stored);
  checkMerged(next, wish);
  const fieldsToWrite = stored === null || unknownKind ? scheduleFields : asked;
  const fieldChanges = fieldsToWrite.map<Change>((field) => ({
    name: field,
    path: ['schedule', scheduleOnTheWire[field]],
    value: field === 'runDays' ? next.runDays.join() : next[field],
  }));
  return [...policyChanges, ...(stored === null || unknownKind ? weeklyKind : []), ...fieldChanges];
}

/** When a task in this state starts next, ISO 8601, or null where it does not or the time zone is not known. */
export function nextRunAt(state: ScheduleState, afterMs: number, timeZone: string | null): string | null {
  if (state.policy !== 'scheduled' || state.schedule === null || timeZone === null) return null;
  const slotMs = nextSlot(state.schedule, afterMs, timeZone);
  return isoFromMs(slotMs);
}
