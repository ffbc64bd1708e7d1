// What later polls say of a run that was judged: evidence that comes late, goes away, or says nothing for a while.
import assert from 'node:assert/strict';
import { type Json, poll, row, runningTask, secondRun, seedTask } from './support';

describe('evidence that comes late or goes away', () => {
  const warned: Json = { task_id: 1, task_execution_id: 2, log_type: 1 };

  it('turns a success into partial and takes the success back', () => {
    const first = poll({ task: seedTask() });
    const ended = poll({ task: secondRun(), memory: first.memory });
    assert.equal(ended.task.lastSuccessAt, '2024-12-10T11:00:00Z');
    const late = poll({ task: secondRun(), memory: ended.memory, events: [warned] });
    assert.equal(late.task.result, 'partial');
    assert.equal(late.task.lastSuccessAt, '2024-12-10T01:30:35Z');
    assert.equal(late.memory.partialsInARow, 1);
    assert.deepEqual(late.endedRuns, []);
    const still = poll({ task: secondRun(), memory: late.memory });
    assert.equal(still.task.result, 'partial', 'the row left event_log, the run stays partial');
    assert.equal(still.memory.partialsInARow, 1);
  });

  it('of the history stays with its run when the next poll does not read it', () => {
    const history = [row({ runId: 2, status: 6, endedAt: '2024-12-10T11:00:00Z' })];
    const first = poll({ task: seedTask() });
    const ended = poll({ task: secondRun(), memory: first.memory, context: { history } });
    assert.equal(ended.task.result, 'partial');
    assert.equal(poll({ task: secondRun(), memory: ended.memory }).task.result, 'partial');
  });

  it('an error of the task after a good run makes it failed and leaves the last success', () => {
    const first = poll({ task: seedTask() });
    const expired = poll({ task: seedTask({ task_status_error_code: 9 }), memory: first.memory });
    assert.equal(expired.task.result, 'failed');
    assert.equal(expired.task.problemReason, 'failed');
    assert.equal(expired.task.lastSuccessAt, '2024-12-10T01:30:35Z');
    const running = poll({ task: runningTask({ task_status_error_code: 9 }), memory: expired.memory });
    assert.equal(running.task.result, 'failed');
    const mended = poll({ task: seedTask(), memory: running.memory });
    assert.equal(mended.task.result, 'success');
    assert.equal(mended.task.problem, false);
    assert.equal(mended.task.failuresInARow, 0);
  });

  it('an error of the task leaves a run that is first seen with it counted as it ended', () => {
    for (const memory of [null, poll({ task: seedTask() }).memory]) {
      const found = poll({ task: secondRun({ task_status_error_code: 9 }), memory });
      assert.equal(found.task.result, 'failed');
      assert.equal(found.task.problemReason, 'failed');
      assert.equal(found.task.lastSuccessAt, '2024-12-10T11:00:00Z');
      assert.equal(found.task.lastCompletedAt, '2024-12-10T11:00:00Z');
      assert.equal(found.task.failuresInARow, 0);
      const still = poll({ task: secondRun({ task_status_error_code: 9 }), memory: found.memory });
      assert.deepEqual(still.memory, found.memory);
      const mended = poll({ task: secondRun(), memory: still.memory });
      assert.equal(mended.task.result, 'success');
      assert.equal(mended.task.problem, false);
      assert.equal(mended.task.lastSuccessAt, '2024-12-10T11:00:00Z');
    }
    const failed = poll({ task: secondRun({ task_status_error_code: 9, error_mail: 1, success_count: 0 }) });
    assert.equal(failed.task.failuresInARow, 1);
    const canceled = poll({ task: secondRun({ task_status_error_code: 9, status: 7 }) });
    assert.deepEqual([canceled.task.result, canceled.task.failuresInARow], ['failed', 0]);
  });

  it('an error of the task on a task that never ran goes away with the error', () => {
    const never: Json = { task_id: 1, task_name: 'new' };
    const broken = poll({ task: { ...never, task_status_error_code: 5 } });
    assert.equal(broken.task.problemReason, 'failed');
    assert.equal(poll({ task: never, memory: broken.memory }).task.problem, false);
  });

  it('does not make a failure disappear with the fields that told of it', () => {
    const failed = poll({ task: seedTask({ error_mail: 1, success_count: 0 }) });
    const empty = poll({ task: { task_id: 1, task_name: 'test' }, memory: failed.memory });
    assert.equal(empty.task.result, 'failed');
    assert.equal(empty.task.problemReason, 'failed');
  });

  it('does not make a run disappear that the list does not show for a while', () => {
    const first = poll({ task: seedTask({ status: 6 }) });
    for (const nothing of [undefined, null, 0, '0', 4294967295]) {
      const fields = { task_execution_id: nothing, last_execution_time: nothing, duration: nothing };
      const lost = poll({ task: seedTask({ ...fields, success_count: nothing, status: 1 }), memory: first.memory });
      assert.equal(lost.task.result, 'partial');
      assert.equal(lost.task.resultBasis, 'remembered');
      assert.deepEqual(lost.task.lastRun, first.task.lastRun);
      assert.deepEqual(lost.memory, { ...first.memory });
      const expired = poll({ task: seedTask({ ...fields, task_status_error_code: 5 }), memory: first.memory });
      assert.equal(expired.task.result, 'failed');
      assert.deepEqual(expired.task.lastRun, first.task.lastRun);
    }
  });

  it('does not take what cannot be read for a run that is not shown', () => {
    const first = poll({ task: seedTask() });
    const task = seedTask({ task_execution_id: 'odd', last_execution_time: 0 });
    assert.equal(poll({ task, memory: first.memory }).task.resultBasis, 'unexplained');
  });

  it('never says never of a task that has a dated run, if only in the history', () => {
    const nothing = { task_id: 1, task_name: 'test', status: 1 };
    const found = poll({ task: nothing, context: { history: [row()] } });
    assert.equal(found.task.result, 'success');
    assert.equal(found.task.lastRun?.runId, 1);
    const begun = poll({ task: nothing, context: { history: [row({ endedAt: null })] } });
    assert.equal(begun.task.result, 'unknown');
    assert.equal(poll({ task: nothing, context: { history: [row({ taskId: 2 })] } }).task.result, 'never');
  });

  it('never makes a success out of a run that lost its date or id', () => {
    const partial = poll({ task: seedTask({ status: 6 }) });
    for (const lost of ['last_execution_time', 'task_execution_id', 'status']) {
      const task = seedTask({ status: 6, [lost]: undefined });
      assert.notEqual(poll({ task, memory: partial.memory }).task.result, 'success', lost);
    }
  });
});

