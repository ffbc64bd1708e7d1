// Who watches a NAS, and who is still owed which event: none is lost, also not over a restart.
import { boundUnsent } from './memory';
import type { MemoryKeeper } from './memory-keeper';
import { nasEventNames, type BackupEvent, type NasHealth, type NasMemory, type Snapshot, type Watcher } from './types';

/** Who has not come back after so long was deleted or switched off, and is owed nothing any more. */
const absentMs = 10 * 60_000;
/** An event that nobody could be told in this time is no news. */
const forgottenMs = 7 * 24 * 3_600_000;

/** The watchers of one NAS and their events. */
export class Deliveries {
  readonly #watchers = new Map<string, Watcher>();
  /** Since when those who are owed events are away, by this machine's clock. */
  readonly #awaySince = new Map<string, number>();
  /** Deliveries under way: an event that waits for a broker is not handed over a second time. */
  readonly #telling = new WeakMap<Watcher, Set<string>>();

  readonly #keeper: MemoryKeeper;
  readonly #now: () => number;

  constructor(keeper: MemoryKeeper, now: () => number) {
    this.#keeper = keeper;
    this.#now = now;
    for (const id of keeper.current.watchers) this.#awaySince.set(id, now());
  }

  get size(): number {
    return this.#watchers.size;
  }

  /** Whether anybody who is here now wants events. */
  get hasListeners(): boolean {
    return this.#listeners().length > 0;
  }

  add(watcher: Watcher): void {
    this.#watchers.set(watcher.id, watcher);
    this.#awaySince.delete(watcher.id);
  }

  /** Returns whether it was there: somebody else may have taken its id meanwhile. */
  remove(watcher: Watcher): boolean {
    if (this.#watchers.get(watcher.id) !== watcher) return false;
    this.#watchers.delete(watcher.id);
    this.#awaySince.set(watcher.id, this.#now());
    return true;
  }

  clear(): void {
    this.#watchers.clear();
  }

  /** From now on, who watches is owed what happens: it was told how things stand. */
  admit(memory: NasMemory): NasMemory {
    const fresh = this.#listeners().filter((id) => !memory.watchers.includes(id));
    return fresh.length === 0 ? memory : { ...memory, watchers: [...memory.watchers, ...fresh] };
  }

  /** The memory with further events for those who are owed them, and without what nobody waits for. */
  queue(memory: NasMemory, events: readonly BackupEvent[]): NasMemory {
    const nowMs = this.#now();
    const watchers = memory.watchers.filter((id) => nowMs - (this.#awaySince.get(id) ?? nowMs) < absentMs);
    const everybody = [...new Set([...watchers, ...this.#listeners()])];
    const waiting = memory.unsent
      .filter(({ sinceMs }) => nowMs - sinceMs < forgottenMs)
      .map((entry) => ({ ...entry, watchers: entry.watchers.filter((id) => everybody.includes(id)) }));
    const fresh = events.map((event) => ({
      event,
      watchers: nasEventNames.includes(event.event) ? everybody : watchers,
      sinceMs: nowMs,
    }));
    const owed = [...waiting, ...fresh].filter((entry) => entry.watchers.length > 0);
    // All that one poll found is told at least once, however many tasks there are.
    return { ...memory, watchers, unsent: boundUnsent(owed, fresh.length) };
  }

  /** Tells everybody how things stand. */
  update(snapshot: Snapshot | null, health: NasHealth): void {
    for (const watcher of [...this.#watchers.values()]) this.updateOne(watcher, snapshot, health);
  }

  updateOne(watcher: Watcher, snapshot: Snapshot | null, health: NasHealth): void {
    // A watcher's own failure is neither the monitor's nor the other watchers'.
    void settle(() => watcher.onUpdate?.(snapshot, health));
  }

  /** Tells what was not told yet, in order; an event is struck off when the watcher has taken it. */
  tell(): void {
    for (const { event, watchers } of this.#keeper.current.unsent) {
      for (const id of watchers) {
        const watcher = this.#watchers.get(id);
        if (watcher?.onEvent) this.#tellOne(watcher, event);
      }
    }
  }

  /** Tells events of the moment: worth nothing later, so they are not remembered. */
  tellPassing(events: readonly BackupEvent[]): void {
    for (const watcher of [...this.#watchers.values()]) {
      for (const event of events) void settle(() => watcher.onEvent?.(event));
    }
  }

  #tellOne(watcher: Watcher, event: BackupEvent): void {
    const underWay = this.#telling.get(watcher) ?? new Set();
    this.#telling.set(watcher, underWay);
    if (underWay.has(event.eventId)) return;
    underWay.add(event.eventId);
    void settle(() => watcher.onEvent?.(event)).then((taken) => {
      underWay.delete(event.eventId);
      if (taken) this.#strikeOff(event.eventId, watcher.id);
    });
  }

  #strikeOff(eventId: string, watcherId: string): void {
    this.#keeper.changeSoon((memory) => ({
      ...memory,
      unsent: memory.unsent
        .map((entry) =>
          entry.event.eventId === eventId
            ? { ...entry, watchers: entry.watchers.filter((id) => id !== watcherId) }
            : entry,
        )
        .filter(({ watchers }) => watchers.length > 0),
    }));
  }

  #listeners(): string[] {
    return [...this.#watchers.values()].filter(({ onEvent }) => onEvent !== undefined).map(({ id }) => id);
  }
}

/** Waits for a watcher; whether it took what it was told. It is called at once. */
async function settle(tell: () => void | Promise<void>): Promise<boolean> {
  try {
    await tell();
    return true;
  } catch {
    return false;
  }
}
