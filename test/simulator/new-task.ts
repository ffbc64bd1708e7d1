// Makes a backup task of the simulated NAS from what a test says about it.

import { type JsonObject } from './json';
import { defaultSchedule } from './schedule';
import { forEachService, type ServiceKey, SERVICES } from './services';
import { addStored, type Canaries, type ProtectedObject, type Task, type TaskSpec } from './task';
import { defaultSwitches } from './setting-defaults';

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
    ...defaultSwitches(),
    administrator_account_email: canaries.adminEmail,
    application_id: canaries.applicationId,
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
