// From a snapshot to the retained messages that hold it.
import type { Task } from '../active-backup/types';
import { packageKeys, type PackageSource } from './package-state';
import { readKeys } from './state-keys';
import { attributeKeys, taskKeys } from './task-state';
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

/** A task's state, then its attributes. */
export function taskStates(topics: Topics, task: Task): RetainedMessage[] {
  const { state, attributes } = topics.task(task.id);
  return [
    { topic: state, payload: JSON.stringify(readKeys(taskKeys, task)) },
    { topic: attributes, payload: JSON.stringify(readKeys(attributeKeys, task)) },
  ];
}
