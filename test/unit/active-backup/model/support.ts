// What the tests of the task model share: the published sample, tasks built from it, and a judge's surroundings.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Assessment, assessTask } from '../../../../lib/active-backup/assess';
import { judgeHistoryRow } from '../../../../lib/active-backup/result';
import { type TaskMemory } from '../../../../lib/active-backup/memory-types';
import { type HistoryRun, type JudgeContext, type Task } from '../../../../lib/active-backup/types';
import { readTaskList } from '../../../../lib/active-backup/wire';

export type Json = Record<string, unknown>;

/** A fresh copy of the published answer to `list_tasks`. */
export function seedAnswer(): { tasks: Json[]; event_log: Json[]; service_usage: Json[]; users: Json[] } {
  return JSON.parse(readFileSync(join(__dirname, 'seed-list-tasks.json'), 'utf8')) as ReturnType<typeof seedAnswer>;
}

/** The published task with some fields changed; undefined removes one. */
export function seedTask(changes: Json = {}): Json {
  return Object.fromEntries(
    Object.entries({ ...seedAnswer().tasks[0], ...changes }).filter(([, value]) => value !== undefined),
  );
}

export const hour = 3_600_000;
export const day = 24 * hour;
/** Ten hours after the published run ended. */
export const now = Date.parse('2024-12-10T11:30:35Z');
export const seconds = (iso: string): number => Date.parse(iso) / 1000;
export const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** The published task while its second run is under way. */
export const runningTask = (changes: Json = {}): Json => seedTask({ status: 4, job_id: 7, ...changes });
/** The published task after its second run, a minute long, half an hour ago. */
export const secondRun = (changes: Json = {}): Json =>
  seedTask({ task_execution_id: 2, last_execution_time: seconds('2024-12-10T11:00:00Z'), duration: 60, ...changes });

export function context(changes: Partial<JudgeContext> = {}): JudgeContext {
  return { nowMs: now, timeZone: 'Europe/Berlin', limits: {}, history: null, ...changes };
}

/** A row of the history as the client hands it on. */
export function row(
  changes: Partial<HistoryRun> & { status?: number | null; errorCode?: number | null } = {},
): HistoryRun {
  const { status = 1, errorCode = 0, ...rest } = changes;
  const { result, basis } = judgeHistoryRow(status, errorCode);
  return {
    taskId: 1,
    taskName: 'test',
    runId: 1,
    result,
    resultBasis: basis,
    startedAt: '2024-12-09T19:14:42Z',
    endedAt: '2024-12-10T01:30:35Z',
    durationSeconds: 22553,
    counters: { drive: 1 },
    transferredBytes: 0,
    codes: { status, errorCode, jobType: 0 },
    ...rest,
  };
}

export interface Poll {
  task: Json;
  events?: unknown;
  memory?: TaskMemory | null;
  context?: Partial<JudgeContext>;
}

/** One poll: the answer read, its only task assessed. The memory goes through JSON, as it does through the file. */
export function poll({ task, events = [], memory = null, context: changes = {} }: Poll): Assessment {
  const list = readTaskList({ tasks: [task], event_log: events });
  const known = memory === null ? null : (JSON.parse(JSON.stringify(memory)) as TaskMemory);
  return assessTask(list.tasks[0]!, list.eventLog, known, context(changes));
}

/** The task as a single reading tells it. */
export function read(task: Json, changes: Partial<JudgeContext> = {}, events: unknown = []): Task {
  return poll({ task, events, context: changes }).task;
}

/** The settings of a task that runs every night at ten. */
export const nightly = {
  enable_schedule: true,
  schedule: {
    date_type: 0,
    repeat_date: 0,
    repeat_hour: 0,
    hour: 22,
    minute: 0,
    last_work_hour: 22,
    week_day: '0,1,2,3,4,5,6',
  },
};

/** When the last run of {@link nightlyTask} ended, at 23:00 in Berlin; a success that took an hour. */
export const nightlyEnd = Date.parse('2026-05-11T21:00:00Z');

/** A task that runs every night. */
export const nightlyTask = (changes: Json = {}): Json =>
  seedTask({ ...nightly, last_execution_time: nightlyEnd / 1000, duration: 3600, ...changes });
