// Cancels that were accepted from here: which run each of them meant, and how long it waits for that run to end.
import { type AcceptedCancel, type TaskMemory } from './memory-types';
import { keyOf, relationOf, type RunKey } from './run-identity';
import { type FinishedRun } from './run-tally';

/** How many accepted cancels are remembered. */
export const mostCancels = 10;

/** The run id that stands for "the run that was under way" where its id was not known. */
export const runUnderWay = 0;

/** The NAS books whole seconds, and may book a run's end a little before it answers the cancel. */
const slackMs = 60_000;

/**
 * The memory after a cancel of the task's present run was accepted. While a run is under way the list may still show
 * the id of the run before it; then the run is remembered as "the one under way".
 * @param atMs when it was accepted, by the NAS's clock
 */
export function withCancel(memory: TaskMemory, shownRunId: number | null, atMs: number): TaskMemory {
  const isNew = relationOf({ runId: shownRunId, endMs: null }, keyOf(memory.lastRun)) === 'new';
  const runId = (isNew && memory.lastRun !== null ? shownRunId : null) ?? runUnderWay;
  return { ...memory, canceledRuns: [...memory.canceledRuns, { runId, atMs }].slice(-mostCancels) };
}

/** A finished run that is to be judged. */
export interface Judgeable {
  key: RunKey;
  judge: (ownCancel: boolean) => FinishedRun;
}

/** Whether a run may be the one that was canceled: one that had ended before is not. */
function mayBeMeant({ endMs }: RunKey, { atMs }: AcceptedCancel): boolean {
  return endMs === null || endMs >= atMs - slackMs;
}

/** Whether the cancel names a run that had ended before: the list still showed it while the next one was under way. */
function namesEarlierRun(cancel: AcceptedCancel, keys: readonly (RunKey | null)[]): boolean {
  return keys.some((key) => key?.runId === cancel.runId && !mayBeMeant(key, cancel));
}

/**
 * Judges runs that are new and finds out which of them were canceled from here. A cancel of "the run under way" belongs
 * to the run that says so, else to the first that ended after it, else to the newest that ended just before.
 * @param runs oldest first
 * @param known the last run that was known before
 * @returns the runs in the same order, and the cancels that still wait
 */
export function judgeWithCancels(
  runs: readonly Judgeable[],
  cancels: readonly AcceptedCancel[],
  known: RunKey | null,
): { judged: FinishedRun[]; waiting: AcceptedCancel[] } {
  const judged = runs.map(({ judge }) => judge(false));
  const waiting: AcceptedCancel[] = [];
  for (const cancel of cancels) {
    const isUnderWay = cancel.runId === runUnderWay || namesEarlierRun(cancel, [known, ...runs.map(({ key }) => key)]);
    const meant = [...runs.entries()].filter(
      ([, { key }]) => mayBeMeant(key, cancel) && (isUnderWay || key.runId === cancel.runId),
    );
    if (meant.some(([index]) => judged[index]?.counted.result === 'canceled')) continue;
    const found = meant.find(([, { key }]) => (key.endMs ?? Infinity) >= cancel.atMs) ?? meant.at(-1);
    if (found === undefined) waiting.push(isUnderWay ? { ...cancel, runId: runUnderWay } : cancel);
    else judged[found[0]] = found[1].judge(true);
  }
  return { judged, waiting };
}
