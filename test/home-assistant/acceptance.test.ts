// The acceptance sequence: what a Home Assistant user lives through in a year, on the oldest and the newest release.
// Needs a built package (`npm run build`) and installs Home Assistant at first use; the tests of a release build on each other.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { serviceNames } from '../../lib/home-assistant/services';
import { entitiesWithoutState } from './announced';
import { base, buildHouse, slug, type House } from './house';
import { problemsOf } from './lint-everything';
import { photograph } from './pictures';
import { waitUntil } from './processes';
import { releaseNames, releases, type ReleaseName } from './releases';

const minute = 60_000;

/** The retained topics of one task that are not empty. */
async function topicsOfTask(house: House, taskId: number): Promise<string[]> {
  const retained = await house.view.retained();
  const own = [`${base}/task/${taskId}/`, `homeassistant/device/active_backup_${slug}_task_${taskId}/`];
  return [...retained.keys()].filter((topic) => own.some((start) => topic.startsWith(start)));
}

/** Presses a button and waits until the command has passed the broker. */
async function press(house: House, key: string): Promise<void> {
  await house.homeAssistant.pressButton(await house.entityId(key));
}

/**
 * Until 2026.5, Home Assistant answers the removal of a device by clearing the topic once more for each of its entities
 * that is off, and then warns of its own messages. With tombstones first it does the same.
 */
function isOwnEcho(release: ReleaseName, line: string): boolean {
  return release === 'oldest' && line.includes(`No device components to cleanup for active_backup_${slug}_task_3`);
}

function documentsSince(house: House, since: number): number {
  return house.ours(since).filter(({ topic }) => topic.startsWith('homeassistant/device/')).length;
}

function runsStarted(house: House): number {
  return house.nas.count('backup_task');
}

