// How a finished run ended, from everything the NAS says of it. "success" needs every piece of evidence on its side.
import { decisive } from './readings';
import { type Reading, type ResultBasis, type RunEvidence, type RunResult } from './types';

/** A result and the evidence that decided it. */
export interface Verdict {
  result: RunResult;
  basis: ResultBasis;
}

/** All that is known of one finished run. */
export interface Evidence extends RunEvidence {
  /** `task_status_error_code`: of the task (its authorisation), not of the run. */
  taskErrorCode: Reading;
  status: Reading;
  /** That a cancel of this run was accepted from here. */
  ownCancel: boolean;
  /** `success_count`. */
  succeeded: Reading;
  /** `attention_count`. */
  attention: Reading;
  /** `processed_*`, `warning_*` and `error_*` of all services. */
  processed: readonly Reading[];
  warnings: readonly Reading[];
  errors: readonly Reading[];
  /** `status_*` of the services that are not switched off. */
  serviceStatuses: readonly Reading[];
  runId: Reading;
  /** `last_execution_time`, seconds. */
  endedAtSeconds: Reading;
  durationSeconds: Reading;
  /** Further numbers that must be readable where they are given: switches, job id, length of `progress_list`. */
  others: readonly Reading[];
}

/** Numbers of `status`, of `status_*` and of the history's rows (Checkmk plug-ins saw 6 and 7 on real NASes). */
export const runStatus = { none: 0, fine: 1, running: 4, partial: 6, canceled: 7 } as const;

function isAbove(reading: Reading, least: number): boolean {
  const number = decisive(reading);
  return typeof number === 'number' && number > least;
}

function anyAbove(readings: readonly Reading[], least: number): boolean {
  return readings.some((reading) => isAbove(reading, least));
}

/** Absent, "none" or 0. */
function isNothing(reading: Reading): boolean {
  const number = decisive(reading);
  return number === null || number === 0;
}

/**
 * Whether the NAS says that nothing succeeded. Older packages have no `success_count`; there, services that processed
 * nothing say it. Where neither is given it is not known.
 */
function nothingSucceeded({ succeeded, processed }: Evidence): boolean {
  const count = decisive(succeeded);
  if (count !== null) return count === 0;
  const given = processed.map(decisive).filter((reading) => reading !== null);
  return given.length > 0 && given.every((reading) => reading === 0);
}

function partialBasis(evidence: Evidence): ResultBasis | null {
  const { row, status, serviceStatuses, logTypes } = evidence;
  if (row?.status === runStatus.partial) return 'history';
  if (status === runStatus.partial) return 'status';
  if (serviceStatuses.includes(runStatus.partial)) return 'service_status';
  if (anyAbove([...evidence.errors, ...evidence.warnings, evidence.attention], 0)) return 'counters';
  const told = logTypes.map(decisive);
  return told.some((type) => typeof type === 'number' && type !== 0) ? 'event_log' : null;
}

/** Whether a status is something else than fine, none or absent. */
function isOddStatus(reading: Reading): boolean {
  const number = decisive(reading);
  return number !== null && number !== runStatus.none && number !== runStatus.fine;
}

/** Whether a count is unreadable or negative. */
function isOddCount(reading: Reading): boolean {
  return reading === 'unreadable' || (reading !== null && reading < 0);
}

function isOddRow(row: RunEvidence['row']): boolean {
  if (row === null) return false;
  if (row.unexplained || row.errorCode === 'unreadable' || isOddStatus(row.status)) return true;
  return row.status === runStatus.fine && isAbove(row.errorCode, 0);
}

/** Whether any number is one whose meaning nobody knows, or no number at all. */
function isUnexplained(evidence: Evidence): boolean {
  const { row, status, serviceStatuses } = evidence;
  if (isOddRow(row) || isOddStatus(status) || serviceStatuses.some(isOddStatus)) return true;
  const counts = [evidence.succeeded, evidence.attention, ...evidence.processed, ...evidence.warnings];
  if ([...counts, ...evidence.errors].some(isOddCount)) return true;
  const readable = [evidence.taskErrorCode, evidence.runId, evidence.endedAtSeconds, evidence.durationSeconds];
  return [...readable, ...evidence.others, ...evidence.logTypes].includes('unreadable');
}

/** The end of the order of evidence: nothing speaks against success; does anything speak for it? */
function judgeByStatus(evidence: Evidence): Verdict {
  const { row, endedAtSeconds, runId, durationSeconds, succeeded, processed } = evidence;
  const status = decisive(evidence.status);
  if (isAbove(endedAtSeconds, 0)) {
    if (status === runStatus.fine) return { result: 'success', basis: 'status' };
    if (status === null && row?.status === runStatus.fine) return { result: 'success', basis: 'history' };
  }
  const never = [endedAtSeconds, runId, durationSeconds, succeeded, ...processed].every(isNothing);
  return { result: never ? 'never' : 'unknown', basis: 'none' };
}

/**
 * The result of the last finished run. The first evidence that matches decides: an error of the task, a cancel, errors
 * with nothing that succeeded, anything partial, anything unexplained; only then success. A canceled run books its
 * untouched accounts as warnings, so a cancel is looked at before the counters. Absent numbers, negative codes of the
 * history (−1 and −87 occur on good runs) and 4294967295 decide nothing.
 */
export function judgeResult(evidence: Evidence): Verdict {
  const { row, status } = evidence;
  const taskErrorCode = decisive(evidence.taskErrorCode);
  if (typeof taskErrorCode === 'number' && taskErrorCode !== 0) {
    return { result: 'failed', basis: 'task_status_error_code' };
  }
  if (row?.status === runStatus.canceled) return { result: 'canceled', basis: 'history' };
  if (status === runStatus.canceled) return { result: 'canceled', basis: 'status' };
  if (evidence.ownCancel) return { result: 'canceled', basis: 'own_cancel' };
  if (anyAbove(evidence.errors, 0) && nothingSucceeded(evidence)) return { result: 'failed', basis: 'counters' };
  const partial = partialBasis(evidence);
  if (partial !== null) return { result: 'partial', basis: partial };
  if (isUnexplained(evidence)) return { result: 'unknown', basis: 'unexplained' };
  return judgeByStatus(evidence);
}

/**
 * The result of a run of which only the history's row is known: 7 canceled, 6 partial, 1 success unless a positive code
 * stands beside it. Another number, that code, or what cannot be read is `unknown` with basis `unexplained`; a row
 * without a status, or with 0, is `unknown` with basis `none`.
 */
export function judgeHistoryRow(status: Reading, errorCode: Reading): Verdict {
  if (status === runStatus.canceled) return { result: 'canceled', basis: 'history' };
  if (status === runStatus.partial) return { result: 'partial', basis: 'history' };
  if (isOddRow({ status, errorCode, unexplained: false })) return { result: 'unknown', basis: 'unexplained' };
  return status === runStatus.fine ? { result: 'success', basis: 'history' } : { result: 'unknown', basis: 'none' };
}
