// What changed between what is remembered and what a good poll found: pure, the clock an argument.
import type { EndedRun, Run, RunResult, Task, TaskMemory } from '../active-backup';
import { createHash } from 'node:crypto';
import type { BackupEvent, EventName, NasMemory, TaskRecord, TaskRun } from './types';

/** A task is given up after good polls without it that lie at least this far apart. */
const removalMs = 60_000;
/** An empty list where tasks were known is more often an unmounted volume than a clean-up: nothing is removed before. */
const emptyListMs = 24 * 3_600_000;

/** One task as a good poll found it. */
export interface AssessedTask {
  task: Task;
  memory: TaskMemory;
  endedRuns: readonly EndedRun[];
}

/** What a poll changed. */
export interface Changes {
  tasks: NasMemory['tasks'];
  emptySinceMs: number | null;
  /** In the order in which they are told. Empty at the baseline. */
  events: BackupEvent[];
  endedRuns: TaskRun[];
  missingTaskIds: number[];
  listDroppedToEmpty: boolean;
}

/** Compares a good poll with the memory. `nas` is the slug that the events carry. */
export function compareWithMemory(
  memory: NasMemory,
  found: readonly AssessedTask[],
  nas: string,
  nowMs: number,
): Changes {
  const teller = new Teller(nas, nowMs, memory.polled);
  const tasks: NasMemory['tasks'] = {};
  const endedRuns: TaskRun[] = [];
  for (const entry of found) {
    const before = memory.tasks[String(entry.task.id)] ?? null;
    tasks[String(entry.task.id)] = compareTask(before, entry, teller);
    for (const ended of entry.endedRuns) {
      endedRuns.push({ taskId: entry.task.id, run: ended.run, result: ended.result });
    }
  }
  const gone = compareMissing(memory, tasks, found.length === 0, teller, nowMs);
  return { tasks, events: teller.events, endedRuns, ...gone };
}

function compareTask(before: TaskRecord | null, found: AssessedTask, teller: Teller): TaskRecord {
  const { task } = found;
  let troubled = before?.troubled ?? isTrouble(task.result, task);
  if (!before) teller.tell('added', task, { after: task });
  else if (before.task.name !== task.name) {
    teller.tell('renamed', task, { before: before.task.name, after: task.name, key: task.name });
  }

  // The first run that ended was announced as started if the task was seen running before.
  let announced = before?.task.activity === 'running';
  for (const ended of found.endedRuns) {
    const key = runKey(ended.run);
    if (!announced) {
      teller.tell('started', task, {
        at: ended.run.startedAt,
        key: `ended ${key}`,
        run: { ...ended.run, result: ended.result },
      });
    }
    announced = false;
    troubled = tellEnd(before, task, ended, troubled, teller);
  }
  const wasRunning = announced;
  if (task.activity === 'running' && !wasRunning && before) {
    teller.tell('started', task, { key: `running ${found.memory.runningSinceMs ?? 0} ${task.codes.jobId ?? 0}` });
  }
  if (task.overdue === true && before?.task.overdue !== true) {
    troubled = true;
    if (before)
      teller.tell('overdue', task, { before: before.task.overdue, after: true, key: task.lastCompletedAt ?? 'never' });
  }
  if (task.stalled === true && before && before.task.stalled !== true) {
    teller.tell('stalled', task, {
      before: before.task.stalled,
      after: true,
      key: String(found.memory.runningSinceMs),
    });
  }
  return { memory: found.memory, task, troubled, missingSinceMs: null };
}

/** Tells a run's end and, where it ends trouble, the recovery. Returns whether trouble remains. */
function tellEnd(before: TaskRecord | null, task: Task, ended: EndedRun, troubled: boolean, teller: Teller): boolean {
  const { result } = ended;
  const run = { ...ended.run, result };
  const details = { before: before?.task.result ?? null, after: result, at: run.endedAt, key: runKey(ended.run), run };
  if (result !== 'never') teller.tell(result, task, details);
  if (result === 'success' && troubled) {
    teller.tell('recovered', task, details);
    return false;
  }
  return troubled || result === 'failed' || result === 'partial' || ended.basis === 'unexplained';
}

function compareMissing(
  memory: NasMemory,
  tasks: NasMemory['tasks'],
  listIsEmpty: boolean,
  teller: Teller,
  nowMs: number,
): Pick<Changes, 'emptySinceMs' | 'missingTaskIds' | 'listDroppedToEmpty'> {
  const absent = Object.entries(memory.tasks).filter(([id]) => !(id in tasks));
  const emptySinceMs = listIsEmpty && absent.length > 0 ? (memory.emptySinceMs ?? nowMs) : null;
  const keepAll = emptySinceMs !== null && nowMs - emptySinceMs < emptyListMs;
  const missingTaskIds: number[] = [];
  for (const [id, record] of absent) {
    const sinceMs = emptySinceMs ?? record.missingSinceMs ?? nowMs;
    if (!keepAll && nowMs - sinceMs >= removalMs) {
      teller.tell('removed', record.task, { before: record.task, key: String(sinceMs) });
    } else {
      tasks[id] = { ...record, missingSinceMs: keepAll ? record.missingSinceMs : sinceMs };
      missingTaskIds.push(record.task.id);
    }
  }
  return { emptySinceMs: missingTaskIds.length > 0 ? emptySinceMs : null, missingTaskIds, listDroppedToEmpty: keepAll };
}

/** A result that the next success recovers from. */
function isTrouble(result: RunResult, task: Task): boolean {
  return (
    result === 'failed' ||
    result === 'partial' ||
    (result === 'unknown' && task.resultBasis === 'unexplained') ||
    task.overdue === true
  );
}

function runKey(run: Run): string {
  return `${run.runId ?? ''} ${run.endedAt ?? ''}`;
}

interface Details {
  before?: unknown;
  after?: unknown;
  at?: string | null;
  /** Tells this event from an earlier one of the same kind; the same after a kill. */
  key?: string;
  run?: BackupEvent['run'];
}

/** Collects events; silent at the baseline. */
class Teller {
  readonly events: BackupEvent[] = [];

  constructor(
    private readonly nas: string,
    private readonly nowMs: number,
    private readonly telling: boolean,
  ) {}

  tell(event: EventName, task: Task, details: Details): void {
    if (!this.telling) return;
    this.events.push({
      event,
      eventId: eventId(this.nas, task.id, event, details.key ?? ''),
      at: details.at ?? new Date(this.nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
      nas: this.nas,
      task,
      before: details.before ?? null,
      after: details.after ?? null,
      run: details.run ?? null,
    });
  }
}

/** An id that the same happening gets again, also when a kill fell between telling and remembering. */
export function eventId(nas: string, taskId: number | null, event: EventName, key: string): string {
  return createHash('sha256')
    .update(`${nas} ${taskId ?? ''} ${event} ${key}`)
    .digest('hex')
    .slice(0, 20);
}
