// The memory of one NAS as plain JSON: made new, and read back from whatever a file held.
import { readTaskMemory, type Task } from '../active-backup';
import type { NasMemory, TaskRecord, WatchedSettings } from './types';

/** Events that are kept for watchers that were not told; beyond this the oldest go. */
const maxUnsent = 500;

/** A memory that knows nothing: the first poll with it is a baseline and tells no events. */
export function emptyMemory(): NasMemory {
  return {
    version: 1,
    tasks: {},
    emptySinceMs: null,
    unsent: [],
    watchers: [],
    credentialBlock: null,
    lost: false,
    polled: false,
  };
}

/** Drops the oldest unsent events beyond the bound, but none of the newest ones that nobody was told of yet. */
export function boundUnsent(unsent: NasMemory['unsent'], fresh = 0): NasMemory['unsent'] {
  return unsent.slice(-Math.max(maxUnsent, fresh));
}

/**
 * Reads a memory from parsed JSON, as this version or an older one wrote it. Fields that are not known are passed over.
 * @returns null when it is no memory of this version, or a task's record in it does not hold together: half a memory
 * would call known tasks new
 */
export function readMemory(value: unknown): NasMemory | null {
  if (!isRecord(value) || value.version !== 1 || !isRecord(value.tasks)) return null;
  const memory = emptyMemory();
  for (const [id, entry] of Object.entries(value.tasks)) {
    const record = readTaskRecord(entry);
    if (record === null || String(record.task.id) !== id) return null;
    memory.tasks[id] = record;
  }
  memory.emptySinceMs = numberOrNull(value.emptySinceMs);
  memory.lost = value.lost === true;
  memory.polled = value.polled === true;
  memory.unsent = boundUnsent(readUnsent(value.unsent));
  if (Array.isArray(value.watchers)) memory.watchers = value.watchers.filter((id) => typeof id === 'string');
  if (isCredentialBlock(value.credentialBlock)) memory.credentialBlock = value.credentialBlock;
  return memory;
}

function readTaskRecord(value: unknown): TaskRecord | null {
  if (!isRecord(value) || !isTask(value.task)) return null;
  const memory = readTaskMemory(value.memory);
  if (memory === null) return null;
  const { task } = value;
  const told = isRecord(value.told) ? value.told : {};
  return {
    memory,
    task,
    troubled: value.troubled === true,
    told: {
      overdue: told.overdue === undefined ? task.overdue === true : told.overdue === true,
      stalled: told.stalled === undefined ? task.stalled === true : told.stalled === true,
      startsMs: Array.isArray(told.startsMs)
        ? told.startsMs.filter((ms) => typeof ms === 'number')
        : startOf(memory.runningSinceMs),
    },
    missingSinceMs: numberOrNull(value.missingSinceMs),
    settings: readSettings(value.settings),
  };
}

/** Older versions told no more starts than that of the run under way. */
function startOf(runningSinceMs: number | null): number[] {
  return runningSinceMs === null ? [] : [runningSinceMs];
}

/** Whether what was last shown of a task can be compared and told again. */
function isTask(value: unknown): value is Task {
  return (
    isRecord(value) &&
    typeof value.id === 'number' &&
    typeof value.name === 'string' &&
    (value.activity === 'idle' || value.activity === 'running') &&
    typeof value.result === 'string' &&
    isRecord(value.codes) &&
    isRecord(value.services)
  );
}

function readSettings(value: unknown): TaskRecord['settings'] {
  if (!isRecord(value) || !isRecord(value.values)) return null;
  const readMs = numberOrNull(value.readMs);
  return readMs === null ? null : { readMs, values: value.values as WatchedSettings };
}

function readUnsent(value: unknown): NasMemory['unsent'] {
  if (!Array.isArray(value)) return [];
  return value.filter(isUnsent).map(({ event, watchers, sinceMs }) => ({
    event,
    watchers,
    sinceMs: numberOrNull(sinceMs) ?? Date.parse(event.at),
  }));
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
