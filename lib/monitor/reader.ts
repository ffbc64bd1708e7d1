// Reads a NAS for one poll: the task list always, the history only when a run changed, the slow values hourly.
import {
  assessTask,
  needsHistory,
  type ActiveBackupClient,
  type HistoryRun,
  type Limits,
  type PackageState,
  type TaskList,
  type WorkerCounts,
} from '../active-backup';
import { DsmError, isCodedError } from '../dsm';
import type { AssessedTask } from './changes';
import { timeZoneProblem, zoneOffsetMs } from './nas-clock';
import type { NasMemory } from './types';

const firstSightMs = 400 * 24 * 3_600_000;
/** Rows are asked for from a little before the last known end, as a run's row can carry another second than the list. */
const overlapMs = 24 * 3_600_000;
const slowReadMs = 3_600_000;

/** Failures of the history that another try will not mend: the poll is good without it. */
const lasting = new Set(['NOT_SUPPORTED', 'PERMISSION_DENIED', 'NAS_ERROR', 'INVALID_RESPONSE', 'PACKAGE_UNAVAILABLE']);

/** What the monitor needs of the client. */
export type MonitorClient = Pick<
  ActiveBackupClient,
  'getTasks' | 'listRuns' | 'getWorkerCount' | 'getPackageVersion' | 'getNasTime'
>;

/** What one poll read. */
export interface Reading {
  nowMs: number;
  tasks: AssessedTask[];
  package: PackageState;
  raw: unknown;
  workers: WorkerCounts | null;
  packageVersion: string | null;
  timeZoneProblem: string | null;
}

/** Reads and judges; keeps nothing but the slow values. */
export class NasReader {
  private slow: {
    atMs: number;
    workers: WorkerCounts | null;
    packageVersion: string | null;
    zone: string | null;
  } | null = null;

  constructor(
    private readonly client: MonitorClient,
    private readonly timeZone: string,
    private readonly limits: Limits,
    private readonly hostNow: () => number,
  ) {}

  /**
   * Reads the NAS and judges each task against what is remembered. Times are judged by the NAS's own clock where its
   * answer carries one: its dates are in that clock.
   * @throws DsmError and ActiveBackupError when the task list cannot be read, or the history fails for a passing reason
   */
  async read(memory: NasMemory, signal: AbortSignal): Promise<Reading> {
    const list = await this.client.getTasks({ signal });
    const nowMs = list.dateMs ?? this.hostNow();
    const slow = await this.readSlow(nowMs, signal);
    const history = await this.readHistory(list, memory, nowMs, signal);
    const zone = slow.zone === null && zoneOffsetMs(this.timeZone, nowMs) !== null ? this.timeZone : null;
    const context = { nowMs, timeZone: zone, limits: this.limits, history };
    const tasks = list.wire.tasks.map((wire) => {
      const remembered = memory.tasks[String(wire.id)]?.memory ?? null;
      return assessTask(wire, list.wire.eventLog, remembered, context);
    });
    return {
      nowMs,
      tasks,
      package: list.package,
      raw: list.raw,
      workers: slow.workers,
      packageVersion: slow.packageVersion,
      timeZoneProblem: slow.zone,
    };
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
    const window = { sinceMs: Math.max(sinceMs, nowMs - firstSightMs), untilMs: nowMs + overlapMs };
    const answer = await orNull(this.client.listRuns(window, { signal }), (code) => lasting.has(code));
    return answer?.runs ?? null;
  }

  private async readSlow(nowMs: number, signal: AbortSignal): Promise<NonNullable<NasReader['slow']>> {
    if (this.slow && Math.abs(nowMs - this.slow.atMs) < slowReadMs) return this.slow;
    // The task list was just read, so whatever goes wrong here says nothing against the NAS.
    const lenient = (code: string): boolean => code !== 'ABORTED';
    const workers = await orNull(this.client.getWorkerCount({ signal }), lenient);
    const packageVersion = await orNull(this.client.getPackageVersion({ signal }), lenient);
    const time = await orNull(this.client.getNasTime({ signal }), lenient);
    const zone = timeZoneProblem(this.timeZone, time?.localTime, time?.dateMs ?? null);
    this.slow = { atMs: nowMs, workers, packageVersion, zone };
    return this.slow;
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

/** The code and sentence of any failure of a poll. */
export function describeFailure(error: unknown): { code: string; message: string } {
  if (isCodedError(error)) return { code: error.code, message: error.message };
  const defect = new DsmError(
    'INVALID_RESPONSE',
    `Reading the NAS failed: ${error instanceof Error ? error.name : 'error'}.`,
  );
  return { code: defect.code, message: defect.message };
}
