// Tasks that are no longer listed: when they are given up, and when that is rather the NAS's trouble than a deletion.
import type { Teller } from './teller';
import type { NasMemory, TaskRecord } from './types';

/** A task is given up after good polls without it that lie at least this far apart. */
const removalMs = 60_000;
/** An empty list where tasks were known is more often an unmounted volume than a clean-up: nothing is removed before. */
const emptyListMs = 24 * 3_600_000;

/** What became of the tasks that a good poll did not list. */
export interface Missing {
  /** Those that are not given up yet, by id. */
  kept: NasMemory['tasks'];
  emptySinceMs: number | null;
  listDroppedToEmpty: boolean;
}

/**
 * Gives up the tasks that were missing long enough.
 * @param hostMs this machine's clock: that of a NAS may jump when it starts, just when its volumes are not mounted yet
 */
export function compareMissing(memory: NasMemory, listed: NasMemory['tasks'], teller: Teller, hostMs: number): Missing {
  const absent = Object.entries(memory.tasks).filter(([id]) => !(id in listed));
  const isEmpty = Object.keys(listed).length === 0 && absent.length > 0;
  const emptySinceMs = isEmpty ? Math.min(memory.emptySinceMs ?? hostMs, hostMs) : null;
  const keepAll = emptySinceMs !== null && hostMs - emptySinceMs < emptyListMs;
  const kept: NasMemory['tasks'] = {};
  for (const [id, record] of absent) {
    const sinceMs = Math.min(emptySinceMs ?? record.missingSinceMs ?? hostMs, hostMs);
    if (!keepAll && hostMs - sinceMs >= removalMs) teller.tell('removed', record.task, { before: record.task });
    else kept[id] = { ...record, missingSinceMs: keepAll ? record.missingSinceMs : sinceMs };
  }
  return { kept, emptySinceMs: Object.keys(kept).length > 0 ? emptySinceMs : null, listDroppedToEmpty: keepAll };
}

/** The memory after a failed poll: a NAS in trouble proves nothing, so both good polls must come after it. */
export function missingAnew(memory: NasMemory): NasMemory {
  const records = Object.entries(memory.tasks);
  if (records.every(([, record]) => record.missingSinceMs === null)) return memory;
  const anew = records.map(([id, record]): [string, TaskRecord] => [id, { ...record, missingSinceMs: null }]);
  return { ...memory, tasks: Object.fromEntries(anew) };
}
