// Local time of the NAS's time zone and back: schedules are local time, DSM's `time` is local time.

const MINUTE_MS = 60_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The parts of a wall clock; `weekDay` 0 is Sunday, `month` 1 is January. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  weekDay: number;
}

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** How far the zone's wall clock is ahead of UTC at that instant, in milliseconds. */
export function offsetMs(timeZone: string, atMs: number): number {
  const wholeMs = Math.floor(atMs / 1000) * 1000;
  const parts: Record<string, number> = {};
  for (const part of formatterOf(timeZone).formatToParts(wholeMs)) parts[part.type] = Number(part.value);
  const wallMs = Date.UTC(
    parts.year ?? 1970,
    (parts.month ?? 1) - 1,
    parts.day ?? 1,
    parts.hour ?? 0,
    parts.minute ?? 0,
    parts.second ?? 0,
  );
  return wallMs - wholeMs;
}

/** What the NAS's wall clock shows at that instant. */
export function localTime(timeZone: string, atMs: number): LocalTime {
  const wall = new Date(atMs + offsetMs(timeZone, atMs));
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    weekDay: wall.getUTCDay(),
  };
}

/**
 * The instant at which the wall clock first shows this time, to the minute. A time that a clock change skips becomes
 * the first minute after the gap; one that comes twice is the earlier one.
 */
export function instantOf(timeZone: string, year: number, month: number, day: number, hour: number, minute: number) {
  const wallMs = Date.UTC(year, month - 1, day, hour, minute);
  const offsets = [offsetMs(timeZone, wallMs - 24 * 60 * MINUTE_MS), offsetMs(timeZone, wallMs + 24 * 60 * MINUTE_MS)];
  const matching = offsets
    .map((offset) => wallMs - offset)
    .filter((atMs) => atMs + offsetMs(timeZone, atMs) === wallMs);
  if (matching.length > 0) return Math.min(...matching);
  let atMs = wallMs - Math.max(...offsets);
  while (atMs + offsetMs(timeZone, atMs) < wallMs) atMs += MINUTE_MS;
  return atMs;
}

const WEEK_DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The way DSM writes its local time, e.g. `Sun Nov 22 19:30:00 2026`. */
export function dsmTimeText(timeZone: string, atMs: number): string {
  const local = localTime(timeZone, atMs);
  const two = (part: number) => String(part).padStart(2, '0');
  const date = `${WEEK_DAYS[local.weekDay] ?? ''} ${MONTHS[local.month - 1] ?? ''} ${String(local.day).padStart(2)}`;
  return `${date} ${two(local.hour)}:${two(local.minute)}:${two(local.second)} ${local.year}`;
}
