// A monitor whose polls a test makes.
import type { BackupEvent, NasHealth, NasMonitor, Snapshot, Watcher } from '../../../lib/monitor/types';
import { health, startMs } from './fixtures';

export class FakeMonitor implements NasMonitor {
  snapshot: Snapshot | null = null;
  health: NasHealth = health({ state: 'unknown', sinceMs: startMs, lastGoodPollMs: null });
  refreshes = 0;
  watchers: Watcher[] = [];

  watch(watcher: Watcher): () => void {
    this.watchers.push(watcher);
    if (this.health.state !== 'unknown') watcher.onUpdate?.(this.snapshot, this.health);
    return () => {
      this.watchers = this.watchers.filter((other) => other !== watcher);
    };
  }

  refresh(): Promise<Snapshot> {
    this.refreshes += 1;
    return this.snapshot === null ? Promise.reject(new Error('no poll')) : Promise.resolve(this.snapshot);
  }

  /** A poll ended, and these events came of it. */
  poll(snapshot: Snapshot | null, healthNow: NasHealth = health(), events: BackupEvent[] = []): void {
    if (snapshot !== null) this.snapshot = snapshot;
    this.health = healthNow;
    for (const watcher of [...this.watchers]) watcher.onUpdate?.(this.snapshot, healthNow);
    for (const event of events) void this.tell(event).catch(() => undefined);
  }

  /** Tells an event; resolves when every watcher has taken it. */
  async tell(event: BackupEvent): Promise<void> {
    for (const watcher of [...this.watchers]) await watcher.onEvent?.(event);
  }
}
