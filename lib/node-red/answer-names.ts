// The names that occur in our own answers: nodes can be chained, so these are no mistakes in a payload.

const names = new Set([
  // A task.
  ...['id', 'name', 'nas', 'activity', 'result', 'resultBasis', 'policy', 'schedule', 'lastRun', 'lastSuccessAt'],
  ...['lastCompletedAt', 'failuresInARow', 'nextRunAt', 'overdue', 'stalled', 'problem', 'problemReason', 'usedBytes'],
  ...['services', 'codes'],
  // Logs and history.
  ...['entries', 'offset', 'limit', 'more', 'at', 'level', 'kind', 'text', 'taskId', 'taskName', 'runId'],
  ...['runs', 'truncated', 'startedAt', 'endedAt', 'durationSeconds', 'counters', 'transferredBytes'],
  // Settings and workers.
  ...[
    'daysToKeep',
    'words',
    'localPath',
    'scheduleId',
    'region',
    'taskStatus',
    'taskStatusErrorCode',
    'account',
    'objects',
  ],
  ...['backupWorkers', 'eventWorkers', 'maxBackupWorkers', 'maxEventWorkers', 'lowered'],
  // Writes.
  ...[
    'before',
    'after',
    'changed',
    'started',
    'alreadyRunning',
    'elapsedSeconds',
    'progress',
    'canceled',
    'wasRunning',
  ],
  ...['deleted', 'dataRemoved'],
  // Watch and publisher.
  ...['event', 'eventId', 'task', 'run', 'tasks', 'published', 'command', 'outcome', 'code'],
]);

/** The switches of a task's settings: `enableAutoAddMail`, `isCustomizedApp` … */
const settingSwitch = /^(?:enable|is)[A-Z]\w*$/;

/** Whether a name in a payload may simply be there because another of our nodes answered it. */
export function isAnswerName(name: string): boolean {
  return names.has(name) || settingSwitch.test(name);
}
