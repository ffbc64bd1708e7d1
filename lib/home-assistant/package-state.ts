// The package as subscribers see it: the keys of `P/state`.
import type { ServiceName } from '../active-backup/types';
import type { NasHealth, Snapshot } from '../monitor/types';
import { serviceNames } from './services';
import { gigabyte, inUnit, onOff, type StateKey } from './state-keys';

/** What the package's state is made of. The snapshot is null until the first good poll. */
export interface PackageSource {
  snapshot: Snapshot | null;
  health: NasHealth;
}

/** Error codes as words for an enum sensor. A category only: an error's text may name hosts and accounts. */
export const lastErrorWords = [
  'none',
  'auth_failed',
  'otp_required',
  'ip_blocked',
  'permission_denied',
  'package_unavailable',
  'not_supported',
  'unreachable',
  'timeout',
  'tls',
  'invalid_response',
  'session_lost',
  'busy',
  'nas_error',
] as const;

function lastError({ errorCode, state }: NasHealth): string | null {
  if (errorCode === null) return state === 'unknown' ? null : 'none';
  const word = errorCode.toLowerCase();
  return lastErrorWords.some((known) => known === word) ? word : 'nas_error';
}

/** What the whole package stores of a service: the NAS's own sum, else that of its tasks. */
function usedByService(snapshot: Snapshot, service: ServiceName): number | null {
  const own = snapshot.package.serviceUsage.find((usage) => usage.service === service)?.usedBytes;
  if (own != null) return own;
  const ofTasks = snapshot.tasks.flatMap((task) => task.services[service]?.usedBytes ?? []);
  return ofTasks.length === 0 ? null : ofTasks.reduce((sum, bytes) => sum + bytes, 0);
}

function hasProblem(snapshot: Snapshot): boolean {
  return snapshot.listDroppedToEmpty || snapshot.tasks.some((task) => task.problem);
}

/** A key that is null until the first good poll. */
function known(key: string, meaning: string, read: (snapshot: Snapshot) => unknown): StateKey<PackageSource> {
  return { key, meaning, read: ({ snapshot }) => (snapshot === null ? null : read(snapshot)) };
}

/** `P/state`. Nothing here changes merely because another poll was made. */
export const packageKeys: readonly StateKey<PackageSource>[] = [
  known('problem', '`ON` when a task has a problem or the task list is suddenly empty', (snapshot) =>
    onOff(hasProblem(snapshot)),
  ),
  known('tasks', 'number of tasks', (snapshot) => snapshot.tasks.length),
  known(
    'tasks_running',
    'tasks with a run under way',
    (snapshot) => snapshot.tasks.filter((task) => task.activity === 'running').length,
  ),
  known('tasks_failing', 'tasks with a problem', (snapshot) => snapshot.tasks.filter((task) => task.problem).length),
  {
    key: 'last_error',
    meaning: 'why the last poll failed, as a word; `none` after a good one',
    read: ({ health }) => lastError(health),
  },
  known('used_bytes', 'stored by the package, bytes', (snapshot) => snapshot.package.usedBytes),
  known('used_gb', 'the same in GB (10⁹ bytes)', (snapshot) => inUnit(snapshot.package.usedBytes, gigabyte)),
  known('protected_objects', 'protected accounts, sites and teams', (snapshot) => snapshot.package.objects.total),
  known('protected_users', 'protected accounts', (snapshot) => snapshot.package.objects.users),
  known('protected_sites', 'protected sites', (snapshot) => snapshot.package.objects.sites),
  known('protected_teams', 'protected teams', (snapshot) => snapshot.package.objects.teams),
  known('workers', 'backup workers', (snapshot) => snapshot.workers?.backupWorkers ?? null),
  known('event_workers', 'event workers', (snapshot) => snapshot.workers?.eventWorkers ?? null),
  known('max_workers', 'most backup workers', (snapshot) => snapshot.workers?.maxBackupWorkers ?? null),
  known('max_event_workers', 'most event workers', (snapshot) => snapshot.workers?.maxEventWorkers ?? null),
  known('package_version', 'version of Active Backup', (snapshot) => snapshot.packageVersion),
  known('task_list_lost', '`ON` when all tasks vanished at once', (snapshot) => onOff(snapshot.listDroppedToEmpty)),
  known(
    'time_zone_problem',
    "`ON` when schedules cannot be judged: the configured time zone is not the NAS's",
    (snapshot) => onOff(snapshot.timeZoneProblem !== null),
  ),
  {
    key: 'services',
    meaning: 'an object for each of the ten services: `{ used_gb }`, stored by the package, GB',
    read: ({ snapshot }) =>
      Object.fromEntries(
        serviceNames.map((service) => [
          service,
          { used_gb: snapshot === null ? null : inUnit(usedByService(snapshot, service), gigabyte) },
        ]),
      ),
  },
];
