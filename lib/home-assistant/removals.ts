// Tasks that are gone: the event `removed` goes out first, then what was retained is emptied.
import type { Scheduler } from '../monitor/scheduler';

/** How long to wait for the event when a task is gone. It belongs to the same poll, so this is for its absence only. */
const eventWaitMs = 5_000;

/** Holds back the clearing of a task's topics until its last event was delivered. */
export class Removals {
  readonly #leaving = new Map<number, { cancelTimer: () => void }>();
  /** Tasks whose `removed` was delivered before the list without them was seen. */
  readonly #told = new Set<number>();
  /** Tasks whose `removed` is on its way. */
  readonly #telling = new Set<number>();

  readonly #scheduler: Scheduler;
  readonly #clear: (taskId: number) => void;

  constructor(scheduler: Scheduler, clear: (taskId: number) => void) {
    this.#scheduler = scheduler;
    this.#clear = clear;
  }

  get taskIds(): number[] {
    return [...this.#leaving.keys()];
  }

  /** The list no longer holds this task. */
  gone(taskId: number): void {
    if (this.#leaving.has(taskId)) return;
    const cancelTimer = this.#scheduler.after(eventWaitMs, () => {
      if (!this.#telling.has(taskId)) this.#finish(taskId);
    });
    this.#leaving.set(taskId, { cancelTimer });
    if (this.#told.has(taskId)) this.#finish(taskId);
  }

  /** The task is there, again or still. */
  back(taskId: number): void {
    this.#leaving.get(taskId)?.cancelTimer();
    this.#leaving.delete(taskId);
    this.#told.delete(taskId);
  }

  /** Its `removed` is on the way. */
  eventStarted(taskId: number): void {
    this.#telling.add(taskId);
  }

  /** Its `removed` was delivered or superseded. */
  eventEnded(taskId: number): void {
    this.#telling.delete(taskId);
    if (this.#leaving.has(taskId)) this.#finish(taskId);
    else this.#told.add(taskId);
  }

  close(): void {
    for (const { cancelTimer } of this.#leaving.values()) cancelTimer();
  }

  #finish(taskId: number): void {
    this.#leaving.get(taskId)?.cancelTimer();
    this.#leaving.delete(taskId);
    this.#told.delete(taskId);
    this.#clear(taskId);
  }
}
