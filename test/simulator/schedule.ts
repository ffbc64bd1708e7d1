// When a scheduled task starts next, by the schedule object of `get_task_setting`, in the NAS's time zone.

import { instantOf, localTime } from './time-zone';

/** The schedule object of the API; hours and minutes are the NAS's local time. */
export interface Schedule {
  date: string;
  /** 0: repeats by week day. Other numbers: by date or month, which this NAS stores but never starts by itself. */
  date_type: number;
  hour: number;
  last_work_hour: number;
  minute: number;
  monthly_week: unknown[];
  repeat_date: number;
  /** 0: once a day; n: every n hours until `last_work_hour`. */
  repeat_hour: number;
  repeat_hour_store_config: unknown;
  repeat_min: number;
  repeat_min_store_config: unknown;
  /** Numbers with commas, 0 = Sunday. */
  week_day: string;
  [key: string]: unknown;
}

/** The schedule that a new task has: every day at midnight. */
export function defaultSchedule(over: Partial<Schedule> = {}): Schedule {
  return {
    date: '2025/1/26',
    date_type: 0,
    hour: 0,
    last_work_hour: 0,
    minute: 0,
    monthly_week: [],
    repeat_date: 0,
    repeat_hour: 0,
    repeat_hour_store_config: null,
    repeat_min: 0,
    repeat_min_store_config: null,
    week_day: '0,1,2,3,4,5,6',
    ...over,
  };
}

/** The hours and minutes of a day at which the schedule starts, in order. */
function timesOfDay(schedule: Schedule): { hour: number; minute: number }[] {
  const stepMinutes = schedule.repeat_hour > 0 ? schedule.repeat_hour * 60 : schedule.repeat_min;
  const first = schedule.hour * 60 + schedule.minute;
  const times = [first];
  if (stepMinutes > 0) {
    const last = schedule.last_work_hour * 60 + 59;
    for (let next = first + stepMinutes; next <= last; next += stepMinutes) times.push(next);
  }
  return times.map((minutes) => ({ hour: Math.floor(minutes / 60), minute: minutes % 60 }));
}

/** The first start after `afterMs`, or null when the schedule has none. */
export function nextScheduledStart(schedule: Schedule, timeZone: string, afterMs: number): number | null {
  if (schedule.date_type !== 0) return null;
  const weekDays = new Set(
    schedule.week_day
      .split(',')
      .filter((text) => text !== '')
      .map(Number),
  );
  const today = localTime(timeZone, afterMs);
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const date = new Date(Date.UTC(today.year, today.month - 1, today.day + ahead));
    if (!weekDays.has(date.getUTCDay())) continue;
    for (const { hour, minute } of timesOfDay(schedule)) {
      const atMs = instantOf(timeZone, date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), hour, minute);
      if (atMs > afterMs) return atMs;
    }
  }
  return null;
}
