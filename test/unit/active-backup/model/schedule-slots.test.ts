// Slots of schedules in local time. FUZZ_RUNS raises the number of generated schedules (the long tier runs 5,000).
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextSlot, previousSlot, slotsBetween } from '../../../../lib/active-backup/schedule-slots';
import { type Schedule } from '../../../../lib/active-backup/types';
import { watchAround, watchedSlots } from './slot-oracle';
import { iso } from './support';

const everyDay = [0, 1, 2, 3, 4, 5, 6];
function weekly(changes: Partial<Schedule> = {}): Schedule {
  return {
    kind: 'weekly',
    startHour: 2,
    startMinute: 30,
    lastRunHour: 2,
    repeatEveryHours: 0,
    runDays: everyDay,
    ...changes,
  };
}
const at = (text: string): number => Date.parse(text);
function next(schedule: Schedule, after: string, timeZone: string | null): string | null {
  const slot = nextSlot(schedule, at(after), timeZone);
  return slot === null ? null : iso(slot);
}
function between(schedule: Schedule, from: string, to: string, timeZone: string): string[] {
  return (slotsBetween(schedule, at(from), at(to), timeZone) ?? []).map(iso);
}

describe('the slots of a weekly schedule', () => {
  it('are local times: the same hour is another instant in winter and in summer', () => {
    assert.equal(next(weekly(), '2026-01-10T00:00:00Z', 'Europe/Berlin'), '2026-01-10T01:30:00Z');
    assert.equal(next(weekly(), '2026-07-10T00:00:00Z', 'Europe/Berlin'), '2026-07-10T00:30:00Z');
    assert.equal(next(weekly(), '2026-07-10T00:00:00Z', 'Asia/Kolkata'), '2026-07-10T21:00:00Z');
  });

  it('come strictly after the instant that is asked for, and the previous one at or before it', () => {
    assert.equal(next(weekly(), '2026-01-10T01:30:00Z', 'Europe/Berlin'), '2026-01-11T01:30:00Z');
    assert.equal(previousSlot(weekly(), at('2026-01-10T01:30:00Z'), 'Europe/Berlin'), at('2026-01-10T01:30:00Z'));
    assert.equal(previousSlot(weekly(), at('2026-01-10T01:29:59Z'), 'Europe/Berlin'), at('2026-01-09T01:30:00Z'));
  });

  it('repeat every n hours as long as the hour is not after the last one', () => {
    const hourly = weekly({ startHour: 8, lastRunHour: 13, repeatEveryHours: 2 });
    assert.deepEqual(between(hourly, '2026-01-10T00:00:00Z', '2026-01-11T00:00:00Z', 'UTC'), [
      '2026-01-10T08:30:00Z',
      '2026-01-10T10:30:00Z',
      '2026-01-10T12:30:00Z',
    ]);
  });

  it('keep the last hour itself: hourly from 8:30 to 23 ends at 23:30', () => {
    const hourly = weekly({ startHour: 8, lastRunHour: 23, repeatEveryHours: 1 });
    const slots = between(hourly, '2026-01-10T00:00:00Z', '2026-01-11T00:00:00Z', 'UTC');
    assert.equal(slots.length, 16);
    assert.equal(slots.at(-1), '2026-01-10T23:30:00Z');
  });

  it('fall on the chosen days of the local week only', () => {
    const mondays = weekly({ runDays: [1], startHour: 0, startMinute: 15 });
    assert.equal(next(mondays, '2026-01-08T00:00:00Z', 'America/New_York'), '2026-01-12T05:15:00Z');
    assert.equal(next(mondays, '2026-01-08T00:00:00Z', 'Asia/Kolkata'), '2026-01-11T18:45:00Z');
  });

  it('that a clock change skips come at the first minute that exists', () => {
    assert.equal(next(weekly(), '2026-03-28T12:00:00Z', 'Europe/Berlin'), '2026-03-29T01:00:00Z');
    assert.equal(next(weekly(), '2026-03-07T12:00:00Z', 'America/New_York'), '2026-03-08T07:00:00Z');
    const midnight = weekly({ startHour: 0, startMinute: 20 });
    assert.equal(next(midnight, '2018-11-03T12:00:00Z', 'America/Sao_Paulo'), '2018-11-04T03:00:00Z');
    assert.equal(
      next(weekly({ startMinute: 10 }), '2026-10-02T16:00:00Z', 'Australia/Lord_Howe'),
      '2026-10-03T15:30:00Z',
    );
  });

  it('that come twice run once, the first time', () => {
    const slots = between(weekly(), '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z', 'Europe/Berlin');
    assert.deepEqual(slots, ['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z']);
    const again = between(
      weekly({ startHour: 1 }),
      '2026-04-04T12:00:00Z',
      '2026-04-05T12:00:00Z',
      'Australia/Lord_Howe',
    );
    assert.deepEqual(again, ['2026-04-04T14:30:00Z']);
  });

  it('that fall on one instant are one', () => {
    const hourly = weekly({ startHour: 1, startMinute: 0, lastRunHour: 4, repeatEveryHours: 1 });
    assert.deepEqual(between(hourly, '2026-03-28T23:00:00Z', '2026-03-29T12:00:00Z', 'Europe/Berlin'), [
      '2026-03-29T00:00:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-29T02:00:00Z',
    ]);
  });

  it('before a clock that is set back over midnight are not forgotten', () => {
    const midnight = weekly({ startHour: 0, startMinute: 0 });
    const slot = at('2010-11-07T02:30:00Z');
    assert.equal(previousSlot(midnight, slot + 120_000, 'America/St_Johns'), slot);
    assert.deepEqual(slotsBetween(midnight, slot - 1, slot + 120_000, 'America/St_Johns'), [slot]);
    assert.equal(nextSlot(midnight, slot + 120_000, 'America/St_Johns'), at('2010-11-08T03:30:00Z'));
  });

  it('survive a day that a zone never had', () => {
    assert.equal(next(weekly({ runDays: [5] }), '2011-12-28T00:00:00Z', 'Pacific/Apia'), '2011-12-30T10:00:00Z');
    assert.equal(next(weekly(), '2011-12-30T10:00:00Z', 'Pacific/Apia'), '2011-12-30T12:30:00Z');
  });

  it('with a last hour before the first are the first of each day', () => {
    const backwards = weekly({ startHour: 20, lastRunHour: 4, repeatEveryHours: 2 });
    assert.deepEqual(between(backwards, '2026-01-10T00:00:00Z', '2026-01-12T00:00:00Z', 'UTC'), [
      '2026-01-10T20:30:00Z',
      '2026-01-11T20:30:00Z',
    ]);
  });

  it('do not need a last hour when they do not repeat', () => {
    assert.equal(next(weekly({ lastRunHour: null }), '2026-01-10T00:00:00Z', 'UTC'), '2026-01-10T02:30:00Z');
  });
});

