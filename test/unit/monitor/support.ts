// What the monitor's tests share: a monitor on a NAS written by hand, watchers that keep what they are told, a store.
import assert from 'node:assert/strict';
import {
  createMonitor,
  readMemory,
  type BackupEvent,
  type MemoryStore,
  type MonitorSettings,
  type NasHealth,
  type NasMemory,
  type PollingMonitor,
  type Snapshot,
  type Watcher,
} from '../../../lib/monitor';
import { DrivenScheduler, OwnClock } from './driven-scheduler';
import { FakeNas, noonMs, type Row, taskRow } from './fake-nas';

/** Keeps the memory as text, as a file does: what comes back was read anew. */
export class TextStore implements MemoryStore {
  text: string | null = null;
  saves = 0;

  load(): NasMemory | null {
    return this.text === null ? null : readMemory(JSON.parse(this.text));
  }
  save(memory: NasMemory): void {
    this.text = JSON.stringify(memory);
    this.saves += 1;
  }
}

/** Keeps everything that it is told. */
export class Witness implements Watcher {
  readonly events: BackupEvent[] = [];
  readonly updates: { snapshot: Snapshot | null; health: NasHealth }[] = [];
  /** Updates and events in the order of telling. */
  readonly order: string[] = [];
  /** What its `onEvent` returns or throws. */
  answer: (event: BackupEvent) => void | Promise<void> = () => undefined;

  constructor(readonly id: string) {}

  readonly onUpdate = (snapshot: Snapshot | null, health: NasHealth): void => {
    this.updates.push({ snapshot, health });
    this.order.push(`update ${health.state}`);
  };
  readonly onEvent = (event: BackupEvent): void | Promise<void> => {
    this.events.push(event);
    this.order.push(event.event);
    return this.answer(event);
  };

  /** Names of the events about tasks and the NAS, without those of the moment. */
  get told(): string[] {
    return this.lasting.map(({ event }) => event);
  }
  get lasting(): BackupEvent[] {
    return this.events.filter(({ event }) => event !== 'polled' && event !== 'progress');
  }
  /** Forgets what was told so far. */
  forget(): void {
    this.events.length = 0;
    this.updates.length = 0;
    this.order.length = 0;
  }
}

export const settings: MonitorSettings = {
  nas: 'office',
  pollSeconds: 60,
  pollRunningSeconds: 10,
  timeZone: 'UTC',
  limits: {},
};

export interface Bench {
  scheduler: DrivenScheduler;
  nas: FakeNas;
  store: TextStore;
  monitor: PollingMonitor;
  log: string[];
}

/** A monitor on a NAS with one idle task at noon. `over` another bench's store and time, it is the next process. */
export function bench(changes: Partial<MonitorSettings> = {}, over?: Bench): Bench {
  const scheduler = over?.scheduler ?? new DrivenScheduler(new OwnClock(noonMs));
  const nas = over?.nas ?? new FakeNas(() => scheduler.now());
  if (!over) nas.tasks = [taskRow(1)];
  const store = over?.store ?? new TextStore();
  const log: string[] = [];
  const monitor = createMonitor({
    client: nas,
    settings: { ...settings, ...changes },
    store,
    scheduler,
    random: () => 1,
    log: (level, text) => log.push(`${level} ${text}`),
  });
  return { scheduler, nas, store, monitor, log };
}

/** The process is killed: nothing is written down any more, no timer fires. */
export function kill({ monitor, scheduler, store }: Bench): void {
  const { text } = store;
  scheduler.clear();
  monitor.close();
  store.text = text;
}

/** What the last good poll found. */
export function seen({ snapshot }: PollingMonitor): Snapshot {
  assert.ok(snapshot);
  return snapshot;
}

/** A bench after its baseline, with a witness that was told nothing yet. `rows`: what the NAS lists in place of its usual tasks. */
export async function watched(
  rows?: Row[],
  changes: Partial<MonitorSettings> = {},
): Promise<Bench & { witness: Witness }> {
  const made = bench(changes);
  if (rows) made.nas.tasks = rows;
  const witness = new Witness('witness');
  made.monitor.watch(witness);
  await made.scheduler.pass(50);
  assert.deepEqual(witness.told, [], 'the baseline tells nothing');
  return { ...made, witness };
}
