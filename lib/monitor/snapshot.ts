// What a good poll found, as everybody who watches sees it.
import type { ShownChanges } from './changes';
import type { Reading } from './reader';
import type { AssessedTask } from './task-events';
import type { Snapshot } from './types';

/** The snapshot of one good poll. `nas` is the NAS's slug. */
export function snapshotOf(
  nas: string,
  reading: Reading,
  found: readonly AssessedTask[],
  changes: ShownChanges,
): Snapshot {
  const { nowMs, list, slow, clockSkewSeconds, historyOwed } = reading;
  const { endedRuns, missingTaskIds, listDroppedToEmpty } = changes;
  return {
    nas,
    atMs: nowMs,
    tasks: found.map(({ task }) => task),
    endedRuns,
    package: list.package,
    workers: slow.workers,
    packageVersion: slow.packageVersion,
    missingTaskIds,
    listDroppedToEmpty,
    timeZoneProblem: slow.timeZoneProblem,
    clockSkewSeconds,
    historyOwed,
  };
}
