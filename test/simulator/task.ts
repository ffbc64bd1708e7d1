// A backup task as the simulated NAS keeps it, and what a test may say about one that it wants.

import { type JsonObject } from './json';
import { type Schedule } from './schedule';
import { OBJECT_TYPE, type ObjectKind, type ServiceKey } from './services';
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

/** Which policy a task's settings mean: `enable_schedule` wins over `backup_policy`. */
export function policyOf(setting: Pick<TaskSetting, 'backup_policy' | 'enable_schedule'>): Policy {
  if (setting.enable_schedule) return 'scheduled';
  return setting.backup_policy === 0 ? 'continuous' : 'manual';
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
