// Stories of false alarms and of false calm, told on the simulated NAS by days and weeks.
import assert from 'node:assert/strict';
import { type Limits } from '../../../lib/active-backup';
import { type BackupEvent, type MonitorSettings, type PollingMonitor } from '../../../lib/monitor';
import { type RunScript, type TaskSpec } from '../../simulator';
import { startProcess, startWorld, type World } from './simulator-rig';
import { Witness } from './support';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Sunday, 1 November 2026, noon UTC. */
const startMs = Date.UTC(2026, 10, 1, 12);
const daily: TaskSpec = { policy: 'scheduled', schedule: { hour: 2 }, name: 'Tenant' };

interface Story extends World {
  monitor: PollingMonitor;
  witness: Witness;
  /** Names of what was told since the last look. */
  news(): string[];
  task(): NonNullable<PollingMonitor['snapshot']>['tasks'][number];
}

describe('stories', function () {
  this.timeout(60_000);
  let world: World | null = null;
  afterEach(async () => {
    await world?.close();
    world = null;
  });

  async function story(tasks: TaskSpec[], limits: Limits = {}): Promise<Story> {
    const begun = await startWorld(startMs, { tasks, timeZone: 'UTC', limits });
    world = begun;
    const rhythm: Partial<MonitorSettings> = { pollSeconds: 840, pollRunningSeconds: 840, limits };
    const monitor = startProcess(begun, rhythm);
    const witness = new Witness('flow');
    monitor.watch(witness);
    await begun.scheduler.pass(50);
    let seen = 0;
    const news = (): string[] => {
      const fresh: BackupEvent[] = witness.lasting.slice(seen);
      seen += fresh.length;
      return fresh.map(({ event }) => event);
    };
    const task = (): ReturnType<Story['task']> => {
      const found = monitor.snapshot?.tasks[0];
      assert.ok(found);
      return found;
    };
    return { ...begun, monitor, witness, news, task };
  }

  const past = (count: number, run: RunScript): TaskSpec['history'] =>
    Array.from({ length: count }, (_, index) => ({
      ...run,
      startedSecondsAgo: (count - index) * 86_400 - 14 * 3600,
    }));

  it('the tenant that is always partial and then stops: partial is forgiven, the stop is not', async () => {
    const partial: RunScript = { outcome: 'partial', durationSeconds: 3600 };
    const told = await story([{ ...daily, defaultRun: partial, history: past(20, partial) }], {
      partialIsProblem: false,
    });
    await told.scheduler.pass(7 * day);
    assert.deepEqual(told.news(), Array.from({ length: 7 }, () => ['started', 'partial']).flat());
    assert.equal(told.task().problem, false);
    assert.equal(told.task().overdue, false, 'partial runs with successes count as backups');
    assert.equal(told.task().lastSuccessAt, null);
    // The NAS starts it no more, and says nothing about that.
    told.nas.task(1).state.nextStartMs = null;
    await told.scheduler.pass(18 * hour);
    assert.deepEqual(told.news(), [], 'the slot, the length of a run and six hours have not passed');
    await told.scheduler.pass(10 * hour);
    assert.deepEqual(told.news(), ['overdue']);
    assert.equal(told.task().problem, true);
    assert.equal(told.task().problemReason, 'overdue');
    await told.scheduler.pass(5 * day);
    assert.deepEqual(told.news(), [], 'once');
  });

  it('the task that fails for a week and then hangs: it stays a problem throughout, and the hang is told', async () => {
    const told = await story([{ ...daily, defaultRun: { outcome: 'failed', durationSeconds: 600 } }]);
    await told.scheduler.pass(7 * day);
    const week = told.news();
    assert.equal(week.filter((name) => name === 'failed').length, 7);
    assert.equal(week.filter((name) => name === 'overdue').length, 1, 'failures do not move the deadline');
    assert.equal(week.includes('recovered'), false);
    assert.equal(told.task().failuresInARow, 7);
    told.nas.task(1).script({ outcome: 'hung' });
    await told.scheduler.pass(day);
    assert.deepEqual(told.news(), ['started']);
    assert.equal(told.task().activity, 'running');
    assert.equal(told.task().result, 'failed', 'a running run does not clear the last result');
    assert.equal(told.task().overdue, true, 'nor that it is overdue');
    assert.equal(told.task().problem, true);
    await told.scheduler.pass(day);
    assert.deepEqual(told.news(), ['stalled']);
    assert.equal(told.task().stalled, true);
    told.nas.task(1).finish({ outcome: 'canceled' });
    told.nas.task(1).setDefaultRun({ outcome: 'success', durationSeconds: 600 });
    await told.scheduler.pass(hour);
    assert.deepEqual(told.news(), ['canceled']);
    assert.equal(told.task().problem, true, 'a canceled run leaves the verdict as it was');
    await told.scheduler.pass(day);
    assert.deepEqual(told.news(), ['started', 'success', 'recovered']);
    assert.equal(told.task().problem, false);
  });

  it('the first full backup of three days: neither stalled nor overdue, and its end is told', async () => {
    const first: RunScript = { outcome: 'success', durationSeconds: 3 * 86_400 };
    const told = await story([{ ...daily, policy: 'manual', history: [], runs: [first] }], { manualHours: 100 });
    assert.equal(told.task().result, 'never');
    told.nas.task(1).start();
    for (let hours = 0; hours < 71; hours += 1) {
      await told.scheduler.pass(hour);
      assert.equal(told.task().problem, false, `after ${hours} h`);
      assert.equal(told.task().result, 'never');
    }
    assert.deepEqual(told.news(), ['started']);
    await told.scheduler.pass(2 * hour);
    assert.deepEqual(told.news(), ['success']);
    assert.equal(told.task().lastRun?.durationSeconds, 3 * 86_400);
    assert.equal(told.task().lastSuccessAt, '2026-11-04T12:00:00Z');
  });

  it('the NAS that answers an empty list while its volume is unmounted: no task is removed, and it is said', async () => {
    const told = await story([daily, { ...daily, name: 'Other' }]);
    const mount = told.nas.mutate('list_tasks', (data) => ({ ...(data as object), tasks: [] }));
    await told.scheduler.pass(20 * hour);
    assert.deepEqual(told.news(), []);
    assert.equal(told.monitor.snapshot?.listDroppedToEmpty, true);
    assert.deepEqual(told.monitor.snapshot.missingTaskIds, [1, 2]);
    mount();
    await told.scheduler.pass(hour);
    assert.equal(told.monitor.snapshot.listDroppedToEmpty, false);
    assert.equal(told.monitor.snapshot.tasks.length, 2);
    // The runs that nobody could see meanwhile are told now.
    assert.deepEqual(told.news(), ['started', 'started', 'success', 'success']);
    assert.equal(told.task().overdue, false);
  });
});
