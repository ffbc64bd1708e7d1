// Which runs have finished since the last poll, and what they add to the memory of a task.
import { judgeRow, judgeShown, noEvidence, rowsOf, runEvidence } from './evidence';
import { runStatus, type Verdict } from './result';
import { isLaterRow, isRowOf, keyOf, relationOf, type Relation, type RunKey, shownKey } from './run-identity';
import { addRun, type FinishedRun, reasonOf } from './run-tally';
import { runUnderWay } from './task-memory';
import { msFromIso } from './times';
import { type Activity, type HistoryRun, type Run, type RunEvidence, type RunTally, type TaskMemory } from './types';
import { type WireEvent, type WireTask } from './wire';

/** A finished run that was not known before. */
export interface EndedRun extends Verdict {
  run: Run;
}

/** The memory after the finished runs of this poll, and which of them are new. */
export interface Remembered {
  memory: TaskMemory;
  /** Oldest first. */
  ended: EndedRun[];
  /** How the run that the list shows stands to the known ones; `none` while one is under way. */
  relation: Relation;
  /** Whether the memory's last run is the one that the list shows. */
  lastIsShown: boolean;
}

/** A finished run before it is judged. */
interface Candidate {
  key: RunKey;
  evidence: RunEvidence;
  isShown: boolean;
  judge: (ownCancel: boolean) => FinishedRun;
}

/**
 * Where no run was known, a run that ended this long before the task was first seen is older than the watching, and no
 * news. An hour, as the clocks of NAS and host differ.
 */
const beforeFirstSightMs = 3_600_000;

function tallyOf(memory: TaskMemory): RunTally {
  const { lastSuccessMs, lastCompletedMs, failuresInARow, partialsInARow, partialSinceMs, completedSeconds } = memory;
  const reason = memory.verdict.reason;
  return { lastSuccessMs, lastCompletedMs, failuresInARow, partialsInARow, partialSinceMs, completedSeconds, reason };
}

function withTally(memory: TaskMemory, { reason, ...tally }: RunTally): TaskMemory {
  return { ...memory, ...tally, verdict: { ...memory.verdict, reason } };
}

function withRun(memory: TaskMemory, finished: FinishedRun, evidence: RunEvidence): TaskMemory {
  const { run, result, basis, status } = finished;
  return { ...memory, neverRan: false, lastRun: { ...run, result, basis, status }, lastRunEvidence: evidence };
}

