// When the simulated NAS starts scheduled tasks, in its own time zone and across changes of the clock.

import assert from 'node:assert/strict';
import { nextScheduledStart, type Schedule } from '../../simulator';
import { defaultSchedule } from '../../simulator/schedule';

function starts(over: Partial<Schedule>, timeZone: string, after: string, count: number): string[] {
  const found: string[] = [];
  let afterMs = Date.parse(after);
  while (found.length < count) {
    const next = nextScheduledStart(defaultSchedule(over), timeZone, afterMs);
    if (next === null) break;
    found.push(new Date(next).toISOString().replace(':00.000Z', 'Z'));
    afterMs = next;
  }
  return found;
}

describe('simulator: schedules', () => {
  it('repeats within the day until the last hour, on the chosen days', () => {
    const schedule = { hour: 20, minute: 15, repeat_hour: 2, last_work_hour: 22, week_day: '1,3' };
    assert.deepEqual(starts(schedule, 'UTC', '2026-11-22T12:00Z', 4), [
      '2026-11-23T20:15Z',
      '2026-11-23T22:15Z',
      '2026-11-25T20:15Z',
      '2026-11-25T22:15Z',
    ]);
  });

  it('starts a skipped local time at the first minute that exists, and a doubled one once', () => {
    const night = { hour: 2, minute: 30 };
    assert.deepEqual(starts(night, 'Europe/Berlin', '2026-03-28T12:00Z', 2), [
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ]);
    assert.deepEqual(starts(night, 'Europe/Berlin', '2026-10-24T12:00Z', 2), [
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
  });

  it('has no start without days, or for a kind that it only stores', () => {
    assert.deepEqual(starts({ week_day: '' }, 'UTC', '2026-11-22T12:00Z', 1), []);
    assert.deepEqual(starts({ date_type: 1 }, 'UTC', '2026-11-22T12:00Z', 1), []);
  });
});
