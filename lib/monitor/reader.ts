// Reads a NAS for one poll: the task list always, the history only when a run changed, the slow values now and then.
import {
  assessTask,
  needsHistory,
  type ActiveBackupClient,
  type EarlyCancel,
  type HistoryRun,
  type Limits,
  type NasTime,
  type TaskList,
  type WorkerCounts,
} from '../active-backup';
import { DsmError, isCodedError, type CodedError } from '../dsm';
import type { AssessedTask } from './task-events';
import { timeZoneProblem, zoneOffsetMs } from './nas-clock';
import { SlowValue } from './slow-values';
import type { NasMemory } from './types';

const firstSightMs = 400 * 24 * 3_600_000;
/** Rows are asked for from a little before the last known end, as a run's row can carry another second than the list. */
const overlapMs = 24 * 3_600_000;

/** Failures of the history that pass: the next poll asks for it again. */
const passing = new Set(['BUSY', 'TIMEOUT', 'UNREACHABLE', 'SESSION_LOST']);
/** So many polls in a row may be left owing it; then it goes without, as what lasts so long may last. */
const mostOwed = 2;

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
  /** The history was needed and failed for a passing reason: how runs ended is not known yet. */
  historyOwed: boolean;
  slow: SlowValues;
  clockSkewSeconds: number | null;
}

/** Values that hardly change; null until known and where the NAS refuses them. */
interface SlowValues {
  workers: WorkerCounts | null;
  packageVersion: string | null;
  timeZoneProblem: string | null;
}

/** Reads; keeps nothing but the slow values, and for how many polls the history has been owed. */
export class NasReader {
  #owedPolls = 0;
  readonly #workers: SlowValue<WorkerCounts>;
  readonly #packageVersion: SlowValue<string | null>;
  readonly #nasTime: SlowValue<NasTime>;
  readonly #client: MonitorClient;
  readonly #timeZone: string;
  readonly #hostNow: () => number;

  constructor(client: MonitorClient, timeZone: string, hostNow: () => number) {
    this.#client = client;
    this.#timeZone = timeZone;
    this.#hostNow = hostNow;
    this.#workers = new SlowValue((signal) => client.getWorkerCount({ signal }));
    this.#packageVersion = new SlowValue((signal) => client.getPackageVersion({ signal }));
    this.#nasTime = new SlowValue((signal) => client.getNasTime({ signal }));
  }

  /**
   * Reads the NAS. What is remembered only says from when on the history is needed.
   * @throws DsmError and ActiveBackupError when the task list cannot be read, or the history's failure is of the whole NAS,
   * such as of its credentials
   */
  async read(memory: NasMemory, signal: AbortSignal): Promise<Reading> {
    const list = await this.#client.getTasks({ signal });
    const hostMs = this.#hostNow();
    const nowMs = list.dateMs ?? hostMs;
    const clockSkewSeconds = list.dateMs === null ? null : Math.round((list.dateMs - hostMs) / 1000);
    const slow = await this.#readSlow(hostMs, signal);
    const history = await this.#readHistory(list, memory, nowMs, signal);
    const isOwed = history === 'owed';
    return { nowMs, list, history: isOwed ? null : history, historyOwed: isOwed, slow, clockSkewSeconds };
  }

  async #readHistory(
    list: TaskList,
    memory: NasMemory,
    nowMs: number,
    signal: AbortSignal,
  ): Promise<readonly HistoryRun[] | null | 'owed'> {
    let sinceMs = Infinity;
    for (const wire of list.wire.tasks) {
      const remembered = memory.tasks[String(wire.id)]?.memory ?? null;
      if (!needsHistory(wire, remembered)) continue;
      const endedAt = remembered?.lastRun?.endedAt;
      const fromMs = endedAt ? Date.parse(endedAt) - overlapMs : nowMs - firstSightMs;
      sinceMs = Math.min(sinceMs, fromMs);
    }
    if (sinceMs === Infinity) {
      this.#owedPolls = 0;
      return null;
    }
    // A last run may be dated in the future, where the NAS's clock was set back since.
    const fromMs = Math.min(Math.max(sinceMs, nowMs - firstSightMs), nowMs - overlapMs);
    const window = { sinceMs: fromMs, untilMs: nowMs + overlapMs };
    const ask = (): Promise<{ runs: HistoryRun[] }> => this.#client.listRuns(window, { signal });
    try {
      const { runs } = await repeatOnce(ask);
      this.#owedPolls = 0;
      return runs;
    } catch (error) {
      return this.#withoutHistory(error);
    }
  }

  /** What a failure of the history means for the poll. @throws it, where it is of the whole NAS */
  #withoutHistory(error: unknown): 'owed' | null {
    const code = isCodedError(error) ? error.code : '';
    if (!passing.has(code) && !lasting.has(code)) throw error;
    this.#owedPolls = passing.has(code) && this.#owedPolls < mostOwed ? this.#owedPolls + 1 : 0;
    return this.#owedPolls > 0 ? 'owed' : null;
  }

  async #readSlow(hostMs: number, signal: AbortSignal): Promise<SlowValues> {
    const workers = await this.#workers.read(hostMs, signal);
    const packageVersion = await this.#packageVersion.read(hostMs, signal);
    const time = await this.#nasTime.read(hostMs, signal);
    const problem = timeZoneProblem(this.#timeZone, time?.localTime, time?.dateMs ?? null);
    return { workers, packageVersion, timeZoneProblem: problem };
  }
}

/** Judges what was read against what is remembered now: a cancel may have been noted while the NAS was asked. */
export function assessReading(
  { nowMs, list, history, slow }: Reading,
  memory: NasMemory,
  settings: { timeZone: string; limits: Limits },
  earlyCancels: readonly EarlyCancel[],
): AssessedTask[] {
  const isTrusted = slow.timeZoneProblem === null && zoneOffsetMs(settings.timeZone, nowMs) !== null;
  const timeZone = isTrusted ? settings.timeZone : null;
  const context = { nowMs, timeZone, limits: settings.limits, history, earlyCancels };
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

/** Any failure of a poll with a code and a sentence: also a defect must not reach a flow as a bare TypeError. */
export function asCodedError(error: unknown): CodedError {
  if (isCodedError(error)) return error;
  return new DsmError('INVALID_RESPONSE', `Reading the NAS failed: ${error instanceof Error ? error.name : 'error'}.`);
}
