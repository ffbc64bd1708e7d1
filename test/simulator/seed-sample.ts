// The answers of one live NAS, as the documentation of the synology-api client publishes them (placeholders included):
// one idle task that ran once and succeeded. The simulator's `sample: 'seed'` gives them back field for field.

import { type JsonObject } from './json';
import { defaultSchedule } from './schedule';
import { forEachService, type ServiceKey } from './services';
import { type Store } from './store';
import { type ProtectedObject, type ServiceState, type Task } from './task';
import { defaultSwitches } from './setting-defaults';

/** The id that `relink_task` gives out next in the published sample. */
export const SEED_NEXT_TASK_ID = 3;

const PLACEHOLDER_ID = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxx';
const ACCOUNT = 'username@xxxx.onmicrosoft.com';

const USED_BYTES: Record<ServiceKey, number> = {
  drive: 319_196_921_578,
  mail: 1_211_160_588,
  archive_mail: 9_704_366_035,
  contact: 259_976,
  calendar: 2_561_252,
  site: 21_544_726,
  mysite: 0,
  group_mail: 0,
  group_calendar: 0,
  teams: 46_484,
};
const NOT_ENABLED: ServiceKey[] = ['mysite', 'group_mail', 'group_calendar'];

const OBJECTS: ProtectedObject[] = [
  {
    kind: 'user',
    displayName: 'username',
    originalName: ACCOUNT,
    services: ['drive', 'mail', 'archive_mail', 'contact', 'calendar'],
    usedBytes: 330_115_269_429,
  },
  {
    kind: 'site',
    displayName: 'sharepoint site',
    originalName: 'https://xxx.sharepoint.com/sites/sharepointsite',
    services: ['site'],
    usedBytes: 21_544_726,
  },
  {
    kind: 'team',
    displayName: 'test team',
    originalName: 'https://teams.microsoft.com/l/team/xxxx',
    services: ['teams'],
    usedBytes: 46_484,
  },
];

/** Oldest first, as the simulator keeps its logs. */
const GENERAL_LOG: JsonObject[] = [
  {
    category: 3,
    description: '[user] created task [test].',
    error_code: 0,
    log_type: 0,
    storage_remove_id: 0,
    task_execution_id: 0,
    task_id: 1,
    timestamp: 1733771267,
  },
  {
    category: 3,
    description: '[user] ran backup task [test].',
    error_code: 0,
    log_type: 0,
    storage_remove_id: 0,
    task_execution_id: 0,
    task_id: 1,
    timestamp: 1733771681,
  },
  {
    category: 0,
    description: 'Backup task [test] completed.',
    error_code: 0,
    log_type: 0,
    storage_remove_id: 0,
    task_execution_id: 1,
    task_id: 1,
    timestamp: 1733794236,
  },
];

const EVENT_LOG: JsonObject[] = [
  {
    description: 'Backup task [test] completed.',
    error_code: 0,
    last_execution_time: 1733794236,
    log_type: 0,
    task_execution_id: 1,
    task_id: 1,
    timestamp: 1733794236,
  },
];

const ITEM_LOGS: JsonObject[] = [
  {
    description:
      'The data of team [test team] was backed up (Channel: success: 3, warning: 0, error: 0; Post: success: 18, warning: 0, error: 0).',
    error_code: 0,
    log_type: 0,
    task_execution_id: 1,
    task_id: 1,
    timestamp: 1733771786,
  },
  {
    description:
      'The data of site [test site] was backed up (List: success: 6, warning: 0, error: 0; Document library: success: 13, warning: 0, error: 0; Document library item: success: 288, warning: 0, error: 0).',
    error_code: 0,
    log_type: 0,
    task_execution_id: 1,
    task_id: 1,
    timestamp: 1733771918,
  },
  {
    description: `User [${ACCOUNT}]'s OneDrive data was backed up (success: 34177; warning: 0; error: 0).`,
    error_code: 0,
    log_type: 0,
    task_execution_id: 1,
    task_id: 1,
    timestamp: 1733780274,
  },
];

/** The row that the history would have; the published page does not show `list_task_logs`. */
const HISTORY_ROW: JsonObject = {
  backup_policy: 1,
  error_code: 0,
  last_execution_time: 1733794235,
  start_run_time: 1733771682,
  status: 1,
  task_execution_id: 1,
  task_id: 1,
  task_name: 'test',
  task_type: 0,
  total_archive_mail_count: 1,
  total_calendar_count: 1,
  total_contact_count: 1,
  total_drive_count: 1,
  total_mail_count: 1,
  total_site_count: 1,
  transfered_amount: 330_136_860_639,
  user_id: '0',
};

