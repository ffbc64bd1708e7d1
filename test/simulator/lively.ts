// Three tasks for the demo: one scheduled and fine, one that fails, one that runs for minutes at a time.

import { type PastRun, type TaskSpec } from './task';

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Specs of the demo's tasks, with runs of the last two weeks behind them. */
export function livelyTasks(): TaskSpec[] {
  return [
    {
      name: 'Office nightly',
      policy: 'scheduled',
      schedule: { hour: 1, minute: 30 },
      users: 12,
      daysToKeep: 365,
      history: nights(14, (night) => ({
        durationSeconds: 1_500 + 60 * (night % 7),
        transferredBytes: 350_000_000 + night * 9_000_000,
      })),
      defaultRun: (run) => ({ durationSeconds: 90 + 10 * (run % 4) }),
    },
    {
      name: 'Sales archive',
      policy: 'scheduled',
      schedule: { hour: 0, minute: 15, repeat_hour: 6, last_work_hour: 23 },
      users: 4,
      services: ['mail', 'archive_mail', 'contact', 'calendar'],
      usedBytes: 9_663_676_416,
      // Its consent was withdrawn four days ago: since then every run ends within seconds.
      history: nights(14, (night) =>
        night < 4 ? { outcome: 'failed', durationSeconds: 7, taskErrorCode: -13 } : { durationSeconds: 600 },
      ),
      defaultRun: { outcome: 'failed', durationSeconds: 7, taskErrorCode: -13 },
    },
    {
      name: 'Projects continuous',
      policy: 'continuous',
      users: 25,
      usedBytes: 751_619_276_800,
      history: [...frequent(36), { startedSecondsAgo: 40, durationSeconds: 240 }],
      defaultRun: (run) =>
        run % 5 === 0
          ? { durationSeconds: 180, outcome: 'partial', warnings: 2 }
          : { durationSeconds: 150 + 30 * (run % 4), transferredBytes: 20_000_000 * (1 + (run % 3)) },
    },
  ];
}

/** One run a night, oldest first; night 0 is the last one. */
function nights(count: number, run: (night: number) => Omit<PastRun, 'startedSecondsAgo'>): PastRun[] {
  return Array.from({ length: count }, (_unused, index) => {
    const night = count - 1 - index;
    return { startedSecondsAgo: night * DAY + 5 * HOUR, ...run(night) };
  });
}

/** Short runs every few minutes, oldest first. */
function frequent(count: number): PastRun[] {
  return Array.from({ length: count }, (_unused, index) => ({
    startedSecondsAgo: (count - index) * 480,
    durationSeconds: 150,
  }));
}
