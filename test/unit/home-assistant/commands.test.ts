import assert from 'node:assert/strict';
import { ActiveBackupError } from '../../../lib/active-backup/errors';
import { DsmError } from '../../../lib/dsm/errors';
import { bench, longMs, type Bench, type BenchOptions } from './bench';
import { manyTasks, snapshot } from './fixtures';

const base = 'active-backup/office';
const run = (id: number): string => `${base}/task/${id}/cmd/run`;

async function ready(options: BenchOptions = {}): Promise<Bench> {
  const made = bench(options);
  made.monitor.poll(snapshot(manyTasks(2)));
  await made.scheduler.pass(longMs);
  made.broker.take();
  return made;
}

function events(made: Bench): string[] {
  return made.broker
    .take()
    .filter(({ topic }) => topic === `${base}/event`)
    .map(({ payload }) => {
      const { event_type, command, code } = JSON.parse(payload) as Record<string, string | null>;
      return `${event_type ?? ''} ${command ?? ''} ${code ?? '-'}`;
    });
}

describe('a command over MQTT', () => {
  it('is carried out, told as done, and followed by a look at the NAS', async () => {
    const made = await ready();
    made.broker.say(run(2), 'PRESS');
    await made.scheduler.pass(100);
    assert.deepEqual(made.calls, ['run 2', 'refresh']);
    assert.deepEqual(events(made), ['command_done run -']);
    assert.deepEqual(made.outcomes, [{ command: 'run', taskId: 2, outcome: 'done', code: null }]);
  });

  it('that is pressed again within two seconds is one run', async () => {
    const made = await ready();
    for (let press = 0; press < 5; press += 1) {
      made.broker.say(run(1), 'PRESS');
      await made.scheduler.pass(300);
    }
    assert.deepEqual(
      made.calls.filter((call) => call === 'run 1'),
      ['run 1'],
    );
    made.broker.say(run(2), 'PRESS');
    await made.scheduler.pass(2_000);
    made.broker.say(run(1), 'PRESS');
    await made.scheduler.pass(100);
    assert.deepEqual(
      made.calls.filter((call) => call !== 'refresh'),
      ['run 1', 'run 2', 'run 1'],
    );
  });

  it('that was refused does not stand in the way of one that is right', async () => {
    const made = await ready();
    made.broker.say(run(1), 'nonsense');
    await made.scheduler.pass(500);
    made.broker.say(run(1), 'PRESS');
    await made.scheduler.pass(100);
    assert.deepEqual(made.calls, ['run 1', 'refresh']);
  });

  it('to refresh counts once in ten seconds', async () => {
    const made = await ready();
    for (let second = 0; second < 20; second += 1) {
      made.broker.say(`${base}/cmd/refresh`, 'PRESS');
      await made.scheduler.pass(1_000);
    }
    assert.deepEqual(made.calls, ['refresh', 'refresh']);
    await made.publisher.refresh();
    await made.publisher.refresh();
    assert.equal(made.monitor.refreshes, 2, "the node's own input is not limited");
  });

  it('counts after the clock was set back', async () => {
    const made = await ready();
    made.broker.say(run(1), 'PRESS');
    await made.scheduler.pass(100);
    made.scheduler.setBack(3_600_000);
    made.broker.say(run(1), 'PRESS');
    await made.scheduler.pass(100);
    assert.deepEqual(
      made.calls.filter((call) => call === 'run 1'),
      ['run 1', 'run 1'],
    );
  });

  it('that is pressed again while it is still under way is one run', async () => {
    let finish = (): void => undefined;
    const made = await ready({
      commands: { run: () => new Promise<void>((resolve) => (finish = resolve)) },
    });
    made.broker.say(run(1), 'PRESS');
    await made.scheduler.pass(10_000);
    made.broker.say(run(1), 'PRESS');
    await made.scheduler.pass(100);
    finish();
    await made.scheduler.pass(100);
    assert.equal(made.outcomes.length, 1);
  });

  it('that was retained is discarded, cleared and warned of once', async () => {
    const made = await ready({ store: [[run(1), 'PRESS']] });
    assert.deepEqual(made.calls, []);
    assert.equal(made.broker.store.has(run(1)), false);
    made.broker.disconnect();
    made.broker.store.set(run(1), 'PRESS');
    made.broker.connect();
    await made.scheduler.pass(longMs);
    assert.equal(made.broker.store.has(run(1)), false, 'also the second time');
    assert.deepEqual(made.calls, []);
    assert.equal(made.log.filter((line) => line.includes('retained command')).length, 1);
  });

  it('is refused where the NAS may not be changed, while a refresh always counts', async () => {
    for (const forbidden of [{ control: false }, { allowChanges: false }]) {
      const made = await ready({ settings: forbidden });
      made.broker.say(run(1), 'PRESS');
      made.broker.say(`${base}/cmd/refresh`, 'PRESS');
      await made.scheduler.pass(100);
      assert.deepEqual(made.calls, ['refresh']);
      assert.deepEqual(events(made), ['command_refused run READ_ONLY', 'command_done refresh -']);
    }
  });

  it('for a task that does not exist, or with another payload, asks nothing of the NAS', async () => {
    const made = await ready();
    made.broker.say(run(77), 'PRESS');
    made.broker.say(run(1), '{"delete":true}');
    made.broker.say(run(2), '');
    await made.scheduler.pass(100);
    assert.deepEqual(made.calls, []);
    assert.deepEqual(events(made), ['command_refused run TASK_NOT_FOUND', 'command_refused run INVALID_INPUT']);
  });

  it('that the NAS refuses is told apart from one that failed, by a code and no text', async () => {
    const refusing = await ready({
      commands: { run: () => Promise.reject(new ActiveBackupError('TASK_RUNNING', 'Task "secret name" runs.')) },
    });
    refusing.broker.say(run(1), 'PRESS');
    await refusing.scheduler.pass(100);
    assert.deepEqual(events(refusing), ['command_refused run TASK_RUNNING']);
    const failing = await ready({
      commands: {
        cancel: () => Promise.reject(new DsmError('UNREACHABLE', 'nas.example is away')),
        refresh: () => Promise.reject(new Error('admin@nas.example')),
      },
    });
    failing.broker.say(`${base}/task/1/cmd/cancel`, 'PRESS');
    failing.broker.say(`${base}/cmd/refresh`, 'PRESS');
    await failing.scheduler.pass(100);
    assert.deepEqual(events(failing).sort(), ['command_failed cancel UNREACHABLE', 'command_failed refresh NAS_ERROR']);
    assert.equal(
      failing.log.some((line) => line.includes('nas.example')),
      false,
    );
  });
});
