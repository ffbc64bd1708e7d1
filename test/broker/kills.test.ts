// Kills Node-RED at random moments of announcing, running and removing: what it leaves is put right by the next start.
// The moments come from a seed, which is printed; KILL_SEED=<number> repeats them.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { startMosquitto, type Mosquitto } from '../home-assistant/mosquitto';
import { createRandom, integerBetween, type Random } from '../simulator/random';
import { until } from './bench';
import { publisherFlow, remembered, retainedTopics, slug, startRig, type Rig } from './node-red-rig';
import { describeMosquitto } from './tier';

const base = `active-backup/${slug}`;
const kinds = ['announcing', 'running', 'removing'] as const;
const kills = 20;
/** Longer than the pause between a document that is cleared and its states, so that silence means that all is done. */
const quietMs = 2_600;
const taskCount = 12;
/** Documents are sent every 50 ms, a second after the first: about what announcing takes. */
const announcingMs = 1_000 + (taskCount + 1) * 50 + 100;
/** Longer than a task must be missing before it is given up. */
const missingMs = 61_000;

/** A rig, and what the test did to it. */
class Ordeal {
  presses = 0;
  readonly added: number[] = [];
  readonly removed: number[] = [];

  constructor(
    readonly rig: Rig,
    private readonly random: Random,
    private readonly emptyBroker: () => Promise<void>,
  ) {}

  /** The next message, a moment of at most so many milliseconds, and the power cut. The answer counts the messages. */
  async killWithin(mostMs: number): Promise<number> {
    const { seen, nodeRed } = this.rig;
    const from = seen.live.length;
    await until('something to be published', () => seen.live.length > from);
    await delay(integerBetween(this.random, 0, mostMs));
    await nodeRed.kill9();
    return seen.live.length - from;
  }

  /** Starts Node-RED and waits until everything is announced and nothing more comes; then judges what is retained. */
  async startAndJudge(): Promise<void> {
    const { seen, nodeRed, nas } = this.rig;
    const ids = nas.tasks().map(({ id }) => id);
    const topics = retainedTopics(ids);
    if (!nodeRed.running) {
      const from = seen.live.length;
      await nodeRed.start();
      const isOnline = (): boolean =>
        seen.live.slice(from).some(({ topic, payload }) => topic === `${base}/status` && payload === 'online');
      await until('the publisher to be online again', isOnline, 30_000);
    }
    await this.rig.keeps(topics);
    await this.quiet();
    const kept = await this.rig.kept();
    assert.deepEqual([...kept.keys()].sort(), topics.sort());
    assert.equal(kept.get(`${base}/status`), 'online');
    assert.equal(kept.get(`${base}/nas`), 'online');
    for (const task of nas.tasks()) {
      const state = JSON.parse(kept.get(`${base}/task/${task.id}/state`) ?? '') as Record<string, unknown>;
      assert.deepEqual([state.name, state.running], [task.name, task.running ? 'ON' : 'OFF']);
    }
    // No document still carries the removal of a component.
    for (const [topic, payload] of kept) assert.ok(!/\{"platform":"\w+"\}/.test(payload), topic);
  }

  async quiet(): Promise<void> {
    const { live } = this.rig.seen;
    for (let count = -1; count !== live.length;) {
      count = live.length;
      await delay(quietMs);
    }
  }

  /** Asks the NAS now, and resolves when Node-RED has taken the answer in. */
  async refresh(): Promise<void> {
    const { seen } = this.rig;
    const from = seen.live.length;
    await seen.publish(`${base}/cmd/refresh`, 'PRESS');
    await until('the refresh', () =>
      seen.live.slice(from).some(({ payload }) => payload.includes('"command":"refresh"')),
    );
  }

  /** How often an event of a task was told, by event id. */
  told(type: string, taskId: number): Set<string> {
    const events = this.rig.seen.live.filter(({ topic }) => topic === `${base}/event`);
    const parsed = events.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
    const wanted = parsed.filter(({ event_type: is, task_id: of }) => is === type && of === taskId);
    return new Set(wanted.map(({ event_id: id }) => String(id)));
  }

  /** Everything is announced to a broker that knows nothing, and Node-RED dies on the way. */
  async announcing(): Promise<number> {
    const { nodeRed, seen } = this.rig;
    await nodeRed.kill9();
    await this.emptyBroker();
    await nodeRed.start();
    const messages = await this.killWithin(announcingMs);
    console.log(`        ${seen.retained.size} topics were there`);
    return messages;
  }

