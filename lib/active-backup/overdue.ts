// Whether a task's backups are too old, whether a run hangs, and whether the task is a problem.
import { type TaskMemory } from './memory-types';
import { nextSlot } from './schedule-slots';
import {
  type Activity,
  type BackupPolicy,
  type JudgeContext,
  type Limits,
  type ProblemReason,
  type Schedule,
} from './types';
import { msFromIso } from './times';

const secondMs = 1000;
const hourMs = 3_600_000;

/** What holds where the limits say nothing. */
export const defaults = {
  graceHours: 6,
  continuousHours: 24,
  /** Clocks of NAS and host may differ; a date farther ahead is wrong, and nothing is judged from it. */
  dateAheadHours: 1,
  /** The most by which the length of a run delays a scheduled task's deadline. */
  longestRunHours: 24,
  /** A run is never stalled before this. */
  stalledHours: 24,
  stalledFactor: 3,
  /** Where no length is known: the first full backup of a big tenant takes days. */
  stalledUnknownHours: 7 * 24,
  /** Continuous tasks heal by themselves: partial counts after so many in a row, or after so long. */
  partialRuns: 3,
  partialHours: 2,
} as const;

/** What overdue, stalled and problem are judged from. */
export interface Judged {
  id: number;
  activity: Activity;
  policy: BackupPolicy | null;
  schedule: Schedule | null;
  /** After the runs of this poll. */
  memory: TaskMemory;
}

function positive(hours: number | undefined): number | null {
  return hours !== undefined && Number.isFinite(hours) && hours > 0 ? hours : null;
}

/** Zero is a sensible grace; anything that is no length of time is not. */
function graceOf({ graceHours }: Limits): number {
  return graceHours !== undefined && Number.isFinite(graceHours) && graceHours >= 0 ? graceHours : defaults.graceHours;
}

/** The task's own limit: hours, "ignore", or null where it has none. */
function ownLimit(id: number, { tasks }: Limits): number | 'ignore' | null {
  const key = String(id);
  const limit = tasks !== undefined && Object.hasOwn(tasks, key) ? tasks[key] : undefined;
  return limit === 'ignore' ? limit : positive(limit);
}

/** The longest of the last completed runs in milliseconds; null where no length is known. */
function longestRunMs({ completedSeconds }: TaskMemory): number | null {
  return completedSeconds.length === 0 ? null : Math.max(...completedSeconds) * secondMs;
}

/**
 * Where overdue is counted from: the last completed run; where none is known, the start of the last dated run at first
 * sight, which later failures never move; for a task that had never run, when it was first seen.
 */
export function overdueFrom(memory: TaskMemory): number {
  return memory.lastCompletedMs ?? memory.baselineMs ?? memory.firstSeenMs;
}

/** The instant after which a scheduled task is overdue; null where its slots are not known. */
function scheduledDeadline(judged: Judged, context: JudgeContext): number | null {
  const { schedule, memory } = judged;
  const slot = schedule === null ? null : nextSlot(schedule, overdueFrom(memory), context.timeZone);
  if (slot === null) return null;
  const longest = Math.min(longestRunMs(memory) ?? 0, defaults.longestRunHours * hourMs);
  return slot + graceOf(context.limits) * hourMs + longest;
}

function deadlineOf(judged: Judged, context: JudgeContext): number | null {
  const { limits } = context;
  const own = ownLimit(judged.id, limits);
  if (own === 'ignore') return null;
  const after = (hours: number | null): number | null =>
    hours === null ? null : overdueFrom(judged.memory) + hours * hourMs;
  if (own !== null) return after(own);
  switch (judged.policy) {
    case 'continuous':
      return after(positive(limits.continuousHours) ?? defaults.continuousHours);
    case 'manual':
      return after(positive(limits.manualHours));
    case 'scheduled':
      return scheduledDeadline(judged, context);
    case null:
      return null;
  }
}

/** Whether a date that is judged from lies so far ahead that a clock must be wrong. */
function isAhead({ memory }: Judged, nowMs: number): boolean {
  const dates = [overdueFrom(memory), msFromIso(memory.lastRun?.endedAt ?? null) ?? -Infinity];
  return dates.some((ms) => ms > nowMs + defaults.dateAheadHours * hourMs);
}

/**
 * Whether the last completed run is too old; null = not judged (unknown kind of schedule, no trusted time zone, manual
 * without a limit, ignored, a date more than an hour ahead). A run under way does not clear it: it may be the one that
 * hangs.
 */
export function isOverdue(judged: Judged, context: JudgeContext): boolean | null {
  const deadline = deadlineOf(judged, context);
  if (deadline === null || isAhead(judged, context.nowMs)) return null;
  return context.nowMs > deadline;
}

/** Whether the run under way takes far longer than runs of this task do; null where the task is ignored. */
export function isStalled({ id, activity, memory }: Judged, { nowMs, limits }: JudgeContext): boolean | null {
  if (ownLimit(id, limits) === 'ignore') return null;
  if (activity !== 'running' || memory.runningSinceMs === null) return false;
  const longest = longestRunMs(memory);
  const limitMs =
    longest === null
      ? defaults.stalledUnknownHours * hourMs
      : Math.max(defaults.stalledHours * hourMs, defaults.stalledFactor * longest);
  return nowMs - memory.runningSinceMs > limitMs;
}

/**
 * Whether the verdict on the last run makes the task a problem. Partial does not where that is switched off, nor, on a
 * continuous task, before it has lasted.
 */
export function resultCounts(
  reason: ProblemReason | null,
  { policy, memory }: Pick<Judged, 'policy' | 'memory'>,
  { nowMs, limits }: JudgeContext,
): boolean {
  if (reason !== 'partial') return reason !== null;
  if (limits.partialIsProblem === false) return false;
  if (policy !== 'continuous' || memory.partialsInARow >= defaults.partialRuns) return true;
  return memory.partialSinceMs !== null && nowMs - memory.partialSinceMs >= defaults.partialHours * hourMs;
}
