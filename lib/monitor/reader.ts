// Reads a NAS for one poll: the task list always, the history only when a run changed, the slow values hourly.
import {
  assessTask,
  needsHistory,
  type ActiveBackupClient,
  type HistoryRun,
  type Limits,
  type TaskList,
  type WorkerCounts,
} from '../active-backup';
import { DsmError, isCodedError, type CodedError } from '../dsm';
import type { AssessedTask } from './task-events';
import { timeZoneProblem, zoneOffsetMs } from './nas-clock';
import type { NasMemory } from './types';

const firstSightMs = 400 * 24 * 3_600_000;
/** Rows are asked for from a little before the last known end, as a run's row can carry another second than the list. */
const overlapMs = 24 * 3_600_000;
const slowReadMs = 3_600_000;

/** Failures of the history that another try will not mend: the poll is good without it. */
const lasting = new Set(['NOT_SUPPORTED', 'PERMISSION_DENIED', 'NAS_ERROR', 'INVALID_RESPONSE', 'PACKAGE_UNAVAILABLE']);

/** Of those, the ones that one bad moment of the NAS can give. */
const worthRepeating = new Set(['NAS_ERROR', 'INVALID_RESPONSE']);

/** What the monitor needs of the client. */
export type MonitorClient = Pick<
  ActiveBackupClient,
  'getTasks' | 'listRuns' | 'getWorkerCount' | 'getPackageVersion' | 'getNasTime'
>;

/** What one poll read; nothing is judged yet. */
export interface Reading {
  /** The NAS's clock where its answer carries one, as its dates are in that clock; else this machine's. */
  nowMs: number;
  list: TaskList;
  history: readonly HistoryRun[] | null;
  slow: SlowValues;
  clockSkewSeconds: number | null;
}

/** Values that hardly change: read at the first poll and hourly. */
interface SlowValues {
  atMs: number;
  workers: WorkerCounts | null;
  packageVersion: string | null;
  timeZoneProblem: string | null;
}

/** Reads; keeps nothing but the slow values. */
export class NasReader {
  private slow: SlowValues | null = null;

  constructor(
    private readonly client: MonitorClient,
    private readonly timeZone: string,
    private readonly hostNow: () => number,
  ) {}

  /**
   * Reads the NAS. What is remembered only says from when on the history is needed.
   * @throws DsmError and ActiveBackupError when the task list cannot be read, or the history fails for a passing reason
   */
  async read(memory: NasMemory, signal: AbortSignal): Promise<Reading> {
    const list = await this.client.getTasks({ signal });
    const hostMs = this.hostNow();
    const nowMs = list.dateMs ?? hostMs;
    const clockSkewSeconds = list.dateMs === null ? null : Math.round((list.dateMs - hostMs) / 1000);
    const slow = await this.readSlow(hostMs, signal);
    const history = await this.readHistory(list, memory, nowMs, signal);
    return { nowMs, list, history, slow, clockSkewSeconds };
  }

  private async readHistory(
    list: TaskList,
    memory: NasMemory,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<readonly HistoryRun[] | null> {
    let sinceMs = Infinity;
    for (const wire of list.wire.tasks) {
      const remembered = memory.tasks[String(wire.id)]?.memory ?? null;
      if (!needsHistory(wire, remembered)) continue;
      const endedAt = remembered?.lastRun?.endedAt;
      const fromMs = endedAt ? Date.parse(endedAt) - overlapMs : nowMs - firstSightMs;
      sinceMs = Math.min(sinceMs, fromMs);
    }
    if (sinceMs === Infinity) return null;
    // A last run may be dated in the future, where the NAS's clock was set back since.
    const fromMs = Math.min(Math.max(sinceMs, nowMs - firstSightMs), nowMs - overlapMs);
    const window = { sinceMs: fromMs, untilMs: nowMs + overlapMs };
    const ask = (): Promise<{ runs: HistoryRun[] }> => this.client.listRuns(window, { signal });
    const answer = await orNull(repeatOnce(ask), (code) => lasting.has(code));
    return answer?.runs ?? null;
  }

  private async readSlow(hostMs: number, signal: AbortSignal): Promise<SlowValues> {
    if (this.slow && Math.abs(hostMs - this.slow.atMs) < slowReadMs) return this.slow;
    // The task list was just read, so whatever goes wrong here says nothing against the NAS.
    const lenient = (code: string): boolean => code !== 'ABORTED';
    const workers = await orNull(this.client.getWorkerCount({ signal }), lenient);
    const packageVersion = await orNull(this.client.getPackageVersion({ signal }), lenient);
    const time = await orNull(this.client.getNasTime({ signal }), lenient);
    const problem = timeZoneProblem(this.timeZone, time?.localTime, time?.dateMs ?? null);
    this.slow = { atMs: hostMs, workers, packageVersion, timeZoneProblem: problem };
    return this.slow;
  }
}

/** Judges what was read against what is remembered now: a cancel may have been noted while the NAS was asked. */
export function assessReading(
  { nowMs, list, history, slow }: Reading,
  memory: NasMemory,
  settings: { timeZone: string; limits: Limits },
): AssessedTask[] {
  const isTrusted = slow.timeZoneProblem === null && zoneOffsetMs(settings.timeZone, nowMs) !== null;
  const context = { nowMs, timeZone: isTrusted ? settings.timeZone : null, limits: settings.limits, history };
  return list.wire.tasks.map((wire) => {
    const remembered = memory.tasks[String(wire.id)]?.memory ?? null;
    return assessTask(wire, list.wire.eventLog, remembered, context);
  });
}

/** Without the history a short run is lost for good, so what may have been one bad moment is asked for again. */
async function repeatOnce<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isCodedError(error) && worthRepeating.has(error.code)) return ask();
    throw error;
  }
}

/** An extra read: null where it fails with a code that the poll can do without. */
async function orNull<T>(read: Promise<T>, acceptable: (code: string) => boolean): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if (isCodedError(error) && acceptable(error.code)) return null;
    throw error;
  }
}

/** Any failure of a poll with a code and a sentence: also a defect must not reach a flow as a bare TypeError. */
export function asCodedError(error: unknown): CodedError {
  if (isCodedError(error)) return error;
  return new DsmError('INVALID_RESPONSE', `Reading the NAS failed: ${error instanceof Error ? error.name : 'error'}.`);
}
