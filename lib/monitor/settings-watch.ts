// Looks now and then whether somebody changed what the task list does not show: retention and the settings' switches.
import { isDeepStrictEqual } from 'node:util';
import type { ActiveBackupClient, TaskSettings } from '../active-backup';
import type { TaskRecord, WatchedSettings } from './types';

/** How old what is known of a task's settings may get. */
const readEveryMs = 3_600_000;
/** Tasks that are read after one poll: the settings of a big tenant are megabytes. */
const tasksAtOnce = 2;

/** What the watch needs of the client. */
export type SettingsClient = Pick<ActiveBackupClient, 'getTaskSetting'>;

/** What is compared: the days to keep and every switch. Schedule and policy are in the task list, at each poll. */
export function watchedSettings(settings: TaskSettings): WatchedSettings {
  const switches = Object.entries(settings).filter(
    (entry): entry is [string, boolean] => typeof entry[1] === 'boolean' && /^enable[A-Z]/.test(entry[0]),
  );
  return {
    daysToKeep: settings.daysToKeep,
    ...Object.fromEntries(switches.filter(([name]) => name !== 'enableSchedule')),
  };
}

/** The settings that differ, before and after; null when none does. What cannot be read is no change. */
export function changedSettings(
  before: WatchedSettings,
  after: WatchedSettings,
): { before: WatchedSettings; after: WatchedSettings } | null {
  const names = Object.keys(after).filter(
    (name) => before[name] != null && after[name] != null && !isDeepStrictEqual(before[name], after[name]),
  );
  if (names.length === 0) return null;
  const pick = (settings: WatchedSettings): WatchedSettings =>
    Object.fromEntries(names.map((name) => [name, settings[name] ?? null]));
  return { before: pick(before), after: pick(after) };
}

/** The tasks whose settings are to be read now, those first that were not read for longest. `failed`: when last, by id. */
function dueForReading(records: readonly TaskRecord[], failed: ReadonlyMap<number, number>, hostMs: number): number[] {
  const readMs = ({ task, settings }: TaskRecord): number => failed.get(task.id) ?? settings?.readMs ?? -Infinity;
  return records
    .filter((record) => record.missingSinceMs === null && Math.abs(hostMs - readMs(record)) >= readEveryMs)
    .sort((left, right) => readMs(left) - readMs(right))
    .slice(0, tasksAtOnce)
    .map(({ task }) => task.id);
}

/** Reads settings when they are due, one round at a time. */
export class SettingsWatch {
  #isReading = false;
  /** When those that could not be read were tried: they may not keep the others from their turn. */
  readonly #failed = new Map<number, number>();
  readonly #client: SettingsClient;
  readonly #signal: AbortSignal;

  constructor(client: SettingsClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /** What was read, by task id; null when nothing was due, or when the connection was closed meanwhile. */
  async readDue(records: readonly TaskRecord[], hostMs: number): Promise<Map<number, WatchedSettings> | null> {
    const due = this.#isReading ? [] : dueForReading(records, this.#failed, hostMs);
    if (due.length === 0) return null;
    this.#isReading = true;
    const read = new Map<number, WatchedSettings>();
    for (const taskId of due) {
      // One that cannot be read is left for the next time: the poll was good without.
      const settings = await this.#client.getTaskSetting({ taskId }, { signal: this.#signal }).catch(() => null);
      this.#failed.delete(taskId);
      if (settings) read.set(taskId, watchedSettings(settings));
      else this.#failed.set(taskId, hostMs);
    }
    this.#isReading = false;
    return this.#signal.aborted ? null : read;
  }
}
