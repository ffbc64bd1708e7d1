// When a schedule starts its runs: the slots of a weekly schedule in the NAS's time zone, across clock changes.
import { type Schedule } from './types';
import { type Zone, zoneOf } from './zone-time';

const dayMs = 86_400_000;
const minuteMs = 60_000;

/** A weekly schedule has a slot at least every 7 days; one more for a day that a zone skipped whole (Samoa, 2011). */
const searchDays = 9;

/** Instants beyond this are not searched: a day before the last that a Date can hold would overflow. */
const latestMs = 8.64e15 - 2 * searchDays * dayMs;

/** A schedule reduced to what the search needs. */
interface Week {
  zone: Zone;
  /** Minutes after midnight of each day's slots, ascending. */
  minutes: number[];
  /** By day of the week, 0 = Sunday. */
  runs: boolean[];
}

/** Whether a value is a whole number between two others, both included. */
export function isWhole(value: number | null, least: number, most: number): value is number {
  return value !== null && Number.isInteger(value) && value >= least && value <= most;
}

/**
 * The slots of one day, minutes after midnight, ascending: the first, then every n hours as long as the hour is not
 * after the last one. A last hour before the first is read from some NAS, never written from here; what the NAS makes
 * of it is not known, so only the first slot, which exists either way, counts. Null where a field that is needed is
 * missing or out of range.
 */
export function minutesOfDay(schedule: Schedule): number[] | null {
  const { startHour, startMinute, lastRunHour, repeatEveryHours } = schedule;
  if (!isWhole(startHour, 0, 23) || !isWhole(startMinute, 0, 59) || !isWhole(repeatEveryHours, 0, 24)) return null;
  if (repeatEveryHours === 0) return [startHour * 60 + startMinute];
  if (!isWhole(lastRunHour, 0, 23)) return null;
  const minutes = [startHour * 60 + startMinute];
  for (let hour = startHour + repeatEveryHours; hour <= lastRunHour; hour += repeatEveryHours) {
    minutes.push(hour * 60 + startMinute);
  }
  return minutes;
}

function weekOf(schedule: Schedule, timeZone: string | null): Week | null {
  if (schedule.kind !== 'weekly' || timeZone === null || schedule.runDays.length === 0) return null;
  if (!schedule.runDays.every((day) => isWhole(day, 0, 6))) return null;
  const zone = zoneOf(timeZone);
  const minutes = minutesOfDay(schedule);
  if (zone === null || minutes === null) return null;
  return { zone, minutes, runs: [0, 1, 2, 3, 4, 5, 6].map((day) => schedule.runDays.includes(day)) };
}

/** The slots of a local day (counted from 1970-01-01) as instants, ascending. */
function slotsOfDay({ zone, minutes, runs }: Week, day: number): number[] {
  // 1970-01-01 was a Thursday.
  if (runs[(((day + 4) % 7) + 7) % 7] !== true) return [];
  const startMs = day * dayMs;
  const first = zone.instantOf(startMs);
  // On all but a few days a year the offset does not change, and one look at either end says so.
  const even = zone.instantOf(startMs + dayMs) - first === dayMs;
  return minutes.map((minute) => (even ? first + minute * minuteMs : zone.instantOf(startMs + minute * minuteMs)));
}

function dayOf(week: Week, instantMs: number): number {
  return Math.floor(week.zone.localOf(instantMs) / dayMs);
}

function isSearchable(instantMs: number): boolean {
  return Math.abs(instantMs) <= latestMs;
}

/**
 * The first slot after an instant, in milliseconds since the epoch. A local time that a clock change skips gives the
 * first minute that exists; one that comes twice gives one slot, the earlier.
 * @returns null for an unknown kind of schedule, a field out of range, no day or an unknown time zone
 */
export function nextSlot(schedule: Schedule, afterMs: number, timeZone: string | null): number | null {
  const week = weekOf(schedule, timeZone);
  if (week === null || !isSearchable(afterMs)) return null;
  const today = dayOf(week, afterMs);
  for (let day = today; day <= today + searchDays; day += 1) {
    const slot = slotsOfDay(week, day).find((slotMs) => slotMs > afterMs);
    if (slot !== undefined) return slot;
  }
  return null;
}

/**
 * The last slot at or before an instant, in milliseconds since the epoch.
 * @returns null where `nextSlot` gives null
 */
export function previousSlot(schedule: Schedule, atMs: number, timeZone: string | null): number | null {
  const week = weekOf(schedule, timeZone);
  if (week === null || !isSearchable(atMs)) return null;
  const today = dayOf(week, atMs);
  // From the day after: a clock that is set back over midnight shows a day that it had already left.
  for (let day = today + 1; day >= today - searchDays; day -= 1) {
    const slot = slotsOfDay(week, day).findLast((slotMs) => slotMs <= atMs);
    if (slot !== undefined) return slot;
  }
  return null;
}

/**
 * Every slot after `fromMs`, up to and with `toMs`, ascending; two that fall on one instant are one.
 * @returns null where `nextSlot` gives null
 */
export function slotsBetween(
  schedule: Schedule,
  fromMs: number,
  toMs: number,
  timeZone: string | null,
): number[] | null {
  const week = weekOf(schedule, timeZone);
  if (week === null || !isSearchable(fromMs) || !isSearchable(toMs)) return null;
  const found = new Set<number>();
  if (toMs <= fromMs) return [];
  const lastDay = dayOf(week, toMs) + 1;
  for (let day = dayOf(week, fromMs); day <= lastDay; day += 1) {
    for (const slotMs of slotsOfDay(week, day)) if (slotMs > fromMs && slotMs <= toMs) found.add(slotMs);
  }
  return [...found];
}
