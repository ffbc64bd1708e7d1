// Weeks of a NAS with random outcomes, hung runs, missed polls, restarts, kills and absences: what was told against
// what the simulated NAS itself has in its books. The full size, for CI:
//   WATCH_DAYS=90 WATCH_TASKS=20 npx mocha test/unit/monitor/ledger.test.ts
import assert from 'node:assert/strict';
import { type BackupEvent, type NasHealth, type PollingMonitor, type Snapshot } from '../../../lib/monitor';
import { type RunScript, type TaskSpec } from '../../simulator';
import { expectedOf, type Expected, type PollRecord, type TaskLife } from './ledger-oracle';
import { startProcess, startWorld, type World } from './simulator-rig';

const days = Number(process.env.WATCH_DAYS ?? 10);
const taskCount = Number(process.env.WATCH_TASKS ?? 6);
const seed = Number(process.env.WATCH_SEED ?? Date.now() % 1_000_000_000);

const startMs = Date.UTC(2026, 9, 10);
const minute = 60;
const hour = 3600;
const rhythm = { pollSeconds: 600, pollRunningSeconds: 300 };

/** Mulberry32: the same numbers for the same seed. */
function chance(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Told {
  event: BackupEvent;
  atMs: number;
  process: number;
}

/** One story: a NAS, the processes of Node-RED after one another, and everything that a flow was told. */
class Story {
  readonly told: Told[] = [];
  readonly polls: PollRecord[] = [];
  readonly lives: TaskLife[] = [];
  /** When the process was killed while or right after it told something. */
  readonly kills = new Set<number>();
  longAbsences = 0;
  private monitor: PollingMonitor | null = null;
  private process = 0;
  private killAfter = Infinity;
  private hungUntilMs = new Map<number, number>();

  constructor(
    readonly world: World,
    private readonly random: () => number,
  ) {}

  between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  get nowMs(): number {
    return this.world.scheduler.now();
  }

  run(): RunScript {
    const dice = this.random();
    const lengths: [number, number][] = [
      [2, 90],
      [5 * minute, hour],
      [hour, 9 * hour],
      [9 * hour, 30 * hour],
    ];
    const [least, most] = lengths[Math.min(3, Math.floor(this.random() ** 2 * 4))]!;
    const durationSeconds = this.between(least, most);
    if (dice < 0.62) return { outcome: 'success', durationSeconds };
    if (dice < 0.74) return { outcome: 'partial', durationSeconds };
    if (dice < 0.87) return { outcome: 'failed', durationSeconds };
    if (dice < 0.92) return { outcome: 'canceled', durationSeconds };
    if (dice < 0.96) return { outcome: 'unknown', durationSeconds };
    return { outcome: 'hung' };
  }

  addTask(index: number): void {
    const policies = ['scheduled', 'scheduled', 'continuous', 'manual'] as const;
    const policy = policies[index % policies.length]!;
    const repeat = policy === 'scheduled' && index % 3 === 0 ? 6 : 0;
    const spec: TaskSpec = {
      policy,
      schedule: {
        hour: repeat > 0 ? 1 : this.between(0, 23),
        minute: this.between(0, 59),
        repeat_hour: repeat,
        last_work_hour: repeat > 0 ? 22 : 0,
        week_day: index % 5 === 4 ? '1,3,5' : '0,1,2,3,4,5,6',
      },
      users: 2,
      defaultRun: () => this.run(),
    };
    const task = this.world.nas.addTask(spec);
    this.lives.push({
      id: task.id,
      policy,
      schedule: task.setting.schedule,
      addedMs: this.nowMs,
      removedMs: null,
      names: [{ fromMs: this.nowMs, name: task.name }],
    });
  }

  startProcess(): void {
    this.process += 1;
    const { process } = this;
    let last: Snapshot | null = null;
    let failures = 0;
    const monitor = startProcess(this.world, rhythm);
    this.monitor = monitor;
    monitor.watch({
      id: 'flow',
      onUpdate: (snapshot, health) => {
        if (this.monitor !== monitor) return;
        this.note(snapshot !== last ? snapshot : null, health, failures);
        last = snapshot;
        failures = health.failedPolls;
      },
      onEvent: (event) => {
        if (this.monitor !== monitor) return Promise.reject(new Error('This process is dead.'));
        if (event.event === 'polled' || event.event === 'progress') return undefined;
        this.told.push({ event, atMs: this.nowMs, process });
        this.killAfter -= 1;
        if (this.killAfter <= 0) this.kill();
        return undefined;
      },
    });
  }

  private note(snapshot: Snapshot | null, health: NasHealth, failures: number): void {
    if (snapshot !== null) this.polls.push({ atMs: this.nowMs, good: true });
    else if (health.failedPolls > failures) this.polls.push({ atMs: this.nowMs, good: false });
  }

  /** Nothing is written down any more, no timer fires, nobody is told. */
  kill(): void {
    const { text } = this.world.store;
    const { monitor } = this;
    this.killAfter = Infinity;
    if (!monitor) return;
    this.kills.add(this.nowMs);
    this.monitor = null;
    this.world.scheduler.clear();
    monitor.close();
    const { store } = this.world;
    store.text = text;
    const save = store.save.bind(store);
    // What the dying process still does in this turn reaches no disk.
    store.save = () => undefined;
    setImmediate(() => (store.save = save));
  }

  async pass(seconds: number): Promise<void> {
    const endMs = this.nowMs + seconds * 1000;
    while (this.nowMs < endMs) {
      await this.world.scheduler.passTo(Math.min(endMs, this.nowMs + 600_000));
      this.freeHungRuns();
      // Killed while it told something: it is started again.
      if (this.monitor === null) this.startProcess();
    }
    this.world.nas.clearRequests();
  }

  /** Somebody restarts the NAS's package a day or two later. */
  private freeHungRuns(): void {
    for (const task of this.world.nas.tasks()) {
      const { run } = task.state;
      if (run?.endMs !== Infinity) continue;
      const untilMs = this.hungUntilMs.get(run.executionId) ?? this.nowMs + this.between(6, 60) * hour * 1000;
      this.hungUntilMs.set(run.executionId, untilMs);
      if (this.nowMs >= untilMs) task.finish({ outcome: this.random() < 0.5 ? 'failed' : 'canceled' });
    }
  }

  /** Something happens, and some time passes. */
  async step(): Promise<void> {
    const { nas, scheduler } = this.world;
    const dice = this.random();
    if (dice < 0.1) {
      this.monitor?.close();
      this.monitor = null;
      await this.restAndStart();
    } else if (dice < 0.2) {
      this.killAfter = this.between(1, 4);
    } else if (dice < 0.25) {
      // Right after a poll: what it told is not struck off yet.
      await this.monitor?.refresh().catch(() => undefined);
      this.kill();
      await this.restAndStart();
    } else if (dice < 0.3) {
      const hours = this.between(1, 9);
      if (hours >= 2) this.longAbsences += 1;
      await nas.goAway();
      await this.pass(hours * hour);
      await nas.comeBack();
    } else if (dice < 0.45) {
      const kinds = ['html', 'reset', 'truncated', 'empty'] as const;
      nas.faults.add({ method: 'list_tasks', kind: kinds[this.between(0, 3)]!, times: this.between(1, 4) });
    } else if (dice < 0.5) {
      nas.faults.add({ method: 'list_task_logs', kind: 'html', times: 1 });
    } else if (dice < 0.55) {
      this.rename();
    } else if (dice < 0.58) {
      nas.kickSessions();
    } else {
      for (const { id, policy, removedMs } of this.lives) {
        if (policy === 'manual' && removedMs === null && !nas.task(id).running) nas.task(id).start();
      }
    }
    await this.pass(this.between(10 * minute, 6 * hour));
    assert.ok(scheduler.waiting > 0, 'it polls on');
  }

  private async restAndStart(): Promise<void> {
    this.world.scheduler.clear();
    const restMs = this.random() < 0.5 ? 5_000 : this.between(minute, 8 * hour) * 1000;
    await this.world.scheduler.pass(restMs);
    this.freeHungRuns();
    this.startProcess();
  }

  private rename(): void {
    const life = this.lives[this.between(0, this.lives.length - 1)]!;
    if (life.removedMs !== null) return;
    const name = `Task ${life.id}, name ${life.names.length + 1}`;
    this.world.nas.task(life.id).rename(name);
    life.names.push({ fromMs: this.nowMs, name });
  }

  remove(): void {
    const life = this.lives[0]!;
    life.removedMs = this.nowMs;
    this.world.nas.task(life.id).remove();
  }
}

describe(`${days} days of ${taskCount} tasks`, function () {
  this.timeout(20 * 60_000);

  it(`tells what is in the books: none missing, none early, none twice but by a kill (seed ${seed})`, async () => {
    console.log(`        WATCH_SEED=${seed} WATCH_DAYS=${days} WATCH_TASKS=${taskCount}`);
    const world = await startWorld(startMs, { tasks: 0, seed });
    const story = new Story(world, chance(seed));
    try {
      for (let index = 0; index < taskCount; index += 1) story.addTask(index);
      story.startProcess();
      const endMs = startMs + days * 24 * hour * 1000;
      let halfway = false;
      while (story.nowMs < endMs) {
        await story.step();
        if (halfway || story.nowMs < (startMs + endMs) / 2) continue;
        halfway = true;
        story.remove();
        story.addTask(taskCount);
      }
      // A last poll, so that nothing is left on its way.
      await story.pass(2 * hour);
      compare(story);
    } finally {
      await world.close();
    }
  });
});

function compare(story: Story): void {
  const { told, polls, kills, world } = story;
  const ledger = world.nas.ledger();
  const firstTold = new Map<string, Told>();
  for (const entry of told) {
    const before = firstTold.get(entry.event.eventId);
    if (before) assert.ok(kills.has(before.atMs), `${describeTold(entry)} was told twice, and no kill fell between`);
    else firstTold.set(entry.event.eventId, entry);
  }
  const unique = [...firstTold.values()];
  let checked = 0;
  for (const life of story.lives) {
    const expected = expectedOf(life, ledger, polls, world.timeZone);
    const found = unique.filter(({ event }) => event.task?.id === life.id);
    const at = (index: number): string => `task ${life.id} (${life.policy}), event ${index}`;
    assert.deepEqual(
      found.map(({ event }, index) => shortOf(index, event.event, event.run?.runId ?? null)),
      expected.map(({ event, runId }, index) => shortOf(index, event, runId)),
      `task ${life.id} (${life.policy})`,
    );
    found.forEach((entry, index) => checkTime(entry, expected[index]!, story, at(index)));
    checked += found.length;
  }
  const nasEvents = unique.filter(({ event }) => event.task === null).map(({ event }) => event.event);
  nasEvents.forEach((name, index) =>
    assert.equal(name, index % 2 === 0 ? 'nas_lost' : 'nas_back', `NAS event ${index}`),
  );
  const lost = nasEvents.filter((name) => name === 'nas_lost').length;
  assert.ok(lost >= story.longAbsences, `${lost} losses told of ${story.longAbsences}`);
  assert.equal(unique.length, checked + nasEvents.length);
  assert.ok(checked > days * story.lives.length * 0.8, `${checked} events are too few to mean anything`);
  console.log(
    `        ${checked} events of ${ledger.length} runs, ${polls.length} polls, ${kills.size} kills, ` +
      `${told.length - unique.length} repeated, ${lost} times away`,
  );
}

/** Told at the first good poll that could know it; after a kill at the first good poll of the next process. */
function checkTime(entry: Told, expected: Expected, { kills, polls }: Story, what: string): void {
  assert.ok(entry.atMs >= expected.atMs, `${what} was told early`);
  const { run } = entry.event;
  if (run?.endedAt != null) assert.ok(entry.atMs >= Date.parse(run.endedAt), `${what} was told before its run ended`);
  if (entry.atMs === expected.atMs) return;
  const next = polls.find(({ good, atMs }) => good && atMs > expected.atMs);
  assert.ok(kills.has(expected.atMs) && entry.atMs <= (next?.atMs ?? 0) + 100, `${what} was told late`);
}

function shortOf(index: number, event: string, runId: number | null): string {
  return `${index} ${event} ${runId ?? ''}`;
}

function describeTold({ event, atMs, process }: Told): string {
  return `${event.event} of task ${event.task?.id ?? 0} at ${new Date(atMs).toISOString()} (process ${process})`;
}