function serviceState(key: ServiceKey): ServiceState {
  const enabled = !NOT_ENABLED.includes(key);
  return {
    enabled,
    usedBytes: USED_BYTES[key],
    processed: enabled ? 1 : 0,
    errors: 0,
    warnings: 0,
    status: enabled ? 1 : 0,
    transferredBytes: USED_BYTES[key],
  };
}

function seedTask(): Task {
  return {
    id: 1,
    setting: {
      ...defaultSwitches(),
      administrator_account_email: ACCOUNT,
      application_id: PLACEHOLDER_ID,
      backup_policy: 1,
      enable_schedule: false,
      local_path: '/datastore/ActiveBackupForMicrosoft365/task_1',
      preserve_day_number: 30,
      rotation_policy: 0,
      schedule: defaultSchedule(),
      schedule_id: 4,
      site_domain: 'https://xxxx.sharepoint.com',
      task_id: 1,
      task_name: 'test',
      task_status: 2,
      task_status_error_code: 0,
      tenant_id: PLACEHOLDER_ID,
      ...tenantLists(),
    },
    services: forEachService(serviceState),
    objects: OBJECTS.map((object) => ({ ...object })),
    taskStatus: 2,
    taskErrorCode: 0,
    upgradeProgress: 0,
    status: 1,
    executionId: 1,
    lastEndSeconds: 1733794235,
    durationSeconds: 22_553,
    successCount: 3,
    attentionCount: 0,
    run: null,
    nextStartMs: null,
    runsStarted: 1,
    queue: [],
    defaultRun: {},
    itemLogs: [...ITEM_LOGS],
  };
}

function tenantLists(): JsonObject {
  return {
    user_list: [
      {
        account_status: 1,
        account_type: 2,
        email: ACCOUNT,
        enable_archive_mail: false,
        enable_calendar: false,
        enable_contact: false,
        enable_drive: false,
        enable_mail: false,
        id: PLACEHOLDER_ID,
        local_used_storage: 0,
        smtp_mail: '',
        user_name: 'username',
      },
    ],
    group_list: [
      {
        description: 'test group',
        display_name: 'test group',
        enable_calendar: false,
        enable_group_alias_archive_mail: false,
        enable_group_alias_calendar: false,
        enable_group_alias_contact: false,
        enable_group_alias_drive: false,
        enable_group_alias_mail: false,
        enable_mail: false,
        group_status: 1,
        group_type: 0,
        id: PLACEHOLDER_ID,
        local_used_storage: 0,
        mail: 'test_group@xxxx.onmicrosoft.com',
        mail_nickname: 'test group',
        owners: [],
        title: 'test group',
        visibility: 'Private',
      },
    ],
    team_list: [
      {
        description: 'test team',
        id: PLACEHOLDER_ID,
        local_used_storage: 0,
        name: 'test team',
        selected: false,
        team_status: 1,
        visibility: 0,
        web_url: 'https://teams.microsoft.com/l/team/xxxx',
      },
    ],
    my_site_list: [
      site({
        id: 313,
        primary_admin: ACCOUNT,
        site_name: 'username',
        site_root: 'https://xxxx-my.sharepoint.com',
        site_type: 1,
        url: 'https://xxxx-my.sharepoint.com/personal/username',
      }),
    ],
    general_site_list: [
      site({
        id: 1,
        primary_admin: PLACEHOLDER_ID,
        site_name: 'test sharepoint',
        site_root: 'https://xxxx.sharepoint.com',
        site_type: 0,
        url: 'https://xxxx.sharepoint.com',
      }),
    ],
  };
}

function site(own: JsonObject): JsonObject {
  return {
    description: '',
    local_used_storage: 0,
    owner_type: 0,
    parent_id: '',
    selected: false,
    site_collection_id: PLACEHOLDER_ID,
    site_id: PLACEHOLDER_ID,
    site_status: 1,
    ...own,
  };
}

/** Fills an empty package with the published NAS. */
export function loadSeedSample(store: Store): void {
  store.tasks.set(1, seedTask());
  store.generalLog.push(...GENERAL_LOG);
  store.eventLog.push(...EVENT_LOG);
  store.history.push({ jobType: 0, row: { ...HISTORY_ROW } });
  store.ledger.push({
    taskId: 1,
    taskName: 'test',
    runId: 1,
    jobId: 1,
    trigger: 'history',
    startedAtMs: 1733771682_000,
    endedAtMs: 1733794235_000,
    outcome: 'success',
    status: 1,
    taskErrorCode: 0,
    succeeded: 3,
    attention: 0,
    warnings: 0,
    errors: 0,
    transferredBytes: 330_136_860_639,
  });
  store.nextTaskId = SEED_NEXT_TASK_ID;
  store.nextExecutionId = 2;
  store.nextJobId = 2;
  store.nextScheduleId = 5;
}
