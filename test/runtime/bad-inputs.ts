// Every bad value of every parameter of the action nodes, as a table: each must be refused before anything is sent.

/** One message that must be refused. */
export interface BadInput {
  node: string;
  payload: Record<string, unknown>;
  /** The parameter that the error must name. */
  names: string;
  code: 'INVALID_INPUT' | 'NOT_CONFIRMED';
}

/** Values that are wrong wherever a single plain value belongs. */
const never: unknown[] = [null, [1], [], { value: 1 }];

function notWhole(least: number, most: number): unknown[] {
  return [...never, least - 1, most + 1, least + 0.5, Number.NaN, Infinity, '', 'many', '1.5', ' 7', true];
}

const notSwitch: unknown[] = [...never, 'true', 'perhaps', '', 0, 1];

function notText(least: number, most: number): unknown[] {
  const empty = least === 0 ? [] : ['', '   '];
  return [...never, ...empty, 'x'.repeat(most + 1), 'two\nlines', 5, Number.NaN, true];
}

/** A task: a number is an id, a text a name or an id. */
const notTask: unknown[] = [...notText(1, 255).filter((value) => value !== 5), 0, -1, 1.5, Infinity, 2 ** 31];
/** The task of a deletion: a number only. */
const notTaskNumber: unknown[] = [...notTask, '1', 'Task 1'];
const notDays: unknown[] = [
  ...[null, true, {}, '', [], 7, -1, 'Caturday', 'Mon;Tue', Number.NaN],
  ...[[7], [-1], [1.5], [Number.NaN], [null], ['Mon', 'Caturday'], [[1]]],
  ...[[1, 1], ['Mon', 'monday'], ['1', 1], 'Mon,Mon', [0, 1, 2, 3, 4, 5, 6, 0]],
];

/** Names that our own answers have too, where null means "unknown": it counts as not given, and is wrong only where something must be. */
const nullIsNothing = ['taskId', 'offset', 'limit', 'backupWorkers', 'eventWorkers', 'schedule', 'region'];

/** A good message for each node, and the bad values of each parameter. */
const table: Record<string, { good: Record<string, unknown>; bad: Record<string, unknown[]>; required?: string[] }> = {
  'get-tasks': { good: {}, bad: { taskId: notTask, allNas: notSwitch, summary: notSwitch } },
  'get-log': {
    good: { taskId: 1 },
    bad: {
      taskId: notTask,
      offset: notWhole(0, 2 ** 31 - 1),
      limit: notWhole(1, 2000),
      keyWord: notText(0, 255),
      fetchAll: notSwitch,
      maxEntries: notWhole(1, 100_000),
      onlyNew: notSwitch,
    },
  },
  'get-settings': {
    good: { taskId: 1 },
    bad: { taskId: notTask, includeAccount: notSwitch, includeObjects: notSwitch },
    required: ['taskId'],
  },
  'get-history': { good: { taskId: 1 }, bad: { taskId: notTask, limit: notWhole(1, 5000) }, required: ['taskId'] },
  workers: {
    good: { backupWorkers: 10 },
    bad: { backupWorkers: notWhole(5, 2 ** 31 - 1), eventWorkers: notWhole(5, 2 ** 31 - 1) },
  },
  'set-schedule': {
    good: { taskId: 1, policy: 'scheduled' },
    bad: {
      taskId: notTask,
      policy: [...never, 3, -1, 1.5, Number.NaN, '', 'Manual', 'weekly', true],
      startHour: notWhole(0, 23),
      startMinute: notWhole(0, 59),
      lastRunHour: notWhole(0, 23),
      repeatEveryHours: notWhole(0, 23),
      runDays: notDays,
      replaceUnknownSchedule: notSwitch,
      schedule: [null, [], 'daily', 8, true],
    },
    required: ['taskId'],
  },
  'set-retention': {
    good: { taskId: 1, daysToKeep: 90 },
    bad: { taskId: notTask, daysToKeep: notWhole(0, 3650), allowDeletion: notSwitch },
    required: ['taskId', 'daysToKeep'],
  },
  'run-backup': {
    good: { taskId: 1 },
    bad: {
      taskId: notTask,
      wait: notSwitch,
      timeoutSeconds: notWhole(1, 31_536_000),
      ifRunning: [...never, '', 'shout', 'Report', 1, true],
    },
    required: ['taskId'],
  },
  'cancel-backup': { good: { taskId: 1 }, bad: { taskId: notTask }, required: ['taskId'] },
  'delete-task': {
    good: { taskId: 1, confirm: 'Task 1' },
    bad: {
      taskId: notTaskNumber,
      confirm: notText(0, 255),
      removeData: notSwitch,
      confirmRemoveData: notText(0, 255),
    },
    required: ['taskId'],
  },
  'relink-task': {
    good: { taskName: 'Again', localShared: 'Backup', localPath: '/a/task_1', adminEmail: 'admin@example.com' },
    bad: {
      taskName: notText(1, 255),
      localShared: [...notText(1, 255), 'a/b', 'a\\b', '..', '.'],
      localPath: [...notText(2, 4096), 'a/task_1', '/', '/../etc', '/a/../../b', '/a/./b', '/a\\b'],
      adminEmail: [...notText(3, 254), 'admin', '@example.com', 'admin@', 'a b@example.com', 'a@b@c', 'a@b, c@d'],
      region: notText(1, 255),
    },
    required: ['taskName', 'localShared', 'localPath', 'adminEmail'],
  },
};

