// A short look at the broker after the first connect: what an earlier run of ours left there.
import type { BrokerConnection, BrokerMessage } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import { ownDocument, type OwnDocument } from './ownership';
import { taskOfStateTopic, type Topics } from './topics';

/** What was found. */
export interface Leftovers {
  documents: OwnDocument[];
  /** Retained state topics by task. */
  stateTopics: Map<number, string[]>;
}

/** A broker sends what it retains right after it was asked and has no sign for "that was all": silence must do. */
const quietMs = 1_000;
const longestMs = 10_000;

/**
 * Listens to this NAS's own retained topics, and calls back once when nothing more comes. The returned function ends
 * it early, without a call.
 */
export function lookForLeftovers(
  broker: BrokerConnection,
  topics: Topics,
  slug: string,
  scheduler: Scheduler,
  found: (leftovers: Leftovers) => void,
): () => void {
  const leftovers: Leftovers = { documents: [], stateTopics: new Map() };
  const startMs = scheduler.now();
  let lastMs = startMs;
  let cancelTimer: () => void = () => undefined;

  const take = ({ topic, payload, retain }: BrokerMessage): void => {
    if (!retain || payload === '') return;
    lastMs = scheduler.now();
    const taskId = taskOfStateTopic(topics, topic);
    if (taskId !== null) {
      leftovers.stateTopics.set(taskId, [...new Set([...(leftovers.stateTopics.get(taskId) ?? []), topic])]);
      return;
    }
    const document = ownDocument(topics, slug, topic, payload);
    if (document !== null && !leftovers.documents.some((other) => other.topic === topic)) {
      leftovers.documents.push(document);
    }
  };
  const documentFilters = topics.discovery === null ? [] : [topics.discovery.documentFilter];
  const stops = [...topics.taskStateFilters, ...documentFilters].map((filter) => broker.subscribe(filter, take));
  const stop = (): void => {
    cancelTimer();
    for (const unsubscribe of stops) unsubscribe();
  };
  const check = (): void => {
    const nowMs = scheduler.now();
    const endMs = Math.min(lastMs + quietMs, startMs + longestMs);
    if (nowMs < endMs) {
      cancelTimer = scheduler.after(endMs - nowMs, check);
      return;
    }
    stop();
    found(leftovers);
  };
  check();
  return stop;
}
