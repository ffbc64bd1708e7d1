// What is told of a task's last run while another one is under way.
import assert from 'node:assert/strict';
import type { ServiceState, Task } from '../../../lib/active-backup/types';
import { bench, longMs, type Bench } from './bench';
import { snapshot, task } from './fixtures';

const base = 'active-backup/office/task/1';

const before = task();
const drive = before.services.drive!;
const run = before.lastRun!;

/** The same task during a run, whose figures grow. */
function running(processed: number, changes: Partial<Task> = {}): Task {
  const now: ServiceState = { ...drive, processed, warnings: 1, status: 0, usedBytes: 500e9 + processed * 1e9 };
  return task({
    activity: 'running',
    resultBasis: 'remembered',
    codes: { ...before.codes, status: 4, jobId: 9 },
    services: { ...before.services, drive: now },
    ...changes,
  });
}

async function poll(made: Bench, about: Task): Promise<void> {
  made.monitor.poll(snapshot([about]));
  await made.scheduler.pass(longMs);
}

function kept(made: Bench, topic: string): Record<string, unknown> {
  return JSON.parse(made.broker.store.get(`${base}/${topic}`) ?? '') as Record<string, unknown>;
}

function driveOf(made: Bench): Record<string, unknown> {
  return (kept(made, 'state').services as { drive: Record<string, unknown> }).drive;
}

describe('a task while a run is under way', () => {
  it('has the attributes of its last run, which are published once a run', async () => {
    const made = bench();
    await poll(made, before);
    const attributes = kept(made, 'attributes');
    made.broker.take();
    for (const processed of [0, 1, 2]) {
      await poll(made, running(processed));
      assert.deepEqual(kept(made, 'attributes'), attributes);
    }
    await poll(made, task({ lastRun: { ...run, runId: 8 } }));
    assert.equal(kept(made, 'attributes').execution_id, 8);
    assert.equal(made.broker.take().filter(({ topic }) => topic === `${base}/attributes`).length, 1);
  });

  it('has the services of its last run, but what they store now', async () => {
    const made = bench();
    await poll(made, before);
    const figures = driveOf(made);
    await poll(made, running(2));
    assert.deepEqual(driveOf(made), { ...figures, used_gb: 502 });
    assert.equal(kept(made, 'state').status_code, 4);
  });

  it('has null where it was not seen at rest since its last run', async () => {
    const unknown = { processed: null, warnings: null, errors: null, problem: null };
    const afterRestart = bench();
    await poll(afterRestart, running(2));
    assert.deepEqual(driveOf(afterRestart), { ...unknown, used_gb: 502 });
    const nothing = { result_basis: null, status_code: null, task_status_code: null, error_code: null };
    const services = { drive: null, mail: null };
    assert.deepEqual(kept(afterRestart, 'attributes'), { task_id: 1, execution_id: 7, ...nothing, services });

    const endless = bench();
    await poll(endless, before);
    await poll(endless, running(2, { lastRun: { ...run, runId: 8 } }));
    assert.deepEqual(kept(endless, 'attributes'), { task_id: 1, execution_id: 8, ...nothing, services });
    assert.deepEqual(driveOf(endless), { ...unknown, used_gb: 502 });
  });
});
