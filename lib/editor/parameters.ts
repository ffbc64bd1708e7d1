// Which parameters each node has, how its dialog offers them, and what happens when nothing gives a value.
import { fields, type Rule } from './rules';

/** How a parameter is shown: which entries its type menu has besides the message and the stores. */
export type ParameterKind = 'task' | 'taskNumber' | 'number' | 'text' | 'flag' | 'choice' | 'days';

/** One entry of a list to choose from: a stored value and the key of its text, or the text itself. */
export interface Choice {
  value: string;
  key?: string;
  label?: string;
}

/** One parameter `p` of a node, stored as the properties `p` and `pType`. */
export interface Parameter {
  readonly kind: ParameterKind;
  readonly rule: Rule;
  /** Key of the text that says what counts when the message gives nothing; absent: the parameter is required. */
  readonly otherwise?: string;
  /** Put into the field when a fixed value is chosen for the first time. */
  readonly suggested?: string;
  readonly choices?: readonly Choice[];
  /** Of a choice: the type that its values are stored under. */
  readonly choiceType?: 'str' | 'num';
}

const requiredTask: Parameter = { kind: 'task', rule: fields.taskId };
/** A switch that is off unless something turns it on. */
function off(rule: Rule): Parameter {
  return { kind: 'flag', rule, otherwise: 'otherwise.no' };
}

const unchanged = 'otherwise.unchanged';

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

const hours: readonly Choice[] = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${twoDigits(hour)}:00`,
}));

const intervals: readonly Choice[] = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  key: hour === 0 ? 'interval.once' : hour === 1 ? 'interval.hourly' : 'interval.hours',
}));

/** The parameters of every node, by node file and in the order of the dialog. */
export const parameters: Readonly<Record<string, Readonly<Record<string, Parameter>>>> = {
  'get-tasks': {
    taskId: { kind: 'task', rule: fields.taskId, otherwise: 'otherwise.allTasks' },
    allNas: off(fields.allNas),
    summary: off(fields.summary),
  },
  'get-log': {
    taskId: { kind: 'task', rule: fields.taskId, otherwise: 'otherwise.packageLog' },
    keyWord: { kind: 'text', rule: fields.keyWord, otherwise: 'otherwise.everyEntry' },
    offset: { kind: 'number', rule: fields.offset, otherwise: 'otherwise.0', suggested: '0' },
    limit: { kind: 'number', rule: fields.limit, otherwise: 'otherwise.200', suggested: '200' },
    fetchAll: off(fields.fetchAll),
    maxEntries: { kind: 'number', rule: fields.maxEntries, otherwise: 'otherwise.5000', suggested: '5000' },
    onlyNew: off(fields.onlyNew),
  },
  'get-settings': {
    taskId: requiredTask,
    includeAccount: off(fields.includeAccount),
    includeObjects: off(fields.includeObjects),
  },
  'get-history': {
    taskId: requiredTask,
    limit: { kind: 'number', rule: fields.runs, otherwise: 'otherwise.20', suggested: '20' },
  },
  workers: {
    backupWorkers: { kind: 'number', rule: fields.backupWorkers, otherwise: unchanged, suggested: '20' },
    eventWorkers: { kind: 'number', rule: fields.eventWorkers, otherwise: unchanged, suggested: '20' },
  },
  'set-schedule': {
    taskId: requiredTask,
    policy: {
      kind: 'choice',
      rule: fields.policy,
      otherwise: unchanged,
      choiceType: 'str',
      choices: [
        { value: 'scheduled', key: 'policy.scheduled' },
        { value: 'continuous', key: 'policy.continuous' },
        { value: 'manual', key: 'policy.manual' },
      ],
    },
    startHour: { kind: 'number', rule: fields.startHour, otherwise: unchanged, suggested: '0' },
    startMinute: { kind: 'number', rule: fields.startMinute, otherwise: unchanged, suggested: '0' },
    repeatEveryHours: {
      kind: 'choice',
      rule: fields.repeatEveryHours,
      otherwise: unchanged,
      choiceType: 'num',
      choices: intervals,
    },
    lastRunHour: { kind: 'choice', rule: fields.lastRunHour, otherwise: unchanged, choiceType: 'num', choices: hours },
    runDays: { kind: 'days', rule: fields.runDays, otherwise: unchanged, suggested: '0,1,2,3,4,5,6' },
    replaceUnknownSchedule: off(fields.replaceUnknownSchedule),
  },
  'set-retention': {
    taskId: requiredTask,
    daysToKeep: { kind: 'number', rule: fields.daysToKeep, suggested: '365' },
    allowDeletion: off(fields.allowDeletion),
  },
  'run-backup': {
    taskId: requiredTask,
    wait: off(fields.wait),
    timeoutSeconds: {
      kind: 'number',
      rule: fields.waitSeconds,
      otherwise: 'otherwise.86400',
      suggested: '86400',
    },
    ifRunning: {
      kind: 'choice',
      rule: fields.ifRunning,
      otherwise: 'otherwise.report',
      choiceType: 'str',
      choices: [
        { value: 'report', key: 'ifRunning.report' },
        { value: 'join', key: 'ifRunning.join' },
        { value: 'refuse', key: 'ifRunning.refuse' },
      ],
    },
  },
  'cancel-backup': { taskId: requiredTask },
  'delete-task': { taskId: { kind: 'taskNumber', rule: fields.taskNumber }, removeData: off(fields.removeData) },
  'relink-task': {
    taskName: { kind: 'text', rule: fields.taskName },
    localShared: { kind: 'text', rule: fields.localShared },
    localPath: { kind: 'text', rule: fields.localPath },
    adminEmail: { kind: 'text', rule: fields.adminEmail },
    region: { kind: 'text', rule: fields.region, otherwise: 'otherwise.microsoft365', suggested: 'Microsoft 365' },
  },
};

/** The parameter of a node. @throws when the node has no such parameter: a slip in its HTML */
export function parameterOf(nodeName: string, name: string): Parameter {
  const parameter = parameters[nodeName]?.[name];
  if (parameter === undefined) throw new Error(`${nodeName} has no parameter ${name}`);
  return parameter;
}
