// From a snapshot to the retained messages that hold it.
import type { Task } from '../active-backup/types';
import { packageKeys, type PackageSource } from './package-state';
import { readKeys } from './state-keys';
import { attributeKeys, restOf, shownServices, taskKeys } from './task-state';
import type { Topics } from './topics';

/** A topic and what is to be retained on it. */
export interface RetainedMessage {
  topic: string;
  payload: string;
}

/** The package's state. */
export function packageState(topics: Topics, source: PackageSource): RetainedMessage {
  return { topic: topics.state, payload: JSON.stringify(readKeys(packageKeys, source)) };
}

/**
 * A task's state, then its attributes.
 * @param atRest what tells of the task's last run, see `ShownTask`
 */
export function taskStates(topics: Topics, task: Task, atRest: Task | null = restOf(task)): RetainedMessage[] {
  const { state, attributes } = topics.task(task.id);
  const shown = { task, atRest };
  return [
    { topic: state, payload: JSON.stringify(readKeys(taskKeys, { ...task, services: shownServices(shown) })) },
    { topic: attributes, payload: JSON.stringify(readKeys(attributeKeys, shown)) },
  ];
}
