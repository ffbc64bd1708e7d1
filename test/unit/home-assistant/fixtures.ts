// Tasks, snapshots and health as the monitor would tell them.
import type { ServiceState, Task } from '../../../lib/active-backup/types';
import type { BackupEvent, EventName, NasHealth, Snapshot } from '../../../lib/monitor/types';
import type { PublisherSettings } from '../../../lib/home-assistant';

export const startMs = Date.parse('2026-10-01T12:00:00Z');

const service = (usedBytes: number): ServiceState => ({
  enabled: true,
  usedBytes,
  processed: 1,
  warnings: 0,
  errors: 0,
  transferredBytes: usedBytes,
  status: 1,
});

/** A scheduled task that is fine. */
export function task(changes: Partial<Task> = {}): Task {
  return {
    id: 1,
    name: 'Test',
    activity: 'idle',
    result: 'success',
    resultBasis: 'status',
    policy: 'scheduled',
    schedule: null,
    lastRun: {
      runId: 7,
      startedAt: '2024-12-09T19:14:42Z',
      endedAt: '2024-12-10T01:30:35Z',
      durationSeconds: 22553,
      counters: { succeeded: 3, attention: 0, warnings: 0, errors: 0 },
      transferredBytes: 330136860639,
    },
    lastSuccessAt: '2024-12-10T01:30:35Z',
    lastCompletedAt: '2024-12-10T01:30:35Z',
    failuresInARow: 0,
    nextRunAt: '2026-10-02T01:00:00Z',
    overdue: false,
    stalled: false,
    problem: false,
    problemReason: null,
    usedBytes: 330136860639,
    services: { drive: service(319196921578), mail: service(0) },
    codes: { status: 1, taskStatus: 0, taskErrorCode: 0, jobId: 0, executionId: 7 },
    ...changes,
  };
}

/** Tasks with the ids 1 to `count`. */
export function manyTasks(count: number): Task[] {
  return Array.from({ length: count }, (_unused, index) => task({ id: index + 1, name: `Task ${index + 1}` }));
}

export function snapshot(tasks: Task[], changes: Partial<Snapshot> = {}): Snapshot {
  return {
    nas: 'office',
    atMs: startMs,
    tasks,
    endedRuns: [],
    package: {
      usedBytes: 400e9,
      serviceUsage: [{ serviceType: 0, service: 'drive', usedBytes: 319196921578 }],
      objects: { total: 12, users: 8, sites: 3, teams: 1 },
    },
    workers: { backupWorkers: 20, eventWorkers: 10, maxBackupWorkers: 100, maxEventWorkers: 50 },
    packageVersion: '2.5.0-1234',
    missingTaskIds: [],
    listDroppedToEmpty: false,
    timeZoneProblem: null,
    ...changes,
  };
}

export function health(changes: Partial<NasHealth> = {}): NasHealth {
  return {
    state: 'online',
    errorCode: null,
    errorMessage: null,
    sinceMs: startMs,
    failedPolls: 0,
    lastGoodPollMs: startMs,
    ...changes,
  };
}

export const lost = health({ state: 'offline', errorCode: 'UNREACHABLE', errorMessage: 'nas.example does not answer' });

/** An event of a task (or, with null, of the NAS). */
export function event(name: EventName, about: Task | null, changes: Partial<BackupEvent> = {}): BackupEvent {
  return {
    event: name,
    eventId: `${name}-${about?.id ?? 'nas'}`,
    at: '2026-10-01T12:00:00Z',
    nas: 'office',
    task: about,
    before: null,
    after: null,
    run: about?.lastRun ? { ...about.lastRun, result: 'success' } : null,
    ...changes,
  };
}

export function settings(changes: Partial<PublisherSettings> = {}): PublisherSettings {
  return {
    slug: 'office',
    nasName: 'Office NAS',
    nasUrl: 'https://nas.example:5001',
    baseTopic: 'active-backup',
    discoveryPrefix: 'homeassistant',
    discovery: true,
    control: true,
    allowChanges: true,
    removeOnDelete: false,
    version: '1.2.3',
    ...changes,
  };
}