describe('a run that was judged and that one poll says less of', () => {
  const oddities: Json[] = [{ status: 2 }, { status: 0 }, { status: null }, { last_execution_time: 0 }];
  const judgedRuns: Json[] = [{}, { status: 6 }, { status: 7 }, { error_mail: 1, success_count: 0 }];
  for (const odd of oddities) {
    it(`keeps all that it was counted as while the list says ${JSON.stringify(odd)}`, () => {
      for (const row of judgedRuns) {
        const before = poll({ task: secondRun(row), memory: poll({ task: seedTask() }).memory });
        const { memory, task, endedRuns } = poll({ task: secondRun(odd), memory: before.memory });
        assert.equal(task.result, 'unknown');
        assert.deepEqual(memory, before.memory);
        assert.deepEqual(endedRuns, []);
        assert.deepEqual(task.lastRun, before.task.lastRun);
        assert.equal(task.lastSuccessAt, before.task.lastSuccessAt);
        const running = poll({ task: runningTask({ ...odd, status: 4 }), memory });
        assert.equal(running.task.result, before.task.result);
        const { runningSinceMs, runningJobId } = before.memory;
        const back = poll({ task: secondRun(row), memory: { ...running.memory, runningSinceMs, runningJobId } });
        assert.deepEqual(back.memory, before.memory);
        assert.deepEqual(back.task, poll({ task: secondRun(row), memory: before.memory }).task);
      }
    });
  }

  it('shows for this poll that nobody can explain it', () => {
    const before = poll({ task: seedTask() });
    const odd = poll({ task: seedTask({ status: 2 }), memory: before.memory });
    assert.deepEqual(
      [odd.task.result, odd.task.resultBasis, odd.task.problemReason],
      ['unknown', 'unexplained', 'unexplained'],
    );
    const empty = poll({ task: seedTask({ status: 0 }), memory: before.memory });
    assert.deepEqual([empty.task.result, empty.task.resultBasis, empty.task.problem], ['unknown', 'none', false]);
  });

  it('keeps it through an error of the task, too', () => {
    const before = poll({ task: seedTask() });
    const expired = poll({ task: seedTask({ status: 2, task_status_error_code: 5 }), memory: before.memory });
    assert.equal(expired.task.result, 'failed');
    assert.equal(expired.task.lastSuccessAt, '2024-12-10T01:30:35Z');
    const mended = poll({ task: seedTask({ status: 2 }), memory: expired.memory });
    assert.equal(mended.task.lastSuccessAt, '2024-12-10T01:30:35Z');
    const back = poll({ task: seedTask(), memory: mended.memory });
    assert.deepEqual(back.memory, before.memory);
  });
});
