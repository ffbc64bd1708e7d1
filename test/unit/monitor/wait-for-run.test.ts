// Waiting for one run to end.
import assert from 'node:assert/strict';
import { waitForRun, type RunEnding, type RunProgress, type WaitRequest } from '../../../lib/monitor';
import { ended, historyRow, idle, noonMs, running, taskRow } from './fake-nas';
import { bench, Witness, type Bench } from './support';

const second = 1_000;
const minute = 60 * second;

interface Wait {
  promise: Promise<RunEnding>;
  /** How it ended so far. */
  ending: RunEnding | Error | null;
  progress: RunProgress[];
  abort: AbortController;
}

/** Asks for a run of task 1 as the run-backup node does, and begins to wait for it. */
async function ask(
  made: Bench,
  changes: Partial<WaitRequest> = {},
  start: () => void = () => undefined,
): Promise<Wait> {
  const before = await made.monitor.refresh();
  const task = before.tasks[0]!;
  start();
  made.monitor.poke();
  const abort = new AbortController();
  const progress: RunProgress[] = [];
  const request: WaitRequest = {
    id: `wait ${Math.random()}`,
    taskId: 1,
    before: task,
    joined: false,
    previousRunId: task.codes.executionId,
    requestedMs: before.atMs,
    timeoutSeconds: 86_400,
    onProgress: (step) => progress.push(step),
    signal: abort.signal,
    ...changes,
  };
  const wait: Wait = { promise: waitForRun(made.monitor, request, made.scheduler), ending: null, progress, abort };
  wait.promise.then(
    (ending) => (wait.ending = ending),
    (error: unknown) => (wait.ending = error as Error),
  );
  return wait;
}

