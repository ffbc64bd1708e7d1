// Which tasks are shown, which are missing but kept, and which are gone.
import type { Task } from '../active-backup/types';
import type { Snapshot } from '../monitor/types';
import { mayCleanUp } from './cleanup';
import { OfferedServices } from './offered-services';

/** Follows the task list from poll to poll. */
export class TaskLedger {
  /** The tasks as they were last listed. */
  private readonly seen = new Map<number, Task>();
  /** Tasks that are missing but not given up; after a restart they may never have been seen. */
  private missing = new Set<number>();
  private emptySinceMs: number | null = null;
  private snapshot: Snapshot | null = null;
  private readonly services = new OfferedServices();

  /** Notes which components an earlier run announced of a task. */
  learn(taskId: number, components: ReadonlyMap<string, string>): void {
    this.services.learn(taskId, components);
  }

  /** Takes a good poll's list. The answer names the tasks that it gave up. */
  note(snapshot: Snapshot): { gone: number[]; shown: number[] } {
    this.snapshot = snapshot;
    for (const task of snapshot.tasks) this.seen.set(task.id, task);
    const shown = this.shown().map((task) => task.id);
    const kept = new Set([...shown, ...snapshot.missingTaskIds]);
    const gone = [...new Set([...this.seen.keys(), ...this.missing])].filter((id) => !kept.has(id));
    for (const id of gone) {
      this.seen.delete(id);
      this.services.forget(id);
    }
    this.missing = new Set(snapshot.missingTaskIds);
    this.emptySinceMs = snapshot.tasks.length > 0 ? null : (this.emptySinceMs ?? snapshot.atMs);
    return { gone, shown };
  }

  /** The tasks to show: those of the list, and those that are missing but not given up. */
  shown(): Task[] {
    const { snapshot } = this;
    if (snapshot === null) return [];
    const listed = new Set(snapshot.tasks.map((task) => task.id));
    const isKept = (id: number): boolean => snapshot.listDroppedToEmpty || snapshot.missingTaskIds.includes(id);
    return [...this.seen.values()]
      .filter(({ id }) => listed.has(id) || isKept(id))
      .sort((a, b) => a.id - b.id)
      .map((task) => this.services.settle(task));
  }

  /** The ids of tasks whose topics must not be touched. */
  get aliveIds(): number[] {
    return [...this.seen.keys(), ...this.missing];
  }

  /** False only when a good poll's list shows that there is no such task. */
  mayExist(taskId: number): boolean {
    return this.snapshot === null || this.aliveIds.includes(taskId);
  }

  /** Whether the present list may decide what an earlier run left behind is gone. */
  get mayCleanUp(): boolean {
    return this.snapshot !== null && mayCleanUp(this.snapshot, this.emptySinceMs);
  }
}
