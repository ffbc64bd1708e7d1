// The promised types of the answers of the methods that read, as schemas: a check beside the compiler's, which the wire
// can deceive.
import { z } from 'zod';

const whole = z.number().int();
const count = z.number().nonnegative().nullable();
const code = z.number().nullable();
const upTo = (most: number) => whole.min(0).max(most).nullable();
const iso = z
  .string()
  .regex(/^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/)
  .nullable();
const results = z.enum(['success', 'partial', 'failed', 'canceled', 'never', 'unknown']);
const policy = z.enum(['continuous', 'manual', 'scheduled']).nullable();

const schedule = z
  .strictObject({
    kind: z.enum(['weekly', 'unknown']),
    startHour: upTo(23),
    startMinute: upTo(59),
    lastRunHour: upTo(23),
    repeatEveryHours: upTo(24),
    runDays: z.array(whole.min(0).max(6)),
  })
  .nullable();

const run = {
  runId: whole.nullable(),
  startedAt: iso,
  endedAt: iso,
  durationSeconds: count,
};

const task = z.strictObject({
  id: whole.nonnegative(),
  name: z.string().min(1),
  activity: z.enum(['running', 'idle']),
  result: results,
  resultBasis: z.string().min(1),
  policy,
  schedule,
  lastRun: z
    .strictObject({
      ...run,
      counters: z.strictObject({ succeeded: count, attention: count, warnings: count, errors: count }),
      transferredBytes: count,
    })
    .nullable(),
  lastSuccessAt: iso,
  lastCompletedAt: iso,
  failuresInARow: count,
  nextRunAt: iso,
  overdue: z.boolean().nullable(),
  stalled: z.boolean().nullable(),
  problem: z.boolean(),
  problemReason: z.enum(['failed', 'partial', 'unexplained', 'overdue', 'stalled']).nullable(),
  usedBytes: count,
  services: z.record(
    z.string(),
    z.strictObject({
      enabled: z.boolean().nullable(),
      usedBytes: count,
      processed: count,
      warnings: count,
      errors: count,
      transferredBytes: count,
      status: code,
    }),
  ),
  codes: z.strictObject({ status: code, taskStatus: code, taskErrorCode: code, jobId: code, executionId: code }),
});

const packageState = z.strictObject({
  usedBytes: count,
  serviceUsage: z.array(z.strictObject({ serviceType: z.number(), service: z.string().nullable(), usedBytes: count })),
  objects: z.strictObject({ total: count, users: count, sites: count, teams: count }),
});

const logPage = z.strictObject({
  entries: z.array(
    z.strictObject({
      at: iso,
      level: z.enum(['info', 'warning', 'error', 'unknown']),
      kind: z.enum(['backup', 'action', 'item', 'unknown']),
      text: z.string(),
      taskId: whole.nullable(),
      taskName: z.string().nullable(),
      runId: whole.nullable(),
      codes: z.strictObject({ errorCode: code, logType: code, category: code }),
    }),
  ),
  offset: whole.nonnegative(),
  limit: whole.positive(),
  more: z.boolean(),
});

const settings = z.looseObject({
  taskId: whole,
  taskName: z.string(),
  policy,
  schedule,
  daysToKeep: whole.nonnegative().nullable(),
  words: z.strictObject({ schedule: z.string().min(1), retention: z.string().min(1) }),
  objectCounts: z.record(z.string(), count),
});

const workers = z.strictObject({
  backupWorkers: whole.nonnegative(),
  eventWorkers: whole.nonnegative(),
  maxBackupWorkers: whole.positive().nullable(),
  maxEventWorkers: whole.positive().nullable(),
  changed: z.literal(false),
  lowered: z.array(z.string()).max(0),
});

const runs = z.strictObject({
  runs: z.array(
    z.strictObject({
      ...run,
      taskId: whole.positive(),
      taskName: z.string().nullable(),
      result: results,
      resultBasis: z.string().optional(),
      counters: z.record(z.string(), count),
      transferredBytes: count,
      codes: z.strictObject({ status: code, errorCode: code, jobType: code }),
    }),
  ),
  truncated: z.boolean(),
});

/** By method. */
export const answerSchemas = {
  getTasks: z.looseObject({ tasks: z.array(task), package: packageState, dateMs: z.number().nullable() }),
  getPackageLog: logPage,
  getTaskLog: logPage,
  getTaskSetting: settings,
  getWorkerCount: workers,
  listRuns: runs,
};

export type ReadMethod = keyof typeof answerSchemas;
