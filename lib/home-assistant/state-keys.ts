// What a table of JSON keys is, and how a value gets its published form.

/** One key of a state: its name, what it means, and how it is read. `read` never answers undefined. */
export interface StateKey<Source> {
  key: string;
  /** For the documentation. */
  meaning: string;
  read: (source: Source) => unknown;
}

/** The JSON object of a table: every key always there, null where the value is unknown. */
export function readKeys<Source>(keys: readonly StateKey<Source>[], source: Source): Record<string, unknown> {
  return Object.fromEntries(keys.map(({ key, read }) => [key, read(source)]));
}

/** `ON`, `OFF` or, not judged, null: the words that Home Assistant's binary sensors know without a template. */
export function onOff(value: boolean | null): 'ON' | 'OFF' | null {
  if (value === null) return null;
  return value ? 'ON' : 'OFF';
}

/**
 * Bytes in a larger unit with three decimals. MQTT discovery has no suggested unit, so what is published is what users
 * see first: nobody reads 330136860639 B.
 */
export function inUnit(bytes: number | null, unitBytes: number): number | null {
  return bytes === null ? null : Math.round((bytes / unitBytes) * 1000) / 1000;
}

/**
 * Seconds in minutes with two decimals: 5435 s is read as a number, 90.59 min as a time. Rounded up: Home Assistant
 * shows minutes and seconds and drops fractions of a second.
 */
export function inMinutes(seconds: number | null): number | null {
  return seconds === null ? null : Math.ceil((seconds * 100) / 60) / 100;
}

export const megabyte = 1e6;
export const gigabyte = 1e9;
