// The one poll loop of a NAS: shared by everybody who watches, and running only while somebody does.
import { withCancel } from '../active-backup';
import { DsmError } from '../dsm';
import { compareWithMemory } from './changes';
import { Deliveries } from './deliveries';
import { afterFailedPoll, afterGoodPoll, afterSilence, isAway, nextPollMs, silenceMs, unknownHealth } from './health';
import { leaveOnAbort } from './leave-on-abort';
import { MemoryKeeper } from './memory-keeper';
import { missingAnew } from './missing';
import { nasEvent, passingEvents, settingsEvents } from './nas-events';
import { NasLog, type LogLine } from './nas-log';
import { asCodedError, assessReading, NasReader, type MonitorClient, type Reading } from './reader';
import type { Scheduler } from './scheduler';
import { SettingsWatch, type SettingsClient } from './settings-watch';
import { snapshotOf } from './snapshot';
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
  client: MonitorClient & SettingsClient;
  settings: MonitorSettings;
  store: MemoryStore;
  scheduler: Scheduler;
  /** A number from 0 to 1, for jitter. */
  random: () => number;
  /** One line when something about the NAS changes, such as that it goes away; never one a poll. */
  log: LogLine;
}

/** How soon after the first watcher the first poll starts: nodes that start together share it. */
const firstPollMs = 50;

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

  private readonly keeper: MemoryKeeper;
  private readonly deliveries: Deliveries;
  private readonly reader: NasReader;
  private readonly settingsWatch: SettingsWatch;
  private readonly log: NasLog;
  private readonly closing = new AbortController();
  private poll: { result: Promise<Snapshot>; abandon: AbortController; askers: number } | null = null;
  /** Something was changed on the NAS while it was being asked. */
  private isOutdated = false;
  private cancelTimer: (() => void) | null = null;
  private cancelSilence: (() => void) | null = null;

  constructor(private readonly options: MonitorOptions) {
    const { client, settings, scheduler, store } = options;
    this.keeper = new MemoryKeeper(store, scheduler);
    this.deliveries = new Deliveries(this.keeper, () => scheduler.now());
    this.health = unknownHealth(scheduler.now());
    this.reader = new NasReader(client, settings.timeZone, () => scheduler.now());
    this.settingsWatch = new SettingsWatch(client, this.closing.signal);
    this.log = new NasLog(options.log);
  }

  watch(watcher: Watcher): () => void {
    this.refuseWhenClosed();
    const isFirst = this.deliveries.size === 0;
    this.deliveries.add(watcher);
    if (this.health.state !== 'unknown') this.deliveries.updateOne(watcher, this.snapshot, this.health);
    if (this.snapshot !== null) {
      this.keeper.changeSoon((memory) => this.deliveries.admit(memory));
      // What it is owed from before it was away.
      this.options.scheduler.after(firstPollMs, () => this.deliveries.tell());
    }
    if (isFirst) {
      this.schedule(firstPollMs);
      this.guardSilence();
    }
    return () => {
      if (this.deliveries.remove(watcher) && this.deliveries.size === 0) this.rest();
    };
  }

  async refresh(signal?: AbortSignal): Promise<Snapshot> {
    this.refuseWhenClosed();
    const poll = (this.poll ??= this.startPoll());
    poll.askers += 1;
    try {
      return await leaveOnAbort(poll.result, signal);
    } finally {
      poll.askers -= 1;
      // A silent NAS would be waited for on nobody's behalf, and everybody's next question with it.
      if (poll.askers === 0 && signal?.aborted === true) {
        if (this.poll === poll) this.poll = null;
        poll.abandon.abort();
      }
    }
  }

  /** Polls soon, because something was changed on the NAS; nothing happens while nobody watches. */
  poke(): void {
    if (this.poll) this.isOutdated = true;
    else if (!this.isClosed && this.deliveries.size > 0) this.schedule(firstPollMs);
  }

  /** Notes that the NAS accepted our cancel of a task's present run: its end then counts as canceled. */
  noteCanceled(taskId: number, runId: number | null): void {
    const record = this.keeper.current.tasks[String(taskId)];
    if (!record) return;
    const changed = { ...record, memory: withCancel(record.memory, runId) };
    this.keeper.change((memory) => ({ ...memory, tasks: { ...memory.tasks, [String(taskId)]: changed } }));
  }

  /** The time zone, limits and rhythm in force. */
  get settings(): MonitorSettings {
    return this.options.settings;
  }

  /** What is remembered, for the credential block that shares its file. */
  updateMemory(change: (memory: NasMemory) => NasMemory): NasMemory {
    this.keeper.change(change);
    return this.keeper.current;
  }

  get remembered(): NasMemory {
    return this.keeper.current;
  }

  /** Ends polling. A poll under way ends with ABORTED. */
  close(): void {
    this.closing.abort();
    this.rest();
    this.deliveries.clear();
    this.keeper.close();
  }

  private get isClosed(): boolean {
    return this.closing.signal.aborted;
  }

  private refuseWhenClosed(): void {
    if (this.isClosed) throw new DsmError('ABORTED', 'The connection to the NAS is being closed.');
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
    this.cancelSilence = this.options.scheduler.after(silenceMs(this.options.settings.pollSeconds), () =>
      this.takeHealth(afterSilence(this.health, this.options.scheduler.now())),
    );
  }

  private startPoll(): NonNullable<PollingMonitor['poll']> {
    const abandon = new AbortController();
    const result = this.pollOnce(abandon.signal).finally(() => {
      if (this.poll?.abandon === abandon) this.poll = null;
      if (this.poll) return;
      const isOutdated = this.isOutdated;
      this.isOutdated = false;
      if (this.isClosed || this.deliveries.size === 0) return;
      const running = this.snapshot?.tasks.some((task) => task.activity === 'running') ?? false;
      const usual = nextPollMs(this.health, running, this.options.settings, this.options.random());
      this.schedule(isOutdated ? Math.min(firstPollMs, usual) : usual);
    });
    // Whoever asked gets the failure through refresh(); an abandoned poll must not end the process.
    result.catch(() => undefined);
    return { result, abandon, askers: 0 };
  }

  private async pollOnce(abandoned: AbortSignal): Promise<Snapshot> {
    let reading: Reading;
    try {
      const signal = AbortSignal.any([this.closing.signal, abandoned]);
      reading = await this.reader.read(this.keeper.current, signal);
    } catch (error) {
      const failure = asCodedError(error);
      // A poll that nobody waits for any more says nothing of the NAS.
      if (!this.isClosed && !abandoned.aborted) {
        this.keeper.changeSoon(missingAnew);
        this.takeHealth(afterFailedPoll(this.health, failure.code, failure.message, this.options.scheduler.now()));
      }
      throw failure;
    }
    this.refuseWhenClosed();
    return this.takeReading(reading);
  }

  private takeReading(reading: Reading): Snapshot {
    const { settings, scheduler } = this.options;
    const hostMs = scheduler.now();
    const found = assessReading(reading, this.keeper.current, settings);
    const time = { nasMs: reading.nowMs, hostMs };
    const changes = compareWithMemory(this.keeper.current, found, settings.nas, time);
    this.raw = reading.list.raw;
    this.snapshot = snapshotOf(settings.nas, reading, found, changes);
    const { tasks, emptySinceMs } = changes;
    this.log.clock(reading.clockSkewSeconds);
    if (this.deliveries.size > 0) this.guardSilence();
    this.takeHealth(afterGoodPoll(this.health, hostMs), changes.events, (memory) =>
      this.deliveries.admit({ ...memory, tasks, emptySinceMs, polled: true }),
    );
    this.deliveries.tellPassing(passingEvents(this.snapshot, hostMs));
    if (settings.watchSettings === true && this.deliveries.hasListeners) void this.lookAtSettings();
    return this.snapshot;
  }

  /** Moves to a new health and takes in what a poll changed: written down, then shown, then told. */
  private takeHealth(
    health: NasHealth,
    events: readonly BackupEvent[] = [],
    change: (memory: NasMemory) => NasMemory = (memory) => memory,
  ): void {
    this.health = health;
    this.log.health(health);
    const { nas } = this.options.settings;
    const nowMs = this.options.scheduler.now();
    const all = [...events];
    let { lost } = this.keeper.current;
    // Without anybody to tell it stays owed to the first who comes.
    if (isAway(health) && !lost && this.deliveries.hasListeners) {
      all.push(nasEvent(nas, 'nas_lost', nowMs, health.errorCode));
      lost = true;
    } else if (health.state === 'online' && lost) {
      all.unshift(nasEvent(nas, 'nas_back', nowMs, null));
      lost = false;
    }
    this.keeper.change((memory) => change({ ...this.deliveries.queue(memory, all), lost }));
    this.deliveries.update(this.snapshot, health);
    this.deliveries.tell();
  }

  /** Beside the polls, so that nobody who asks for the tasks waits for it. */
  private async lookAtSettings(): Promise<void> {
    const { settings, scheduler } = this.options;
    const read = await this.settingsWatch.readDue(Object.values(this.keeper.current.tasks), scheduler.now());
    if (read === null) return;
    const { tasks, events } = settingsEvents(settings.nas, this.keeper.current.tasks, read, scheduler.now());
    this.keeper.change((memory) => this.deliveries.queue({ ...memory, tasks }, events));
    this.deliveries.tell();
  }
}
