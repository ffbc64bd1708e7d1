// The one poll loop of a NAS: shared by everybody who watches, and running only while somebody does.
import { DsmError } from '../dsm';
import { compareWithMemory, eventId } from './changes';
import { afterFailedPoll, afterGoodPoll, afterSilence, nextPollMs, silenceMs, unknownHealth } from './health';
import { boundUnsent, emptyMemory } from './memory';
import { describeFailure, NasReader, type MonitorClient, type Reading } from './reader';
import type { Scheduler } from './scheduler';
import type {
  BackupEvent,
  MemoryStore,
  MonitorSettings,
  NasHealth,
  NasMemory,
  NasMonitor,
  Snapshot,
  Watcher,
} from './types';

/** What a monitor works with. */
export interface MonitorOptions {
  client: MonitorClient;
  settings: MonitorSettings;
  store: MemoryStore;
  scheduler: Scheduler;
  /** A number from 0 to 1, for jitter. */
  random: () => number;
  /** One line when the NAS goes away and one when it is back, never one a poll. */
  log: (level: 'info' | 'warn', text: string) => void;
}

/** How soon after the first watcher the first poll starts: nodes that start together share it. */
const firstPollMs = 50;

/** An event that nobody came back for in this time belongs to a node that was deleted. */
const forgottenMs = 7 * 24 * 3_600_000;
/** Striking off what was told may wait a little: a kill meanwhile repeats an event and loses none. */
const strikeOffMs = 1_000;

/** Makes the monitor of one NAS. Nothing is asked before somebody watches or refreshes. */
export function createMonitor(options: MonitorOptions): PollingMonitor {
  return new PollingMonitor(options);
}

/** The monitor as its owner (the config node) holds it. */
export class PollingMonitor implements NasMonitor {
  snapshot: Snapshot | null = null;
  health: NasHealth;
  /** `data` of the last good task list, untouched. */
  raw: unknown = null;

  private memory: NasMemory;
  private readonly reader: NasReader;
  private readonly watchers = new Map<string, Watcher>();
  private poll: { promise: Promise<Snapshot>; abort: AbortController } | null = null;
  private cancelTimer: (() => void) | null = null;
  private cancelSilence: (() => void) | null = null;
  private cancelSave: (() => void) | null = null;
  /** Deliveries under way: an event that waits for a broker is not handed over a second time. */
  private readonly telling = new Set<string>();
  private closed = false;

  constructor(private readonly options: MonitorOptions) {
    const { client, settings, scheduler } = options;
    this.memory = options.store.load() ?? emptyMemory();
    this.health = unknownHealth(scheduler.now());
    this.reader = new NasReader(client, settings.timeZone, settings.limits, () => scheduler.now());
  }

  watch(watcher: Watcher): () => void {
    if (this.closed) throw new DsmError('ABORTED', 'The connection to the NAS is being closed.');
    this.watchers.set(watcher.id, watcher);
    if (this.health.state !== 'unknown') watcher.onUpdate?.(this.snapshot, this.health);
    if (this.watchers.size === 1) {
      this.schedule(firstPollMs);
      this.guardSilence();
    }
    return () => {
      if (this.watchers.get(watcher.id) !== watcher) return;
      this.watchers.delete(watcher.id);
      if (this.watchers.size === 0) this.rest();
    };
  }

  async refresh(signal?: AbortSignal): Promise<Snapshot> {
    if (this.closed) throw new DsmError('ABORTED', 'The connection to the NAS is being closed.');
    this.poll ??= this.startPoll();
    return leaveOnAbort(this.poll.promise, signal);
  }

  /** Polls soon, because something was changed on the NAS; nothing happens while nobody watches. */
  poke(): void {
    if (!this.closed && this.watchers.size > 0 && !this.poll) this.schedule(firstPollMs);
  }

  /** Notes that the NAS accepted our cancel of a task's present run: its end then counts as canceled. */
  noteCanceled(taskId: number, runId: number | null): void {
    const record = this.memory.tasks[String(taskId)];
    if (!record) return;
    // While a run is under way the NAS may still show the id of the one before it.
    const canceled = runId === record.memory.lastRun?.runId ? 0 : (runId ?? 0);
    const canceledRunIds = [...record.memory.canceledRunIds, canceled].slice(-10);
    this.remember({
      ...this.memory,
      tasks: { ...this.memory.tasks, [String(taskId)]: { ...record, memory: { ...record.memory, canceledRunIds } } },
    });
  }

