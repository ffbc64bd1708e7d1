// The package's log and a task's log: rows of the wire as entries.
import { invalidResponse } from './calls';
import { idOf, numberOf, readNumber, recordOf } from './readings';
import { isoFromMs, msFromSeconds } from './times';
import { type LogEntry, type LogPage, type Reading } from './types';

/** Names of tasks by id, to name the tasks that log rows are about. */
export type TaskNames = ReadonlyMap<number, string>;

/** A row as the wire has it. */
export type LogRow = Readonly<Record<string, unknown>>;

/** `log_type`: 0 is seen on every good row; 1 and 2 are read as DSM's usual warning and error. */
const levels: Readonly<Record<number, LogEntry['level']>> = { 0: 'info', 1: 'warning', 2: 'error' };

/** `category` of the package's log: a run's result, and what somebody did. Other numbers were never explained. */
const kinds: Readonly<Record<number, LogEntry['kind']>> = { 0: 'backup', 3: 'action' };

/** Whose log it is: the rows of a task's own have no category. */
export type LogSource = 'package' | 'task';

function kindOf(category: Reading, source: LogSource): LogEntry['kind'] {
  if (category === null) return source === 'task' ? 'item' : 'unknown';
  return category === 'unreadable' ? 'unknown' : (kinds[category] ?? 'unknown');
}

function entryOf(row: LogRow, source: LogSource, names: TaskNames): LogEntry {
  const logType = readNumber(row.log_type);
  const category = readNumber(row.category);
  const taskId = idOf(readNumber(row.task_id));
  return {
    at: isoFromMs(msFromSeconds(readNumber(row.timestamp))),
    level: typeof logType === 'number' ? (levels[logType] ?? 'unknown') : 'unknown',
    kind: kindOf(category, source),
    text: typeof row.description === 'string' ? row.description : '',
    taskId,
    taskName: taskId === null ? null : (names.get(taskId) ?? null),
    // Rows of actions have 0 here: they belong to no run.
    runId: idOf(readNumber(row.task_execution_id)),
    codes: {
      errorCode: numberOf(readNumber(row.error_code)),
      logType: numberOf(logType),
      category: numberOf(category),
    },
  };
}

/** Newest first, as the NAS gives them too; rows of the same second keep their order, rows without a time come last. */
function newestFirst(left: LogEntry, right: LogEntry): number {
  const leftMs = left.at === null ? -Infinity : Date.parse(left.at);
  const rightMs = right.at === null ? -Infinity : Date.parse(right.at);
  return leftMs === rightMs ? 0 : rightMs - leftMs;
}

/**
 * The rows of a log's answer.
 * @throws ActiveBackupError INVALID_RESPONSE where there are none to be read
 */
export function readLogRows(method: string, data: unknown): LogRow[] {
  const logs = recordOf(data)?.logs;
  if (!Array.isArray(logs)) throw invalidResponse(method, 'holds no list of logs');
  return logs.map((element: unknown) => {
    const row = recordOf(element);
    if (row === null) throw invalidResponse(method, 'holds a row that is no object');
    return row;
  });
}

/** A page of a log. */
export function logPage(
  rows: readonly LogRow[],
  source: LogSource,
  page: { offset: number; limit: number },
  names: TaskNames,
): LogPage {
  const entries = rows.map((row) => entryOf(row, source, names)).sort(newestFirst);
  return { entries, offset: page.offset, limit: page.limit, more: rows.length >= page.limit };
}
