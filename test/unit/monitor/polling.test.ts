// When the NAS is asked, and what for.
import assert from 'node:assert/strict';
import { ActiveBackupClient } from '../../../lib/active-backup';
import { createDsmSession, isCodedError } from '../../../lib/dsm';
import { createMonitor, systemScheduler } from '../../../lib/monitor';
import { startSimulator } from '../../simulator';
import { turns } from './driven-scheduler';
import { ended, noonMs, running, historyRow, taskRow } from './fake-nas';
import { bench, TextStore, Witness, seen } from './support';

describe('polling', () => {
  it('asks for the tasks once a poll for fifty watchers', async () => {
    const { monitor, nas, scheduler } = bench();
    const watchers = Array.from({ length: 50 }, (_, index) => new Witness(`watcher ${index}`));
    for (const watcher of watchers) monitor.watch(watcher);
    await scheduler.pass(50);
    assert.equal(nas.count('getTasks'), 1);
    await scheduler.pass(60_000 * 10);
    assert.equal(nas.count('getTasks'), 11);
    for (const { updates } of watchers) assert.equal(updates.length, 11);
  });

  it('asks nothing before somebody watches, and nothing after the last one left', async () => {
    const { monitor, nas, scheduler } = bench();
    await scheduler.pass(3_600_000);
    assert.deepEqual(nas.calls, []);
    const leave = [new Witness('one'), new Witness('two')].map((watcher) => monitor.watch(watcher));
    await scheduler.pass(120_050);
    leave[0]!();
    await scheduler.pass(60_000);
    assert.equal(nas.count('getTasks'), 4);
    leave[1]!();
    await scheduler.pass(3_600_000);
    assert.equal(nas.count('getTasks'), 4);
    assert.equal(scheduler.waiting, 0);
  });

  it('begins to poll again for who comes later', async () => {
    const { monitor, nas, scheduler } = bench();
    monitor.watch(new Witness('one'))();
    await scheduler.pass(60_000);
    assert.equal(nas.count('getTasks'), 0);
    monitor.watch(new Witness('two'));
    await scheduler.pass(50);
    assert.equal(nas.count('getTasks'), 1);
  });

  it('shares one poll between everybody who refreshes meanwhile', async () => {
    const { monitor, nas } = bench();
    const snapshots = await Promise.all(Array.from({ length: 10 }, () => monitor.refresh()));
    assert.equal(nas.count('getTasks'), 1);
    assert.ok(snapshots.every((snapshot) => snapshot === monitor.snapshot));
    await monitor.refresh();
    assert.equal(nas.count('getTasks'), 2);
  });

  it('gives up a poll that nobody waits for any more, so that a silent NAS holds nobody else up', async () => {
    const nas = await startSimulator({ tasks: 1 });
    const session = createDsmSession({ url: nas.url, username: nas.username, password: nas.password });
    const client = new ActiveBackupClient({ session });
    const { settings } = bench().monitor;
    const monitor = createMonitor({
      client,
      settings,
      store: new TextStore(),
      scheduler: systemScheduler,
      random: () => 1,
      log: () => undefined,
    });
    nas.faults.add({ method: 'list_tasks', kind: 'hang', times: 1 });
    const leaving = new AbortController();
    const left = monitor.refresh(leaving.signal);
    while (nas.count('list_tasks') === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    leaving.abort();
    await assert.rejects(left, (error) => isCodedError(error) && error.code === 'ABORTED');
    // The hung request would take half a minute more, far beyond this test's own time.
    const { tasks } = await monitor.refresh();
    assert.equal(tasks.length, 1);
    assert.equal(monitor.health.failedPolls, 0);
    monitor.close();
    await session.close();
    await nas.close();
  });

  it('lets one of them leave without taking the poll from the others', async () => {
    const { monitor, nas } = bench();
    let open: () => void = () => undefined;
    nas.gate = new Promise((resolve) => (open = resolve));
    const leaving = new AbortController();
    const left = monitor.refresh(leaving.signal);
    const stays = monitor.refresh();
    leaving.abort();
    await assert.rejects(left, { code: 'ABORTED' });
    open();
    assert.equal((await stays).tasks.length, 1);
    await assert.rejects(monitor.refresh(AbortSignal.abort()), { code: 'ABORTED' });
  });

  it('polls faster while a task runs', async () => {
    const { monitor, nas, scheduler } = bench();
    monitor.watch(new Witness('one'));
    await scheduler.pass(50);
    nas.change(1, running());
    await scheduler.pass(60_000);
    assert.equal(nas.count('getTasks'), 2);
    await scheduler.pass(60_000);
    assert.equal(nas.count('getTasks'), 8);
  });

  it('reads the history at first sight, and then only when a run began or ended', async () => {
    const { monitor, nas, scheduler } = bench();
    monitor.watch(new Witness('one'));
    await scheduler.pass(60_000 * 30);
    assert.equal(nas.count('listRuns'), 1);
    assert.ok(noonMs - nas.windows[0]!.sinceMs > 399 * 24 * 3_600_000);
    nas.change(1, running());
    await scheduler.pass(60_000);
    assert.equal(nas.count('listRuns'), 2);
    await scheduler.pass(60_000 * 5);
    assert.equal(nas.count('listRuns'), 2);
    nas.change(1, ended(200, scheduler.now()));
    nas.history.push(historyRow(1, 200, scheduler.now()));
    await scheduler.pass(60_000 * 30);
    assert.equal(nas.count('listRuns'), 3);
    assert.ok(scheduler.now() - nas.windows[2]!.sinceMs < 3 * 24 * 3_600_000, 'only what is new');
  });

  it('asks a history that failed once more, and then does without', async () => {
    const { monitor, nas, scheduler } = bench();
    nas.fail('listRuns', 'NAS_ERROR');
    monitor.watch(new Witness('one'));
    await scheduler.pass(50);
    assert.equal(nas.count('listRuns'), 2);
    assert.equal(monitor.health.state, 'online');
  });

  it('asks for the history also when the last run is dated in the future', async () => {
    const { monitor, nas, scheduler } = bench();
    nas.tasks = [taskRow(1, { last_execution_time: noonMs / 1000 + 10 * 86_400 })];
    monitor.watch(new Witness('one'));
    await scheduler.pass(50);
    nas.change(1, running());
    await scheduler.pass(60_000);
    assert.equal(monitor.health.state, 'online');
    assert.equal(nas.count('listRuns'), 2);
  });

  it('reads slow values hourly, and does without those that the NAS refuses', async () => {
    const { monitor, nas, scheduler } = bench();
    nas.fail('getWorkerCount', 'PERMISSION_DENIED');
    nas.fail('getNasTime', 'NOT_SUPPORTED');
    monitor.watch(new Witness('one'));
    await scheduler.pass(50);
    assert.equal(seen(monitor).workers, null);
    assert.equal(seen(monitor).packageVersion, '2.5.5-14034');
    await scheduler.pass(59 * 60_000);
    assert.equal(nas.count('getPackageVersion'), 1);
    nas.fail('getWorkerCount', null);
    await scheduler.pass(120_000);
    assert.equal(nas.count('getPackageVersion'), 2);
    assert.equal(seen(monitor).workers?.maxBackupWorkers, 40);
  });

  it('keeps a slow value that fails for a passing reason, and asks for it again after a minute', async () => {
    const { monitor, nas, scheduler } = bench({ timeZone: 'Europe/Berlin' });
    nas.localTime = 'Sun Nov 22 12:00:00 2026';
    for (const method of ['getWorkerCount', 'getPackageVersion', 'getNasTime'] as const) nas.fail(method, 'TIMEOUT');
    monitor.watch(new Witness('one'));
    await scheduler.pass(50);
    assert.deepEqual([seen(monitor).workers, seen(monitor).packageVersion], [null, null]);
    assert.equal(seen(monitor).timeZoneProblem, null);
    nas.failures.clear();
    nas.change(1, running());
    await scheduler.pass(60_000);
    assert.equal(seen(monitor).workers?.backupWorkers, 20);
    assert.equal(seen(monitor).packageVersion, '2.5.5-14034');
    assert.match(seen(monitor).timeZoneProblem ?? '', /UTC\+00:00/);
    assert.equal(nas.count('getNasTime'), 2);
    for (const method of ['getWorkerCount', 'getPackageVersion', 'getNasTime'] as const) nas.fail(method, 'BUSY');
    await scheduler.pass(61 * 60_000);
    assert.equal(seen(monitor).workers?.backupWorkers, 20);
    assert.match(seen(monitor).timeZoneProblem ?? '', /UTC\+00:00/);
    const asked = nas.count('getNasTime');
    await scheduler.pass(5 * 60_000);
    assert.equal(nas.count('getNasTime'), asked + 5, 'not at each poll of a running task');
    nas.fail('getWorkerCount', 'PERMISSION_DENIED');
    await scheduler.pass(60_000);
    assert.equal(seen(monitor).workers, null);
    const refused = nas.count('getWorkerCount');
    await scheduler.pass(50 * 60_000);
    assert.equal(nas.count('getWorkerCount'), refused);
  });

  it('looks again soon when something is changed on the NAS, also during a poll', async () => {
    const { monitor, nas, scheduler } = bench();
    monitor.poke();
    assert.equal(scheduler.waiting, 0);
    monitor.watch(new Witness('one'));
    await scheduler.pass(1_000);
    monitor.poke();
    await scheduler.pass(50);
    assert.equal(nas.count('getTasks'), 2);
    let open: () => void = () => undefined;
    nas.gate = new Promise((resolve) => (open = resolve));
    const poll = monitor.refresh();
    monitor.poke();
    nas.gate = null;
    open();
    await poll;
    await scheduler.pass(50);
    assert.equal(nas.count('getTasks'), 4);
  });

  it('asks anew for who asks after a change, and shows nobody then what the poll under way had seen before it', async () => {
    const { monitor, nas } = bench();
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    nas.listRuns = () => opened.then(() => ({ runs: [], truncated: false }));
    const poll = monitor.refresh();
    await turns();
    nas.change(1, running());
    monitor.poke();
    const leaving = new AbortController();
    const left = monitor.refresh(leaving.signal);
    const later = [monitor.refresh(), monitor.refresh()];
    leaving.abort();
    await assert.rejects(left, { code: 'ABORTED' });
    open();
    assert.equal((await poll).tasks[0]?.activity, 'idle');
    for (const { tasks } of await Promise.all(later)) assert.equal(tasks[0]?.activity, 'running');
    assert.equal(nas.count('getTasks'), 2, 'one more for both');
  });

  it('gives a defect a code: no flow meets a bare TypeError', async () => {
    const { monitor, nas } = bench();
    nas.failures.set('getTasks', new TypeError('x is not a function'));
    const error: unknown = await monitor.refresh().catch((reason: unknown) => reason);
    assert.ok(isCodedError(error));
    assert.equal(error.code, 'INVALID_RESPONSE');
  });

  it('survives watchers that throw', async () => {
    const { monitor, nas, scheduler } = bench();
    const bad = { id: 'bad', onUpdate: () => assert.fail('update'), onEvent: () => assert.fail('event') };
    const good = new Witness('good');
    monitor.watch(bad);
    monitor.watch(good);
    await scheduler.pass(50);
    nas.change(1, ended(200, noonMs + 1000));
    await scheduler.pass(60_000);
    assert.equal(monitor.health.state, 'online');
    assert.deepEqual(good.told, ['started', 'success']);
  });

  it('ends with the connection: a poll under way is aborted, nothing is asked or written any more', async () => {
    const { monitor, nas, scheduler, store } = bench();
    const witness = new Witness('one');
    monitor.watch(witness);
    await scheduler.pass(50);
    nas.gate = new Promise(() => undefined);
    const poll = monitor.refresh(AbortSignal.timeout(5));
    monitor.close();
    await assert.rejects(poll, { code: 'ABORTED' });
    const { saves } = store;
    await scheduler.pass(3_600_000);
    assert.equal(nas.count('getTasks'), 2);
    assert.equal(store.saves, saves);
    await assert.rejects(monitor.refresh(), { code: 'ABORTED' });
    assert.throws(() => monitor.watch(witness), { code: 'ABORTED' });
  });
});
