// Holds the memory of one NAS and decides when it is written down.
import { emptyMemory } from './memory';
import type { Scheduler } from './scheduler';
import type { MemoryStore, NasMemory } from './types';

/** What may wait, waits so long: a kill meanwhile repeats an event and loses none. */
const waitMs = 1_000;

type Change = (memory: NasMemory) => NasMemory;

/** The memory of one NAS. */
export class MemoryKeeper {
  #memory: NasMemory;
  #cancelSave: (() => void) | null = null;
  #closed = false;
  readonly #store: MemoryStore;
  readonly #scheduler: Scheduler;

  constructor(store: MemoryStore, scheduler: Scheduler) {
    this.#store = store;
    this.#scheduler = scheduler;
    this.#memory = store.load() ?? emptyMemory();
  }

  get current(): NasMemory {
    return this.#memory;
  }

  /** Changes it and writes it down before anything else happens. */
  change(change: Change): void {
    this.#memory = change(this.#memory);
    this.#save();
  }

  /** Changes it and writes it down soon. After `close` nothing is: the file may have a new owner by then. */
  changeSoon(change: Change): void {
    this.#memory = change(this.#memory);
    if (!this.#closed) this.#cancelSave ??= this.#scheduler.after(waitMs, () => this.#save());
  }

  /** Writes down what still waits. */
  close(): void {
    this.#closed = true;
    if (this.#cancelSave) this.#save();
  }

  #save(): void {
    this.#cancelSave?.();
    this.#cancelSave = null;
    this.#store.save(this.#memory);
  }
}
