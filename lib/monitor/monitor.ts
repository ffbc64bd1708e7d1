// The one poll loop of a NAS: shared by everybody who watches, and running only while somebody does.
import { withCancel } from '../active-backup';
import { DsmError } from '../dsm';
import { compareWithMemory, withoutChanges } from './changes';
import { Deliveries } from './deliveries';
import { EarlyCancels } from './early-cancels';
import { afterFailedPoll, afterGoodPoll, afterSilence, nextPollMs, silenceMs, unknownHealth } from './health';
import { MemoryKeeper } from './memory-keeper';
import { missingAnew } from './missing';
import { passingEvents, settingsEvents, withAwayEvents } from './nas-events';
import { NasLog, type LogLine } from './nas-log';
import { PollTimers } from './poll-timers';
import { asCodedError, assessReading, NasReader, type MonitorClient, type Reading } from './reader';
import type { Scheduler } from './scheduler';
import { SettingsWatch, type SettingsClient } from './settings-watch';
import { SharedPoll } from './shared-poll';
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

  readonly #keeper: MemoryKeeper;
  readonly #deliveries: Deliveries;
  readonly #reader: NasReader;
  readonly #settingsWatch: SettingsWatch;
  readonly #log: NasLog;
  readonly #earlyCancels = new EarlyCancels();
  readonly #closing = new AbortController();
  readonly #poll = new SharedPoll(
    (abandoned) => this.#pollOnce(abandoned),
    () => this.#scheduleNext(),
  );
  /** Something was changed on the NAS while it was being asked. */
  #isOutdated = false;
  readonly #timers: PollTimers;
  readonly #options: MonitorOptions;

  constructor(options: MonitorOptions) {
    this.#options = options;
    const { client, settings, scheduler, store } = options;
    this.#keeper = new MemoryKeeper(store, scheduler);
    this.#deliveries = new Deliveries(this.#keeper, () => scheduler.now());
    this.health = unknownHealth(scheduler.now());
    this.#reader = new NasReader(client, settings.timeZone, () => scheduler.now());
    this.#settingsWatch = new SettingsWatch(client, this.#closing.signal);
    this.#log = new NasLog(options.log);
    this.#timers = new PollTimers(scheduler);
  }

  watch(watcher: Watcher): () => void {
    this.#refuseWhenClosed();
    const isFirst = this.#deliveries.size === 0;
    if (isFirst) this.#forgetOldPoll();
    this.#deliveries.add(watcher);
    if (this.health.state !== 'unknown') this.#deliveries.updateOne(watcher, this.snapshot, this.health);
    if (this.snapshot !== null) {
      this.#keeper.changeSoon((memory) => this.#deliveries.admit(memory));
      // What it is owed from before it was away.
      this.#options.scheduler.after(firstPollMs, () => this.#deliveries.tell());
    }
    if (isFirst) {
      this.#schedule(firstPollMs);
      this.#guardSilence();
    }
    return () => {
      if (this.#deliveries.remove(watcher) && this.#deliveries.size === 0) this.#timers.rest();
    };
  }

  async refresh(signal?: AbortSignal): Promise<Snapshot> {
    // A poll from before the change would show the NAS to who asks after it as it was.
    if (this.#isOutdated) await this.#poll.ended(signal);
    this.#refuseWhenClosed();
    return this.#poll.join(signal);
  }

  /** Polls soon, because something was changed on the NAS; nothing happens while nobody watches. */
  poke(): void {
    if (this.#poll.isUnderWay) this.#isOutdated = true;
    else if (!this.#isClosed && this.#deliveries.size > 0) this.#schedule(firstPollMs);
  }

  /** Notes that the NAS accepted our cancel of a task's present run just now: its end then counts as canceled. */
  noteCanceled(taskId: number, runId: number | null): void {
    const record = this.#keeper.current.tasks[String(taskId)];
    const hostMs = this.#options.scheduler.now();
    if (!record) {
      this.#earlyCancels.add(taskId, runId, hostMs);
      return;
    }
    const changed = { ...record, memory: withCancel(record.memory, runId, hostMs + skewMs(this.snapshot)) };
    this.#keeper.change((memory) => ({ ...memory, tasks: { ...memory.tasks, [String(taskId)]: changed } }));
  }

  /** The time zone, limits and rhythm in force. */
  get settings(): MonitorSettings {
    return this.#options.settings;
  }

  /** What is remembered, for the credential block that shares its file. */
  updateMemory(change: (memory: NasMemory) => NasMemory): NasMemory {
    this.#keeper.change(change);
    return this.#keeper.current;
  }

  get remembered(): NasMemory {
    return this.#keeper.current;
  }

  /** Ends polling. A poll under way ends with ABORTED. */
  close(): void {
    this.#closing.abort();
    this.#timers.rest();
    this.#deliveries.clear();
    this.#keeper.close();
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  #refuseWhenClosed(): void {
    if (this.#isClosed) throw new DsmError('ABORTED', 'The connection to the NAS is being closed.');
  }

  /** What was found before a long time without anybody who watched says nothing of now. */
  #forgetOldPoll(): void {
    const hostMs = this.#options.scheduler.now();
    const { lastGoodPollMs } = this.health;
    if (lastGoodPollMs === null || hostMs - lastGoodPollMs <= silenceMs(this.#options.settings.pollSeconds)) return;
    this.health = unknownHealth(hostMs);
    this.snapshot = null;
  }

  #schedule(ms: number): void {
    // The failure is in the health that every watcher is told; there is nobody else to tell it to.
    this.#timers.poll(ms, () => void this.refresh().catch(() => undefined));
  }

  #guardSilence(): void {
    this.#timers.silence(silenceMs(this.#options.settings.pollSeconds), () =>
      this.#takeHealth(afterSilence(this.health, this.#options.scheduler.now())),
    );
  }

  #scheduleNext(): void {
    const isOutdated = this.#isOutdated;
    this.#isOutdated = false;
    if (this.#isClosed || this.#deliveries.size === 0) return;
    const running = this.snapshot?.tasks.some((task) => task.activity === 'running') ?? false;
    const usual = nextPollMs(this.health, running, this.#options.settings, this.#options.random());
    this.#schedule(isOutdated ? Math.min(firstPollMs, usual) : usual);
  }

  async #pollOnce(abandoned: AbortSignal): Promise<Snapshot> {
    let reading: Reading;
    try {
      const signal = AbortSignal.any([this.#closing.signal, abandoned]);
      reading = await this.#reader.read(this.#keeper.current, signal);
    } catch (error) {
      const failure = asCodedError(error);
      // A poll that nobody waits for any more says nothing of the NAS.
      if (!this.#isClosed && !abandoned.aborted) {
        this.#keeper.changeSoon(missingAnew);
        this.#takeHealth(afterFailedPoll(this.health, failure.code, failure.message, this.#options.scheduler.now()));
      }
      throw failure;
    }
    this.#refuseWhenClosed();
    return this.#takeReading(reading);
  }

  #takeReading(reading: Reading): Snapshot {
    const { settings, scheduler } = this.#options;
    const hostMs = scheduler.now();
    const memory = this.#keeper.current;
    const found = assessReading(reading, memory, settings, this.#earlyCancels.byNasClock(skewMs(reading)));
    this.raw = reading.list.raw;
    this.#log.clock(reading.clockSkewSeconds);
    if (this.#deliveries.size > 0) this.#guardSilence();
    if (reading.historyOwed) {
      // Shown and not taken in, so that the next poll finds all of it again, and the history with it.
      this.snapshot = snapshotOf(settings.nas, reading, found, withoutChanges(memory, found));
      this.#takeHealth(afterGoodPoll(this.health, hostMs), [], (current) => this.#deliveries.admit(current));
    } else {
      const changes = compareWithMemory(memory, found, settings.nas, { nasMs: reading.nowMs, hostMs });
      const { tasks, emptySinceMs } = changes;
      this.snapshot = snapshotOf(settings.nas, reading, found, changes);
      this.#earlyCancels.forget(tasks);
      this.#takeHealth(afterGoodPoll(this.health, hostMs), changes.events, (current) =>
        this.#deliveries.admit({ ...current, tasks, emptySinceMs, polled: true }),
      );
    }
    this.#deliveries.tellPassing(passingEvents(this.snapshot, hostMs));
    const looks = settings.watchSettings === true && this.#deliveries.hasListeners && !reading.historyOwed;
    if (looks) void this.#lookAtSettings();
    return this.snapshot;
  }

  /** Moves to a new health and takes in what a poll changed: written down, then shown, then told. */
  #takeHealth(
    health: NasHealth,
    events: readonly BackupEvent[] = [],
    change: (memory: NasMemory) => NasMemory = (memory) => memory,
  ): void {
    this.health = health;
    this.#log.health(health);
    const { nas } = this.#options.settings;
    const nowMs = this.#options.scheduler.now();
    // Without anybody to tell it stays owed to the first who comes.
    const canTell = this.#deliveries.hasListeners;
    const { all, lost } = withAwayEvents(nas, events, health, this.#keeper.current.lost, canTell, nowMs);
    this.#keeper.change((memory) => change({ ...this.#deliveries.queue(memory, all), lost }));
    this.#deliveries.update(this.snapshot, health);
    this.#deliveries.tell();
  }

  /** Beside the polls, so that nobody who asks for the tasks waits for it. */
  async #lookAtSettings(): Promise<void> {
    const { settings, scheduler } = this.#options;
    const read = await this.#settingsWatch.readDue(Object.values(this.#keeper.current.tasks), scheduler.now());
    if (read === null) return;
    const { tasks, events } = settingsEvents(settings.nas, this.#keeper.current.tasks, read, scheduler.now());
    this.#keeper.change((memory) => this.#deliveries.queue({ ...memory, tasks }, events));
    this.#deliveries.tell();
  }
}

/** By how much the NAS's clock is ahead of this machine's, milliseconds; 0 where that is not known. */
function skewMs(found: Pick<Snapshot, 'clockSkewSeconds'> | null): number {
  return (found?.clockSkewSeconds ?? 0) * 1000;
}
