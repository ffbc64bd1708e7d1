// What the poll loop of one NAS tells those who watch it, and what it remembers between two runs of Node-RED.
import type { Limits, PackageState, Run, RunResult, Task, TaskMemory, WorkerCounts } from '../active-backup';
import type { CredentialBlock } from '../dsm';

/** The events of a watch node and of MQTT, one list for both. */
export const eventNames = [
  'started',
  'progress',
  'success',
  'partial',
  'failed',
  'canceled',
  'unknown',
  'recovered',
  'overdue',
  'stalled',
  'added',
  'removed',
  'renamed',
  'settings_changed',
  'nas_lost',
  'nas_back',
  'polled',
] as const;

export type EventName = (typeof eventNames)[number];

/** Events that are about the NAS and not about one of its tasks. */
export const nasEventNames: readonly EventName[] = ['nas_lost', 'nas_back', 'polled'];

/** Whether an event is a continuous task's daily bread: told only to who asks for it. */
export function isRoutine(event: BackupEvent): boolean {
  return (event.event === 'started' || event.event === 'success') && event.task?.policy === 'continuous';
}

/** Something that happened, told once to each watcher. */
export interface BackupEvent {
  event: EventName;
  /** The same when a kill made it necessary to tell it again. */
  eventId: string;
  /** When it happened, ISO 8601 UTC: a run's end for its result, else the poll that found it. */
  at: string;
  /** The NAS's slug. */
  nas: string;
  /** The task afterwards (for `removed`: as it was last seen); null for events of the NAS. */
  task: Task | null;
  before: unknown;
  after: unknown;
  /** The run that ended, with its verdict. */
  run: (Run & { result: RunResult }) | null;
}

/** Whether the NAS answers, as the polls and a timer of their own see it. */
export interface NasHealth {
  /** `unknown` until the first poll has ended, of this process and after a long time without anybody who watched. */
  state: 'unknown' | 'online' | 'offline';
  /** The error code of the last failed poll; null after a good one. */
  errorCode: string | null;
  errorMessage: string | null;
  /** Since when, milliseconds. */
  sinceMs: number;
  failedPolls: number;
  lastGoodPollMs: number | null;
}

/** A finished run of a task, with its verdict. */
export interface TaskRun {
  taskId: number;
  run: Run;
  result: RunResult;
}

/** Everything that the last good poll found. */
export interface Snapshot {
  /** The NAS's slug. */
  nas: string;
  /** When the poll ended, milliseconds. */
  atMs: number;
  tasks: readonly Task[];
  /** Runs that this poll found finished, oldest first per task: what somebody who waits for a run looks at. */
  endedRuns: readonly TaskRun[];
  package: PackageState;
  /** Slow values, read at the first poll and then hourly; null until known or where the NAS refuses them. */
  workers: WorkerCounts | null;
  packageVersion: string | null;
  /** Tasks that are no longer listed but not yet given up as removed: their ids. */
  missingTaskIds: readonly number[];
  /** True when the list dropped to empty at once: a problem of the package, nothing is removed for 24 h. */
  listDroppedToEmpty: boolean;
  /** Why schedules are not judged (the configured time zone is not the NAS's), or null. */
  timeZoneProblem: string | null;
  /** By how many seconds the NAS's clock is ahead of this machine's; negative: behind. Null or absent: not known. */
  clockSkewSeconds?: number | null;
  /** True: the history was needed and did not come, so that how runs ended is not certain and was told to nobody yet. */
  historyOwed?: boolean;
}

/** One who watches. Polling runs while at least one does. */
export interface Watcher {
  /** Stable over restarts (a node's id): unsent events are kept per watcher. */
  id: string;
  /** After every poll, good or failed, and when the health changes between polls. `snapshot` is that of the last good poll. */
  onUpdate?: (snapshot: Snapshot | null, health: NasHealth) => void;
  /**
   * Once per event, in order. The event counts as told when this returns or its promise resolves. Who watches for the
   * first time is told what happens after the first snapshot it was given.
   */
  onEvent?: (event: BackupEvent) => void | Promise<void>;
}

/** What is remembered per task. */
export interface TaskRecord {
  memory: TaskMemory;
  /** The task as it was last seen, to compare the next poll with. */
  task: Task;
  /** Failed, partial, unexplained or overdue since the last success: the next success is a recovery. */
  troubled: boolean;
  /**
   * States that were told and have not ended; and of runs whose start was told and whose end was not, when each was first
   * seen running, by the NAS's clock.
   */
  told: { overdue: boolean; stalled: boolean; startsMs: number[] };
  /** When a good poll first found it missing; null while it is listed. */
  missingSinceMs: number | null;
  /** The settings that are watched, as they were last read; null where that was never done. */
  settings: { readMs: number; values: WatchedSettings } | null;
}

/** Settings of a task that are compared: days to keep and switches, nothing personal. */
export type WatchedSettings = Record<string, boolean | number | null>;

/** What is remembered per NAS, as plain JSON. */
export interface NasMemory {
  version: 1;
  tasks: Record<string, TaskRecord>;
  /** Since when the list has been empty although tasks were known; null otherwise. */
  emptySinceMs: number | null;
  /** Events that some watcher has not been told yet, oldest first, with when they were found. */
  unsent: { event: BackupEvent; watchers: string[]; sinceMs: number }[];
  /** Who is told events, by id: after a restart they are owed what happens before they are back. */
  watchers: string[];
  credentialBlock: CredentialBlock | null;
  /** Whether `nas_lost` was told and `nas_back` is owed. */
  lost: boolean;
  /** Whether a good poll was ever taken in: the first one is a baseline and tells no events. */
  polled: boolean;
}

/** Where the memory is kept. Neither may throw: a store that cannot write says so by its own means and forgets. */
export interface MemoryStore {
  load(): NasMemory | null;
  save(memory: NasMemory): void;
}

/** How often a NAS is asked and how its tasks are judged. */
export interface MonitorSettings {
  nas: string;
  pollSeconds: number;
  pollRunningSeconds: number;
  /** IANA zone of the schedules. */
  timeZone: string;
  limits: Limits;
  /** Reads each task's settings hourly, to tell when somebody changes them. Default false. */
  watchSettings?: boolean;
}

/** The monitor as the publisher and the nodes see it. */
export interface NasMonitor {
  readonly snapshot: Snapshot | null;
  readonly health: NasHealth;
  /** Starts polling where nobody watched before. The returned function stops watching. */
  watch(watcher: Watcher): () => void;
  /**
   * Asks the NAS now, for everybody: a poll under way is shared.
   * @throws DsmError and ActiveBackupError as the client does
   */
  refresh(signal?: AbortSignal): Promise<Snapshot>;
}
