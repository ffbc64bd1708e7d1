// Small readings of what flows, environment variables and other nodes put into a property.
import { ActiveBackupError, printValue } from '../active-backup';

/** An object with string keys, or null for anything else (arrays included). */
export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** The name of an environment variable that Node-RED left in place because it is not set; else null. */
export function unresolvedVariable(value: unknown): string | null {
  const match = typeof value === 'string' ? /^\$(?:\{([^}]+)\}|\(([^)]+)\))$/.exec(value.trim()) : null;
  return match?.[1] ?? match?.[2] ?? null;
}

/**
 * A switch of a node; environment variables arrive as text.
 * @throws ActiveBackupError `NOT_CONFIGURED`
 */
export function readSwitch(value: unknown, name: string, fallback: boolean): boolean {
  if (value === undefined || value === null || value === '') return fallback;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new ActiveBackupError('NOT_CONFIGURED', `${name}: ${printValue(value)} is not valid; expected true or false.`);
}
