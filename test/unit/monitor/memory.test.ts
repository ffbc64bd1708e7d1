// What a memory that was written down is worth when it is read back.
import assert from 'node:assert/strict';
import { emptyMemory, readMemory, type NasMemory } from '../../../lib/monitor';
import { ended, noonMs, running } from './fake-nas';
import { bench, Witness } from './support';

/** A memory with everything in it. */
async function fullMemory(): Promise<NasMemory> {
  const made = bench();
  const witness = new Witness('flow');
  made.monitor.watch(witness);
  await made.scheduler.pass(50);
  witness.answer = () => Promise.reject(new Error('not now'));
  made.nas.change(1, ended(200, made.scheduler.now(), { status: 6 }));
  await made.scheduler.pass(60_000);
  made.nas.change(1, running());
  await made.scheduler.pass(60_000);
  return made.monitor.remembered;
}

const copy = (memory: NasMemory): Record<string, unknown> =>
  JSON.parse(JSON.stringify(memory)) as Record<string, unknown>;

describe('memory of a NAS', () => {
  it('comes back as it was', async () => {
    const memory = await fullMemory();
    assert.equal(memory.unsent.length, 3);
    assert.deepEqual(readMemory(copy(memory)), memory);
    assert.deepEqual(readMemory(copy(emptyMemory())), emptyMemory());
  });

  it('is read by a newer version: what it has no word of gets its default, what is new is passed over', async () => {
    const memory = await fullMemory();
    const old = copy(memory) as {
      tasks: Record<string, Record<string, unknown>>;
      unsent: Record<string, unknown>[];
      watchers?: unknown;
    };
    delete old.watchers;
    for (const record of Object.values(old.tasks)) {
      delete record.told;
      delete record.settings;
      record.fromTheFuture = true;
    }
    for (const entry of old.unsent) delete entry.sinceMs;
    const read = readMemory({ ...old, more: [1] });
    assert.deepEqual(read?.watchers, []);
    assert.deepEqual(read.tasks['1']?.told, { overdue: false, stalled: false, startsMs: [noonMs + 120_000] });
    assert.equal(read.unsent.length, 3);
    assert.ok(read.unsent.every(({ sinceMs }) => Number.isFinite(sinceMs)));
  });

  const damages: { title: string; damage: (memory: Record<string, unknown>) => unknown }[] = [
    { title: 'no object', damage: () => [] },
    { title: 'null', damage: () => null },
    { title: 'another version', damage: (memory) => ({ ...memory, version: 2 }) },
    { title: 'no tasks', damage: ({ version }) => ({ version }) },
    { title: 'a task that is nothing', damage: (memory) => ({ ...memory, tasks: { 1: null } }) },
    { title: 'a task without a memory', damage: (memory) => ({ ...memory, tasks: { 1: { task: { id: 1 } } } }) },
    {
      title: 'a task under another id',
      damage: (memory) => ({ ...memory, tasks: { 2: (memory.tasks as Record<string, unknown>)['1'] } }),
    },
  ];
  for (const { title, damage } of damages) {
    it(`is none at all with ${title}: half a memory would call known tasks new`, async () => {
      assert.equal(readMemory(damage(copy(await fullMemory()))), null);
    });
  }

  it('leaves out single events and blocks that do not hold together', async () => {
    const memory = copy(await fullMemory());
    const read = readMemory({ ...memory, unsent: [1, { event: {}, watchers: [] }], credentialBlock: { code: 1 } });
    assert.deepEqual(read?.unsent, []);
    assert.equal(read.credentialBlock, null);
  });
});
