// The public face of the client library: what a program that drives Active Backup for Microsoft 365 needs.
export * from './types';
export type { AcceptedCancel, TaskMemory } from './memory-types';
export { ActiveBackupError, type ActiveBackupErrorCode } from './errors';
export { ActiveBackupClient } from './client';
export type {
  ClientOptions,
  LogOptions,
  ScheduleChange,
  SettingChange,
  TaskList,
  TaskListOptions,
} from './client-types';
export {
  type Assessment,
  assessTask,
  describeTask,
  type EndedRun,
  initialMemory,
  needsHistory,
  readTaskMemory,
  withCancel,
} from './assess';
export { nextSlot } from './schedule-slots';
export { isTimeZone, type Zone, zoneOf } from './zone-time';
export { type NasTime } from './nas-facts';
export { type CallOptions } from './calls';
export { dayNames, fields, type Field, invalidInput, policyNames } from './fields';
export {
  type Input,
  methodParameters,
  optional,
  type ParameterTable,
  readInput,
  required,
  scheduleParameters,
  withDefault,
} from './inputs';
export { historyRunOf, type RunList } from './history';
export { type TaskNames } from './logs';
export { printValue } from './print-value';
export { rawOf } from './raw-data';
export { type RetentionState } from './retention';
export { type CanceledBackup, type IfRunning, type StartedBackup } from './run-control';
export { readScheduleInput, type ScheduleState } from './schedule';
export { retentionInWords, scheduleInWords } from './settings-words';
export { type NamedTask, resolveTask, taskNotFound } from './task-ids';
export { type DeletedTask, type RelinkedTask } from './task-removal';
export { readTaskList, type WireEvent, type WireTask, type WireTaskList } from './wire';
export { type WorkerChange } from './workers';
