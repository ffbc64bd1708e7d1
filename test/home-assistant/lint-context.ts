// What the linter's parts share: reading JSON, and what is known from one document to the next.

/** Payloads seen on a topic: the last one, or all of them. */
export type Samples = ReadonlyMap<string, string | readonly string[]>;

/** Any JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as it is told to a person. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The object in a payload, or null where it is anything else. */
export function parseObject(payload: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(payload);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** What is known while all documents of a list are read, in their order. */
export interface Context {
  readonly samples: Samples;
  /** Unique id → where it was used. */
  readonly uniqueIds: Map<string, string>;
  /** Suggested entity id → where it was used. */
  readonly entityIds: Map<string, string>;
  /** Identifiers of the devices that were announced so far. */
  readonly identifiers: Set<string>;
}