/** The history's rows that tell of runs after the last known one, oldest first, each run once. */
function laterRows(rows: readonly HistoryRun[], known: RunKey | null, shown: RunKey | null): HistoryRun[] {
  const seen = new Set<string>();
  const later = rows.filter((row) => {
    const key = keyOf(row);
    if (key?.endMs == null || !isLaterRow(key, known)) return false;
    if (shown !== null && isRowOf(key, shown)) return false;
    // Pages of a history that grows while it is read repeat rows.
    const name = key.runId === null ? `at ${String(key.endMs)}` : `run ${String(key.runId)}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
  return later.sort((left, right) => (msFromIso(left.endedAt) ?? 0) - (msFromIso(right.endedAt) ?? 0));
}

/** While a run is under way, newest rows with an unknown status may be about it: they wait until the task is idle. */
function withoutUnderWay(rows: HistoryRun[]): HistoryRun[] {
  const ended: readonly (number | null)[] = [runStatus.fine, runStatus.partial, runStatus.canceled];
  return rows.slice(0, rows.findLastIndex(({ codes }) => ended.includes(codes.status)) + 1);
}

function byEnd(left: Candidate, right: Candidate): number {
  const [a, b] = [left.key.endMs ?? Infinity, right.key.endMs ?? Infinity];
  return a === b ? 0 : a - b;
}

/** Judges the runs that are new. A cancel of "the run under way" belongs to the one that says so, else to the newest. */
function judgeAll(candidates: readonly Candidate[], canceledIds: readonly number[]): FinishedRun[] {
  const judged = candidates.map(({ key, judge }) => judge(key.runId !== null && canceledIds.includes(key.runId)));
  const newest = candidates.at(-1);
  const pending = canceledIds.includes(runUnderWay) && judged.every(({ result }) => result !== 'canceled');
  if (newest !== undefined && pending) judged[judged.length - 1] = newest.judge(true);
  return judged;
}

/** The accepted cancels that still wait for their run to end. */
function cancelsAfter(
  memory: TaskMemory,
  known: TaskMemory,
  judged: readonly FinishedRun[],
  activity: Activity,
): number[] {
  const ids = memory.canceledRunIds;
  if (!ids.includes(runUnderWay)) return ids;
  // Idle twice with no run that ended: the run it meant was never booked, and the next run must not inherit it.
  const over = judged.length > 0 || (activity === 'idle' && known.runningSinceMs === null);
  return over ? ids.filter((id) => id !== runUnderWay) : ids;
}

/** The known last run judged anew: rows of `event_log` and of the history may come later than the end of a run. */
function rejudged(known: TaskMemory, finished: FinishedRun, evidence: RunEvidence): TaskMemory {
  const run = { ...finished.run, endedAt: finished.run.endedAt ?? known.lastRun?.endedAt ?? null };
  run.runId ??= known.lastRun?.runId ?? null;
  const complete = { ...finished, run };
  const memory = withRun(known, complete, evidence);
  if (finished.basis !== 'task_status_error_code' && known.beforeLastRun !== undefined) {
    return withTally(memory, addRun(known.beforeLastRun, complete));
  }
  // An error of the task came after the run: the run counts as it ended, the task is failed nevertheless.
  if (finished.result === 'canceled') return memory;
  return { ...memory, verdict: { ...memory.verdict, reason: reasonOf(finished) } };
}

/**
 * Adds the runs that finished since `known` to it. While a run is under way the list is not looked at: what it then
 * shows of the last run was never published, and only the history tells of runs that ended meanwhile.
 * @param baseline true at first sight: nothing is news then
 */
export function rememberRuns(
  wire: WireTask,
  events: readonly WireEvent[],
  known: TaskMemory,
  activity: Activity,
  history: readonly HistoryRun[] | null,
  baseline: boolean,
): Remembered {
  const rows = rowsOf(history, wire.id);
  const shown = activity === 'idle' ? shownKey(wire) : null;
  const knownKey = keyOf(known.lastRun);
  const relation = shown === null ? 'none' : relationOf(shown, knownKey);
  const evidenceFor = (key: RunKey, remembered: RunEvidence): RunEvidence =>
    runEvidence(wire.id, key, rows, events, remembered);

  const later = laterRows(rows, knownKey, relation === 'none' ? null : shown);
  const candidates = (activity === 'running' ? withoutUnderWay(later) : later).map((row): Candidate => {
    const key = keyOf(row) ?? { runId: null, endMs: null };
    const evidence = evidenceFor(key, noEvidence);
    return { key, evidence, isShown: false, judge: (ownCancel) => judgeRow(row, evidence, ownCancel) };
  });
  let memory = known;
  let lastIsShown = false;
  if (shown !== null && relation === 'same') {
    const evidence = evidenceFor(shown, known.lastRunEvidence ?? noEvidence);
    memory = rejudged(known, judgeShown(wire, evidence, known.lastRun?.basis === 'own_cancel'), evidence);
    lastIsShown = true;
  }
  if (shown !== null && relation === 'new') {
    const evidence = evidenceFor(shown, noEvidence);
    candidates.push({
      key: shown,
      evidence,
      isShown: true,
      judge: (ownCancel) => judgeShown(wire, evidence, ownCancel),
    });
    candidates.sort(byEnd);
  }

  const judged = judgeAll(candidates, known.canceledRunIds);
  const ended: EndedRun[] = [];
  candidates.forEach(({ key, evidence, isShown }, index) => {
    const finished = judged[index];
    if (finished === undefined) return;
    const before = tallyOf(memory);
    memory = { ...withTally(withRun(memory, finished, evidence), addRun(before, finished)), beforeLastRun: before };
    lastIsShown = isShown;
    const { run, result, basis } = finished;
    const isNews = known.lastRun !== null || (isShown && known.neverRan === true);
    const isOld = key.endMs !== null && key.endMs < known.firstSeenMs - beforeFirstSightMs;
    if (!baseline && (isNews || !isOld)) ended.push({ run, result, basis });
  });
  memory = { ...memory, canceledRunIds: cancelsAfter(memory, known, judged, activity) };
  return { memory, ended, relation, lastIsShown };
}
