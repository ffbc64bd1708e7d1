// A backup task as the simulated NAS keeps it, and how one is made.

import { type JsonObject } from './json';
import { defaultSchedule, type Schedule } from './schedule';
import { forEachService, OBJECT_TYPE, type ObjectKind, type ServiceKey, SERVICES } from './services';
import { type ActiveRun, type RunScript } from './runs';

/** What `list_tasks` tells about one service of a task; the counters are those of the last run. */
export interface ServiceState {
  enabled: boolean;
  usedBytes: number;
  processed: number;
  errors: number;
  warnings: number;
  status: number;
  transferredBytes: number;
}

/** A protected object: an account, a group, a site or a team. */
export interface ProtectedObject {
  kind: ObjectKind;
  displayName: string;
  originalName: string;
  services: ServiceKey[];
  usedBytes: number;
}

/** The `task_info` of `get_task_setting`; everything that `set_task_setting` may change is in it. */
export interface TaskSetting extends JsonObject {
  task_id: number;
  task_name: string;
  backup_policy: number;
  enable_schedule: boolean;
  schedule: Schedule;
  rotation_policy: number;
  preserve_day_number: number;
  local_path: string;
}

/** A task; times and sizes in the units of their names, wire numbers as the API gives them. */
export interface Task {
  id: number;
  setting: TaskSetting;
  services: Record<ServiceKey, ServiceState>;
  objects: ProtectedObject[];
  taskStatus: number;
  taskErrorCode: number;
  upgradeProgress: number;
  /** `status` of the last finished run; 0 when there was none. */
  status: number;
  executionId: number;
  /** End of the last run, seconds since the epoch; 0 when there was none. */
  lastEndSeconds: number;
  durationSeconds: number;
  successCount: number;
  attentionCount: number;
  run: ActiveRun | null;
  /** When the task starts by itself, milliseconds since the epoch. */
  nextStartMs: number | null;
  runsStarted: number;
  queue: RunScript[];
  defaultRun: RunScript | ((runNumber: number) => RunScript);
  itemLogs: JsonObject[];
}

/** How a task runs: by itself all the time, by hand, or by schedule. */
export type Policy = 'continuous' | 'manual' | 'scheduled';

/** What a test says about a task that it wants; everything may be left out. */
export interface TaskSpec {
  id?: number;
  name?: string;
  /** Default manual. */
  policy?: Policy;
  /** Parts of the API's schedule object that differ from "every day at midnight". */
  schedule?: Partial<Schedule>;
  /** Number of protected users; sites and teams are one each. Default 3. */
  users?: number;
  /** Services that are on. Default: all but group mail, group calendar and my site. */
  services?: ServiceKey[];
  /** Bytes stored at the start. Default 40 GB and some, spread over the services. */
  usedBytes?: number;
  /** 0: keep all versions. Default 0. */
  daysToKeep?: number;
  /** How runs go that no script foresaw. Default: 60 seconds, success. */
  defaultRun?: RunScript | ((runNumber: number) => RunScript);
  /** How the next runs go, first to last. */
  runs?: RunScript[];
  /** Runs of the past, oldest first. Default: one that succeeded and ended an hour ago; `[]`: never run. */
  history?: PastRun[];
  /** Other values of `task_info`. */
  setting?: JsonObject;
}

/** A run of the past: when it started, and how it went. */
export type PastRun = RunScript & { startedSecondsAgo: number };

/** Values that tests search for afterwards: they may never leave the program that reads them. */
export interface Canaries {
  tenantId: string;
  adminEmail: string;
  applicationId: string;
}

const DEFAULT_SERVICES: ServiceKey[] = ['drive', 'mail', 'archive_mail', 'contact', 'calendar', 'site', 'teams'];
const USER_SERVICES: ServiceKey[] = ['drive', 'mail', 'archive_mail', 'contact', 'calendar'];
/** How the stored bytes of a tenant spread: mostly files, then mail. */
const SHARE: Partial<Record<ServiceKey, number>> = {
  drive: 0.8,
  archive_mail: 0.1,
  mail: 0.06,
  site: 0.02,
  calendar: 0.01,
};

/** Which policy a task's settings mean: `enable_schedule` wins over `backup_policy`. */
export function policyOf(setting: Pick<TaskSetting, 'backup_policy' | 'enable_schedule'>): Policy {
  if (setting.enable_schedule) return 'scheduled';
  return setting.backup_policy === 0 ? 'continuous' : 'manual';
}

function makeObjects(users: number, enabled: ServiceKey[]): ProtectedObject[] {
  const objects: ProtectedObject[] = [];
  for (let index = 1; index <= users; index += 1) {
    objects.push({
      kind: 'user',
      displayName: `User ${index}`,
      originalName: `user${index}@example.onmicrosoft.com`,
      services: USER_SERVICES.filter((key) => enabled.includes(key)),
      usedBytes: 0,
    });
  }
  if (enabled.includes('site')) {
    const originalName = 'https://example.sharepoint.com/sites/projects';
    objects.push({ kind: 'site', displayName: 'Projects', originalName, services: ['site'], usedBytes: 0 });
  }
  if (enabled.includes('teams')) {
    const originalName = 'https://teams.microsoft.com/l/team/example';
    objects.push({ kind: 'team', displayName: 'Everyone', originalName, services: ['teams'], usedBytes: 0 });
  }
  return objects;
}

