// The names that occur in our own answers: nodes can be chained, so these are no mistakes in a payload.

const taskNames = `id name nas activity result resultBasis policy schedule lastRun lastSuccessAt lastCompletedAt
  failuresInARow nextRunAt overdue stalled problem problemReason usedBytes services codes`;
const readingNames = `entries offset limit more at level kind text taskId taskName runId runs truncated startedAt endedAt
  durationSeconds counters transferredBytes backupWorkers eventWorkers maxBackupWorkers maxEventWorkers lowered`;
/** Beside the switches of a task's settings, which `settingSwitch` knows. */
const settingNames = `daysToKeep words localPath localShared scheduleId region taskStatus taskStatusErrorCode
  objectCounts account objects`;
const changeNames = `before after changed started alreadyRunning elapsedSeconds progress canceled wasRunning jobId deleted
  dataRemoved`;
const fleetNames = `total byResult running problems worstFirst oldestLastSuccess withoutSuccess errors`;
const eventNames = `event eventId task run tasks published command outcome code`;

const names = new Set(
  [taskNames, readingNames, settingNames, changeNames, fleetNames, eventNames].flatMap((list) => list.split(/\s+/)),
);

/** The switches of a task's settings: `enableAutoAddMail`, `isCustomizedApp` … */
const settingSwitch = /^(?:enable|is)[A-Z]\w*$/;

/** Whether a name in a payload may simply be there because another of our nodes answered it. */
export function isAnswerName(name: string): boolean {
  return names.has(name) || settingSwitch.test(name);
}

/** Whether a payload is the answer of get-settings: it holds every setting that the NAS has, also ones of a later version. */
export function isSettingsAnswer(payload: Readonly<Record<string, unknown>>): boolean {
  return 'words' in payload && 'objectCounts' in payload;
}
