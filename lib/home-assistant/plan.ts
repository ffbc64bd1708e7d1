// What should stand on the broker, in the order in which it has to get there.
import type { ServiceName } from '../active-backup/types';
import type { NasHealth, Snapshot } from '../monitor/types';
import { documents, type DiscoverySettings } from './discovery';
import type { DeviceDocument } from './documents';
import { packageState, taskStates, type RetainedMessage } from './state';
import type { ShownTask } from './task-state';
import type { Topics } from './topics';

/** Payloads of the two availability topics. */
export const online = 'online';
export const offline = 'offline';

/** Everything that is to be retained. */
export interface Plan {
  states: RetainedMessage[];
  documents: Map<string, DeviceDocument>;
}

/** What a plan is made from. */
export interface PlanSource {
  snapshot: Snapshot | null;
  health: NasHealth;
  /** The tasks to show: those of the snapshot, and those that are missing but not given up. */
  tasks: readonly ShownTask[];
  /** Services to keep on the package's device, whether or not one of these tasks has them. */
  keptServices: ReadonlySet<ServiceName>;
}

/**
 * The plan. States come before availability when the NAS is there, and after it when it is not, so that yesterday's
 * states are never shown as live; this publisher calls itself online only when the NAS's availability stands.
 */
export function planFor(topics: Topics, settings: DiscoverySettings, source: PlanSource): Plan {
  const { snapshot, health, tasks, keptServices } = source;
  const values = [
    packageState(topics, { snapshot, health }),
    ...tasks.flatMap(({ task, atRest }) => taskStates(topics, task, atRest)),
  ];
  const nas: RetainedMessage = { topic: topics.nas, payload: health.state === 'online' ? online : offline };
  const status: RetainedMessage = { topic: topics.status, payload: online };
  const shown = snapshot === null ? null : { ...snapshot, tasks: tasks.map(({ task }) => task) };
  return {
    states: health.state === 'online' ? [...values, nas, status] : [nas, status, ...values],
    documents: documents(topics, settings, shown, keptServices),
  };
}