describe('waiting for a run', () => {
  it('gives how that run ended, and progress while it runs', async () => {
    const made = bench();
    const wait = await ask(made, {}, () => made.nas.change(1, running()));
    await made.scheduler.pass(35 * second);
    assert.equal(wait.ending, null);
    assert.ok(wait.progress.length >= 3);
    assert.deepEqual(wait.progress.at(-1), { elapsedSeconds: 30, progress: null });
    made.nas.change(1, ended(200, made.scheduler.now(), { duration: 35, status: 6, success_count: 2 }));
    await made.scheduler.pass(10 * second);
    const ending = await wait.promise;
    assert.equal(ending.result, 'partial');
    assert.equal(ending.durationSeconds, 35);
    assert.equal(ending.counters?.succeeded, 2);
    await made.scheduler.pass(10 * minute);
    assert.equal(made.scheduler.waiting, 0, 'nobody polls any more');
  });

  it('finds a run that began and ended between two polls', async () => {
    const made = bench();
    const wait = await ask(made);
    await made.scheduler.pass(20 * second);
    made.nas.change(1, ended(200, made.scheduler.now(), { duration: 1 }));
    await made.scheduler.pass(minute);
    assert.equal((await wait.promise).result, 'success');
  });

  it('finds a run that ended in the second in which it was asked for', async () => {
    const made = bench();
    const wait = await ask(made, {}, () => made.nas.change(1, ended(200, made.scheduler.now(), { duration: 0 })));
    await made.scheduler.pass(50);
    assert.equal((await wait.promise).result, 'success');
  });

  it('shares polls between two waits and a watcher', async () => {
    const made = bench();
    made.monitor.watch(new Witness('flow'));
    const one = await ask(made, {}, () => made.nas.change(1, running()));
    const two = await ask(made, { joined: true, previousRunId: null });
    await made.scheduler.pass(50);
    const before = made.nas.count('getTasks');
    await made.scheduler.pass(minute);
    assert.equal(made.nas.count('getTasks') - before, 6);
    made.nas.change(1, ended(200, made.scheduler.now()));
    await made.scheduler.pass(10 * second);
    assert.equal((await one.promise).result, 'success');
    assert.equal((await two.promise).result, 'success');
  });

  it('is not fooled by the run before it, however late that one shows', async () => {
    const made = bench();
    // The list still shows run 101 when the wait begins; the NAS had shown 150 just before it started ours.
    const wait = await ask(made, { previousRunId: 150 }, () => made.nas.change(1, running()));
    await made.scheduler.pass(second);
    made.nas.history.push(historyRow(1, 150, noonMs - second), historyRow(1, 151, noonMs + minute));
    made.nas.change(1, running(8));
    await made.scheduler.pass(10 * second);
    const ending = await wait.promise;
    assert.equal(ending.endedAt, '2026-11-22T12:01:00Z');
  });

  it('joins a run that was under way', async () => {
    const made = bench();
    made.nas.change(1, running());
    await made.monitor.refresh();
    await made.scheduler.pass(minute);
    const wait = await ask(made, { joined: true, previousRunId: null });
    await made.scheduler.pass(minute);
    assert.equal(wait.ending, null);
    made.nas.change(1, ended(200, made.scheduler.now(), { duration: 3000, status: 7 }));
    await made.scheduler.pass(10 * second);
    assert.equal((await wait.promise).result, 'canceled');
  });

  it('takes the end of its own run of a continuous task that starts again at once', async () => {
    const made = bench();
    made.nas.tasks = [taskRow(1, { backup_policy: 0 })];
    const wait = await ask(made, {}, () => made.nas.change(1, running(7)));
    await made.scheduler.pass(15 * second);
    made.nas.history.push(historyRow(1, 200, made.scheduler.now(), { status: 6 }));
    made.nas.change(1, running(8));
    await made.scheduler.pass(10 * second);
    const ending = await wait.promise;
    assert.equal(ending.result, 'partial');
  });

  it('works by dates where the NAS gives no run ids', async () => {
    const made = bench();
    made.nas.tasks = [taskRow(1, { task_execution_id: undefined })];
    const wait = await ask(made, { previousRunId: null }, () => made.nas.change(1, running()));
    await made.scheduler.pass(minute);
    made.nas.change(1, { ...idle, last_execution_time: made.scheduler.now() / 1000 - 1, duration: 50 });
    await made.scheduler.pass(10 * second);
    assert.equal((await wait.promise).result, 'success');
  });

  it('ends with unknown when the NAS says yes and does nothing, after ten minutes', async () => {
    const made = bench();
    const wait = await ask(made);
    await made.scheduler.pass(9 * minute);
    assert.equal(wait.ending, null);
    await made.scheduler.pass(3 * minute);
    assert.deepEqual(await wait.promise, {
      result: 'unknown',
      startedAt: null,
      endedAt: null,
      durationSeconds: null,
      counters: null,
    });
  });

  it('ends with unknown when the run is over and left nothing, and not at the first look', async () => {
    const made = bench();
    const wait = await ask(made, {}, () => made.nas.change(1, running()));
    await made.scheduler.pass(minute);
    made.nas.change(1, idle);
    await made.scheduler.pass(10 * second);
    assert.equal(wait.ending, null);
    await made.scheduler.pass(2 * minute);
    assert.equal((await wait.promise).result, 'unknown');
  });

  it('ends with unknown when the task was deleted, and not while the list is empty for a moment', async () => {
    const made = bench();
    made.nas.tasks.push(taskRow(2));
    const wait = await ask(made, {}, () => made.nas.change(1, running()));
    await made.scheduler.pass(minute);
    const { tasks } = made.nas;
    made.nas.tasks = [];
    await made.scheduler.pass(3 * 60 * minute);
    assert.equal(wait.ending, null);
    made.nas.tasks = tasks.filter(({ task_id }) => task_id === 2);
    await made.scheduler.pass(5 * minute);
    assert.equal((await wait.promise).result, 'unknown');
  });

  it('waits on while the NAS is away', async () => {
    const made = bench();
    const wait = await ask(made, {}, () => made.nas.change(1, running()));
    await made.scheduler.pass(minute);
    made.nas.fail('getTasks', 'UNREACHABLE');
    await made.scheduler.pass(5 * 60 * minute);
    assert.equal(wait.ending, null);
    made.nas.change(1, ended(200, made.scheduler.now() - minute));
    made.nas.fail('getTasks', null);
    await made.scheduler.pass(6 * minute);
    assert.equal((await wait.promise).result, 'success');
  });

  it('waits for the history that says how the run ended, and does without it in the end', async () => {
    for (const [answers, result] of [
      [true, 'canceled'],
      [false, 'success'],
    ] as const) {
      const made = bench();
      const wait = await ask(made, {}, () => made.nas.change(1, running()));
      made.nas.fail('listRuns', 'BUSY');
      await made.scheduler.pass(minute);
      assert.ok(wait.progress.length > 0);
      made.nas.change(1, ended(200, made.scheduler.now()));
      made.nas.history.push(historyRow(1, 200, made.scheduler.now(), { status: 7 }));
      await made.scheduler.pass(10 * second);
      assert.equal(wait.ending, null);
      if (answers) made.nas.fail('listRuns', null);
      await made.scheduler.pass(3 * minute);
      assert.equal((await wait.promise).result, result);
    }
  });

  it('ends with timeout when time is up, also where a timer cannot be set that far', async () => {
    const made = bench();
    const wait = await ask(made, { timeoutSeconds: 30 }, () => made.nas.change(1, running()));
    await made.scheduler.pass(29 * second);
    assert.equal(wait.ending, null);
    await made.scheduler.pass(2 * second);
    assert.equal((await wait.promise).result, 'timeout');

    const far = bench({ pollSeconds: 86_400, pollRunningSeconds: 86_400 });
    const long = await ask(far, { timeoutSeconds: 40 * 86_400 }, () => far.nas.change(1, running()));
    await far.scheduler.pass(39 * 86_400 * second);
    assert.equal(long.ending, null);
    await far.scheduler.pass(2 * 86_400 * second);
    assert.equal((await long.promise).result, 'timeout');
  });

  it('ends with ABORTED when it is given up, before or during', async () => {
    const made = bench();
    const wait = await ask(made, {}, () => made.nas.change(1, running()));
    await made.scheduler.pass(second);
    wait.abort.abort();
    await assert.rejects(wait.promise, { code: 'ABORTED' });
    await made.scheduler.pass(minute);
    assert.equal(made.scheduler.waiting, 0);
    const never = await ask(made, { signal: AbortSignal.abort() });
    await assert.rejects(never.promise, { code: 'ABORTED' });
    made.monitor.close();
    const request = { id: 'late', taskId: 1, before: made.monitor.snapshot!.tasks[0]!, joined: false };
    const late = { ...request, previousRunId: null, requestedMs: 0, timeoutSeconds: 1, signal: wait.abort.signal };
    await assert.rejects(waitForRun(made.monitor, late, made.scheduler), { code: 'ABORTED' });
  });
});
