// A task's schedule and retention as English sentences.
import { dayNames } from './fields';
import { type BackupPolicy, type Schedule } from './types';

function clockTime(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function daysInWords(days: readonly number[]): string {
  if (days.length === dayNames.length) return 'every day';
  const set = days.join();
  if (set === '1,2,3,4,5') return 'from Monday to Friday';
  if (set === '0,6') return 'on Saturday and Sunday';
  return `every ${listed(days.flatMap((day) => dayNames[day] ?? []))}`;
}

/** The hours of a weekly schedule; null where a field that is needed is not known. */
function weeklyInWords(schedule: Schedule): string | null {
  const { startHour, startMinute, lastRunHour, repeatEveryHours, runDays } = schedule;
  if (startHour === null || startMinute === null) return null;
  if (runDays.length === 0) return 'Scheduled, but on no day of the week: it never starts by itself.';
  const first = `Runs ${daysInWords(runDays)} at ${clockTime(startHour, startMinute)}`;
  const step = repeatEveryHours ?? 0;
  const repeats = step > 0 && lastRunHour !== null ? Math.floor((lastRunHour - startHour) / step) : 0;
  if (repeats < 1) return `${first} (the NAS's local time).`;
  const every = step === 1 ? 'every hour' : `every ${String(step)} hours`;
  return `${first}, then ${every} until ${clockTime(startHour + repeats * step, startMinute)} (the NAS's local time).`;
}

/** When a task starts, in a sentence. */
export function scheduleInWords(policy: BackupPolicy | null, schedule: Schedule | null): string {
  switch (policy) {
    case 'continuous':
      return 'Runs continuously: the NAS looks for changes every few minutes by itself.';
    case 'manual':
      return 'Runs only when somebody starts it.';
    case 'scheduled': {
      const weekly = schedule?.kind === 'weekly' ? weeklyInWords(schedule) : null;
      return weekly ?? "Runs on a schedule of a kind that only the NAS's own page can show.";
    }
    case null:
      return 'How it is started is not known.';
  }
}

/** How long versions are kept, in a sentence. */
export function retentionInWords(daysToKeep: number | null): string {
  if (daysToKeep === null) return 'How long versions are kept is not known.';
  if (daysToKeep === 0) return 'Keeps all versions.';
  return `Keeps versions for ${String(daysToKeep)} ${daysToKeep === 1 ? 'day' : 'days'}.`;
}
