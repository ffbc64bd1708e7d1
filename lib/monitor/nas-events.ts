// Events that do not come of comparing two task lists: of the NAS itself, of the moment, and of settings.
import { isAway } from './health';
import { changedSettings } from './settings-watch';
import { eventId, isoTime, Teller } from './teller';
import type { BackupEvent, NasHealth, NasMemory, Snapshot, WatchedSettings } from './types';

/** An event about the NAS. `after` says what is new, such as the code of the error. */
function nasEvent(nas: string, event: 'nas_lost' | 'nas_back' | 'polled', atMs: number, after: unknown): BackupEvent {
  const id = eventId(nas, null, event, String(atMs));
  return { event, eventId: id, at: isoTime(atMs), nas, task: null, before: null, after, run: null };
}

/**
 * The events with that the NAS went away after them, or that it was back before them; each is told once.
 * @param lost whether it was told that the NAS is away
 * @param canTell whether somebody is there to be told that it went away
 */
export function withAwayEvents(
  nas: string,
  events: readonly BackupEvent[],
  health: NasHealth,
  lost: boolean,
  canTell: boolean,
  atMs: number,
): { all: BackupEvent[]; lost: boolean } {
  if (isAway(health) && !lost && canTell) {
    return { all: [...events, nasEvent(nas, 'nas_lost', atMs, health.errorCode)], lost: true };
  }
  if (health.state === 'online' && lost) {
    return { all: [nasEvent(nas, 'nas_back', atMs, null), ...events], lost: false };
  }
  return { all: [...events], lost };
}

/**
 * What is only worth telling at the moment of a good poll: who runs, and that it was a good poll. While the history is
 * owed nothing is told of tasks, as their starts are not told yet.
 */
export function passingEvents({ nas, atMs, tasks, historyOwed }: Snapshot, hostMs: number): BackupEvent[] {
  const teller = new Teller(nas, atMs, historyOwed !== true);
  for (const task of tasks) {
    if (task.activity === 'running') teller.tell('progress', task, {});
  }
  return [...teller.events, nasEvent(nas, 'polled', hostMs, { tasks: tasks.length })];
}

/** Takes in settings that were read: what is remembered now, and the changes. */
export function settingsEvents(
  nas: string,
  tasks: NasMemory['tasks'],
  read: ReadonlyMap<number, WatchedSettings>,
  hostMs: number,
): { tasks: NasMemory['tasks']; events: BackupEvent[] } {
  const teller = new Teller(nas, hostMs, true);
  const after = { ...tasks };
  for (const [taskId, values] of read) {
    const record = tasks[String(taskId)];
    if (!record) continue;
    const changed = record.settings && changedSettings(record.settings.values, values);
    if (changed) teller.tell('settings_changed', record.task, { ...changed, key: `settings ${hostMs}` });
    after[String(taskId)] = { ...record, settings: { readMs: hostMs, values } };
  }
  return { tasks: after, events: teller.events };
}
