// Which parameters each method takes, and the reading of what a caller gave into them.
import { ActiveBackupError } from './errors';
import { type Field, fields, invalidInput } from './fields';
import { printValue } from './print-value';
import { fieldOf, recordOf } from './readings';

/** A parameter of one method. */
export interface Parameter<T> {
  readonly field: Field<T>;
  readonly required: boolean;
  /** The value where none is given; undefined where the method does without. */
  readonly fallback: T | undefined;
  /** The spelling of the documented Python client, which is understood too. */
  readonly alias: string | undefined;
}

/** One that must be given. */
export interface Required<T> extends Parameter<T> {
  readonly required: true;
}
/** One that has a value where none is given. */
export interface WithDefault<T> extends Parameter<T> {
  readonly fallback: T;
}

/** The parameters of one method by name. */
export type ParameterTable = Readonly<Record<string, Parameter<unknown>>>;

type Value<P> =
  P extends Required<infer T>
    ? T
    : P extends WithDefault<infer T>
      ? T
      : P extends Parameter<infer T>
        ? T | undefined
        : never;

/** What `readInput` gives for a table. */
export type Input<Table> = { [Name in keyof Table]: Value<Table[Name]> };

/** A parameter that must be given. `alias` is its other spelling. */
export const required = <T>(field: Field<T>, alias?: string): Required<T> => ({
  field,
  required: true,
  fallback: undefined,
  alias,
});
/** A parameter that may be left out. `alias` is its other spelling. */
export const optional = <T>(field: Field<T>, alias?: string): Parameter<T> => ({
  field,
  required: false,
  fallback: undefined,
  alias,
});
/** A parameter that has a value where none is given. `alias` is its other spelling. */
export const withDefault = <T>(field: Field<T>, fallback: T, alias?: string): WithDefault<T> => ({
  field,
  required: false,
  fallback,
  alias,
});

/** The five fields of a schedule, in both spellings. */
export const scheduleParameters = {
  startHour: optional(fields.startHour, 'start_hour'),
  startMinute: optional(fields.startMinute, 'start_minute'),
  lastRunHour: optional(fields.lastRunHour, 'last_run_hour'),
  repeatEveryHours: optional(fields.repeatEveryHours, 'repeat_every_hours'),
  runDays: optional(fields.runDays, 'run_days'),
};

/** The parameters of every method that takes any. */
export const methodParameters = {
  getPackageLog: {
    offset: withDefault(fields.offset, 0),
    limit: withDefault(fields.limit, 200),
  },
  getTaskLog: {
    taskId: required(fields.taskId, 'task_id'),
    limit: withDefault(fields.limit, 200),
    offset: withDefault(fields.offset, 0),
    keyWord: withDefault(fields.keyWord, '', 'key_word'),
  },
  getTaskSetting: {
    taskId: required(fields.taskId, 'task_id'),
    includeAccount: withDefault(fields.includeAccount, false),
    includeObjects: withDefault(fields.includeObjects, false),
  },
  setWorkerCount: {
    backupWorkers: optional(fields.backupWorkers, 'backup_job_workers'),
    eventWorkers: optional(fields.eventWorkers, 'event_workers'),
  },
  setTaskSchedule: {
    taskId: required(fields.taskId, 'task_id'),
    policy: optional(fields.policy),
    ...scheduleParameters,
    replaceUnknownSchedule: withDefault(fields.replaceUnknownSchedule, false),
  },
  setRotationPolicy: {
    taskId: required(fields.taskId, 'task_id'),
    daysToKeep: required(fields.daysToKeep, 'days_to_keep'),
    allowDeletion: withDefault(fields.allowDeletion, false),
  },
  runBackup: {
    taskId: required(fields.taskId, 'task_id'),
    ifRunning: withDefault(fields.ifRunning, 'report'),
  },
  cancelBackup: {
    taskId: required(fields.taskId, 'task_id'),
  },
  deleteTask: {
    taskId: required(fields.taskNumber, 'task_id'),
    confirm: optional(fields.confirm),
    removeData: withDefault(fields.removeData, false, 'remove_data'),
    confirmRemoveData: optional(fields.confirmRemoveData),
  },
  relinkTask: {
    taskName: required(fields.taskName, 'task_name'),
    localShared: required(fields.localShared, 'local_shared'),
    localPath: required(fields.localPath, 'local_path'),
    adminEmail: required(fields.adminEmail, 'admin_email'),
    region: withDefault(fields.region, 'Microsoft 365'),
  },
  listRuns: {
    taskId: optional(fields.taskId, 'task_id'),
    sinceMs: optional(fields.sinceMs),
    untilMs: optional(fields.untilMs),
    limit: optional(fields.runs),
    maxRows: withDefault(fields.maxRows, 5000),
  },
};

/** One value from its two spellings; both at once are fine as long as they say the same. */
function readParameter(name: string, parameter: Parameter<unknown>, given: Readonly<Record<string, unknown>>): unknown {
  const spellings = [name, ...(parameter.alias === undefined ? [] : [parameter.alias])].filter(
    (spelling) => fieldOf(given, spelling) !== undefined,
  );
  const values = spellings.map((spelling) => parameter.field.parse(given[spelling]));
  const [first, second] = values;
  if (values.length === 2 && JSON.stringify(first) !== JSON.stringify(second)) {
    throw new ActiveBackupError(
      'INVALID_INPUT',
      `${name}: ${printValue(first)} and ${parameter.alias ?? ''}: ${printValue(second)} contradict each other; ` +
        `expected one of them, or the same value twice`,
      { outcome: 'not_sent' },
    );
  }
  if (values.length === 0 && parameter.required) throw invalidInput(name, undefined, parameter.field.expected);
  return first ?? parameter.fallback;
}

/**
 * Reads what a caller gave into a method's parameters. Absent and undefined are the same; null is a value, and wrong.
 * @throws ActiveBackupError INVALID_INPUT, also for a name that the method does not know
 */
export function readInput<Table extends Record<string, Parameter<unknown>>>(
  table: Table,
  given: unknown,
): Input<Table> {
  const record = recordOf(given ?? {});
  if (record === null) throw invalidInput('parameters', given, 'an object');
  const known = new Set(
    Object.entries(table).flatMap(([name, { alias }]) => (alias === undefined ? [name] : [name, alias])),
  );
  const unknownName = Object.keys(record).find((name) => !known.has(name) && record[name] !== undefined);
  if (unknownName !== undefined) {
    throw new ActiveBackupError(
      'INVALID_INPUT',
      `${printValue(unknownName)} is not a known parameter; expected ${Object.keys(table).join(', ') || 'none'}`,
      { outcome: 'not_sent' },
    );
  }
  const values = Object.entries(table).map(
    ([name, parameter]) => [name, readParameter(name, parameter, record)] as const,
  );
  return Object.fromEntries(values) as Input<Table>;
}
