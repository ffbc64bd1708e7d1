// What changed between what is remembered and what a good poll found: pure, the clocks are arguments.
import { compareMissing } from './missing';
import { compareTask, type AssessedTask } from './task-events';
import { Teller } from './teller';
import type { BackupEvent, NasMemory, TaskRun } from './types';

export { type AssessedTask } from './task-events';

/** When a poll was made, milliseconds. */
export interface PollTime {
  /** The NAS's clock: what its dates are in. */
  nasMs: number;
  /** This machine's clock: what waiting is measured by. */
  hostMs: number;
}

/** What a poll changed. */
export interface Changes {
  tasks: NasMemory['tasks'];
  emptySinceMs: number | null;
  /** In the order in which they are told. Empty at the baseline. */
  events: BackupEvent[];
  endedRuns: TaskRun[];
  missingTaskIds: number[];
  listDroppedToEmpty: boolean;
}

/** What a snapshot shows beside the tasks. */
export type ShownChanges = Pick<Changes, 'endedRuns' | 'missingTaskIds' | 'listDroppedToEmpty'>;

/** What is shown of a poll that is not taken in yet: no run has ended, and no task is given up. */
export function withoutChanges(memory: NasMemory, found: readonly AssessedTask[]): ShownChanges {
  const listed = new Set(found.map(({ task }) => task.id));
  const known = Object.values(memory.tasks).map(({ task }) => task.id);
  return { endedRuns: [], missingTaskIds: known.filter((id) => !listed.has(id)), listDroppedToEmpty: false };
}

/** Compares a good poll with the memory. `nas` is the slug that the events carry. */
export function compareWithMemory(
  memory: NasMemory,
  found: readonly AssessedTask[],
  nas: string,
  time: PollTime,
): Changes {
  const teller = new Teller(nas, time.nasMs, memory.polled);
  const tasks: NasMemory['tasks'] = {};
  const endedRuns: TaskRun[] = [];
  for (const entry of found) {
    const id = String(entry.task.id);
    tasks[id] = compareTask(memory.tasks[id] ?? null, entry, teller);
    for (const { run, result } of entry.endedRuns) endedRuns.push({ taskId: entry.task.id, run, result });
  }
  const { kept, emptySinceMs, listDroppedToEmpty } = compareMissing(memory, tasks, teller, time.hostMs);
  return {
    tasks: { ...tasks, ...kept },
    emptySinceMs,
    events: teller.events,
    endedRuns,
    missingTaskIds: Object.values(kept).map(({ task }) => task.id),
    listDroppedToEmpty,
  };
}
