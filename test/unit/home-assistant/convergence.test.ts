// Whatever happens on the way, the broker ends up with exactly what should be there.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Task } from '../../../lib/active-backup/types';
import { lintDocuments } from '../../home-assistant/lint-documents';
import { bench, longMs, type Bench } from './bench';
import type { RecordedMessage } from './fake-broker';
import { event, health, lost, snapshot, task } from './fixtures';

const policies = ['continuous', 'manual', 'scheduled'] as const;

const tasks = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 5 }),
      name: fc.constantFrom('Sales', 'Büro', '🙂', ''),
      policy: fc.constantFrom(...policies),
      usedBytes: fc.integer({ min: 0, max: 3 }),
    }),
    { selector: ({ id }) => id, minLength: 1 },
  )
  .map((list) => list.map((changes) => task(changes)));

/** What may happen to a publisher. */
type Step =
  | { kind: 'poll'; tasks: Task[] }
  | { kind: 'failed poll' | 'birth' | 'break' | 'empty' | 'connect' | 'kill' }
  | { kind: 'pass'; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: tasks.map((list): Step => ({ kind: 'poll', tasks: list })) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('failed poll', 'birth', 'break', 'empty', 'connect', 'kill')
      .map((kind): Step => ({ kind })),
  },
  { weight: 6, arbitrary: fc.constantFrom(20, 200, 1_500, 5_000).map((ms): Step => ({ kind: 'pass', ms })) },
);

/** Every document that was published, in order, by the lives of a publisher. */
type Lives = RecordedMessage[][];

function collect(made: Bench, lives: Lives): void {
  lives.push(made.broker.take().filter(({ topic }) => topic.startsWith('homeassistant/device/')));
}

/** Different documents on one topic that followed each other too soon. */
function hasty(documents: readonly RecordedMessage[]): string[] {
  const last = new Map<string, RecordedMessage>();
  const found: string[] = [];
  for (const message of documents) {
    const before = last.get(message.topic);
    const isSoon = before !== undefined && message.atMs - before.atMs < 2_000;
    if (isSoon && before.payload !== message.payload)
      found.push(`${message.topic} after ${message.atMs - before.atMs}`);
    last.set(message.topic, message);
  }
  return found;
}

function poll(made: Bench, list: Task[]): void {
  const before = made.monitor.snapshot?.tasks ?? [];
  const gone = before.filter(({ id }) => !list.some((other) => other.id === id));
  made.monitor.poll(
    snapshot(list),
    health(),
    gone.map((each) => event('removed', each)),
  );
}

async function live(made: Bench, next: Step, lives: Lives): Promise<Bench> {
  switch (next.kind) {
    case 'poll':
      poll(made, next.tasks);
      break;
    case 'failed poll':
      made.monitor.poll(null, lost);
      break;
    case 'birth':
      made.broker.say('homeassistant/status', 'online');
      break;
    case 'break':
    case 'empty':
      if (made.broker.connected) made.broker.disconnect(next.kind === 'empty');
      break;
    case 'connect':
      if (!made.broker.connected) made.broker.connect();
      break;
    case 'kill': {
      collect(made, lives);
      made.broker.disconnect();
      return bench({ store: [...made.broker.store, ['active-backup/office/status', 'offline']] });
    }
    case 'pass':
      await made.scheduler.pass(next.ms);
  }
  return made;
}

describe('a publisher after any history', () => {
  it('leaves what a first start on an empty broker would', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), tasks, async (steps, finalTasks) => {
        const lives: Lives = [];
        let made = bench();
        for (const next of steps) made = await live(made, next, lives);
        if (!made.broker.connected) made.broker.connect();
        poll(made, finalTasks);
        await made.scheduler.pass(longMs);
        collect(made, lives);

        const fresh = bench();
        fresh.monitor.poll(snapshot(finalTasks));
        await fresh.scheduler.pass(longMs);
        const byTopic = (store: Map<string, string>): [string, string][] => [...store].sort();
        assert.deepEqual(byTopic(made.broker.store), byTopic(fresh.broker.store));
        assert.deepEqual(lives.flatMap(hasty), []);
        // A task may take over the name, and with it the suggested entity ids, of one that went before.
        const problems = lintDocuments(lives.flat().filter(({ payload }) => payload !== ''));
        assert.deepEqual(
          problems.filter(({ message }) => !message.includes('default_entity_id')),
          [],
        );
      }),
      { numRuns: 100 },
    );
  });
});
