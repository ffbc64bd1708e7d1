// The history of runs (`list_task_logs`): one row a run, of all tasks, as the package's own page shows it.
import { DsmError, isCodedError } from '../dsm/errors';
import { type DsmSession } from '../dsm/types';
import { type CallOptions, invalidResponse, read } from './calls';
import { bytesOf, countOf, idOf, numberOf, readNumber, recordOf } from './readings';
import { judgeHistoryRow, runStatus } from './result';
import { isoFromMs, msFromSeconds } from './times';
import { type HistoryRun } from './types';

/** Which runs are wanted. */
export interface HistoryQuery {
  /** Of this task only. The wire cannot filter by task, so rows of others are read and dropped. */
  taskId?: number | undefined;
  /** Start of the run, milliseconds since the epoch. */
  sinceMs: number;
  untilMs: number;
  /** Runs that suffice; all within `maxRows` where absent. */
  limit?: number | undefined;
  /** Rows that are read at most. */
  maxRows: number;
}

/** The runs that were found, newest first. */
export interface RunList {
  runs: HistoryRun[];
  /** True when `maxRows` were read and there may be further runs: older ones may be missing. */
  truncated: boolean;
}

/** `job_type` of backups; restores and deletions have other numbers. */
const backupJob = 0;

/** Rows asked for at once when a few runs may suffice; the package's own page asks for up to 10,000. */
const rowsPerPage = 500;

/** Statuses that only a finished run has. */
const ended: ReadonlySet<unknown> = new Set([runStatus.fine, runStatus.partial, runStatus.canceled]);

function countersOf(row: Readonly<Record<string, unknown>>): HistoryRun['counters'] {
  const totals = Object.entries(row).flatMap(([name, value]) => {
    const service = /^total_(\w+)_count$/.exec(name)?.[1];
    return service === undefined ? [] : [[service, countOf(readNumber(value))] as const];
  });
  return Object.fromEntries(totals);
}

/** A row as a finished run; null for a run that is still under way and for a row that names no task. */
export function historyRunOf(row: Readonly<Record<string, unknown>>): HistoryRun | null {
  const taskId = idOf(readNumber(row.task_id));
  const status = readNumber(row.status);
  const errorCode = readNumber(row.error_code);
  const startMs = msFromSeconds(readNumber(row.start_run_time));
  const endMs = msFromSeconds(readNumber(row.last_execution_time));
  const jobType = numberOf(readNumber(row.job_type)) ?? backupJob;
  if (taskId === null || jobType !== backupJob) return null;
  if (status === runStatus.running || (endMs === null && !ended.has(status))) return null;
  const { result, basis } = judgeHistoryRow(status, errorCode);
  return {
    taskId,
    taskName: typeof row.task_name === 'string' ? row.task_name : null,
    runId: idOf(readNumber(row.task_execution_id)),
    result,
    resultBasis: basis,
    startedAt: isoFromMs(startMs),
    endedAt: isoFromMs(endMs),
    durationSeconds: startMs === null || endMs === null || endMs < startMs ? null : (endMs - startMs) / 1000,
    counters: countersOf(row),
    transferredBytes: bytesOf(readNumber(row.transfered_amount)),
    codes: { status: numberOf(status), errorCode: numberOf(errorCode), jobType },
  };
}

function timeOf(run: HistoryRun): number {
  const text = run.startedAt ?? run.endedAt;
  return text === null ? 0 : Date.parse(text);
}

function rowsOf(data: unknown): Readonly<Record<string, unknown>>[] {
  const rows = recordOf(data)?.task_logs;
  if (!Array.isArray(rows)) throw invalidResponse('list_task_logs', 'holds no list of runs');
  return rows.map((row: unknown) => {
    const record = recordOf(row);
    if (record === null) throw invalidResponse('list_task_logs', 'holds a row that is no object');
    return record;
  });
}

/** Runs without the copies that two pages hold when a run ended between them. */
function withoutCopies(runs: readonly HistoryRun[]): HistoryRun[] {
  const seen = new Set<string>();
  return runs.filter(({ taskId, runId, startedAt, endedAt }) => {
    const key = JSON.stringify([taskId, runId, startedAt, endedAt]);
    return !seen.has(key) && seen.add(key).size > 0;
  });
}

/** Whether each row starts no later than the one before: only then is what was read first also the newest. */
function isNewestFirst(rows: readonly Readonly<Record<string, unknown>>[]): boolean {
  const starts = rows.map((row) => numberOf(readNumber(row.start_run_time)) ?? NaN);
  return starts.every((start, index) => index === 0 || start <= (starts[index - 1] ?? NaN));
}

/** Where a NAS does not know `list_task_logs` (DSM answers 103), said in a sentence that a user understands. */
function notSupported(): DsmError {
  return new DsmError(
    'NOT_SUPPORTED',
    'This version of Active Backup for Microsoft 365 does not give its history of runs (method list_task_logs)',
    { dsmCode: 103, outcome: 'refused' },
  );
}

async function readPage(
  session: DsmSession,
  query: HistoryQuery,
  page: { offset: number; limit: number },
  options: CallOptions,
) {
  const params = {
    job_type: backupJob,
    start_run_time: Math.floor(query.sinceMs / 1000),
    end_run_time: Math.ceil(query.untilMs / 1000),
    // The wire's own spelling.
    transfered_size_from: 0,
    offset: page.offset,
    limit: page.limit,
  };
  try {
    return await read(session, 'list_task_logs', params, options);
  } catch (error) {
    if (isCodedError(error) && error.cause.dsmCode === 103) throw notSupported();
    throw error;
  }
}

/**
 * Reads finished backup runs, page by page, until enough were found, the history ends, or `maxRows` were read.
 * @throws DsmError NOT_SUPPORTED where this NAS does not know the method
 */
export async function readHistory(
  session: DsmSession,
  query: HistoryQuery,
  options: CallOptions,
): Promise<RunList & { raw: unknown }> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  let runs: HistoryRun[] = [];
  let first: unknown = null;
  let atEnd = false;
  const enough = (): boolean => query.limit !== undefined && runs.length >= query.limit && isNewestFirst(rows);
  while (!atEnd && rows.length < query.maxRows && !enough()) {
    const wanted = query.limit === undefined ? query.maxRows : rowsPerPage;
    const page = { offset: rows.length, limit: Math.min(wanted, query.maxRows - rows.length) };
    const { data } = await readPage(session, query, page, options);
    const pageRows = rowsOf(data);
    if (rows.length === 0) first = data;
    rows.push(...pageRows.slice(0, query.maxRows - rows.length));
    atEnd = pageRows.length < page.limit;
    const all = rows.flatMap((row) => historyRunOf(row) ?? []);
    runs = withoutCopies(all.filter((run) => query.taskId === undefined || run.taskId === query.taskId));
  }
  runs.sort((left, right) => timeOf(right) - timeOf(left));
  const raw =
    rows.length <= rowsOf(first ?? { task_logs: [] }).length ? first : { ...recordOf(first), task_logs: rows };
  return { runs: runs.slice(0, query.limit), truncated: !atEnd && !enough(), raw };
}