/** What is wrong only as a whole. */
const combinations: Omit<BadInput, 'code'>[] = [
  { node: 'get-log', payload: { keyWord: 'x' }, names: 'keyWord' },
  { node: 'set-schedule', payload: { taskId: 1 }, names: 'policy' },
  { node: 'set-schedule', payload: { taskId: 1, startHour: 3, start_hour: 4 }, names: 'startHour' },
  { node: 'set-schedule', payload: { taskId: 1, runDays: [1], run_days: [2] }, names: 'runDays' },
  { node: 'set-schedule', payload: { taskId: 1, startHour: 3, schedule: { start_hour: 4 } }, names: 'startHour' },
  {
    node: 'set-schedule',
    payload: { taskId: 1, startHour: 9, lastRunHour: 8, repeatEveryHours: 1 },
    names: 'lastRunHour',
  },
  { node: 'set-schedule', payload: { taskId: 1, schedule: { start_hour: 24 } }, names: 'startHour' },
  { node: 'set-schedule', payload: { taskId: 1, schedule: { run_days: [] } }, names: 'runDays' },
  { node: 'set-schedule', payload: { taskId: 1, schedule: { startHuor: 1 } }, names: 'startHuor' },
  { node: 'get-settings', payload: { taskId: 1, task_id: 2 }, names: 'taskId' },
  { node: 'workers', payload: { backupWorkers: 10, backup_job_workers: 11 }, names: 'backupWorkers' },
  { node: 'set-retention', payload: { taskId: 1, daysToKeep: 9, days_to_keep: 8 }, names: 'daysToKeep' },
  { node: 'get-log', payload: { taskId: 1, keyWord: 'a', key_word: 'b' }, names: 'keyWord' },
];

const unconfirmed: Omit<BadInput, 'code'>[] = [
  { node: 'delete-task', payload: { taskId: 1 }, names: 'confirm' },
  { node: 'delete-task', payload: { id: 1, name: 'Task 1' }, names: 'confirm' },
  { node: 'delete-task', payload: { taskId: 1, confirm: 'Task 1', removeData: true }, names: 'confirmRemoveData' },
];

/** Every node's answer to a name that is nobody's parameter. */
const unknownNames = Object.entries(table).map(([node, { good }]) => ({
  node,
  payload: { ...good, tasskId: 1 },
  names: 'tasskId',
}));

const wrongValues = Object.entries(table).flatMap(([node, { good, bad, required = [] }]) => [
  ...required.map((missing) => ({
    node,
    payload: Object.fromEntries(Object.entries(good).filter(([name]) => name !== missing)),
    names: missing,
  })),
  ...Object.entries(bad).flatMap(([name, values]) =>
    values
      .filter((value) => value !== null || required.includes(name) || !nullIsNothing.includes(name))
      .map((value) => ({ node, payload: { ...good, [name]: value }, names: name })),
  ),
]);

/** All messages that must be refused. */
export const badInputs: readonly BadInput[] = [
  ...[...wrongValues, ...combinations, ...unknownNames].map((input) => ({ ...input, code: 'INVALID_INPUT' as const })),
  ...unconfirmed.map((input) => ({ ...input, code: 'NOT_CONFIRMED' as const })),
];
