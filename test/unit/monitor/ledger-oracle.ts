// What must be told, computed from the simulated NAS's own ledger and the times of the polls. Knows nothing of lib/.
import { type LedgerEntry, type Outcome } from '../../simulator/runs';
import { nextScheduledStart, type Schedule } from '../../simulator/schedule';

const hourMs = 3_600_000;

/** A poll as it went. */
export interface PollRecord {
  atMs: number;
  good: boolean;
}

/** A task's life. */
export interface TaskLife {
  id: number;
  policy: 'continuous' | 'manual' | 'scheduled';
  schedule: Schedule;
  addedMs: number;
  removedMs: number | null;
  /** When it got which name, oldest first. */
  names: { fromMs: number; name: string }[];
}

/** An event that must be told, when it can be known first. */
export interface Expected {
  atMs: number;
  taskId: number;
  event: string;
  /** The run that ended; null for events of no finished run. */
  runId: number | null;
}

/** Everything that must be told of one task, in order. */
export function expectedOf(
  life: TaskLife,
  ledger: readonly LedgerEntry[],
  polls: readonly PollRecord[],
  timeZone: string,
): Expected[] {
  const walk = new Walk(
    life,
    ledger.filter(({ taskId }) => taskId === life.id),
    timeZone,
  );
  const first = polls.find(({ good }) => good);
  for (const poll of polls) {
    if (!poll.good) walk.failed();
    else if (poll.atMs >= life.addedMs) walk.poll(poll.atMs, poll === first);
  }
  return walk.expected;
}

class Walk {
  readonly expected: Expected[] = [];
  private seen = false;
  private gone = false;
  private missingMs: number | null = null;
  private name = '';
  private told = new Set<number>();
  private announced = new Set<number>();
  private troubled = false;
  private overdue = false;
  private stalledRun: number | null = null;
  private runningSince: { runId: number; ms: number } | null = null;
  private completedMs: number | null = null;
  private lengthsMs: number[] = [];

  constructor(
    private readonly life: TaskLife,
    private readonly runs: readonly LedgerEntry[],
    private readonly timeZone: string,
  ) {}

  failed(): void {
    this.missingMs = null;
  }

  poll(atMs: number, isBaseline: boolean): void {
    if (this.gone) return;
    if (this.life.removedMs !== null && this.life.removedMs <= atMs) {
      this.missing(atMs);
      return;
    }
    const tell = (event: string, runId: number | null = null): void => {
      if (!isBaseline) this.expected.push({ atMs, taskId: this.life.id, event, runId });
    };
    const name = this.life.names.filter(({ fromMs }) => fromMs <= atMs).at(-1)?.name ?? '';
    if (!this.seen) tell('added');
    else if (name !== this.name) tell('renamed');
    this.name = name;
    this.tellRuns(atMs, tell);
    this.seen = true;
  }

  private missing(atMs: number): void {
    if (!this.seen) return;
    this.missingMs ??= atMs;
    if (atMs - this.missingMs < 60_000) return;
    this.gone = true;
    this.expected.push({ atMs, taskId: this.life.id, event: 'removed', runId: null });
  }

  private tellRuns(atMs: number, tell: (event: string, runId?: number | null) => void): void {
    const underWay = this.runs.find((run) => run.startedAtMs <= atMs && !hasEnded(run, atMs)) ?? null;
    const ended = this.runs.filter((run) => hasEnded(run, atMs) && !this.told.has(run.runId));
    // While another run is under way, an odd number in the newest row may belong to that one.
    if (underWay !== null) while (ended.at(-1)?.outcome === 'unknown') ended.pop();
    ended.forEach((run, index) => {
      const isShown = underWay === null && index === ended.length - 1;
      const result = resultOf(run.outcome, isShown);
      if (this.seen) {
        if (!this.announced.has(run.runId)) tell('started', run.runId);
        tell(result, run.runId);
        if (result === 'success' && this.troubled) tell('recovered', run.runId);
      }
      this.take(run, result);
    });
    if (underWay !== null && !this.announced.has(underWay.runId)) {
      this.announced.add(underWay.runId);
      if (this.runningSince?.runId !== underWay.runId) this.runningSince = { runId: underWay.runId, ms: floor(atMs) };
      tell('started');
    }
    if (underWay === null) this.runningSince = null;
    this.judge(atMs, underWay, tell);
  }

  private take(run: LedgerEntry, result: string): void {
    this.told.add(run.runId);
    if (result === 'success') this.troubled = false;
    else if (result !== 'canceled') this.troubled = true;
    if ((result === 'success' || result === 'partial') && run.succeeded > 0) {
      this.completedMs = run.endedAtMs;
      this.lengthsMs = [(run.endedAtMs ?? 0) - run.startedAtMs, ...this.lengthsMs].slice(0, 5);
    }
  }

  private judge(atMs: number, underWay: LedgerEntry | null, tell: (event: string) => void): void {
    const nowMs = floor(atMs);
    const deadline = this.deadline();
    const isOverdue = deadline !== null && nowMs > deadline;
    if (isOverdue && !this.overdue) tell('overdue');
    this.overdue = isOverdue;
    if (isOverdue) this.troubled = true;
    if (underWay === null || this.runningSince === null) return;
    const longest = Math.max(0, ...this.lengthsMs);
    const limit = this.lengthsMs.length === 0 ? 7 * 24 * hourMs : Math.max(24 * hourMs, 3 * longest);
    if (nowMs - this.runningSince.ms <= limit || this.stalledRun === underWay.runId) return;
    this.stalledRun = underWay.runId;
    tell('stalled');
  }

  private deadline(): number | null {
    const { policy, schedule } = this.life;
    if (policy === 'manual' || this.completedMs === null) return null;
    if (policy === 'continuous') return this.completedMs + 24 * hourMs;
    const slot = nextScheduledStart(schedule, this.timeZone, this.completedMs);
    return slot === null ? null : slot + 6 * hourMs + Math.min(24 * hourMs, Math.max(0, ...this.lengthsMs));
  }
}

function hasEnded(run: LedgerEntry, atMs: number): boolean {
  return run.endedAtMs !== null && run.endedAtMs <= atMs;
}

/** The history's row says of a failed run no more than that it was not fine; the task list has its counters. */
function resultOf(outcome: Outcome | null, isShown: boolean): string {
  return outcome === 'failed' && !isShown ? 'partial' : (outcome ?? 'unknown');
}

function floor(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
