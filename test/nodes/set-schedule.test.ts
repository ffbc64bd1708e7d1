// Changing when a task runs with the node: the two ways to say it, what is refused, and the next run.
import assert from 'node:assert/strict';
import { bare, codeOf } from '../runtime/nas-flow';
import { type Bench, startBench, stopBenches } from './bench';

type Fields = Record<string, unknown>;

const seedSchedule = {
  start_hour: 8,
  start_minute: 30,
  last_run_hour: 23,
  repeat_every_hours: 1,
  run_days: [0, 1, 2, 3, 4, 5, 6],
};
const ourSchedule = {
  kind: 'weekly',
  startHour: 8,
  startMinute: 30,
  lastRunHour: 23,
  repeatEveryHours: 1,
  runDays: [0, 1, 2, 3, 4, 5, 6],
};

describe('set-schedule', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await startBench(
      [
        bare('set-schedule'),
        {
          ...bare('set-schedule'),
          id: 'typed',
          schedule: JSON.stringify(seedSchedule),
          scheduleType: 'json',
          startHour: '9',
          startHourType: 'num',
        },
      ],
      { nas: { tasks: 1 }, connection: { timeZone: 'Europe/Berlin' } },
    );
  });
  afterEach(stopBenches);
  const set = (payload: Fields): Promise<Fields> => bench.ask('set-schedule', { taskId: 1, ...payload });

  it('takes the schedule as the documented client has it', async () => {
    const { after } = await set({ policy: 2, schedule: seedSchedule });
    assert.deepEqual(after, { policy: 'scheduled', schedule: ourSchedule });
  });

  it('takes it in our spelling, in an object or beside the others', async () => {
    const { kind, ...fields } = ourSchedule;
    assert.equal(kind, 'weekly');
    assert.deepEqual((await set({ policy: 'scheduled', schedule: fields })).after, {
      policy: 'scheduled',
      schedule: ourSchedule,
    });
    assert.equal((await set({ policy: 'scheduled', ...fields })).changed, false);
  });

  it('takes its own answer back', async () => {
    const { before } = await set({ policy: 2, schedule: seedSchedule });
    const { after, changed } = await set(before as Fields);
    assert.equal(changed, true);
    assert.deepEqual(after, before);
  });

  it('takes the schedule from a property, where a field of its own says more', async () => {
    const { after } = await bench.ask('typed', { taskId: 1, policy: 'scheduled' });
    assert.deepEqual((after as Fields).schedule, { ...ourSchedule, startHour: 9 });
  });

  const wrong: [Fields, RegExp][] = [
    [{ schedule: { start_hour: 24 } }, /startHour: 24 is not valid/],
    [{ schedule: { startHuor: 3 } }, /"startHuor" is not a known parameter/],
    [{ schedule: [] }, /schedule: \[\] is not valid/],
    [{ schedule: 'daily' }, /schedule: "daily" is not valid/],
    [{ schedule: null }, /policy: missing/],
    [{ schedule: 8 }, /schedule: 8 is not valid/],
    [{ schedule: { start_hour: 3, startHour: 4 } }, /contradict each other/],
    [{ startHour: 3, schedule: { start_hour: 4 } }, /startHour: 3 is not valid; expected it once/],
    [{ schedule: { kind: 'weekly', startHour: 24 } }, /startHour: 24 is not valid/],
    [{ schedule: {} }, /policy: missing/],
    [{ schedule: { kind: 'unknown', startHour: 3 } }, /policy: missing/],
    [
      { schedule: { start_hour: 9, last_run_hour: 8, repeat_every_hours: 1 } },
      /lastRunHour: 8 lies before startHour 9/,
    ],
  ];
  for (const [payload, message] of wrong) {
    it(`refuses ${JSON.stringify(payload)} and sends nothing`, async () => {
      const result = await bench.call('set-schedule', { payload: { taskId: 1, ...payload } });
      assert.equal(codeOf(result), 'INVALID_INPUT');
      assert.match(result.error?.message ?? '', message);
      assert.equal(bench.nas.requests.length, 0);
    });
  }

  /** The next runs that the node tells of when it is asked at these times. */
  async function nextRuns(asked: [string, Fields][]): Promise<unknown[]> {
    const { now } = Date;
    let nowMs = now();
    Date.now = () => nowMs;
    try {
      const runs = [];
      for (const [at, schedule] of asked) {
        nowMs = Date.parse(at);
        runs.push((await set({ policy: 'scheduled', schedule })).nextRunAt);
      }
      return runs;
    } finally {
      Date.now = now;
    }
  }
  const daily = (hour: number, minute = 0): Fields => ({
    startHour: hour,
    startMinute: minute,
    lastRunHour: hour,
    repeatEveryHours: 0,
    runDays: [0, 1, 2, 3, 4, 5, 6],
  });
  const hourly = { startHour: 0, startMinute: 30, lastRunHour: 23, repeatEveryHours: 1, runDays: [0] };

  it('tells the next run across the change to summer time', async () => {
    // In Berlin 29 March 2026 has no time from 02:00 to 02:59.
    const runs = await nextRuns([
      ['2026-03-28T00:00:00Z', daily(2, 30)],
      ['2026-03-28T12:00:00Z', daily(2, 30)],
      ['2026-03-29T12:00:00Z', daily(2, 30)],
      ['2026-03-28T12:00:00Z', daily(4)],
      ['2026-03-29T00:30:00Z', hourly],
    ]);
    assert.deepEqual(runs, [
      '2026-03-28T01:30:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:30:00Z',
      '2026-03-29T02:00:00Z',
      '2026-03-29T01:00:00Z',
    ]);
  });

  it('tells the next run across the change from summer time, once for the hour that comes twice', async () => {
    // In Berlin 25 October 2026 has the time from 02:00 to 02:59 twice.
    const runs = await nextRuns([
      ['2026-10-24T12:00:00Z', daily(2, 30)],
      ['2026-10-25T00:30:00Z', daily(2, 30)],
      ['2026-10-25T00:45:00Z', daily(2, 30)],
      ['2026-10-24T12:00:00Z', daily(4)],
      ['2026-10-25T00:30:00Z', hourly],
    ]);
    assert.deepEqual(runs, [
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
      '2026-10-26T01:30:00Z',
      '2026-10-25T03:00:00Z',
      '2026-10-25T02:30:00Z',
    ]);
  });
});

describe('set-schedule on a NAS in another time zone than the connection says', () => {
  afterEach(stopBenches);

  it('tells no next run once that is known: it would be a wrong one, as the tasks say too', async () => {
    const bench = await startBench([bare('set-schedule'), bare('get-tasks')], {
      nas: { tasks: 1, timeZone: 'Asia/Kolkata' },
      connection: { timeZone: 'Europe/Berlin' },
    });
    const set = (startHour: number): Promise<Fields> =>
      bench.ask('set-schedule', { taskId: 1, policy: 'scheduled', startHour });
    await bench.ask('get-tasks');
    const { nextRunAt, changed, after } = await set(5);
    assert.deepEqual([nextRunAt, changed], [null, true]);
    assert.equal(((after as Fields).schedule as Fields).startHour, 5);
    assert.equal((await bench.ask('get-tasks', { taskId: 1 })).nextRunAt, null);
  });
});
