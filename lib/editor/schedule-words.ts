// What a schedule means, for the sentence under it: its slots and the next of them, in the NAS's local time. Pure.

/** A schedule whose every field is known. */
export interface FixedSchedule {
  startHour: number;
  startMinute: number;
  /** 0 = once a day. */
  repeatEveryHours: number;
  lastRunHour: number;
  /** 0 = Sunday. */
  runDays: readonly number[];
}

/** A wall clock's reading in some time zone. */
export interface WallTime {
  /** 0 = Sunday. */
  day: number;
  hour: number;
  minute: number;
}

/** The hours at which runs start on a day of the schedule, ascending. A schedule that ends before it starts runs once. */
export function slotHours(schedule: FixedSchedule): number[] {
  const { startHour, repeatEveryHours, lastRunHour } = schedule;
  const hours = [startHour];
  if (repeatEveryHours > 0) {
    for (let hour = startHour + repeatEveryHours; hour <= Math.min(lastRunHour, 23); hour += repeatEveryHours)
      hours.push(hour);
  }
  return hours;
}

/** The first slot after `now`: days from today and the time of day; null when no day is chosen. */
export function nextSlot(
  schedule: FixedSchedule,
  now: WallTime,
): { inDays: number; hour: number; minute: number } | null {
  const nowMinutes = now.hour * 60 + now.minute;
  for (let inDays = 0; inDays <= 7; inDays += 1) {
    if (!schedule.runDays.includes((now.day + inDays) % 7)) continue;
    const hour = slotHours(schedule).find((slot) => inDays > 0 || slot * 60 + schedule.startMinute > nowMinutes);
    if (hour !== undefined) return { inDays, hour, minute: schedule.startMinute };
  }
  return null;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** What a wall clock in an IANA zone shows at a time; null when the zone is not known. */
export function wallTime(nowMs: number, timeZone: string | undefined): WallTime | null {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    });
    const parts = new Map(format.formatToParts(nowMs).map((part) => [part.type, part.value]));
    const day = weekdays.indexOf(parts.get('weekday') ?? '');
    return { day, hour: Number(parts.get('hour')), minute: Number(parts.get('minute')) };
  } catch {
    return null;
  }
}
