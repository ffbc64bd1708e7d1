// A short look at the broker after the first connect: what an earlier run of ours left there.
import type { BrokerConnection, BrokerMessage } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import { ownDocument, type OwnDocument } from './ownership';
import { taskOfStateTopic, type Topics } from './topics';

/** What was found. */
export interface Leftovers {
  /** When the look began: what was found is older. */
  sinceMs: number;
  documents: OwnDocument[];
  /** Retained state topics by task. */
  stateTopics: Map<number, string[]>;
}

/** A broker sends what it retains right after its answer and has no sign for "that was all": silence must do. */
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
  const leftovers: Leftovers = { sinceMs: scheduler.now(), documents: [], stateTopics: new Map() };
  const documentFilters = topics.discovery === null ? [] : [topics.discovery.documentFilter];
  const filters = [...topics.taskStateFilters, ...documentFilters];
  let unanswered = filters.length;
  let cancelQuiet: () => void = () => undefined;
  const finish = (): void => {
    stop();
    found(leftovers);
  };
  const cancelLongest = scheduler.after(longestMs, finish);
  const wait = (): void => {
    cancelQuiet();
    if (unanswered === 0) cancelQuiet = scheduler.after(quietMs, finish);
  };

  const take = ({ topic, payload, retain }: BrokerMessage): void => {
    if (!retain || payload === '') return;
    wait();
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
  const onAnswer = (): void => {
    unanswered -= 1;
    wait();
  };
  const stops = filters.map((filter) => broker.subscribe(filter, take, { onAnswer }));
  const stop = (): void => {
    cancelQuiet();
    cancelLongest();
    for (const unsubscribe of stops) unsubscribe();
  };
  return stop;
}
