// Gathers what the list, the history and `event_log` say of a run, for the judge.
import { countOf, decisive, idOf } from './readings';
import { type Evidence, judgeHistoryRow, judgeResult, runStatus } from './result';
import { type FinishedRun } from './run-tally';
import { type RunKey, isRowOf, keyOf, shownKey } from './run-identity';
import { activeStatuses, readingsOf, sumServices } from './services';
import { isoFromMs, msFromIso, msFromSeconds } from './times';
import { type HistoryRun, type Reading, type Run, type RunEvidence } from './types';
import { type WireEvent, type WireTask } from './wire';

/** No word of the history or `event_log`. */
export const noEvidence: RunEvidence = { row: null, logTypes: [] };

/** A task's finished backup runs in the history. */
export function rowsOf(history: readonly HistoryRun[] | null, taskId: number): HistoryRun[] {
  return (history ?? []).filter(
    ({ taskId: id, codes }) =>
      id === taskId && (codes.jobType === null || codes.jobType === 0) && codes.status !== runStatus.running,
  );
}

/** Where the row's own verdict does not follow from its numbers, one of them could not be read. */
function isUnexplainedRow({ result, resultBasis, codes }: HistoryRun): boolean {
  if (resultBasis !== undefined) return resultBasis === 'unexplained';
  return result === 'unknown' && judgeHistoryRow(codes.status, codes.errorCode).result !== 'unknown';
}

function rowEvidence(run: HistoryRun): RunEvidence['row'] {
  return { status: run.codes.status, errorCode: run.codes.errorCode, unexplained: isUnexplainedRow(run) };
}

/**
 * The row of a run. It needs the run's id: a row can make a run a success, and an end at the same second is no proof.
 * Of several with the id (ids may start again) it is the one that ended nearest to the run.
 */
function rowFor(rows: readonly HistoryRun[], shown: RunKey): HistoryRun | null {
  let found: HistoryRun | null = null;
  let nearest = Infinity;
  for (const row of rows) {
    const key = keyOf(row);
    if (key?.runId == null || key.runId !== shown.runId) continue;
    const distance = key.endMs === null || shown.endMs === null ? Infinity : Math.abs(key.endMs - shown.endMs);
    if (found === null || distance < nearest) {
      found = row;
      nearest = distance;
    }
  }
  return found;
}

/** What an event row says of a run: its `log_type`, or undefined where the row is about something else. */
function logTypeFor(event: WireEvent, taskId: number, shown: RunKey): Reading | undefined {
  const unreadable = event.taskId === 'unreadable' || event.runId === 'unreadable';
  if (event.taskId !== 'unreadable' && event.taskId !== taskId) return undefined;
  if (unreadable) {
    const possible = event.runId === 'unreadable' || idOf(event.runId) === shown.runId;
    // It may be about this run. Only a row that says nothing bad may be passed over.
    return possible && decisive(event.logType) !== 0 && event.logType !== null ? 'unreadable' : undefined;
  }
  // 0 is the run id of rows about what a user did.
  if (event.runId === 0) return undefined;
  const key = { runId: idOf(event.runId), endMs: msFromSeconds(event.endedAtSeconds) };
  return isRowOf(key, shown) ? event.logType : undefined;
}

/** At most so many different values are remembered of one run; 0 says the least. */
const mostTypes = 10;

function boundedTypes(types: ReadonlySet<Reading>): Reading[] {
  return [...types].sort((left, right) => Number(left === 0) - Number(right === 0)).slice(0, mostTypes);
}

/** What `event_log` and the history say of a run, beside what is remembered of it. */
export function runEvidence(
  taskId: number,
  key: RunKey,
  rows: readonly HistoryRun[],
  events: readonly WireEvent[],
  remembered: RunEvidence,
): RunEvidence {
  const row = rowFor(rows, key);
  const types = new Set<Reading>();
  for (const event of events) {
    const type = logTypeFor(event, taskId, key);
    if (type !== undefined) types.add(type);
  }
  return {
    row: row === null ? remembered.row : rowEvidence(row),
    // The NAS keeps only recent rows there, so what was once said stays said.
    logTypes: types.size === 0 ? [...remembered.logTypes] : boundedTypes(types),
  };
}

function evidenceOf(wire: WireTask, more: RunEvidence, ownCancel: boolean): Evidence {
  const { services } = wire;
  return {
    ...more,
    taskErrorCode: wire.taskErrorCode,
    status: wire.status,
    ownCancel,
    succeeded: wire.succeeded,
    attention: wire.attention,
    processed: readingsOf(services, 'processed'),
    warnings: readingsOf(services, 'warnings'),
    errors: readingsOf(services, 'errors'),
    serviceStatuses: activeStatuses(services),
    runId: wire.runId,
    endedAtSeconds: wire.endedAtSeconds,
    durationSeconds: wire.durationSeconds,
    others: [wire.jobId, wire.progressLength, ...readingsOf(services, 'enabled')],
  };
}

/** The run that an element of `tasks` shows. */
export function shownRun(wire: WireTask): Run {
  const { runId, endMs } = shownKey(wire);
  const durationSeconds = countOf(wire.durationSeconds);
  const sums = sumServices(wire.services);
  return {
    runId,
    startedAt: isoFromMs(endMs === null || durationSeconds === null ? null : endMs - durationSeconds * 1000),
    endedAt: isoFromMs(endMs),
    durationSeconds,
    counters: {
      succeeded: countOf(wire.succeeded),
      attention: countOf(wire.attention),
      warnings: sums.warnings,
      errors: sums.errors,
    },
    transferredBytes: sums.transferredBytes,
  };
}

/** The list's run of an idle task, judged. */
export function judgeShown(wire: WireTask, more: RunEvidence, ownCancel: boolean): FinishedRun {
  const run = shownRun(wire);
  // Packages before 2.3 or so have no success_count; there, what was processed tells whether anything was protected.
  const succeeded = run.counters.succeeded ?? sumServices(wire.services).processed;
  const evidence = evidenceOf(wire, more, ownCancel);
  const verdict = judgeResult(evidence);
  const isOfTask = verdict.basis === 'task_status_error_code';
  return {
    ...verdict,
    counted: isOfTask ? judgeResult({ ...evidence, taskErrorCode: null }) : verdict,
    run,
    status: wire.status === 'unreadable' ? null : wire.status,
    someSucceeded: succeeded !== null && succeeded > 0,
  };
}

/** A run of which the list shows nothing, judged from its row in the history. */
export function judgeRow(row: HistoryRun, more: RunEvidence, ownCancel: boolean): FinishedRun {
  const { runId, startedAt, endedAt, durationSeconds, transferredBytes } = row;
  const endMs = msFromIso(endedAt);
  const verdict = judgeResult({
    ...more,
    taskErrorCode: null,
    status: null,
    ownCancel,
    succeeded: null,
    attention: null,
    processed: [],
    warnings: [],
    errors: [],
    serviceStatuses: [],
    runId,
    endedAtSeconds: endMs === null ? null : endMs / 1000,
    durationSeconds,
    others: [],
  });
  const counts = Object.values(row.counters).filter((count) => count !== null);
  const moved = counts.length === 0 && (transferredBytes ?? 0) > 0;
  return {
    ...verdict,
    counted: verdict,
    run: {
      runId,
      startedAt,
      endedAt,
      durationSeconds,
      counters: { succeeded: null, attention: null, warnings: null, errors: null },
      transferredBytes,
    },
    status: row.codes.status,
    someSucceeded: moved || counts.some((count) => count > 0),
  };
}
