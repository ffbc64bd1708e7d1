// The memory of one NAS as plain JSON: made new, and read back from whatever a file held.
import { readTaskMemory } from '../active-backup';
import type { Task } from '../active-backup';
import type { NasMemory, TaskRecord } from './types';

/** Events that are kept for watchers that were not told; beyond this the oldest go. */
const maxUnsent = 500;

/** A memory that knows nothing: the first poll with it is a baseline and tells no events. */
export function emptyMemory(): NasMemory {
  return { version: 1, tasks: {}, emptySinceMs: null, unsent: [], credentialBlock: null, lost: false, polled: false };
}

/** Drops the oldest unsent events beyond the bound. */
export function boundUnsent(unsent: NasMemory['unsent']): NasMemory['unsent'] {
  return unsent.length > maxUnsent ? unsent.slice(unsent.length - maxUnsent) : unsent;
}

/**
 * Reads a memory from parsed JSON. A record that does not hold together is left out rather than believed.
 * @returns null when it is not a memory of this version at all
 */
export function readMemory(value: unknown): NasMemory | null {
  if (!isRecord(value) || value.version !== 1 || !isRecord(value.tasks)) return null;
  const memory = emptyMemory();
  for (const [id, entry] of Object.entries(value.tasks)) {
    const record = readTaskRecord(entry);
    if (record && /^\d+$/.test(id)) memory.tasks[id] = record;
  }
  memory.emptySinceMs = numberOrNull(value.emptySinceMs);
  memory.lost = value.lost === true;
  memory.polled = value.polled === true;
  if (Array.isArray(value.unsent)) memory.unsent = boundUnsent(value.unsent.filter(isUnsent));
  if (isCredentialBlock(value.credentialBlock)) memory.credentialBlock = value.credentialBlock;
  return memory;
}

function readTaskRecord(value: unknown): TaskRecord | null {
  if (!isRecord(value) || !isRecord(value.task) || typeof value.task.id !== 'number') return null;
  const memory = readTaskMemory(value.memory);
  if (!memory) return null;
  return {
    memory,
    task: value.task as unknown as Task,
    troubled: value.troubled === true,
    missingSinceMs: numberOrNull(value.missingSinceMs),
  };
}

function isUnsent(value: unknown): value is NasMemory['unsent'][number] {
  return (
    isRecord(value) &&
    isRecord(value.event) &&
    typeof value.event.eventId === 'string' &&
    typeof value.event.event === 'string' &&
    Array.isArray(value.watchers) &&
    value.watchers.every((watcher) => typeof watcher === 'string')
  );
}

function isCredentialBlock(value: unknown): value is NonNullable<NasMemory['credentialBlock']> {
  return (
    isRecord(value) &&
    typeof value.salt === 'string' &&
    typeof value.fingerprint === 'string' &&
    typeof value.code === 'string' &&
    typeof value.message === 'string' &&
    typeof value.atMs === 'number'
  );
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
