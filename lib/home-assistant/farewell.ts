// Takes everything of one NAS off the broker, when its node was deleted and the user wanted that.
import type { BrokerConnection } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import { documentGapMs } from './document-track';
import type { Topics } from './topics';

/** What may stand on the broker. */
export interface OwnTopics {
  /** Documents, the package's last: it is the parent of the others. */
  documents: readonly string[];
  taskIds: Iterable<number>;
}

/**
 * Empties documents, and a moment later states, availability and retained commands. False when the broker is away. Only
 * documents that are there: Home Assistant warns of the removal of what it never saw.
 */
export async function clearEverything(
  broker: BrokerConnection,
  topics: Topics,
  own: OwnTopics,
  scheduler: Scheduler,
): Promise<boolean> {
  if (!broker.connected) return false;
  const commands = new Set<string>();
  for (const filter of topics.commandFilters) {
    // Asked anew, the broker tells what it keeps: with MQTT 3.1.1 a command looked unretained when it came.
    broker.subscribe(filter, ({ topic, payload, retain }) => {
      if (retain && payload !== '') commands.add(topic);
    });
  }
  const empty = async (emptied: readonly string[]): Promise<void> => {
    await Promise.all(emptied.map((topic) => broker.publish(topic, '', { retain: true })));
  };
  await empty(own.documents);
  await new Promise<void>((resolve) => {
    scheduler.after(documentGapMs, resolve);
  });
  const states = [...new Set(own.taskIds)].flatMap((taskId) => {
    const { state, attributes } = topics.task(taskId);
    return [state, attributes];
  });
  await empty([...states, ...commands, topics.state, topics.nas, topics.status]);
  return broker.connected;
}

/** What `promise` resolves to, or null when it takes longer than `ms`. */
export async function within<Value>(promise: Promise<Value>, ms: number, scheduler: Scheduler): Promise<Value | null> {
  let cancel: () => void = () => undefined;
  const tooLong = new Promise<null>((resolve) => {
    cancel = scheduler.after(ms, () => resolve(null));
  });
  const first = await Promise.race([promise, tooLong]);
  cancel();
  return first;
}
