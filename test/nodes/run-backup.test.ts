// Running a backup with the node and waiting for how that run ends.
import assert from 'node:assert/strict';
import { bare, codeOf } from '../runtime/nas-flow';
import { type Bench, type Called, startBench, stopBenches } from './bench';

type Answer = Record<string, unknown>;

function answerOf({ outputs, error, endings }: Called): Answer {
  assert.equal(error, null, error?.message);
  assert.equal(endings, 1);
  const answers = outputs.filter(({ port }) => port === 0);
  assert.equal(answers.length, 1);
  return answers[0]!.msg.payload as Answer;
}

describe('run-backup', function () {
  this.timeout(30_000);
  let bench: Bench;
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => {
    rejections.push(reason);
  };

  beforeEach(async () => {
    process.on('unhandledRejection', note);
    bench = await startBench([bare('run-backup'), { ...bare('run-backup'), id: 'second' }, bare('cancel-backup')], {
      nas: { tasks: 5 },
    });
  });
  afterEach(async () => {
    await stopBenches();
    process.off('unhandledRejection', note);
    assert.deepEqual(rejections, []);
  });
  const run = (payload: Answer, id = 'run-backup'): Promise<Called> =>
    bench.call(id, { payload: { taskId: 1, ...payload } });
  /** Waits until a wait for a task has told how it is going. */
  const underWay = (id = 'run-backup', taskId = 1): Promise<unknown> =>
    bench.seen(
      ({ about, kind, port, msg }) =>
        about === id && kind === 'output' && port === 1 && (msg.payload as Answer).taskId === taskId,
    );

  it('starts and waits for nothing unless asked', async () => {
    bench.nas.task(1).script({ durationSeconds: 600 });
    assert.deepEqual(answerOf(await run({})), { taskId: 1, taskName: 'Task 1', started: true, alreadyRunning: false });
    assert.equal(bench.nas.count('list_tasks'), 1);
  });

  it('tells of every ending on output 1, after the progress on output 2', async () => {
    const outcomes = ['success', 'partial', 'failed', 'canceled', 'unknown'] as const;
    outcomes.forEach((outcome, index) => {
      bench.nas.task(index + 1).script({ outcome, durationSeconds: 600 });
    });
    const waits = outcomes.map((_outcome, index) => run({ taskId: index + 1, wait: true }));
    for (const taskId of [1, 2, 3, 4, 5]) await underWay('run-backup', taskId);
    bench.nas.clock.advance(3600);
    for (const [index, outcome] of outcomes.entries()) {
      const called = await waits[index]!;
      const task = { taskId: index + 1, taskName: `Task ${index + 1}` };
      const { startedAt, endedAt, counters, ...answer } = answerOf(called);
      const start = { started: true, alreadyRunning: false };
      assert.deepEqual(answer, { ...task, ...start, result: outcome, durationSeconds: 600 });
      assert.equal(Date.parse(String(endedAt)) - Date.parse(String(startedAt)), 600_000);
      assert.deepEqual(Object.keys(counters as object).sort(), ['attention', 'errors', 'succeeded', 'warnings']);
      const progress = called.outputs.filter(({ port }) => port === 1);
      assert.ok(progress.length > 0);
      for (const { msg } of progress) {
        const { elapsedSeconds, ...rest } = msg.payload as Answer;
        assert.ok(typeof elapsedSeconds === 'number');
        assert.deepEqual(rest, { ...task, progress: null });
        assert.equal((msg.activeBackup as Answer).method, 'run_backup');
      }
    }
    assert.equal(bench.nas.count('backup_task'), 5);
  });

  it('tells of a run that somebody canceled meanwhile', async () => {
    bench.nas.task(1).script({ durationSeconds: 600 });
    const waiting = run({ wait: true });
    await underWay();
    assert.equal((await bench.ask('cancel-backup', { taskId: 1 })).canceled, true);
    bench.nas.clock.advance(60);
    assert.equal(answerOf(await waiting).result, 'canceled');
  });

  it('answers timeout when time is up, and leaves the run alone', async () => {
    bench.nas.task(1).script({ outcome: 'hung' });
    const answer = answerOf(await run({ wait: true, timeoutSeconds: 1 }));
    assert.deepEqual([answer.result, answer.endedAt, answer.counters], ['timeout', null, null]);
    assert.ok(bench.nas.task(1).running);
    assert.equal(bench.nas.count('cancel_task'), 0);
  });

  it('reports a run under way and does not wait for it', async () => {
    bench.nas.task(1).start({ durationSeconds: 600 });
    const answer = answerOf(await run({ wait: true }));
    assert.deepEqual(answer, { taskId: 1, taskName: 'Task 1', started: false, alreadyRunning: true });
    assert.equal(bench.nas.count('backup_task'), 0);
  });

  it('refuses a run under way where asked', async () => {
    bench.nas.task(1).start({ durationSeconds: 600 });
    const result = await run({ wait: true, ifRunning: 'refuse' });
    assert.equal(codeOf(result), 'TASK_RUNNING');
    assert.equal(bench.nas.count('backup_task'), 0);
  });

  it('joins a run under way where asked', async () => {
    bench.nas.task(1).start({ durationSeconds: 600, outcome: 'partial' });
    const waiting = run({ wait: true, ifRunning: 'join' });
    await underWay();
    bench.nas.clock.advance(3600);
    const { alreadyRunning, started, result } = answerOf(await waiting);
    assert.deepEqual({ alreadyRunning, started, result }, { alreadyRunning: true, started: false, result: 'partial' });
    assert.equal(bench.nas.count('backup_task'), 0);
  });

  it('lets two waits on one task share one run and one poll', async () => {
    bench.nas.task(1).script({ durationSeconds: 600 });
    const first = run({ wait: true });
    await underWay();
    const second = run({ wait: true, ifRunning: 'join' }, 'second');
    await underWay('second');
    const outputs = (id: string): number =>
      bench.records.filter(({ about, kind, port }) => about === id && kind === 'output' && port === 1).length;
    const before = { lists: bench.nas.count('list_tasks'), first: outputs('run-backup') };
    const wanted = before.first + 2;
    await bench.seen(() => outputs('run-backup') >= wanted);
    // Each poll tells both, so as many were made as either heard of.
    assert.ok(bench.nas.count('list_tasks') - before.lists <= 3);
    bench.nas.clock.advance(3600);
    assert.deepEqual([answerOf(await first).result, answerOf(await second).result], ['success', 'success']);
    assert.equal(bench.nas.count('backup_task'), 1);
  });

  it('lets two waits on two tasks share one poll and tells each of its own', async () => {
    bench.nas.task(1).script({ durationSeconds: 600 });
    bench.nas.task(2).script({ durationSeconds: 600, outcome: 'failed' });
    const first = run({ wait: true });
    const second = run({ wait: true, taskId: 2 }, 'second');
    await underWay();
    await underWay('second', 2);
    bench.nas.clock.advance(3600);
    assert.deepEqual([answerOf(await first).result, answerOf(await second).result], ['success', 'failed']);
  });

  it('goes on waiting while the NAS is away', async () => {
    bench.nas.task(1).script({ durationSeconds: 600 });
    const waiting = run({ wait: true });
    await underWay();
    const fault = bench.nas.faults.add({ method: 'list_tasks', kind: 'html', status: 502, times: 1 });
    bench.nas.clock.advance(3600);
    assert.equal(answerOf(await waiting).result, 'success');
    assert.equal(fault.struck, 1);
  }).timeout(60_000);

  it('ends a wait once with ABORTED when the node is closed, and leaves the polls to nobody', async () => {
    bench.nas.task(1).script({ outcome: 'hung' });
    bench.send('run-backup', { payload: { taskId: 1, wait: true } });
    await underWay();
    const codes = bench.errorsOf('run-backup');
    await bench.restart('run-backup');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(codes, ['ABORTED']);
    assert.ok(bench.records.every(({ about, kind }) => about !== 'run-backup' || kind !== 'complete'));
    const polls = bench.nas.count('list_tasks');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(bench.nas.count('list_tasks'), polls);
  });
});
