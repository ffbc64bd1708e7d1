// Cancels that were accepted before anything was remembered of their tasks, kept until those are first seen.
import type { EarlyCancel } from '../active-backup';
import type { NasMemory } from './types';

/** More are of tasks that the NAS does not list. */
const most = 20;

/** The early cancels of one NAS. */
export class EarlyCancels {
  /** With when they were accepted, by this machine's clock: the NAS's may not be known yet. */
  #kept: { taskId: number; runId: number | null; hostMs: number }[] = [];

  add(taskId: number, runId: number | null, hostMs: number): void {
    this.#kept = [...this.#kept, { taskId, runId, hostMs }].slice(-most);
  }

  /** As the task model takes them. `skewMs` is by how much the NAS's clock is ahead of this machine's. */
  byNasClock(skewMs: number): EarlyCancel[] {
    return this.#kept.map(({ taskId, runId, hostMs }) => ({ taskId, runId, atMs: hostMs + skewMs }));
  }

  /** Forgets those of tasks that are remembered now. */
  forget(tasks: NasMemory['tasks']): void {
    this.#kept = this.#kept.filter(({ taskId }) => !(String(taskId) in tasks));
  }
}