  /** The time zone, limits and rhythm in force. */
  get settings(): MonitorSettings {
    return this.options.settings;
  }

  /** What is remembered, for the credential block that shares its file. */
  updateMemory(change: (memory: NasMemory) => NasMemory): NasMemory {
    this.remember(change(this.memory));
    return this.memory;
  }

  get remembered(): NasMemory {
    return this.memory;
  }

  /** Ends polling. A poll under way ends with ABORTED. */
  close(): void {
    this.closed = true;
    this.rest();
    this.watchers.clear();
    this.poll?.abort.abort();
    if (this.cancelSave) this.save();
  }

  private rest(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.cancelSilence?.();
    this.cancelSilence = null;
  }

  private schedule(ms: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.options.scheduler.after(ms, () => {
      this.cancelTimer = null;
      // The failure is in the health that every watcher is told; there is nobody else to tell it to.
      this.refresh().catch(() => undefined);
    });
  }

  private guardSilence(): void {
    this.cancelSilence?.();
    this.cancelSilence = this.options.scheduler.after(silenceMs(this.options.settings.pollSeconds), () => {
      this.setHealth(afterSilence(this.health, this.options.scheduler.now()));
      this.tellUpdate();
    });
  }

  private startPoll(): NonNullable<PollingMonitor['poll']> {
    const abort = new AbortController();
    const promise = this.pollOnce(abort.signal).finally(() => {
      this.poll = null;
      if (this.closed || this.watchers.size === 0) return;
      const running = this.snapshot?.tasks.some((task) => task.activity === 'running') ?? false;
      this.schedule(nextPollMs(this.health, running, this.options.settings, this.options.random()));
    });
    // Whoever asked gets the failure through refresh(); an abandoned poll must not end the process.
    promise.catch(() => undefined);
    return { promise, abort };
  }

  private async pollOnce(signal: AbortSignal): Promise<Snapshot> {
    let reading: Reading;
    try {
      reading = await this.reader.read(this.memory, signal);
    } catch (error) {
      if (!this.closed) this.takeFailure(error);
      throw error;
    }
    if (this.closed) throw new DsmError('ABORTED', 'The connection to the NAS is being closed.');
    return this.takeReading(reading);
  }

  private takeFailure(error: unknown): void {
    const { code, message } = describeFailure(error);
    this.setHealth(afterFailedPoll(this.health, code, message, this.options.scheduler.now()));
    this.tellUpdate();
  }

  private takeReading(reading: Reading): Snapshot {
    const changes = compareWithMemory(this.memory, reading.tasks, this.options.settings.nas, reading.nowMs);
    const watcherIds = this.eventWatchers();
    const unsent = [
      ...this.memory.unsent.filter(({ event }) => reading.nowMs - Date.parse(event.at) < forgottenMs),
      ...changes.events.map((event) => ({ event, watchers: watcherIds })),
    ];
    this.remember({
      ...this.memory,
      tasks: changes.tasks,
      emptySinceMs: changes.emptySinceMs,
      unsent: boundUnsent(unsent.filter((entry) => entry.watchers.length > 0)),
      polled: true,
    });
    this.raw = reading.raw;
    this.snapshot = {
      nas: this.options.settings.nas,
      atMs: reading.nowMs,
      tasks: reading.tasks.map(({ task }) => task),
      endedRuns: changes.endedRuns,
      package: reading.package,
      workers: reading.workers,
      packageVersion: reading.packageVersion,
      missingTaskIds: changes.missingTaskIds,
      listDroppedToEmpty: changes.listDroppedToEmpty,
      timeZoneProblem: reading.timeZoneProblem,
    };
    this.setHealth(afterGoodPoll(this.health, this.options.scheduler.now()));
    if (this.watchers.size > 0) this.guardSilence();
    this.tellUpdate();
    this.tellUnsent();
    this.tellPassing();
    return this.snapshot;
  }

