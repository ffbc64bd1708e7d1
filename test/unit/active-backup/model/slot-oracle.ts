// The slots of a schedule found by watching a local clock minute by minute, to judge the calculation.
import { type Schedule } from '../../../../lib/active-backup/types';

const minuteMs = 60_000;

/** A stretch of time around a clock change: what the clock of the zone shows at each of its minutes. */
export interface Watch {
  timeZone: string;
  startMs: number;
  /** Local minutes since 1970-01-01 00:00 local. */
  clock: Int32Array;
}

const watches = new Map<string, Watch>();

/** Watches a zone's clock for eleven days before and after an instant. */
export function watchAround(timeZone: string, centerMs: number): Watch {
  const name = `${timeZone} ${String(centerMs)}`;
  const known = watches.get(name);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const startMs = centerMs - 11 * 1440 * minuteMs;
  const clock = new Int32Array(22 * 1440);
  for (let index = 0; index < clock.length; index += 1) {
    // "2026-03-29 03:30"
    clock[index] = Date.parse(`${format.format(startMs + index * minuteMs).replace(' ', 'T')}Z`) / minuteMs;
  }
  const watch = { timeZone, startMs, clock };
  watches.set(name, watch);
  return watch;
}

function isSlot(schedule: Schedule, localMinute: number): boolean {
  const date = new Date(localMinute * minuteMs);
  const hour = date.getUTCHours();
  if (!schedule.runDays.includes(date.getUTCDay()) || date.getUTCMinutes() !== schedule.startMinute) return false;
  const from = schedule.startHour ?? 0;
  const step = schedule.repeatEveryHours ?? 0;
  if (hour === from) return true;
  return step > 0 && hour > from && hour <= (schedule.lastRunHour ?? 0) && (hour - from) % step === 0;
}

/**
 * Every slot of the watch, ascending. A slot comes when the clock reaches or jumps over its local time for the first
 * time: what a change skips comes with the jump, and what is shown a second time does not come again.
 */
export function watchedSlots(schedule: Schedule, { startMs, clock }: Watch): number[] {
  const found: number[] = [];
  let reached = clock[0]!;
  for (let index = 1; index < clock.length; index += 1) {
    const shown = clock[index]!;
    let due = false;
    for (let local = reached + 1; local <= shown && !due; local += 1) due = isSlot(schedule, local);
    if (due) found.push(startMs + index * minuteMs);
    reached = Math.max(reached, shown);
  }
  return found;
}
