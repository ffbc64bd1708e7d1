// Between the wire's seconds, this package's milliseconds and its ISO 8601 texts.
import { countOf } from './readings';
import { type Reading } from './types';

/** The farthest instant from the epoch that a Date can hold, milliseconds. */
const latestMs = 8.64e15;

/** ISO 8601 in UTC ending in Z, without a fraction where it is zero; null for null and for what no date can be. */
export function isoFromMs(ms: number | null): string | null {
  if (ms === null || !(Math.abs(ms) <= latestMs)) return null;
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** Milliseconds since the epoch of an ISO 8601 text; null where it is none. */
export function msFromIso(text: string | null): number | null {
  const ms = text === null ? NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** Milliseconds of a date of the wire (seconds since the epoch); 0 is the wire's "never" and gives null. */
export function msFromSeconds(reading: Reading): number | null {
  const seconds = countOf(reading);
  return seconds === null || seconds === 0 || seconds * 1000 > latestMs ? null : seconds * 1000;
}
