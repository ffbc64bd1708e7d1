// What a wish for another retention changes in a task's settings, and when it needs a confirmation.
import { type Change } from './change-settings';
import { ActiveBackupError } from './errors';
import { type TaskInfo, daysToKeepOf } from './settings-wire';

/** Days that versions are kept, as `before` and `after` show it: 0 = all versions. */
export interface RetentionState {
  daysToKeep: number | null;
}

/** The retention in settings. */
export function retentionStateOf(info: TaskInfo): RetentionState {
  return { daysToKeep: daysToKeepOf(info) };
}

/** A present retention that cannot be read may be "all versions", so any number of days may be fewer. */
function keepsFewer(next: number, present: number | null): boolean {
  if (next === 0) return false;
  return present === null || present === 0 || next < present;
}

/**
 * The changes that keeping versions for `daysToKeep` days makes (0 = all of them).
 * @throws ActiveBackupError NOT_CONFIRMED where versions would be deleted and that was not allowed
 */
export function planRetention(info: TaskInfo, daysToKeep: number, allowDeletion: boolean): Change[] {
  const present = daysToKeepOf(info);
  if (keepsFewer(daysToKeep, present) && !allowDeletion) {
    const now =
      present === null ? 'an unknown number of days' : present === 0 ? 'all versions' : `${String(present)} days`;
    throw new ActiveBackupError(
      'NOT_CONFIRMED',
      `daysToKeep: ${String(daysToKeep)} keeps fewer versions than now (${now}), so the NAS would delete some; it is ` +
        'changed only with allowDeletion true',
      { outcome: 'not_sent' },
    );
  }
  if (daysToKeep === 0) return [{ name: 'rotation_policy', path: ['rotation_policy'], value: 0 }];
  return [
    { name: 'rotation_policy', path: ['rotation_policy'], value: 1 },
    { name: 'preserve_day_number', path: ['preserve_day_number'], value: daysToKeep },
  ];
}
