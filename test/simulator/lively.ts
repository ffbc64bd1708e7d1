// Three tasks for the demo: one scheduled and fine, one that fails, one that runs for minutes at a time.

import { type RunScript } from './runs';
import { defaultSchedule, nextScheduledStart, type Schedule } from './schedule';
import { type PastRun, type TaskSpec } from './task';

const DAY_MS = 24 * 3_600_000;
const PAST_DAYS = 14;
const CONSENT_WITHDRAWN_DAYS_AGO = 4;
/** The number of an expired consent is not public: any that is not 0 is a failure of the task. */
const CONSENT_ERROR = -13;

/** Specs of the demo's tasks, with the runs of the last two weeks behind them. */
export function livelyTasks(
  nowMs = Date.now(),
  timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone,
): TaskSpec[] {
  const nightly = { hour: 1, minute: 30 };
  const everySixHours = { hour: 0, minute: 15, repeat_hour: 6, last_work_hour: 23 };
  const withdrawnMs = nowMs - CONSENT_WITHDRAWN_DAYS_AGO * DAY_MS;
  const refused: RunScript = { outcome: 'failed', durationSeconds: 7, taskErrorCode: CONSENT_ERROR };
  return [
    {
      name: 'Office nightly',
      policy: 'scheduled',
      schedule: nightly,
      users: 12,
      daysToKeep: 365,
      history: pastRuns(nightly, timeZone, nowMs, (_startMs, index) => ({
        durationSeconds: 1_500 + 60 * (index % 7),
        transferredBytes: 350_000_000 + index * 9_000_000,
      })),
      defaultRun: (run) => ({ durationSeconds: 90 + 10 * (run % 4) }),
    },
    {
      name: 'Sales archive',
      policy: 'scheduled',
      schedule: everySixHours,
      users: 4,
      services: ['mail', 'archive_mail', 'contact', 'calendar'],
      usedBytes: 9_663_676_416,
      history: pastRuns(everySixHours, timeZone, nowMs, (startMs) =>
        startMs > withdrawnMs ? refused : { durationSeconds: 600 },
      ),
      defaultRun: refused,
    },
    {
      name: 'Projects continuous',
      policy: 'continuous',
      users: 25,
      usedBytes: 751_619_276_800,
      history: [...frequentRuns(36), { startedSecondsAgo: 40, durationSeconds: 240 }],
      defaultRun: (run) =>
        run % 5 === 0
          ? { durationSeconds: 180, outcome: 'partial', warnings: 2 }
          : { durationSeconds: 150 + 30 * (run % 4), transferredBytes: 20_000_000 * (1 + (run % 3)) },
    },
  ];
}

/** A run at every slot of the schedule in the past days, oldest first; the last one may still run. */
function pastRuns(
  schedule: Partial<Schedule>,
  timeZone: string,
  nowMs: number,
  run: (startMs: number, index: number) => RunScript,
): PastRun[] {
  const runs: PastRun[] = [];
  const whole = defaultSchedule(schedule);
  let startMs = nextScheduledStart(whole, timeZone, nowMs - PAST_DAYS * DAY_MS);
  while (startMs !== null && startMs < nowMs) {
    runs.push({ startedSecondsAgo: Math.round((nowMs - startMs) / 1000), ...run(startMs, runs.length) });
    startMs = nextScheduledStart(whole, timeZone, startMs);
  }
  return runs;
}

/** Short runs every few minutes, oldest first. */
function frequentRuns(count: number): PastRun[] {
  return Array.from({ length: count }, (_unused, index) => ({
    startedSecondsAgo: (count - index) * 480,
    durationSeconds: 150,
  }));
}