  /** A button is pressed, and Node-RED dies on the way to the NAS or back. */
  async running(): Promise<number> {
    const { nas, seen } = this.rig;
    const tasks = nas.tasks();
    const task = tasks[integerBetween(this.random, 0, tasks.length - 1)];
    assert.ok(task !== undefined);
    const before = nas.count('backup_task');
    const killed = this.killWithin(60);
    await seen.publish(`${base}/task/${task.id}/cmd/run`, 'PRESS');
    this.presses += 1;
    const messages = await killed;
    await this.startAndJudge();
    assert.ok(nas.count('backup_task') - before <= 1, 'one press started two runs');
    if (task.running) {
      task.finish({ outcome: 'success' });
      await until(
        'the end of the run to show',
        () => seen.retained.get(`${base}/task/${task.id}/state`)?.includes('"running":"OFF"') ?? false,
      );
    }
    return messages;
  }

  /** A task is deleted and another one added on the NAS, and Node-RED dies while it gives the first one up. */
  async removing(): Promise<number> {
    const { nas, nodeRed } = this.rig;
    const [oldest] = nas.tasks();
    assert.ok(oldest !== undefined);
    oldest.remove();
    const added = nas.addTask({ name: `Added ${this.added.length + 1}`, policy: 'manual', users: 1 });
    added.setDefaultRun({ outcome: 'hung' });
    this.removed.push(oldest.id);
    this.added.push(added.id);
    await this.refresh();
    await until('the task to be missed', () => remembered(nodeRed).tasks[oldest.id]?.missingSinceMs != null);
    await nodeRed.kill9();
    // As if Node-RED had been down for a minute.
    remembered(nodeRed, ({ tasks }) => {
      const record = tasks[oldest.id];
      if (record?.missingSinceMs != null) record.missingSinceMs -= missingMs;
    });
    await nodeRed.start();
    return this.killWithin(announcingMs + quietMs);
  }
}

describeMosquitto('Node-RED, killed at random moments', function () {
  this.timeout(600_000);
  let mosquitto: Mosquitto;
  let rig: Rig | null = null;

  before(async () => {
    mosquitto = await startMosquitto();
  });
  after(async () => {
    await rig?.close();
    await mosquitto.dispose();
  });

  it(`leaves, ${kills} times, after a restart exactly the right topics, and carries no command out twice`, async () => {
    const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
    console.log(`      KILL_SEED=${seed}`);
    const url = mosquitto.urls.mqtt;
    const tasks = Array.from({ length: taskCount }, (_each, index) => {
      return { name: `Tenant ${index + 1}`, policy: 'manual' as const, users: 1 };
    });
    rig = await startRig({ url, options: {} }, tasks);
    const { nas, nodeRed, seen } = rig;
    for (const task of nas.tasks()) task.setDefaultRun({ outcome: 'hung' });
    const ordeal = new Ordeal(rig, createRandom(seed), async () => {
      await mosquitto.stop();
      seen.retained.clear();
      await mosquitto.start('empty');
      // Back before Node-RED is, so that nothing is missed.
      await until('the observer to be back', () => seen.connected);
    });
    await nodeRed.deploy(publisherFlow(nas, { url, protocolVersion: 4 }));
    await ordeal.startAndJudge();
    for (let kill = 0; kill < kills; kill += 1) {
      const kind = kinds[kill % kinds.length] ?? 'announcing';
      const messages = await ordeal[kind]();
      console.log(`      kill ${kill + 1}, ${kind}, after ${messages} messages`);
      await ordeal.startAndJudge();
    }
    console.log(`      ${ordeal.presses} presses, ${nas.count('backup_task')} runs`);
    assert.ok(nas.count('backup_task') >= 1 && nas.count('backup_task') <= ordeal.presses);
    for (const id of ordeal.removed) assert.equal(ordeal.told('removed', id).size, 1, `removed ${id}`);
    for (const id of ordeal.added) assert.equal(ordeal.told('added', id).size, 1, `added ${id}`);
    assert.deepEqual([...seen.retained.keys()].sort(), [...(await rig.kept()).keys()].sort());
  });
});
