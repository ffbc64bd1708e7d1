// Events that do not come of comparing two task lists: of the NAS itself, of the moment, and of settings.
import { changedSettings } from './settings-watch';
import { eventId, isoTime, Teller } from './teller';
import type { BackupEvent, NasMemory, Snapshot, WatchedSettings } from './types';

/** An event about the NAS. `after` says what is new, such as the code of the error. */
export function nasEvent(
  nas: string,
  event: 'nas_lost' | 'nas_back' | 'polled',
  atMs: number,
  after: unknown,
): BackupEvent {
  const id = eventId(nas, null, event, String(atMs));
  return { event, eventId: id, at: isoTime(atMs), nas, task: null, before: null, after, run: null };
}

/** What is only worth telling at the moment of a good poll: who runs, and that it was a good poll. */
export function passingEvents({ nas, atMs, tasks }: Snapshot, hostMs: number): BackupEvent[] {
  const teller = new Teller(nas, atMs, true);
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
