// What only shows after thousands of calls, or while a NAS is away for minutes: leaks, storms of logins, lost calls.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ActiveBackupClient } from '../../lib/active-backup';
import { createDsmSession, isCodedError } from '../../lib/dsm';
import { createMonitor, type NasMemory, type Scheduler } from '../../lib/monitor';
import { startSimulator, type FaultSpec } from '../simulator';
import { accessTo, buildHouse, cleanUp, loginsOf, onEnd } from './house';

/** Bytes in use after everything that can be freed was. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Every seventh answer is broken in one of these ways, in turn. */
const breakages: FaultSpec[] = [
  { kind: 'truncated' },
  { kind: 'html', status: 502 },
  { kind: 'reset' },
  { kind: 'empty' },
  { kind: 'code', code: 100 },
  { kind: 'not-json' },
  { kind: 'code', code: 117 },
];

describe('ten thousand calls, every seventh answer broken', function () {
  this.timeout(120_000);
  afterEach(cleanUp);

  it('settles every call once, keeps the heap, and gives the sockets back', async () => {
    const house = await buildHouse({});
    const { nas, client } = house;
    await client.getWorkerCount();
    const settled = { good: 0, bad: new Map<string, number>() };
    let [calls, broken, resets] = [0, 0, 0];
    const callOnce = async (): Promise<void> => {
      calls += 1;
      const breakage = calls % 7 === 0 ? breakages[(calls / 7) % breakages.length] : undefined;
      const fault = breakage && nas.faults.add({ ...breakage, method: 'get_worker_count', times: 1 });
      try {
        await client.getWorkerCount();
        settled.good += 1;
      } catch (error) {
        const code = isCodedError(error) ? error.code : 'no code';
        settled.bad.set(code, (settled.bad.get(code) ?? 0) + 1);
      }
      broken += fault?.struck ?? 0;
      if (breakage?.kind === 'reset') resets += 1;
      fault?.clear();
    };
    const run = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += 1) await callOnce();
      nas.clearRequests();
    };
    await run(2_000);
    const sockets = nas.openConnections;
    const before = heapUsed();
    await run(8_000);
    const grown = heapUsed() - before;
    const bad = [...settled.bad.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `      ${settled.good} good, bad: ${JSON.stringify(Object.fromEntries(settled.bad))}, heap +${grown} bytes`,
    );
    assert.equal(settled.good + bad, 10_000);
    assert.equal(broken, Math.floor(10_000 / 7));
    // A read whose connection broke goes out once more, so its caller never learns of it.
    assert.equal(bad, broken - resets);
    assert.deepEqual([...settled.bad.keys()].sort(), ['BUSY', 'INVALID_RESPONSE', 'NAS_ERROR']);
    assert.ok(grown < 2_000_000, `the heap grew by ${grown} bytes over 8,000 calls`);
    assert.ok(nas.openConnections <= sockets, `${nas.openConnections} sockets after ${sockets}`);
    await house.session.close();
    assert.equal(nas.openSessions, 0);
    for (let turn = 0; turn < 1_000 && nas.openConnections > 0; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(nas.openConnections, 0);
  });
});

/** A clock whose timers fire when the test lets time pass, one after the other. */
class DrivenClock implements Scheduler {
  #timers: { atMs: number; fire: () => void }[] = [];
  constructor(private nowMs: number) {}

  now(): number {
    return this.nowMs;
  }

  after(ms: number, fire: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, fire };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  /** Fires the next timer that is due until then, and says whether there was one. */
  fireNext(untilMs: number): boolean {
    const next = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((left, right) => left.atMs - right.atMs)[0];
    this.#timers = this.#timers.filter((timer) => timer !== next);
    this.nowMs = next?.atMs ?? untilMs;
    next?.fire();
    return next !== undefined;
  }
}

/** Polls that back-off allows in ten minutes: after 5, 10, 20 … 300 seconds, each up to a fifth sooner. */
function allowedPolls(): number {
  let [seconds, polls] = [0, 1];
  for (let wait = 5; seconds < 600; wait = Math.min(300, wait * 2)) {
    seconds += 0.8 * wait;
    polls += 1;
  }
  return polls;
}

const outages: { name: string; fault: FaultSpec | 'away' }[] = [
  { name: 'its port is closed', fault: 'away' },
  { name: 'its web server answers 502 to everything', fault: { kind: 'html', status: 502 } },
  { name: 'only its login answers 100', fault: { kind: 'code', code: 100, method: 'login' } },
  { name: 'it accepts logins and ends each session at once', fault: { kind: 'code', code: 119, method: 'list_tasks' } },
];

describe('a NAS that reboots for ten minutes', function () {
  this.timeout(60_000);
  afterEach(cleanUp);

  for (const { name, fault } of outages) {
    it(`gets no more logins than back-off allows, and one line in the log each way: ${name}`, async () => {
      const clock = new DrivenClock(Date.UTC(2026, 10, 22, 12));
      const nas = await startSimulator({
        tasks: 1,
        timeZone: 'UTC',
        clock: { now: () => clock.now(), advance: () => undefined },
      });
      onEnd(() => nas.close());
      const session = createDsmSession({ ...accessTo(nas), now: () => clock.now() });
      onEnd(() => session.close());
      const lines: string[] = [];
      let memory: NasMemory | null = null;
      const monitor = createMonitor({
        client: new ActiveBackupClient({ session, timeZone: 'UTC', now: () => clock.now() }),
        settings: { nas: 'office', pollSeconds: 60, pollRunningSeconds: 10, timeZone: 'UTC', limits: {} },
        store: { load: () => memory, save: (next) => (memory = next) },
        scheduler: clock,
        random: () => 0,
        log: (level, text) => lines.push(`${level} ${text}`),
      });
      onEnd(() => {
        monitor.close();
        return Promise.resolve();
      });
      monitor.watch({ id: 'watcher' });
      const pass = async (minutes: number): Promise<void> => {
        const endMs = clock.now() + minutes * 60_000;
        // A poll under way talks to a real server: it has to end before the clock goes on.
        while (clock.fireNext(endMs)) await monitor.refresh().catch(() => undefined);
      };
      await pass(2);
      assert.equal(monitor.health.state, 'online');
      nas.reboot();
      nas.clearRequests();
      const before = session.counters.logins;
      if (fault === 'away') await nas.goAway();
      else nas.faults.add(fault);
      await pass(10);
      const tried = session.counters.logins - before;
      console.log(`      logins tried ${tried}, seen by the NAS ${loginsOf(nas)}, allowed ${allowedPolls()}`);
      assert.ok(tried <= allowedPolls(), `${tried} logins`);
      assert.equal(monitor.health.state, 'offline');
      assert.equal(lines.length, 1, lines.join('\n'));
      if (fault === 'away') await nas.comeBack();
      nas.faults.clear();
      nas.clearRequests();
      await pass(6);
      assert.equal(monitor.health.state, 'online');
      assert.ok(loginsOf(nas) <= 1, `${loginsOf(nas)} logins when it was back`);
      assert.equal(lines.length, 2, lines.join('\n'));
    });
  }
});
