// Names of tasks for answers that know only ids, without asking for the list at every page of a log.
import { type TaskNames } from './logs';
import { type NamedTask } from './task-ids';

/** How long names are good: a renamed task shows its new name in logs after this. */
const goodForMs = 60_000;

/** The names that the last list had. */
export class TaskNameCache {
  #names: TaskNames = new Map();
  #readAtMs: number | null = null;

  /** Takes the names of a list that was just read. */
  remember(tasks: readonly NamedTask[], nowMs: number): void {
    this.#names = new Map(tasks.map(({ id, name }) => [id, name]));
    this.#readAtMs = nowMs;
  }

  /** The names, or null where they are too old. A clock that was set back makes them too old. */
  fresh(nowMs: number): TaskNames | null {
    const ageMs = this.#readAtMs === null ? Infinity : nowMs - this.#readAtMs;
    return ageMs >= 0 && ageMs < goodForMs ? this.#names : null;
  }
}
