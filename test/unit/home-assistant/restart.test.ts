// A publisher that starts where an earlier run left something.
import assert from 'node:assert/strict';
import { bench, longMs, type Bench } from './bench';
import { lost, manyTasks, snapshot, task } from './fixtures';

const base = 'active-backup/office';
const status = `${base}/status`;
const packageTopic = 'homeassistant/device/active_backup_office/config';
const taskTopic = (id: number): string => `homeassistant/device/active_backup_office_task_${id}/config`;

const drive = task().services.drive!;
const one = task({ name: 'Task 1', services: { drive } });
const two = task({ id: 2, name: 'Task 2', services: { site: drive } });

/** Two tasks, of which only the second has SharePoint sites. */
async function announced(): Promise<Bench> {
  const made = bench();
  made.monitor.poll(snapshot([one, two]));
  await made.scheduler.pass(longMs);
  return made;
}

/** Components of the package's document that are announced, and those that are removed. */
function services(payload: string): { offered: string[]; removed: string[] } {
  const { components } = JSON.parse(payload) as { components: Record<string, object> };
  const keys = Object.keys(components).filter((key) => key.startsWith('used_') && key !== 'used_storage');
  const isRemoval = (key: string): boolean => Object.keys(components[key] ?? {}).length === 1;
  return { offered: keys.filter((key) => !isRemoval(key)), removed: keys.filter(isRemoval) };
}

function packageDocuments(made: Bench): ReturnType<typeof services>[] {
  return made.broker
    .take()
    .filter(({ topic }) => topic === packageTopic)
    .map(({ payload }) => services(payload));
}

describe("the package's services after a restart", () => {
  const both = { offered: ['used_drive', 'used_site'], removed: [] };

  it('stay while the list has dropped to empty, is empty for less than a day, or only lacks a task', async () => {
    const store = (await announced()).broker.store;
    for (const found of [
      snapshot([], { listDroppedToEmpty: true, missingTaskIds: [1, 2] }),
      snapshot([]),
      snapshot([one], { missingTaskIds: [2] }),
    ]) {
      const made = bench({ store });
      made.monitor.poll(found);
      await made.scheduler.pass(longMs);
      assert.deepEqual(packageDocuments(made), [both]);
    }
  });

  it('go when the task that had them is given up, and do not come back with a task that is missing later', async () => {
    const made = bench({ store: (await announced()).broker.store });
    made.monitor.poll(snapshot([one], { missingTaskIds: [2] }));
    await made.scheduler.pass(longMs);
    made.broker.take();
    made.monitor.poll(snapshot([one]));
    await made.scheduler.pass(longMs);
    assert.deepEqual(packageDocuments(made), [
      { offered: ['used_drive'], removed: ['used_site'] },
      { offered: ['used_drive'], removed: [] },
    ]);
    made.monitor.poll(snapshot([one], { missingTaskIds: [3] }));
    await made.scheduler.pass(longMs);
    assert.deepEqual(packageDocuments(made), []);
  });
});

describe('a status that a power cut left on the broker', () => {
  it('is taken back at once, before the first poll has ended', async () => {
    const made = bench({
      store: [
        [status, 'online'],
        [`${base}/nas`, 'online'],
      ],
    });
    await made.scheduler.pass(0);
    assert.deepEqual(
      made.broker.take().map(({ topic, payload, retain }) => `${topic} ${payload} ${retain}`),
      [`${status} offline true`],
    );
    await made.scheduler.pass(longMs);
    assert.deepEqual(made.broker.take(), []);
    made.monitor.poll(snapshot([task()]));
    await made.scheduler.pass(longMs);
    assert.equal(made.broker.store.get(status), 'online');
  });

  it('is left alone where the first poll has ended: it is true in a moment', async () => {
    const made = bench({ store: [[status, 'online']] }, false);
    made.monitor.poll(snapshot([task()]));
    made.broker.connect();
    await made.scheduler.pass(longMs);
    assert.equal(made.broker.messages.filter(({ payload }) => payload === 'offline').length, 0);
  });
});

describe("the package's document while the NAS is away since the start", () => {
  it('comes back, with its services, to a broker that lost it', async () => {
    const made = bench({ store: (await announced()).broker.store });
    made.monitor.poll(null, lost);
    await made.scheduler.pass(longMs);
    made.broker.disconnect(true);
    made.broker.connect();
    await made.scheduler.pass(longMs);
    assert.deepEqual(services(made.broker.store.get(packageTopic) ?? '{}').offered, ['used_drive', 'used_site']);
  });

  it('is left as it is by a reconnect to a broker that kept it', async () => {
    const { store } = (await announced()).broker;
    const made = bench({ store });
    made.monitor.poll(null, lost);
    await made.scheduler.pass(longMs);
    made.broker.disconnect();
    made.broker.connect();
    await made.scheduler.pass(longMs);
    assert.deepEqual(packageDocuments(made), []);
  });
});

describe('the look at what an earlier run left', () => {
  it('waits for a broker that takes its time to answer', async () => {
    const made = bench({ store: (await announced()).broker.store }, false);
    made.broker.answerMs = 3_000;
    made.broker.connect();
    made.monitor.poll(snapshot(manyTasks(1)));
    await made.scheduler.pass(120_000);
    assert.deepEqual(
      [...made.broker.store.keys()].filter((topic) => topic === taskTopic(2) || topic.includes('/task/2/')),
      [],
    );
  });

  it('ends without an answer too', async () => {
    const made = bench({}, false);
    made.broker.answerMs = 999_999;
    made.broker.connect();
    made.monitor.poll(snapshot(manyTasks(1)));
    await made.scheduler.pass(longMs);
    assert.equal(made.broker.store.get(status), 'online');
  });
});
