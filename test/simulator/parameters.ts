// Strict reading of parameter values, as DSM does it for APIs whose request format is JSON.

import { isObject, type JsonObject } from './json';

/** Type of a parameter. `raw`: taken as sent (login). */
export interface ParameterRule {
  type: 'int' | 'bool' | 'string' | 'object' | 'array' | 'raw';
  /** Without a default the parameter is required; null: optional, and absent when it was not sent. */
  default?: number | boolean | string | null;
  /** Least and greatest value of an int. */
  least?: number;
  most?: number;
}

/** A parameter's decoded value. */
export type ParameterValue = number | boolean | string | null | JsonObject | unknown[];
/** Decoded values by name. */
export type ParameterValues = Record<string, ParameterValue>;

/** A decoded string; anything else is empty. */
export function textOf(value: ParameterValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** What came out of reading all parameters of a call. */
export type ParameterReading =
  | { ok: true; values: ParameterValues; remarks: string[] }
  | { ok: false; code: 114 | 120; errors: { name: string; reason: string }; remarks: string[] };

const INVALID = Symbol('invalid');

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return INVALID;
  }
}

function decode(text: string, rule: ParameterRule): ParameterValue | typeof INVALID {
  switch (rule.type) {
    case 'raw':
      return text;
    case 'int': {
      if (!/^-?\d{1,15}$/.test(text)) return INVALID;
      const value = Number(text);
      return value < (rule.least ?? -Infinity) || value > (rule.most ?? Infinity) ? INVALID : value;
    }
    case 'bool':
      // Python's True and False are refused by a real NAS.
      return text === 'true' ? true : text === 'false' ? false : INVALID;
    case 'string': {
      if (!text.startsWith('"')) return text;
      const value = json(text);
      return typeof value === 'string' ? value : INVALID;
    }
    case 'object': {
      const value = json(text);
      return isObject(value) ? value : INVALID;
    }
    case 'array': {
      const value = json(text);
      return Array.isArray(value) ? (value as unknown[]) : INVALID;
    }
  }
}

/** Reads what a method expects: 114 for a missing parameter, 120 with the parameter's name for a bad or unknown one. */
export function readParameters(
  sent: ReadonlyMap<string, string>,
  rules: Record<string, ParameterRule>,
  unknownNames: readonly string[],
): ParameterReading {
  const values: ParameterValues = {};
  const remarks: string[] = [];
  for (const [name, rule] of Object.entries(rules)) {
    const text = sent.get(name);
    if (text === undefined) {
      if (rule.default === undefined) {
        return { ok: false, code: 114, errors: { name, reason: 'required' }, remarks };
      }
      values[name] = rule.default;
      continue;
    }
    const value = decode(text, rule);
    if (value === INVALID) return { ok: false, code: 120, errors: { name, reason: 'type' }, remarks };
    // On DSM 7.2 such a string was misread more often than not when it was not quoted.
    if (rule.type === 'string' && /^\d/.test(text)) remarks.push(`bare string starts with a digit: ${name}`);
    values[name] = value;
  }
  const unknown = unknownNames[0];
  if (unknown !== undefined) {
    return { ok: false, code: 120, errors: { name: unknown, reason: 'unknown' }, remarks };
  }
  return { ok: true, values, remarks };
}
