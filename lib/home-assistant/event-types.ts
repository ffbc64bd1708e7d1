// The event types of the two event entities.
import { eventNames, nasEventNames } from '../monitor/types';

/** Told to watch nodes only: they come with every poll. */
const passingEvents: readonly string[] = ['progress', 'polled'];

/** What can happen to a task. */
export const taskEventTypes: readonly string[] = eventNames.filter(
  (name) => !nasEventNames.includes(name) && !passingEvents.includes(name),
);

/**
 * What can happen to the package. `added` and `removed` are told here as well as on the task's own topic: there the
 * entity is not yet known, or no longer.
 */
export const packageEventTypes = [
  'nas_lost',
  'nas_back',
  'added',
  'removed',
  'command_done',
  'command_refused',
  'command_failed',
] as const;
