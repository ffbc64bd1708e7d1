// Which runs have finished since the last poll, and what they add to the memory of a task.
import { judgeWithCancels, type Judgeable, runUnderWay } from './cancels';
import { judgeRow, judgeShown, noEvidence, rowsOf, runEvidence } from './evidence';
import { type RememberedRun, type RunTally, type TaskMemory } from './memory-types';
import { runStatus, type Verdict } from './result';
import { isLaterRow, isRowOf, keyOf, relationOf, type Relation, type RunKey, shownKey } from './run-identity';
import { addRun, type FinishedRun, reasonAfter } from './run-tally';
import { msFromIso } from './times';
import { type Activity, type HistoryRun, type Run, type RunEvidence } from './types';
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
  /** What this poll alone makes of that run, where it is less than was known: shown, and not remembered. */
  passing: Verdict | null;
  /** Whether the history has a dated run of the task. */
  hasDatedRow: boolean;
}

/** A finished run before it is judged. */
interface Candidate extends Judgeable {
  evidence: RunEvidence;
  isShown: boolean;
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
  const counted = { result: finished.counted.result, basis: finished.counted.basis };
  return { ...memory, neverRan: false, lastRun: { ...run, result, basis, counted, status }, lastRunEvidence: evidence };
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

/**
 * The known last run judged anew: rows of `event_log` and of the history may come later than the end of a run. What
 * says nothing any more (a status that nobody knows, a date that is gone) takes back nothing that was known: the NAS may
 * show it while the next run is waiting.
 */
function rejudged(
  known: TaskMemory,
  last: RememberedRun,
  finished: FinishedRun,
  evidence: RunEvidence,
): { memory: TaskMemory; passing: Verdict | null } {
  const saysLess = finished.counted.result === 'unknown' && last.counted.result !== 'unknown';
  if (saysLess && finished.result === 'unknown') {
    return { memory: { ...known, lastRunEvidence: evidence }, passing: finished };
  }
  const { run } = finished;
  const complete = { ...run, runId: run.runId ?? last.runId, endedAt: run.endedAt ?? last.endedAt };
  const counted = saysLess ? last.counted : finished.counted;
  const anew = { ...finished, run: complete, counted };
  const tally =
    saysLess || known.beforeLastRun === undefined
      ? { ...tallyOf(known), reason: reasonAfter(known.verdict.reason, finished) }
      : addRun(known.beforeLastRun, anew);
  return { memory: withTally(withRun(known, anew, evidence), tally), passing: null };
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
  let passing: Verdict | null = null;
  if (shown !== null && known.lastRun !== null && relation === 'same') {
    const evidence = evidenceFor(shown, known.lastRunEvidence ?? noEvidence);
    const finished = judgeShown(wire, evidence, known.lastRun.counted.basis === 'own_cancel');
    ({ memory, passing } = rejudged(known, known.lastRun, finished, evidence));
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

  const { judged, waiting } = judgeWithCancels(candidates, known.canceledRuns, knownKey);
  const ended: EndedRun[] = [];
  candidates.forEach(({ key, evidence, isShown }, index) => {
    const finished = judged[index];
    if (finished === undefined) return;
    const before = tallyOf(memory);
    memory = { ...withTally(withRun(memory, finished, evidence), addRun(before, finished)), beforeLastRun: before };
    lastIsShown = isShown;
    passing = null;
    const { run, result, basis } = finished;
    const isNews = known.lastRun !== null || (isShown && known.neverRan === true);
    const isOld = key.endMs !== null && key.endMs < known.firstSeenMs - beforeFirstSightMs;
    if (!baseline && (isNews || !isOld)) ended.push({ run, result, basis });
  });
  // Idle twice with no run that ended: the run it meant was never booked, and the next run must not inherit it.
  const isOver = activity === 'idle' && known.runningSinceMs === null && !baseline;
  const canceledRuns = isOver ? waiting.filter(({ runId }) => runId !== runUnderWay) : waiting;
  const hasDatedRow = rows.some(({ startedAt, endedAt }) => startedAt !== null || endedAt !== null);
  return { memory: { ...memory, canceledRuns }, ended, relation, lastIsShown, passing, hasDatedRow };
}
