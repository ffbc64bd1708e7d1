// Which tasks are shown, which are missing but kept, and which are gone.
import type { ServiceName, Task } from '../active-backup/types';
import type { Snapshot } from '../monitor/types';
import { mayCleanUp } from './cleanup';
import { OfferedServices } from './offered-services';
import { packageServiceEntities } from './package-entities';
import { serviceNames } from './services';
import { restOf, type ShownTask } from './task-state';

/** Follows the task list from poll to poll. */
export class TaskLedger {
  /** The tasks as they were last listed. */
  readonly #seen = new Map<number, Task>();
  /** The tasks as they were last read between two runs. */
  readonly #atRest = new Map<number, Task>();
  /** Tasks that are missing but not given up; after a restart they may never have been seen. */
  #missing = new Set<number>();
  #emptySinceMs: number | null = null;
  #snapshot: Snapshot | null = null;
  readonly #services = new OfferedServices();
  readonly #packageServices = new Set<ServiceName>();
  #cleanUpAllowed = false;

  /** Notes which components an earlier run announced of a task or, with null, of the package. */
  learn(taskId: number | null, components: ReadonlyMap<string, string>): void {
    if (taskId !== null) this.#services.learn(taskId, components);
    else if (!this.#isComplete) {
      for (const service of serviceNames) {
        if (packageServiceEntities(service).some(({ key }) => components.has(key))) this.#packageServices.add(service);
      }
    }
  }

  /**
   * Takes a good poll's list. The answer names the tasks that it gave up.
   * @param nowMs by this machine's clock
   */
  note(snapshot: Snapshot, nowMs: number): { gone: number[]; shown: number[] } {
    this.#snapshot = snapshot;
    for (const task of snapshot.tasks) {
      this.#seen.set(task.id, task);
      if (task.activity === 'idle') this.#atRest.set(task.id, task);
    }
    const shown = this.shown().map(({ task }) => task.id);
    const kept = new Set([...shown, ...snapshot.missingTaskIds]);
    const gone = [...new Set([...this.#seen.keys(), ...this.#missing])].filter((id) => !kept.has(id));
    for (const id of gone) {
      this.#seen.delete(id);
      this.#atRest.delete(id);
      this.#services.forget(id);
    }
    this.#missing = new Set(snapshot.missingTaskIds);
    this.#emptySinceMs = snapshot.tasks.length > 0 ? null : Math.min(this.#emptySinceMs ?? nowMs, nowMs);
    this.#cleanUpAllowed = mayCleanUp(snapshot, this.#emptySinceMs, nowMs);
    if (this.#isComplete) this.#packageServices.clear();
    return { gone, shown };
  }

  /** The tasks to show: those of the list, and those that are missing but not given up. */
  shown(): ShownTask[] {
    const snapshot = this.#snapshot;
    if (snapshot === null) return [];
    const listed = new Set(snapshot.tasks.map((task) => task.id));
    const isKept = (id: number): boolean => snapshot.listDroppedToEmpty || snapshot.missingTaskIds.includes(id);
    return [...this.#seen.values()]
      .filter(({ id }) => listed.has(id) || isKept(id))
      .sort((a, b) => a.id - b.id)
      .map((task) => ({ task: this.#services.settle(task), atRest: restOf(task, this.#atRest.get(task.id)) }));
  }

  /** Services that an earlier run announced of the package, and that a task which is not listed may still have. */
  get keptServices(): ReadonlySet<ServiceName> {
    return this.#packageServices;
  }

  /** The ids of tasks whose topics must not be touched. */
  get aliveIds(): number[] {
    return [...this.#seen.keys(), ...this.#missing];
  }

  /** False only when a good poll's list shows that there is no such task. */
  mayExist(taskId: number): boolean {
    return this.#snapshot === null || this.aliveIds.includes(taskId);
  }

  /** Whether the present list may decide what an earlier run left behind is gone. */
  get mayCleanUp(): boolean {
    return this.#cleanUpAllowed;
  }

  /** Whether the present list holds every task. */
  get #isComplete(): boolean {
    return this.#cleanUpAllowed && this.#missing.size === 0;
  }
}
