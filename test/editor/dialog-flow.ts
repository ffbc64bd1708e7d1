// A flow with one node of each type, as the editor tests and the pictures of the dialogs open them.
import type { FlowNode } from '../helpers/probe';

/** Every node type that is placed on the canvas, by the name of its file. */
export const nodeNames = [
  'get-tasks',
  'get-log',
  'get-settings',
  'get-history',
  'workers',
  'set-schedule',
  'set-retention',
  'run-backup',
  'cancel-backup',
  'delete-task',
  'relink-task',
  'watch',
  'home-assistant',
] as const;

/** One node of each type with nothing but its NAS, and the NAS; the broker is never connected. */
export function bareFlow(nas: FlowNode): FlowNode[] {
  const nodes = nodeNames.map((name, index) => ({
    id: name,
    type: `active-backup-${name}`,
    z: 'tab',
    nas: nas.id,
    x: 200 + 320 * (index % 3),
    y: 80 + 80 * Math.floor(index / 3),
    wires: name === 'run-backup' ? [[], []] : [[]],
    ...(name === 'home-assistant' ? { broker: 'broker' } : {}),
  }));
  return [
    { id: 'tab', type: 'tab', label: 'Dialogs' },
    nas,
    {
      id: 'broker',
      type: 'mqtt-broker',
      name: 'Broker',
      broker: '127.0.0.1',
      port: '1',
      autoConnect: false,
      protocolVersion: '4',
      keepalive: '60',
      cleansession: true,
    },
    ...nodes,
  ];
}

/** What a diligent user sets in each dialog: the properties beyond the connection. */
export const filled: Record<string, Record<string, unknown>> = {
  'get-tasks': { allNas: 'true', allNasType: 'bool', summary: 'true', summaryType: 'bool' },
  'get-log': {
    taskId: '2',
    taskIdType: 'num',
    keyWord: 'mailbox',
    keyWordType: 'str',
    fetchAll: 'true',
    fetchAllType: 'bool',
    maxEntries: '10000',
    maxEntriesType: 'num',
    onlyNew: 'true',
    onlyNewType: 'bool',
  },
  'get-settings': {
    taskId: '1',
    taskIdType: 'num',
    includeAccount: 'false',
    includeAccountType: 'bool',
    includeObjects: 'true',
    includeObjectsType: 'bool',
  },
  'get-history': { taskId: '99', taskIdType: 'num', limit: '9999', limitType: 'num' },
  workers: { backupWorkers: '20', backupWorkersType: 'num', eventWorkers: 'files', eventWorkersType: 'flow' },
  'set-schedule': {
    taskId: '1',
    taskIdType: 'num',
    policy: 'scheduled',
    policyType: 'str',
    startHour: '8',
    startHourType: 'num',
    startMinute: '30',
    startMinuteType: 'num',
    repeatEveryHours: '2',
    repeatEveryHoursType: 'num',
    lastRunHour: '23',
    lastRunHourType: 'num',
    runDays: '1,2,3,4,5',
    runDaysType: 'str',
  },
  'set-retention': { taskId: '1', taskIdType: 'num', daysToKeep: '0', daysToKeepType: 'num' },
  'run-backup': {
    taskId: '1',
    taskIdType: 'num',
    wait: 'true',
    waitType: 'bool',
    ifRunning: 'join',
    ifRunningType: 'str',
  },
  'cancel-backup': { taskId: '1', taskIdType: 'num' },
  'delete-task': { taskId: '1', taskIdType: 'num' },
  'relink-task': {
    taskName: 'Tenant A',
    taskNameType: 'str',
    localShared: 'ActiveBackup',
    localSharedType: 'str',
    localPath: '/ActiveBackupForMicrosoft365/task_1',
    localPathType: 'str',
    adminEmail: 'admin',
    adminEmailType: 'msg',
    region: 'Microsoft 365',
    regionType: 'str',
  },
  watch: { tasks: [1, 99], events: ['failed', 'overdue'], sendCurrentState: true },
  'home-assistant': { control: true },
};

/** The flow with every dialog filled. */
export function filledFlow(nas: FlowNode): FlowNode[] {
  return bareFlow(nas).map((node) => ({ ...node, ...filled[node.id] }));
}
