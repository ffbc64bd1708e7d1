// Whether two descriptions mean the same run, and which is newer: from the list, the history and what is remembered.
import { idOf } from './readings';
import { msFromIso, msFromSeconds } from './times';
import { type Run } from './types';
import { type WireTask } from './wire';

/** What tells runs apart. Older packages give no run id; a run may have no date. */
export interface RunKey {
  runId: number | null;
  endMs: number | null;
}

/** How a shown run stands to a known one: `none` when nothing is shown. */
export type Relation = 'none' | 'same' | 'new' | 'older';

/** Ends of one run differ by a second between the list and `event_log` (the documented sample: …235 and …236). */
const sameEndMs = 5000;

/** The key of the run that an element of `tasks` shows. */
export function shownKey(wire: WireTask): RunKey {
  return { runId: idOf(wire.runId), endMs: msFromSeconds(wire.endedAtSeconds) };
}

/** The key of a run in this package's words; null for none. */
export function keyOf(run: Pick<Run, 'runId' | 'endedAt'> | null): RunKey | null {
  return run === null ? null : { runId: run.runId, endMs: msFromIso(run.endedAt) };
}

/** b − a in milliseconds, near zero taken as zero; null where either is unknown. */
function laterBy(a: RunKey, b: RunKey): number | null {
  if (a.endMs === null || b.endMs === null) return null;
  const difference = b.endMs - a.endMs;
  return Math.abs(difference) <= sameEndMs ? 0 : difference;
}

function isSameRun(shown: RunKey, known: RunKey): boolean {
  const later = laterBy(known, shown);
  if (shown.runId === null || known.runId === null) return later === 0;
  // The same id with a later end is another run: ids start again when a task is set up anew.
  return shown.runId === known.runId && (later === null || later <= 0);
}

/**
 * How the list's run stands to the last known one. Either a greater id or a later end makes it new: ids start again
 * after a task is set up anew, and a NAS's clock may be set back.
 */
export function relationOf(shown: RunKey, known: RunKey | null): Relation {
  if (shown.runId === null && shown.endMs === null) return 'none';
  if (known === null) return 'new';
  if (isSameRun(shown, known)) return 'same';
  const greaterId = shown.runId !== null && shown.runId > (known.runId ?? 0);
  const later = laterBy(known, shown);
  return (known.runId !== null && greaterId) || (later !== null && later > 0) || (later === null && greaterId)
    ? 'new'
    : 'older';
}

/**
 * Whether a row of the history is a run after the last known one. Stricter than for the list, which shows one run: of
 * many old rows some always have a greater id (from before a task was set up anew) or a later end (from before a
 * clock was set back), and they must not be told twice.
 */
export function isLaterRow(row: RunKey, known: RunKey | null): boolean {
  if (known === null) return true;
  const later = laterBy(known, row);
  if (row.runId === null || known.runId === null) return later !== null && later > 0;
  return row.runId > known.runId && (later === null || later >= 0);
}

/** Whether a row of the history is about the shown run. */
export function isRowOf(row: RunKey, shown: RunKey): boolean {
  if (row.runId !== null && shown.runId !== null) return row.runId === shown.runId;
  return laterBy(row, shown) === 0;
}
