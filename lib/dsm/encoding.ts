// How values travel to DSM: one form field each, encoded so that old and new APIs read the same.
import type { DsmValue } from './types';

/** `JSON` where SYNO.API.Info says that an API parses every value as a JSON literal; else values are taken raw. */
export type RequestFormat = 'JSON' | 'raw';

/** A form field: name and value, both still unencoded. */
export type FormField = readonly [name: string, value: string];

/** Names that the call itself sets; a parameter of that name would silently change the call. */
const RESERVED = new Set(['api', 'version', 'method', '_sid', 'SynoToken']);

/**
 * One value as DSM expects it. Numbers and booleans are bare (`True` is refused with 120), objects and arrays are JSON
 * text, and strings are quoted only where the API parses JSON: there an unquoted text that starts with a digit is read
 * as a number and found only some of the time (measured on DSM 7.2).
 * @throws TypeError on a number that is not finite
 */
export function encodeValue(value: DsmValue, format: RequestFormat): string {
  if (typeof value === 'string') return format === 'JSON' ? JSON.stringify(value) : value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value !== 'number') return JSON.stringify(value);
  if (!Number.isFinite(value)) throw new TypeError('A DSM parameter must be a finite number.');
  return String(value);
}

/**
 * The parameters of a call as form fields.
 * @throws TypeError when a parameter bears a name that belongs to the call itself
 */
export function encodeParams(params: Readonly<Record<string, DsmValue>>, format: RequestFormat): FormField[] {
  return Object.entries(params).map(([name, value]) => {
    if (RESERVED.has(name)) throw new TypeError(`"${name}" cannot be a parameter of a DSM call.`);
    return [name, encodeValue(value, format)];
  });
}

/** Percent-encodes as UTF-8. Half a surrogate pair, which has no UTF-8 form, becomes U+FFFD instead of an exception. */
function percentEncode(text: string): string {
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
}

/** The body of a form post. Spaces become `%20`: DSM has taken `+` literally in names and passwords. */
export function encodeForm(fields: readonly FormField[]): string {
  return fields.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
}
