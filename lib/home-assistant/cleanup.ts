// Whether, and what of, an earlier run's leftovers is taken off the broker.
import type { Snapshot } from '../monitor/types';
import type { Leftovers } from './leftovers';

/** Retained topics of one task that no longer exists. */
export interface Leftover {
  documentTopic: string | null;
  stateTopics: string[];
}

/** An empty task list is believed after so long: before, an unmounted volume is more likely. */
const emptyListMs = 24 * 3_600_000;

/**
 * Whether a good poll's list may decide what is gone. The times are this machine's: the clock of a NAS may jump.
 * @param emptySinceMs since when good polls have seen no task at all, or null
 */
export function mayCleanUp(snapshot: Snapshot, emptySinceMs: number | null, nowMs: number): boolean {
  if (snapshot.listDroppedToEmpty) return false;
  if (snapshot.tasks.length > 0) return true;
  return emptySinceMs !== null && nowMs - emptySinceMs >= emptyListMs;
}

/** What is left of tasks that are not among `aliveTaskIds`. */
export function tasksToClear(leftovers: Leftovers, aliveTaskIds: ReadonlySet<number>): Map<number, Leftover> {
  const gone = new Map<number, Leftover>();
  for (const { taskId, topic } of leftovers.documents) {
    if (taskId === null || aliveTaskIds.has(taskId)) continue;
    gone.set(taskId, { documentTopic: topic, stateTopics: leftovers.stateTopics.get(taskId) ?? [] });
  }
  for (const [taskId, stateTopics] of leftovers.stateTopics) {
    if (!aliveTaskIds.has(taskId) && !gone.has(taskId)) gone.set(taskId, { documentTopic: null, stateTopics });
  }
  return gone;
}
