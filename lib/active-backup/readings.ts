// How single values of the wire are read: DSM sends numbers also as text, and some versions leave fields out.
import { type Reading } from './types';

/** −1 as an unsigned 32-bit number: DSM's "none" in codes, counters, ids and dates (never in sizes). */
export const noneAsUnsigned = 4294967295;

const decimal = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * A number of the wire. Absent and null are null; text made of digits is its number, as DSM sends both; anything else,
 * a boolean too, is `unreadable`. Signed: codes such as −87 occur on real NASes.
 */
export function readNumber(value: unknown): Reading {
  if (value === undefined || value === null) return null;
  const number = typeof value === 'string' && decimal.test(value.trim()) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return 'unreadable';
  return number === 0 ? 0 : number;
}

/** A switch of the wire as 1 or 0: `enable_schedule` is a boolean where `enable_mail` beside it is a number. */
export function readSwitch(value: unknown): Reading {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === 'true') return 1;
  return value === 'false' ? 0 : readNumber(value);
}

/** The reading without DSM's "none" (4294967295), which is no evidence of anything. */
export function decisive(reading: Reading): Reading {
  return reading === noneAsUnsigned ? null : reading;
}

/** The raw number, or null where there is none to be read. */
export function numberOf(reading: Reading): number | null {
  return reading === 'unreadable' ? null : reading;
}

/** A count, a length or a date: not negative and not "none"; else null. */
export function countOf(reading: Reading): number | null {
  const number = numberOf(decisive(reading));
  return number !== null && number >= 0 ? number : null;
}

/** A size in bytes: not negative. 4294967295 is a size like any other. */
export function bytesOf(reading: Reading): number | null {
  const number = numberOf(reading);
  return number !== null && number >= 0 ? number : null;
}

/** A whole number above 0, such as a number of days or a maximum; else null. */
export function positiveOf(reading: Reading): number | null {
  const number = countOf(reading);
  return number !== null && number > 0 && Number.isSafeInteger(number) ? number : null;
}

/** An id that names something: 0 is the wire's "no run", "no job". */
export const idOf = positiveOf;

/** The sum of what is known; null when nothing is. */
export function sumKnown(numbers: readonly (number | null)[]): number | null {
  let sum: number | null = null;
  for (const number of numbers) if (number !== null) sum = (sum ?? 0) + number;
  // Two huge values add up to Infinity, which is no size and cannot be written as JSON.
  return sum !== null && Number.isFinite(sum) ? sum : null;
}

/** `value` as an object with named fields, or null: a list is none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

/** A field of an answer. Only own fields count: an answer's `constructor` is not Object's. */
export function fieldOf(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
