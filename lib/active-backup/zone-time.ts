// Local times of a time zone as instants. Built on Intl, which every Node.js has with all zones: the Temporal polyfill
// is an ES module only, which CommonJS on Node.js 20.0 to 20.18 cannot load.

const hourMs = 3_600_000;
const secondMs = 1000;

/**
 * No zone is farther than 14 hours from UTC (west: 12). So the instant of a local time lies within these distances of
 * the same digits read as UTC, and one hour more sees the offset on either side of a clock change.
 */
const widestEastMs = 15 * hourMs;
const widestWestMs = 13 * hourMs;

/** Formatters are slow to make (about 50 µs); a host sees few zones, and the bound is for those who send many. */
const mostZones = 100;
const formatters = new Map<string, Intl.DateTimeFormat | null>();

function makeFormatter(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function formatterOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  if (formatters.size >= mostZones) formatters.clear();
  const made = makeFormatter(timeZone);
  formatters.set(timeZone, made);
  return made;
}

/** Whether this host knows the IANA zone. */
export function isTimeZone(timeZone: string): boolean {
  return timeZone !== '' && formatterOf(timeZone) !== null;
}

/** A zone whose clock can be read. All times are milliseconds; "local" ones are a clock's digits read as if UTC. */
export interface Zone {
  localOf(instantMs: number): number;
  /**
   * The instant of a local time. One that a clock change skips gives the instant of the change: the first that exists
   * after it. One that comes twice gives the first.
   */
  instantOf(localMs: number): number;
}

/** The last instant before the offset changes is found by halving: both ends are whole seconds. */
function changeBetween(offsetAt: (ms: number) => number, beforeMs: number, afterMs: number): number {
  const offset = offsetAt(beforeMs);
  let low = Math.floor(beforeMs / secondMs);
  let high = Math.ceil(afterMs / secondMs);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * secondMs) === offset) low = middle;
    else high = middle;
  }
  return high * secondMs;
}

/** The zone's clock; null for a name that is no zone. */
export function zoneOf(timeZone: string): Zone | null {
  const formatter = timeZone === '' ? null : formatterOf(timeZone);
  if (formatter === null) return null;

  const localOf = (instantMs: number): number => {
    const part: Record<string, number> = {};
    let era = 1;
    for (const { type, value } of formatter.formatToParts(instantMs)) {
      if (type === 'era') era = value.startsWith('B') ? -1 : 1;
      else if (type !== 'literal') part[type] = Number(value);
    }
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    // Not Date.UTC alone: it takes the years 0 to 99 for 1900 to 1999.
    const date = new Date(0);
    date.setUTCFullYear(era === 1 ? year : 1 - year, month - 1, day);
    date.setUTCHours(hour, minute, second);
    return date.getTime() + (((instantMs % secondMs) + secondMs) % secondMs);
  };
  const offsetAt = (instantMs: number): number => localOf(instantMs) - instantMs;

  return {
    localOf,
    instantOf(localMs) {
      const earlierMs = localMs - widestEastMs;
      const laterMs = localMs + widestWestMs;
      const before = offsetAt(earlierMs);
      const after = offsetAt(laterMs);
      // With the offset that holds before a change: right for a time that comes twice, as the first of the two.
      const first = localMs - before;
      if (before === after || offsetAt(first) === before) return first;
      const second = localMs - after;
      return offsetAt(second) === after ? second : changeBetween(offsetAt, earlierMs, laterMs);
    },
  };
}
