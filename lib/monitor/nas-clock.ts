// Whether the NAS's clock and time zone are what this machine takes them for.
import { zoneOf } from '../active-backup';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Offsets of time zones are multiples of a quarter of an hour; the rest is the time between the two readings. */
const quarterMs = 15 * 60_000;

/**
 * The offset from UTC that a NAS's local time shows, milliseconds.
 * @param localTime `SYNO.DSM.Info` `getinfo` `time`, e.g. `Sun Nov 22 19:30:00 2026`
 * @param dateMs the `Date` header of the same answer
 * @returns null when the text is not such a time
 */
export function nasOffsetMs(localTime: unknown, dateMs: number): number | null {
  if (typeof localTime !== 'string') return null;
  const match = /^\w{3} (\w{3}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (?:\S+ )?(\d{4})$/.exec(localTime.trim());
  const month = match ? months.indexOf(match[1] ?? '') : -1;
  if (!match || month < 0) return null;
  const [day, hour, minute, second, year] = match.slice(2).map(Number) as [number, number, number, number, number];
  const localMs = Date.UTC(year, month, day, hour, minute, second);
  return Math.round((localMs - dateMs) / quarterMs) * quarterMs;
}

/** A time zone's offset from UTC at an instant, milliseconds; null when there is no such zone. */
export function zoneOffsetMs(timeZone: string, atMs: number): number | null {
  const zone = zoneOf(timeZone);
  return zone ? zone.localOf(atMs) - atMs : null;
}

/** Why the schedules of this NAS cannot be judged in this zone, as a sentence; null when they can. */
export function timeZoneProblem(timeZone: string, localTime: unknown, dateMs: number | null): string | null {
  const zoneOffset = zoneOffsetMs(timeZone, dateMs ?? 0);
  if (zoneOffset === null) return `There is no time zone "${timeZone}".`;
  const nasOffset = dateMs === null ? null : nasOffsetMs(localTime, dateMs);
  if (nasOffset === null || nasOffset === zoneOffset) return null;
  return `The NAS's clock is at UTC${hours(nasOffset)}, but ${timeZone} is at UTC${hours(zoneOffset)}: set the connection's time zone to the NAS's.`;
}

/** Clocks that are kept by time servers differ by seconds; more than this, and somebody's is wrong. */
const skewSeconds = 120;

/** What is wrong between the two clocks, as a sentence; null when nothing is, or when it is not known. */
export function clockProblem(clockSkewSeconds: number | null | undefined): string | null {
  if (clockSkewSeconds == null || Math.abs(clockSkewSeconds) <= skewSeconds) return null;
  const minutes = Math.round(Math.abs(clockSkewSeconds) / 60);
  const where = clockSkewSeconds > 0 ? 'ahead of' : 'behind';
  return `The NAS's clock is ${minutes} minutes ${where} this machine's: check both, as backups are judged by the NAS's.`;
}

function hours(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  const sign = offsetMs < 0 ? '-' : '+';
  return `${sign}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