  /** Moves to a new health; where it changes, a line in the log and an event. */
  private setHealth(health: NasHealth): void {
    const before = this.health;
    this.health = health;
    if (health.state === 'offline' && before.state !== 'offline') {
      this.options.log(
        'warn',
        `The NAS does not answer as it should (${health.errorCode ?? 'unknown'}): ${health.errorMessage ?? ''}`,
      );
      if (!this.memory.lost) this.tellHealthEvent('nas_lost', health);
    } else if (health.state === 'online' && this.memory.lost) {
      this.options.log('info', 'The NAS answers again.');
      this.tellHealthEvent('nas_back', health);
    }
  }

  private tellHealthEvent(name: 'nas_lost' | 'nas_back', health: NasHealth): void {
    const watchers = this.eventWatchers();
    const event = this.nasEvent(name, { before: null, after: name === 'nas_lost' ? health.errorCode : null });
    this.remember({
      ...this.memory,
      lost: name === 'nas_lost',
      unsent: watchers.length > 0 ? boundUnsent([...this.memory.unsent, { event, watchers }]) : this.memory.unsent,
    });
    this.tellUnsent();
  }

  private nasEvent(name: 'nas_lost' | 'nas_back' | 'polled', facts: { before: unknown; after: unknown }): BackupEvent {
    const { nas } = this.options.settings;
    const at = new Date(this.options.scheduler.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    return { event: name, eventId: eventId(nas, null, name, at), at, nas, task: null, run: null, ...facts };
  }

  private eventWatchers(): string[] {
    return [...this.watchers.values()].filter((watcher) => watcher.onEvent).map((watcher) => watcher.id);
  }

  private tellUpdate(): void {
    for (const watcher of [...this.watchers.values()]) watcher.onUpdate?.(this.snapshot, this.health);
  }

  /** Events of the moment: worth nothing later, so they are not remembered. */
  private tellPassing(): void {
    const { snapshot } = this;
    if (!snapshot) return;
    const at = new Date(snapshot.atMs).toISOString().replace(/\.\d+Z$/, 'Z');
    const passing: BackupEvent[] = snapshot.tasks
      .filter((task) => task.activity === 'running')
      .map((task) => ({
        event: 'progress',
        eventId: eventId(snapshot.nas, task.id, 'progress', at),
        at,
        nas: snapshot.nas,
        task,
        before: null,
        after: null,
        run: null,
      }));
    passing.push(this.nasEvent('polled', { before: null, after: { tasks: snapshot.tasks.length } }));
    for (const watcher of [...this.watchers.values()]) {
      for (const event of passing) void settle(watcher.onEvent?.(event));
    }
  }

  /** Tells what some watcher has not been told, in order; an event is struck off when the watcher has taken it. */
  private tellUnsent(): void {
    for (const { event, watchers } of [...this.memory.unsent]) {
      for (const id of watchers) {
        const watcher = this.watchers.get(id);
        const key = `${id} ${event.eventId}`;
        if (!watcher?.onEvent || this.telling.has(key)) continue;
        this.telling.add(key);
        void settle(watcher.onEvent(event)).then((taken) => {
          this.telling.delete(key);
          if (taken) this.strikeOff(event.eventId, id);
        });
      }
    }
  }

  private strikeOff(id: string, watcher: string): void {
    const unsent = this.memory.unsent
      .map((entry) =>
        entry.event.eventId === id ? { ...entry, watchers: entry.watchers.filter((name) => name !== watcher) } : entry,
      )
      .filter((entry) => entry.watchers.length > 0);
    this.memory = { ...this.memory, unsent };
    this.cancelSave ??= this.options.scheduler.after(strikeOffMs, () => this.save());
  }

  private remember(memory: NasMemory): void {
    this.memory = memory;
    this.save();
  }

  private save(): void {
    this.cancelSave?.();
    this.cancelSave = null;
    this.options.store.save(this.memory);
  }
}

/** Waits for a watcher to take an event; a watcher's own failure is not the monitor's. */
async function settle(told: void | Promise<void>): Promise<boolean> {
  try {
    await told;
    return true;
  } catch {
    return false;
  }
}

/** A shared promise that one of its callers may leave early. */
async function leaveOnAbort<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return shared;
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(new DsmError('ABORTED', 'The call was ended before the NAS answered.'));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([shared, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
