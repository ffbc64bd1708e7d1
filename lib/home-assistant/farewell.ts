// Takes everything of one NAS off the broker, when its node was deleted and the user wanted that.
import type { BrokerConnection } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import { documentGapMs } from './document-track';
import type { Leftovers } from './leftovers';
import type { Topics } from './topics';

/**
 * Empties documents (the tasks' before the package's, which is their parent), and a moment later states and
 * availability. False when the broker is away.
 */
export async function clearEverything(
  broker: BrokerConnection,
  topics: Topics,
  taskIds: readonly number[],
  leftovers: Leftovers | null,
  scheduler: Scheduler,
): Promise<boolean> {
  if (!broker.connected) return false;
  const allIds = new Set([
    ...taskIds,
    ...(leftovers?.documents ?? []).flatMap(({ taskId }) => taskId ?? []),
    ...(leftovers?.stateTopics.keys() ?? []),
  ]);
  const empty = async (emptied: readonly string[]): Promise<void> => {
    await Promise.all(emptied.map((topic) => broker.publish(topic, '', { retain: true })));
  };
  if (topics.discovery !== null) {
    const { discovery } = topics;
    await empty([...allIds].map((taskId) => discovery.taskDocument(taskId)));
    await empty([discovery.packageDocument]);
    await new Promise<void>((resolve) => {
      scheduler.after(documentGapMs, resolve);
    });
  }
  const states = [...allIds].flatMap((taskId) => {
    const { state, attributes } = topics.task(taskId);
    return [state, attributes];
  });
  await empty([...states, topics.state, topics.nas, topics.status]);
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