describe('no slot is named', () => {
  const wrong: [string, Partial<Schedule>][] = [
    ['an unknown kind', { kind: 'unknown' }],
    ['no day', { runDays: [] }],
    ['a day that does not exist', { runDays: [0, 7] }],
    ['no hour', { startHour: null }],
    ['hour 24', { startHour: 24 }],
    ['a broken minute', { startMinute: 2.5 }],
    ['minute 60', { startMinute: 60 }],
    ['no interval', { repeatEveryHours: null }],
    ['a negative interval', { repeatEveryHours: -1 }],
    ['repeating without a last hour', { repeatEveryHours: 2, lastRunHour: null }],
    ['repeating until hour 24', { repeatEveryHours: 2, lastRunHour: 24 }],
  ];
  for (const [what, changes] of wrong) {
    it(`for ${what}`, () => {
      const schedule = weekly(changes);
      assert.equal(nextSlot(schedule, 0, 'UTC'), null);
      assert.equal(previousSlot(schedule, 0, 'UTC'), null);
      assert.equal(slotsBetween(schedule, 0, 1e9, 'UTC'), null);
    });
  }

  it('for an unknown or missing time zone', () => {
    for (const zone of ['Mars/Olympus', '', 'UTC+25', null]) assert.equal(nextSlot(weekly(), 0, zone), null);
  });

  it('for an instant that is none', () => {
    for (const instant of [NaN, Infinity, -Infinity, 8.64e15]) {
      assert.equal(nextSlot(weekly(), instant, 'UTC'), null);
      assert.equal(previousSlot(weekly(), instant, 'UTC'), null);
    }
  });
});

/** Both clock changes of a year in zones that change differently; where there are none, any day. */
const changes: [timeZone: string, change: string][] = [
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ['America/Sao_Paulo', '2019-02-17T02:00:00Z'],
  ['Asia/Tehran', '2022-03-21T20:30:00Z'],
  ['Asia/Tehran', '2022-09-21T19:30:00Z'],
  ['Africa/Casablanca', '2026-02-15T02:00:00Z'],
  ['Africa/Casablanca', '2026-03-22T02:00:00Z'],
  // At one minute past midnight: the clock goes back into the day before.
  ['America/St_Johns', '2010-11-07T02:31:00Z'],
  ['Asia/Kolkata', '2026-05-15T00:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
];

const runs = Number(process.env.FUZZ_RUNS ?? 300);

const schedules: fc.Arbitrary<Schedule> = fc
  .record({
    // Night hours more often: that is when clocks change.
    startHour: fc.oneof(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 4 })),
    startMinute: fc.oneof(fc.integer({ min: 0, max: 59 }), fc.constantFrom(0, 30)),
    more: fc.integer({ min: 0, max: 23 }),
    repeatEveryHours: fc.constantFrom(0, 0, 1, 2, 3, 4, 6, 8, 12, 23),
    runDays: fc.subarray(everyDay, { minLength: 1 }),
  })
  .map(({ more, ...fields }) => ({ kind: 'weekly', ...fields, lastRunHour: Math.min(23, fields.startHour + more) }));

describe(`${String(runs)} generated schedules around clock changes`, function () {
  this.timeout(60_000 + runs * 50);

  it('have the slots that watching the clock minute by minute finds', () => {
    const minute = fc.integer({ min: -3 * 1440, max: 3 * 1440 });
    const second = fc.constantFrom(0, 0, 1, 30);
    fc.assert(
      fc.property(
        schedules,
        fc.constantFrom(...changes),
        minute,
        second,
        (schedule, [timeZone, change], minutes, more) => {
          const watch = watchAround(timeZone, at(change));
          const instant = at(change) + minutes * 60_000 + more * 1000;
          const slots = watchedSlots(schedule, watch);
          assert.equal(
            nextSlot(schedule, instant, timeZone),
            slots.find((slot) => slot > instant),
          );
          assert.equal(
            previousSlot(schedule, instant, timeZone),
            slots.findLast((slot) => slot <= instant),
          );
          const until = instant + 4 * 86_400_000;
          assert.deepEqual(
            slotsBetween(schedule, instant, until, timeZone),
            slots.filter((slot) => slot > instant && slot <= until),
          );
        },
      ),
      { numRuns: runs },
    );
  });
});
