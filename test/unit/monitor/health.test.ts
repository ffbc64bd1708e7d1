// When the NAS counts as away, and when as back.
import assert from 'node:assert/strict';
import { afterFailedPoll, nextPollMs, unknownHealth } from '../../../lib/monitor/health';
import { bench, kill, settings, Witness, seen, watched } from './support';

const minute = 60_000;

describe('health of the NAS', () => {
  it('takes one lost answer for none: no event, no line in the log, the state stays', async () => {
    const { nas, scheduler, monitor, witness, log } = await watched();
    nas.fail('getTasks', 'UNREACHABLE');
    await scheduler.pass(minute);
    assert.equal(monitor.health.state, 'online');
    nas.fail('getTasks', null);
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, []);
    assert.deepEqual(log, []);
  });

  it('tells nas_lost once after two failed polls, nas_back once, and one line of each', async () => {
    const { nas, scheduler, monitor, witness, log } = await watched();
    nas.fail('getTasks', 'UNREACHABLE');
    await scheduler.pass(minute + 6_000);
    assert.equal(monitor.health.state, 'offline');
    assert.deepEqual(witness.told, ['nas_lost']);
    assert.equal(witness.lasting[0]!.after, 'UNREACHABLE');
    assert.equal(witness.lasting[0]!.task, null);
    assert.equal(witness.order.indexOf('update offline') < witness.order.indexOf('nas_lost'), true);
    await scheduler.pass(8 * 3_600_000);
    assert.deepEqual(witness.told, ['nas_lost']);
    nas.fail('getTasks', null);
    await scheduler.pass(6 * minute);
    assert.deepEqual(witness.told, ['nas_lost', 'nas_back']);
    assert.equal(log.length, 2);
    assert.match(log[0]!, /^warn .*UNREACHABLE/);
    assert.match(log[1]!, /^info /);
  });

  it('spaces the polls of a NAS that is away from 5 s to 5 min, and tries at once when asked', async () => {
    const { nas, scheduler, monitor } = await watched();
    nas.fail('getTasks', 'UNREACHABLE');
    await scheduler.pass(minute);
    const before = nas.count('getTasks');
    await scheduler.pass(3_600_000);
    const tries = nas.count('getTasks') - before;
    assert.ok(tries >= 15 && tries <= 18, `${tries} tries in an hour`);
    nas.fail('getTasks', null);
    await monitor.refresh();
    assert.equal(monitor.health.state, 'online');
  });

  it('never waits less than 5 s or more than 5 min after a failed poll, whatever the jitter', () => {
    let health = unknownHealth(0);
    for (let failures = 1; failures <= 20; failures += 1) {
      health = afterFailedPoll(health, 'UNREACHABLE', '', 0);
      const [least, middle, most] = [0, 0.5, 1].map((random) => nextPollMs(health, false, settings, random));
      assert.ok(least! >= 5_000 && least! <= middle! && middle! <= most! && most! <= 300_000, `${failures} failures`);
      if (failures < 6) assert.ok(least! < most!);
    }
    assert.equal(nextPollMs(afterFailedPoll(unknownHealth(0), 'TIMEOUT', '', 0), false, settings, 0), 5_000);
  });

  it('is not known to who is the first to watch after a long time, until the first poll', async () => {
    const { monitor, scheduler, nas } = bench();
    const leave = monitor.watch(new Witness('first'));
    await scheduler.pass(50);
    leave();
    await scheduler.pass(3 * minute);
    const soon = new Witness('soon');
    const leaveSoon = monitor.watch(soon);
    assert.equal(soon.updates[0]?.health.state, 'online', 'three minutes are no silence');
    await scheduler.pass(50);
    leaveSoon();
    await scheduler.pass(3 * minute + 1_000);
    nas.gate = new Promise(() => undefined);
    const late = new Witness('late');
    monitor.watch(late);
    assert.equal(monitor.health.state, 'unknown');
    assert.equal(monitor.snapshot, null);
    await scheduler.pass(minute);
    assert.deepEqual(late.updates, []);
  });

  for (const code of ['AUTH_FAILED', 'OTP_REQUIRED', 'IP_BLOCKED'] as const) {
    it(`counts as away at once on ${code}`, async () => {
      const { nas, scheduler, monitor, witness } = await watched();
      nas.fail('getTasks', code);
      await scheduler.pass(minute);
      assert.equal(monitor.health.state, 'offline');
      assert.deepEqual(witness.told, ['nas_lost']);
    });
  }

  it('counts as away by a timer of its own while a poll hangs', async () => {
    const { nas, scheduler, monitor, witness } = await watched();
    nas.gate = new Promise(() => undefined);
    await scheduler.pass(179_000);
    assert.equal(monitor.health.state, 'online');
    await scheduler.pass(2_000);
    assert.equal(monitor.health.state, 'offline');
    assert.equal(monitor.health.errorCode, 'TIMEOUT');
    assert.deepEqual(witness.told, ['nas_lost']);
    assert.equal(witness.updates.at(-1)?.health.state, 'offline');
  });

  it('calls nobody away who failed only the first poll of this process, and shows it nevertheless', async () => {
    const { nas, scheduler, monitor, log } = bench();
    const witness = new Witness('witness');
    nas.fail('getTasks', 'TIMEOUT');
    monitor.watch(witness);
    await scheduler.pass(1_000);
    assert.equal(monitor.health.state, 'offline');
    assert.deepEqual(witness.told, []);
    nas.fail('getTasks', null);
    await scheduler.pass(10_000);
    assert.equal(monitor.health.state, 'online');
    assert.deepEqual(witness.told, []);
    assert.deepEqual(log, []);
  });

  it('tells nas_back after a restart, and not nas_lost a second time', async () => {
    const first = await watched();
    first.nas.fail('getTasks', 'UNREACHABLE');
    await first.scheduler.pass(3 * minute);
    assert.deepEqual(first.witness.told, ['nas_lost']);
    kill(first);
    const second = bench({}, first);
    const witness = new Witness('witness');
    second.monitor.watch(witness);
    await second.scheduler.pass(10 * minute);
    assert.deepEqual(witness.told, []);
    second.nas.fail('getTasks', null);
    await second.scheduler.pass(5 * minute);
    assert.deepEqual(witness.told, ['nas_back']);
  });

  it('tells who comes while the NAS is away that it is', async () => {
    const { monitor, nas, scheduler } = bench();
    nas.fail('getTasks', 'UNREACHABLE');
    for (let tries = 0; tries < 3; tries += 1) await assert.rejects(monitor.refresh(), { code: 'UNREACHABLE' });
    const witness = new Witness('witness');
    monitor.watch(witness);
    await scheduler.pass(minute);
    assert.deepEqual(witness.told, ['nas_lost']);
  });

  it('says once that the clocks of NAS and host differ by more than two minutes', async () => {
    const { nas, scheduler, monitor, log } = await watched();
    nas.skewMs = 100_000;
    await scheduler.pass(5 * minute);
    assert.deepEqual(log, []);
    nas.skewMs = -20 * minute;
    await scheduler.pass(30 * minute);
    assert.equal(log.length, 1);
    assert.match(log[0]!, /20 minutes behind/);
    assert.equal(seen(monitor).clockSkewSeconds, -1200);
    nas.skewMs = null;
    await scheduler.pass(minute);
    assert.equal(seen(monitor).clockSkewSeconds, null);
    assert.equal(seen(monitor).atMs, scheduler.now(), 'then dates are taken by this machine’s clock');
  });

  it('says that once too of clocks that differ by now more, now less than that, and again after they agreed', async () => {
    const { nas, scheduler, log } = await watched();
    for (let poll = 0; poll < 20; poll += 1) {
      nas.skewMs = poll % 2 === 0 ? 121_000 : 119_000;
      await scheduler.pass(minute);
    }
    assert.equal(log.length, 1);
    nas.skewMs = 0;
    await scheduler.pass(minute);
    nas.skewMs = 121_000;
    await scheduler.pass(minute);
    assert.equal(log.length, 2);
  });

  it('says too, once, that a NAS which was away came back and refuses the login: that takes a person', async () => {
    const { nas, scheduler, log } = await watched();
    for (const code of ['UNREACHABLE', 'AUTH_FAILED', 'TIMEOUT', 'AUTH_FAILED', 'UNREACHABLE'] as const) {
      nas.fail('getTasks', code);
      await scheduler.pass(30 * minute);
    }
    nas.fail('getTasks', null);
    await scheduler.pass(10 * minute);
    assert.deepEqual(
      log.map((line) => /UNREACHABLE|AUTH_FAILED|answers again/.exec(line)?.[0]),
      ['UNREACHABLE', 'AUTH_FAILED', 'answers again'],
    );
  });

  it('judges nothing of a schedule while the time zone is not the NAS’s, and says why', async () => {
    const made = bench({ timeZone: 'Europe/Berlin' });
    const schedule = { hour: 2, minute: 0, repeat_hour: 0, last_work_hour: 2, week_day: '0,1,2,3,4,5,6', date_type: 0 };
    made.nas.change(1, { enable_schedule: true, schedule });
    made.nas.localTime = 'Sun Nov 22 20:00:00 2026';
    made.monitor.watch(new Witness('witness'));
    await made.scheduler.pass(50);
    assert.match(seen(made.monitor).timeZoneProblem ?? '', /UTC\+08:00.*Europe\/Berlin.*UTC\+01:00/);
    assert.equal(seen(made.monitor).tasks[0]!.nextRunAt, null);
    assert.equal(seen(made.monitor).tasks[0]!.overdue, null);
    made.nas.localTime = 'Sun Nov 22 14:00:20 2026';
    await made.scheduler.pass(3_700_000);
    assert.equal(seen(made.monitor).timeZoneProblem, null);
    assert.equal(seen(made.monitor).tasks[0]!.nextRunAt, '2026-11-23T01:00:00Z');
    assert.equal(seen(made.monitor).tasks[0]!.overdue, false);
  });
});
