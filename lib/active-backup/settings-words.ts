// A task's schedule and retention as English sentences.
import { dayNames } from './fields';
import { minutesOfDay } from './schedule-slots';
import { type BackupPolicy, type Schedule } from './types';

function clockTime(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
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

/** The hours of a weekly schedule; null where a field that is needed is not known or out of range. */
function weeklyInWords(schedule: Schedule): string | null {
  const [first, ...later] = minutesOfDay(schedule) ?? [];
  if (first === undefined) return null;
  if (schedule.runDays.length === 0) return 'Scheduled, but on no day of the week: it never starts by itself.';
  const begin = `Runs ${daysInWords(schedule.runDays)} at ${clockTime(first)}`;
  const last = later.at(-1);
  if (last === undefined) return `${begin} (the NAS's local time).`;
  const step = schedule.repeatEveryHours;
  const every = step === 1 ? 'every hour' : `every ${String(step)} hours`;
  return `${begin}, then ${every} until ${clockTime(last)} (the NAS's local time).`;
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