/** How many objects of a task have this service. */
export function objectsOf(task: Task, key: ServiceKey): number {
  return task.objects.filter((object) => object.services.includes(key)).length;
}

/** `users[].type` of an object. */
export function typeNumber(object: ProtectedObject): number {
  return OBJECT_TYPE[object.kind];
}

/** Adds bytes to what is stored for a service, and to the objects that have it, evenly. */
export function addStored(task: Task, key: ServiceKey, bytes: number): void {
  task.services[key].usedBytes += bytes;
  const holders = task.objects.filter((object) => object.services.includes(key));
  const each = holders.length === 0 ? 0 : Math.floor(bytes / holders.length);
  holders.forEach((object, index) => {
    object.usedBytes += index === 0 ? bytes - each * (holders.length - 1) : each;
  });
}

/** Makes a task from what a test says about it; it has no past yet. */
export function createTask(id: number, scheduleId: number, spec: TaskSpec, canaries: Canaries): Task {
  const enabled = spec.services ?? DEFAULT_SERVICES;
  const name = spec.name ?? `Task ${id}`;
  const policy = spec.policy ?? 'manual';
  const objects = makeObjects(spec.users ?? 3, enabled);
  const task: Task = {
    id,
    setting: {
      ...defaultTaskInfo(canaries),
      user_list: objects.filter((object) => object.kind === 'user').map((object, index) => userRow(object, index)),
      task_id: id,
      task_name: name,
      schedule_id: scheduleId,
      backup_policy: policy === 'continuous' ? 0 : 1,
      enable_schedule: policy === 'scheduled',
      schedule: defaultSchedule(spec.schedule),
      rotation_policy: (spec.daysToKeep ?? 0) > 0 ? 1 : 0,
      preserve_day_number: spec.daysToKeep !== undefined && spec.daysToKeep > 0 ? spec.daysToKeep : 30,
      local_path: `/ActiveBackup/ActiveBackupForMicrosoft365/task_${id}`,
      ...spec.setting,
    },
    services: forEachService((key) => ({
      enabled: enabled.includes(key),
      usedBytes: 0,
      processed: 0,
      errors: 0,
      warnings: 0,
      status: 0,
      transferredBytes: 0,
    })),
    objects,
    taskStatus: 2,
    taskErrorCode: 0,
    upgradeProgress: 0,
    status: 0,
    executionId: 0,
    lastEndSeconds: 0,
    durationSeconds: 0,
    successCount: 0,
    attentionCount: 0,
    run: null,
    nextStartMs: null,
    runsStarted: 0,
    queue: [...(spec.runs ?? [])],
    defaultRun: spec.defaultRun ?? {},
    itemLogs: [],
  };
  const usedBytes = spec.usedBytes ?? 42_949_672_960 + id * 1_048_576;
  for (const { key } of SERVICES) {
    const share = SHARE[key] ?? 0;
    if (task.services[key].enabled) addStored(task, key, Math.floor(usedBytes * share));
  }
  return task;
}

function userRow(object: ProtectedObject, index: number): JsonObject {
  return {
    account_status: 1,
    account_type: 2,
    email: object.originalName,
    enable_archive_mail: object.services.includes('archive_mail'),
    enable_calendar: object.services.includes('calendar'),
    enable_contact: object.services.includes('contact'),
    enable_drive: object.services.includes('drive'),
    enable_mail: object.services.includes('mail'),
    id: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
    local_used_storage: object.usedBytes,
    smtp_mail: '',
    user_name: object.displayName,
  };
}

function defaultTaskInfo(canaries: Canaries): JsonObject {
  return {
    administrator_account_email: canaries.adminEmail,
    app_permissions: ['Directory.Read.All', 'Files.ReadWrite.All', 'Mail.ReadWrite', 'Sites.FullControl.All'],
    application_id: canaries.applicationId,
    enable_auto_add_archive_mail: false,
    enable_auto_add_calendar: false,
    enable_auto_add_contact: false,
    enable_auto_add_drive: false,
    enable_auto_add_mail: false,
    enable_auto_discover_external_account: true,
    enable_auto_discover_general_site: false,
    enable_auto_discover_group_alias_archive_mail: false,
    enable_auto_discover_group_alias_calendar: false,
    enable_auto_discover_group_alias_contact: false,
    enable_auto_discover_group_alias_drive: false,
    enable_auto_discover_group_alias_mail: false,
    enable_auto_discover_group_calendar: false,
    enable_auto_discover_group_mail: false,
    enable_auto_discover_my_site: false,
    enable_auto_discover_teams: false,
    enable_auto_discover_unlicensed_account: true,
    enable_user_restore: true,
    is_customized_app: true,
    is_team_list_ready: true,
    region: 0,
    site_domain: 'https://example.sharepoint.com',
    task_status: 2,
    task_status_error_code: 0,
    tenant_id: canaries.tenantId,
    group_list: [],
    team_list: [],
    my_site_list: [],
    general_site_list: [],
  };
}
