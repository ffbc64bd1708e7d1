// A change of settings changes nothing else, whatever the settings were and whatever was wished.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cleanUp, startRig } from './support';

describe('changing settings, for generated settings and wishes', () => {
  afterEach(cleanUp);

  // FUZZ_RUNS changes how many.
  const numRuns = Number(process.env.FUZZ_RUNS ?? 1000);
  const hour = fc.integer({ min: 0, max: 23 });
  const days = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 });
  const storedSchedule = fc.record({
    hour,
    minute: fc.integer({ min: 0, max: 59 }),
    last_work_hour: hour,
    repeat_hour: hour,
    week_day: days.map((list) => list.join()),
    date: fc.constantFrom('2025/1/26', '2026/11/2'),
    date_type: fc.constantFrom(0, 0, 0, 1),
    repeat_min: fc.constantFrom(0, 0, 0, 0, 15),
    repeat_hour_store_config: fc.constantFrom(null, [1, 2, 3]),
  });
  const stored = fc.record({
    backup_policy: fc.constantFrom(0, 1),
    enable_schedule: fc.boolean(),
    rotation_policy: fc.constantFrom(0, 1),
    preserve_day_number: fc.integer({ min: 1, max: 3650 }),
    enable_user_restore: fc.boolean(),
    enable_auto_add_mail: fc.boolean(),
    enable_auto_discover_teams: fc.boolean(),
  });
  const scheduleWish = fc.record(
    {
      policy: fc.constantFrom('continuous', 'manual', 'scheduled', 0, 1, 2),
      startHour: hour,
      startMinute: fc.integer({ min: 0, max: 59 }),
      lastRunHour: hour,
      repeatEveryHours: hour,
      runDays: days.map((list) => [...list].reverse()),
      replaceUnknownSchedule: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const retentionWish = fc.record({
    daysToKeep: fc.integer({ min: 0, max: 3650 }),
    allowDeletion: fc.boolean(),
  });

  /** Where each field of a wish stands in the settings. */
  const places: Record<string, string[]> = {
    policy: ['backup_policy', 'enable_schedule'],
    startHour: ['schedule.hour'],
    startMinute: ['schedule.minute'],
    lastRunHour: ['schedule.last_work_hour'],
    repeatEveryHours: ['schedule.repeat_hour'],
    runDays: ['schedule.week_day'],
    daysToKeep: ['rotation_policy', 'preserve_day_number'],
    replaceUnknownSchedule: [
      'schedule.date_type',
      'schedule.repeat_date',
      'schedule.repeat_min',
      'schedule.monthly_week',
    ],
    allowDeletion: [],
  };

  function flat(setting: Record<string, unknown>): Map<string, string> {
    const { schedule, ...rest } = setting;
    const entries = [
      ...Object.entries(rest),
      ...Object.entries(schedule as object).map(([name, value]): [string, unknown] => [`schedule.${name}`, value]),
    ];
    return new Map(entries.map(([name, value]) => [name, JSON.stringify(value)]));
  }

  it(`what is read back differs only in what was asked (${String(numRuns)} runs)`, async () => {
    const { nas, client } = await startRig();
    let changedOnes = 0;
    let refusedOnes = 0;
    await fc.assert(
      fc.asyncProperty(
        stored,
        storedSchedule,
        fc.oneof(scheduleWish, retentionWish),
        async (settings, schedule, wish) => {
          const task = nas.task(1);
          task.change({
            ...settings,
            schedule: { ...task.setting.schedule, monthly_week: [], repeat_date: 0, ...schedule },
          });
          const before = flat(task.setting);
          const writesBefore = nas.count('set_task_setting');
          const input = { taskId: 1, ...wish };
          let answer: { changed: boolean; after: unknown } | null = null;
          try {
            answer = 'daysToKeep' in wish ? await client.setRotationPolicy(input) : await client.setTaskSchedule(input);
          } catch (error) {
            const { code } = error as { code: string };
            assert.ok(['NOT_CONFIRMED', 'INVALID_INPUT'].includes(code), String(error));
            refusedOnes += 1;
          }
          const after = flat(task.setting);
          const differing = [...after.keys()].filter((name) => after.get(name) !== before.get(name));
          const writes = nas.count('set_task_setting') - writesBefore;
          if (answer === null) {
            assert.deepEqual([differing, writes], [[], 0]);
            return;
          }
          const allowed = Object.keys(wish).flatMap((name) => places[name] ?? []);
          for (const name of differing) assert.ok(allowed.includes(name), `${name} was not asked to change`);
          assert.equal(writes, answer.changed ? 1 : 0);
          assert.equal(differing.length > 0, answer.changed);
          if (answer.changed) changedOnes += 1;
          if ('daysToKeep' in wish) {
            assert.deepEqual(answer.after, { daysToKeep: wish.daysToKeep });
          } else {
            const state = answer.after as { policy: string; schedule: Record<string, unknown> };
            const { policy, runDays, ...others } = wish;
            const fields = Object.entries(others).filter(([name]) => name !== 'replaceUnknownSchedule');
            for (const [name, value] of fields) assert.equal(state.schedule[name], value, name);
            if (runDays !== undefined) assert.deepEqual(state.schedule.runDays, [...runDays].reverse());
            const names = ['continuous', 'manual', 'scheduled'];
            if (policy !== undefined) assert.equal(state.policy, typeof policy === 'number' ? names[policy] : policy);
          }
        },
      ),
      { numRuns, seed: 20261122 },
    );
    assert.ok(
      changedOnes > numRuns / 5 && refusedOnes > numRuns / 20,
      `${String(changedOnes)} changed, ${String(refusedOnes)} refused`,
    );
  }).timeout(120_000);
});
