// What is remembered of a task: its beginning, and its reading back from JSON.
import { mostCancels } from './cancels';
import { type AcceptedCancel, type RememberedRun, type RunTally, type TaskMemory } from './memory-types';
import { mostLengths, noCounts } from './run-tally';
import { shownRun } from './evidence';
import { fieldOf, recordOf } from './readings';
import { msFromIso } from './times';
import { type ProblemReason, type Reading, type ResultBasis, type RunEvidence, type RunResult } from './types';
import { type WireTask } from './wire';

/** The memory of a task that is seen for the first time, before its runs are counted. */
export function initialMemory(wire: WireTask, nowMs: number): TaskMemory {
  const { startedAt, endedAt } = shownRun(wire);
  return {
    firstSeenMs: nowMs,
    lastRun: null,
    ...noCounts(),
    baselineMs: msFromIso(startedAt) ?? msFromIso(endedAt),
    runningSinceMs: null,
    runningJobId: null,
    verdict: { problem: false, reason: null },
    canceledRuns: [],
  };
}

type Fields = Readonly<Record<string, unknown>>;

function numberIn(fields: Fields, name: string): number | null {
  const value = fieldOf(fields, name);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function countIn(fields: Fields, name: string): number {
  return Math.max(0, numberIn(fields, name) ?? 0);
}

function numbersIn(fields: Fields, name: string): number[] {
  const list = fieldOf(fields, name);
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).filter((value) => typeof value === 'number').filter((value) => Number.isFinite(value));
}

function isoIn(fields: Fields, name: string): string | null {
  const value = fieldOf(fields, name);
  return typeof value === 'string' && msFromIso(value) !== null ? value : null;
}

function wordIn<T extends string>(fields: Fields, name: string, words: readonly T[]): T | null {
  const value = fieldOf(fields, name);
  return words.find((word) => word === value) ?? null;
}

const results: readonly RunResult[] = ['success', 'partial', 'failed', 'canceled', 'never', 'unknown'];
const reasons: readonly ProblemReason[] = ['failed', 'partial', 'unexplained', 'overdue', 'stalled'];
const bases: readonly ResultBasis[] = [
  'task_status_error_code',
  'status',
  'history',
  'own_cancel',
  'counters',
  'service_status',
  'event_log',
  'unexplained',
  'remembered',
  'none',
];

function readVerdict(fields: Fields): RememberedRun['counted'] | null {
  const result = wordIn(fields, 'result', results);
  return result === null ? null : { result, basis: wordIn(fields, 'basis', bases) ?? 'none' };
}

function readLastRun(value: unknown): RememberedRun | null {
  const run = recordOf(value);
  const verdict = run === null ? null : readVerdict(run);
  if (run === null || verdict === null) return null;
  const counters = recordOf(fieldOf(run, 'counters')) ?? {};
  const counted = recordOf(fieldOf(run, 'counted'));
  return {
    runId: numberIn(run, 'runId'),
    startedAt: isoIn(run, 'startedAt'),
    endedAt: isoIn(run, 'endedAt'),
    durationSeconds: numberIn(run, 'durationSeconds'),
    counters: {
      succeeded: numberIn(counters, 'succeeded'),
      attention: numberIn(counters, 'attention'),
      warnings: numberIn(counters, 'warnings'),
      errors: numberIn(counters, 'errors'),
    },
    transferredBytes: numberIn(run, 'transferredBytes'),
    ...verdict,
    counted: (counted === null ? null : readVerdict(counted)) ?? verdict,
    status: numberIn(run, 'status'),
  };
}

function readTally(fields: Fields): RunTally {
  return {
    lastSuccessMs: numberIn(fields, 'lastSuccessMs'),
    lastCompletedMs: numberIn(fields, 'lastCompletedMs'),
    failuresInARow: countIn(fields, 'failuresInARow'),
    partialsInARow: countIn(fields, 'partialsInARow'),
    partialSinceMs: numberIn(fields, 'partialSinceMs'),
    completedSeconds: numbersIn(fields, 'completedSeconds')
      .filter((seconds) => seconds >= 0)
      .slice(0, mostLengths),
    reason: wordIn(fields, 'reason', reasons),
  };
}

function readReading(value: unknown): Reading {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' && Number.isFinite(value) ? value : 'unreadable';
}

function readEvidence(fields: Fields): RunEvidence {
  const row = recordOf(fieldOf(fields, 'row'));
  const types = fieldOf(fields, 'logTypes');
  return {
    row:
      row === null
        ? null
        : {
            status: readReading(fieldOf(row, 'status')),
            errorCode: readReading(fieldOf(row, 'errorCode')),
            unexplained: fieldOf(row, 'unexplained') === true,
          },
    logTypes: Array.isArray(types) ? types.slice(0, 10).map(readReading) : [],
  };
}

function readCancels(value: unknown): AcceptedCancel[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  const cancels = list.flatMap((element) => {
    const cancel = recordOf(element) ?? {};
    const runId = numberIn(cancel, 'runId');
    const atMs = numberIn(cancel, 'atMs');
    return runId === null || atMs === null ? [] : [{ runId, atMs }];
  });
  return cancels.slice(-mostCancels);
}

/**
 * A task's memory as it comes out of a file: of this version, an older one or a newer one. What is missing or wrong is
 * taken as not known; null where not even the first sighting can be read, which makes the next poll a baseline.
 */
export function readTaskMemory(value: unknown): TaskMemory | null {
  const fields = recordOf(value);
  const firstSeenMs = fields === null ? null : numberIn(fields, 'firstSeenMs');
  if (fields === null || firstSeenMs === null) return null;
  const verdict = recordOf(fieldOf(fields, 'verdict')) ?? {};
  const before = recordOf(fieldOf(fields, 'beforeLastRun'));
  const evidence = recordOf(fieldOf(fields, 'lastRunEvidence'));
  const neverRan = fieldOf(fields, 'neverRan');
  const { reason, ...tally } = readTally({ ...fields, reason: fieldOf(verdict, 'reason') });
  return {
    firstSeenMs,
    lastRun: readLastRun(fieldOf(fields, 'lastRun')),
    ...tally,
    baselineMs: numberIn(fields, 'baselineMs'),
    runningSinceMs: numberIn(fields, 'runningSinceMs'),
    runningJobId: numberIn(fields, 'runningJobId'),
    verdict: { problem: fieldOf(verdict, 'problem') === true, reason },
    canceledRuns: readCancels(fieldOf(fields, 'canceledRuns')),
    ...(typeof neverRan === 'boolean' ? { neverRan } : {}),
    ...(before === null ? {} : { beforeLastRun: readTally(before) }),
    ...(evidence === null ? {} : { lastRunEvidence: readEvidence(evidence) }),
  };
}
