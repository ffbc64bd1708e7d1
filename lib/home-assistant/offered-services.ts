// Which services of a task have entities: once offered, they stay until the NAS says that they are switched off.
import type { ServiceName, ServiceState, Task } from '../active-backup/types';
import { serviceNames, unknownService } from './services';
import { taskServiceEntities } from './task-entities';

/** Older packages do not tell which services are on; what they stored or handled shows it. */
function isInUse({ usedBytes, processed, transferredBytes }: ServiceState): boolean {
  return [usedBytes, processed, transferredBytes].some((amount) => (amount ?? 0) > 0);
}

/** Remembers the services of each task. An answer that lacks `enable_<service>` must not take entities from a user. */
export class OfferedServices {
  readonly #offered = new Map<number, Set<ServiceName>>();

  /** Notes what an earlier run announced of a task: the ids of its document's components. */
  learn(taskId: number, components: ReadonlyMap<string, string>): void {
    const known = this.#of(taskId);
    for (const service of serviceNames) {
      if (taskServiceEntities(service).some(({ key }) => components.has(key))) known.add(service);
    }
  }

  /** The task with `enabled` settled where the NAS left it open. */
  settle(task: Task): Task {
    const known = this.#of(task.id);
    const services: Task['services'] = {};
    for (const service of serviceNames) {
      const state = task.services[service] ?? unknownService;
      if (state.enabled === false) known.delete(service);
      else if (state.enabled === true || isInUse(state)) known.add(service);
      if (known.has(service)) services[service] = { ...state, enabled: true };
      else if (state !== unknownService) services[service] = state;
    }
    return { ...task, services };
  }

  /** The task is gone. */
  forget(taskId: number): void {
    this.#offered.delete(taskId);
  }

  #of(taskId: number): Set<ServiceName> {
    const known = this.#offered.get(taskId) ?? new Set();
    this.#offered.set(taskId, known);
    return known;
  }
}