for (const release of releaseNames) {
  describe(`Home Assistant ${releases[release].version}`, function () {
    this.timeout(5 * minute);
    let house: House;
    let close = (): Promise<void> => Promise.resolve();

    before(async () => {
      house = await buildHouse(release);
      close = () => house.close();
    });
    after(() => close());

    const told = new Set<string>();
    /** A test after which Home Assistant's log holds no new complaint about us. A hook would end the whole sequence. */
    const keeps = (promise: string, work: (this: Mocha.Context) => unknown): Mocha.Test =>
      it(promise, async function () {
        await work.call(this);
        const complaints = await house.homeAssistant.forbiddenLogLines();
        const added = complaints.filter((line) => !told.has(line) && !isOwnEcho(release, line));
        for (const line of complaints) told.add(line);
        assert.deepEqual(added, []);
      });

    keeps('registers every announced component as an entity with a state, under its parent', async () => {
      await waitUntil('the publisher', async () => (await house.view.retained()).get(`${base}/status`) === 'online', {
        timeoutMs: minute,
      });
      await waitUntil('four devices', async () => (await house.announced()).length === 4);
      await house.settled();
      assert.equal(await house.state('task_1_last_result'), 'success');
      assert.equal(await house.state('task_2_last_result'), 'failed');
      assert.equal(await house.state('task_2_problem'), 'on');
      assert.equal(await house.state('task_3_last_result'), 'never');
      const entities = (await house.announced()).flatMap((device) => device.entities);
      console.log(
        `      ${entities.length} entities, ${entities.filter((entity) => entity.enabled).length} of them on`,
      );
    });

    keeps('sends documents and states that the linter takes, package first', () => {
      assert.deepEqual(problemsOf(house.ours()), []);
      const documents = house.ours().filter(({ topic }) => topic.startsWith('homeassistant/device/'));
      assert.equal(documents[0]?.topic, `homeassistant/device/active_backup_${slug}/config`);
    });

    keeps('publishes nothing at all over three idle polls', async () => {
      const before = house.view.messages.length;
      const polls = house.nas.count('list_tasks');
      await waitUntil('three polls', () => house.nas.count('list_tasks') >= polls + 4);
      assert.deepEqual(house.ours(before), []);
    });

    keeps('shows the same states after a restart of Home Assistant', async () => {
      const earlier = await house.allStates();
      const before = house.view.messages.length;
      await house.homeAssistant.restart();
      await house.settled();
      assert.deepEqual(await house.allStates(), earlier);
      await waitUntil('the answer to the birth message', () => documentsSince(house, before) >= 4);
      await house.view.quiet(1_000);
      assert.deepEqual(await house.allStates(), earlier);
    });

    keeps('is back by itself after the broker lost everything', async () => {
      const earlier = await house.allStates();
      const devices = await house.announced();
      await house.broker.restart('empty');
      await waitUntil('four devices', async () => (await house.announced()).length === 4, { timeoutMs: minute });
      assert.deepEqual(await house.announced(), devices);
      await house.settled(2 * minute);
      assert.deepEqual(await house.allStates(), earlier);
    });

    keeps('shows everything as unavailable when the publisher dies, and is back when it lives again', async () => {
      const earlier = await house.allStates();
      await house.nodeRed.kill9();
      await house.waitForState('publisher', 'off');
      const connectivity = await house.entityId('publisher');
      const alive = [...(await house.allStates())].filter(([, state]) => state !== 'unavailable').map(([id]) => id);
      assert.deepEqual(alive, [connectivity]);
      await house.nodeRed.start();
      await house.settled();
      assert.deepEqual(await house.allStates(), earlier);
    });

    keeps('tells that the NAS is gone, and removes nothing', async () => {
      const devices = await house.announced();
      await house.nas.goAway();
      await house.waitForState('nas', 'off', 2 * minute);
      assert.equal((await house.view.retained()).get(`${base}/nas`), 'offline');
      assert.equal(await house.state('task_1_last_result'), 'unavailable');
      assert.deepEqual(await house.announced(), devices);
      await house.nas.comeBack();
      // Polls of a lost NAS come ever more rarely; a user presses Refresh.
      await press(house, 'refresh');
      await house.waitForState('nas', 'on');
      await house.settled();
    });

    keeps('takes the buttons away when control is switched off, and brings them back', async () => {
      const withButtons = [...(await house.allStates()).keys()];
      await house.deploy({ control: false });
      await waitUntil('no button but Refresh', async () => {
        const { entities } = await house.homeAssistant.registry();
        return entities.filter(({ platform }) => platform === 'button').length === 1;
      });
      // What is left on the broker names the buttons no longer.
      await waitUntil('documents without removals', async () =>
        [...(await house.view.retained())].every(([, payload]) => !payload.includes('{"platform":"button"}')),
      );
      await house.settled();
      await house.deploy({ control: true });
      await waitUntil('the buttons', async () => (await house.allStates()).size === withButtons.length);
      await house.settled();
      assert.deepEqual([...(await house.allStates()).keys()].sort(), withButtons.sort());
    });

    keeps('starts one run for a press, and one for two quick presses', async () => {
      const before = runsStarted(house);
      await press(house, 'task_1_run');
      await press(house, 'task_1_run');
      await house.waitForState('task_1_running', 'on');
      assert.equal(runsStarted(house), before + 1);
    });

    keeps('sends the state before the event when a run ends, and the event does not fire again', async () => {
      const before = house.view.messages.length;
      house.nas.task(1).finish({ outcome: 'success' });
      await house.waitForState('task_1_running', 'off');
      const event = await house.entityId('task_1_backup');
      const fired = await waitUntil('the event', async () => {
        const shown = (await house.homeAssistant.states()).get(event);
        return shown?.attributes.event_type === 'success' ? shown.state : null;
      });
      const sent = house.ours(before).map(({ topic }) => topic);
      assert.ok(sent.includes(`${base}/task/1/state`));
      assert.ok(sent.indexOf(`${base}/task/1/state`) < sent.lastIndexOf(`${base}/task/1/event`), sent.join('\n'));
      await house.homeAssistant.restart();
      await house.settled();
      assert.equal((await house.homeAssistant.states()).get(event)?.state, fired);
    });

    keeps('carries out no retained command, and clears it', async () => {
      const topic = `${base}/task/1/cmd/run`;
      await house.nodeRed.stopProcess();
      await house.view.publish(topic, 'PRESS', true);
      const before = runsStarted(house);
      await house.nodeRed.start();
      await house.settled();
      await waitUntil('the retained command to be cleared', async () => !(await house.view.retained()).has(topic));
      assert.equal(runsStarted(house), before);
    });

    keeps('takes pictures of the package and a task', async function () {
      const folder = process.env.ABM_PICTURES;
      if (folder === undefined || release !== 'newest') return this.skip();
      // The run of this test lasted a second; a picture should show a real one's figures.
      const { state } = house.nas.task(1);
      state.durationSeconds = 5435;
      state.services.drive.transferredBytes = 4_213_000_000;
      await house.waitForState('task_1_duration', '90.59');
      const { devices } = await house.homeAssistant.registry();
      const subjects = { package: `active_backup_${slug}`, task: `active_backup_${slug}_task_1` };
      const pictures = Object.entries(subjects).flatMap(([subject, identifier]) => {
        const device = devices.find((each) => each.identifiers.includes(identifier));
        assert.ok(device !== undefined);
        return (['light', 'dark'] as const).map((scheme) => {
          const file = join(folder, `home-assistant-${subject}${scheme === 'dark' ? '-dark' : ''}.png`);
          return { device, scheme, file };
        });
      });
      await photograph(house.homeAssistant, pictures);
    });

    keeps('shows a renamed task under its new name and with the same entity ids', async () => {
      const ids = [...(await house.allStates()).keys()];
      for (const name of ['Mail of the school', 'New <b>name</b> {{ 7*7 }} "q" ü 🙂', 'x'.repeat(300), '']) {
        house.nas.task(1).rename(name);
        await waitUntil(
          `the name "${name.slice(0, 30)}"`,
          async () => {
            const { devices } = await house.homeAssistant.registry();
            const device = devices.find((each) => each.identifiers.includes(`active_backup_${slug}_task_1`));
            return device?.name === `M365 backup ${name === '' ? 'Task 1' : name}`;
          },
          { timeoutMs: minute },
        );
        await house.settled();
        assert.deepEqual([...(await house.allStates()).keys()], ids);
      }
    });

    keeps('shows an added task as a new device below the package', async () => {
      house.nas.addTask({ name: 'Added', policy: 'manual' });
      await waitUntil('five devices', async () => (await house.announced()).length === 5, { timeoutMs: minute });
      await house.settled();
    });

    keeps('removes the device of a deleted task, and leaves nothing behind', async () => {
      house.nas.task(3).remove();
      await waitUntil('no topic of it', async () => (await topicsOfTask(house, 3)).length === 0, {
        timeoutMs: 4 * minute,
      });
      await house.settled();
      const { devices, entities } = await house.homeAssistant.registry();
      assert.ok(!devices.some((device) => device.identifiers.includes(`active_backup_${slug}_task_3`)));
      assert.ok(!entities.some((entity) => entity.uniqueId.startsWith(`active_backup_${slug}_task_3_`)));
    });

    keeps('keeps the entities of services while the NAS does not say which are on', async () => {
      const devices = await house.announced();
      const before = house.view.messages.length;
      house.nas.switches.payload = { shape: 'current', omit: serviceNames.map((name) => `enable_${name}`) };
      const polls = house.nas.count('list_tasks');
      await waitUntil('some polls', () => house.nas.count('list_tasks') >= polls + 3);
      house.nas.switches.payload = { shape: 'current' };
      assert.equal(documentsSince(house, before), 0);
      assert.deepEqual(await house.announced(), devices);
    });

    keeps('shows unknown codes and missing fields as unknown', async () => {
      house.nas.task(2).start({ outcome: 'unknown', status: 77, durationSeconds: 1 });
      await house.waitForState('task_2_last_result', 'unknown');
      house.nas.switches.payload = { shape: '2020', nulls: ['duration', 'last_execution_time'], omit: ['status'] };
      const polls = house.nas.count('list_tasks');
      await waitUntil('some polls', () => house.nas.count('list_tasks') >= polls + 3);
      await house.settled();
      house.nas.switches.payload = { shape: 'current' };
    });

    keeps('gives states to the entities that are off by default, once they are switched on', async () => {
      const announced = (await house.announced()).flatMap((device) => device.entities);
      const off = new Set(announced.filter((entity) => !entity.enabled).map((entity) => entity.uniqueId));
      const { entities } = await house.homeAssistant.registry();
      const wanted = entities.filter((entity) => off.has(entity.uniqueId));
      assert.ok(wanted.length > 0);
      await house.homeAssistant.enable(wanted.map((entity) => entity.entityId));
      await waitUntil('a state of each', async () => (await entitiesWithoutState(house.homeAssistant)).length === 0, {
        timeoutMs: minute,
      });
    });

    keeps('has told no secret to the broker, and gives the user nothing to repair', async () => {
      const payloads = house.view.messages.map(({ topic, payload }) => `${topic} ${payload}`).join('\n');
      for (const secret of house.nas.secrets()) assert.ok(!payloads.includes(secret));
      assert.deepEqual(problemsOf(house.ours()), []);
      const repairs = (await house.homeAssistant.repairs()).filter((repair) => repair.startsWith('mqtt'));
      assert.deepEqual(repairs, []);
    });
  });

  describe(`Home Assistant ${releases[release].version} and a hundred tasks`, function () {
    this.timeout(10 * minute);

    it('registers all of their entities', async () => {
      const tasks = Array.from({ length: 100 }, (_each, index) => {
        return { name: `Tenant ${index + 1}`, policy: 'manual' as const, users: 1 };
      });
      const house = await buildHouse(release, tasks);
      try {
        const startMs = Date.now();
        await waitUntil('101 devices', async () => (await house.announced()).length === 101, { timeoutMs: 3 * minute });
        await house.settled(5 * minute);
        const { entities } = await house.homeAssistant.registry();
        const seconds = Math.round((Date.now() - startMs) / 1000);
        console.log(`      ${entities.length} entities of 101 devices registered after ${seconds} s`);
        assert.deepEqual(await house.homeAssistant.forbiddenLogLines(), []);
        assert.deepEqual(problemsOf(house.ours()), []);
      } finally {
        await house.close();
      }
    });
  });
}
