// The order of evidence, rule by rule: what wins over what, and what decides nothing.
import assert from 'node:assert/strict';
import { type Json, poll, read, row, seedTask } from './support';

function verdict(changes: Json, history: Parameters<typeof row>[0][] | null = null, events: Json[] = []) {
  const { result, resultBasis } = read(
    seedTask(changes),
    { history: history?.map((each) => row(each)) ?? null },
    events,
  );
  return `${result} by ${resultBasis}`;
}
const event = (changes: Json = {}): Json => ({ task_id: 1, task_execution_id: 1, log_type: 1, ...changes });

describe('the order of evidence', () => {
  it('1: an error of the task comes before everything', () => {
    assert.equal(
      verdict({ task_status_error_code: 5, status: 7, error_mail: 1 }, [{ status: 7 }]),
      'failed by task_status_error_code',
    );
    assert.equal(verdict({ task_status_error_code: -1 }), 'failed by task_status_error_code');
  });

  it('2: a cancel comes before the counters, because untouched accounts are booked as warnings', () => {
    assert.equal(verdict({ status: 7, warning_mail: 22, error_mail: 2, success_count: 0 }), 'canceled by status');
    assert.equal(verdict({ warning_mail: 22 }, [{ status: 7, errorCode: -1 }]), 'canceled by history');
  });

  it('3: errors with nothing that succeeded are a failure, with successes they are partial', () => {
    assert.equal(verdict({ error_mail: 1, success_count: 0 }), 'failed by counters');
    assert.equal(verdict({ error_mail: 1, success_count: 2 }), 'partial by counters');
    assert.equal(verdict({ error_mail: 1, success_count: 0, status: 6 }), 'failed by counters');
    assert.equal(verdict({ warning_mail: 1, success_count: 0 }), 'partial by counters');
  });

  it('4: anything partial is partial', () => {
    assert.equal(verdict({}, [{ status: 6 }]), 'partial by history');
    assert.equal(verdict({ status: 6 }), 'partial by status');
    assert.equal(verdict({ status_mail: 6 }), 'partial by service_status');
    assert.equal(verdict({ warning_mail: 1 }), 'partial by counters');
    assert.equal(verdict({ error_mysite: 1 }), 'partial by counters');
    assert.equal(verdict({ attention_count: 1 }), 'partial by counters');
    assert.equal(verdict({}, null, [event()]), 'partial by event_log');
    assert.equal(verdict({}, null, [event({ log_type: -1 })]), 'partial by event_log');
  });

  it('4: comes before what is unexplained', () => {
    assert.equal(verdict({ status: 3, warning_mail: 1 }), 'partial by counters');
    assert.equal(verdict({ status: 'odd', attention_count: 1 }), 'partial by counters');
  });

  it('4: the status of a service that is switched off decides nothing', () => {
    assert.equal(verdict({ enable_mail: 0, status_mail: 6 }), 'success by status');
    assert.equal(verdict({ enable_mail: false, status_mail: 99 }), 'success by status');
    assert.equal(verdict({ enable_mail: null, status_mail: 6 }), 'partial by service_status');
  });

  it('4: only the row of that run in event_log counts', () => {
    assert.equal(verdict({}, null, [event({ task_execution_id: 2 })]), 'success by status');
    assert.equal(verdict({}, null, [event({ task_id: 2 })]), 'success by status');
    assert.equal(
      verdict({}, null, [event({ task_execution_id: 0, last_execution_time: 1733794235 })]),
      'success by status',
    );
    assert.equal(verdict({}, null, [event({ log_type: 0 }), event({ log_type: null })]), 'success by status');
  });

  it('4: without run ids the end of the run tells which row is meant', () => {
    const withoutId = { task_execution_id: undefined };
    assert.equal(
      verdict(withoutId, null, [event({ ...withoutId, last_execution_time: 1733794236 })]),
      'partial by event_log',
    );
    assert.equal(
      verdict(withoutId, null, [event({ ...withoutId, last_execution_time: 1733794335 })]),
      'success by status',
    );
  });

  it('5: a number without a known meaning is unexplained', () => {
    const changes: Json[] = [
      { status: 2 },
      { status: 1.5 },
      { status: -1 },
      { status_mail: 7 },
      { status_mail: 4 },
      { attention_count: -1 },
      { error_mail: -3 },
    ];
    for (const each of changes) assert.equal(verdict(each), 'unknown by unexplained', JSON.stringify(each));
    assert.equal(verdict({}, [{ status: 5 }]), 'unknown by unexplained');
    assert.equal(verdict({}, [{ status: 1, errorCode: 5 }]), 'unknown by unexplained');
  });

  it('5: what is no number where one belongs is unexplained', () => {
    const places = [
      'status',
      'task_status_error_code',
      'last_execution_time',
      'task_execution_id',
      'duration',
      'success_count',
      'attention_count',
      'error_mail',
      'warning_site',
      'processed_drive',
      'status_drive',
      'enable_drive',
      'job_id',
      'progress_list',
    ];
    for (const place of places) assert.equal(verdict({ [place]: 'odd' }), 'unknown by unexplained', place);
    assert.equal(verdict({}, null, [event({ log_type: 'odd' })]), 'unknown by unexplained');
    assert.equal(verdict({}, null, [event({ task_id: 'odd' })]), 'unknown by unexplained');
    assert.equal(read(seedTask(), {}, 'odd').resultBasis, 'unexplained');
  });

  it('6: success needs a date and a status that says so', () => {
    assert.equal(verdict({ status: undefined }), 'unknown by none');
    assert.equal(verdict({ status: 0 }), 'unknown by none');
    assert.equal(verdict({ status: 0 }, [{ status: 1 }]), 'unknown by none');
    assert.equal(verdict({ status: undefined }, [{ status: 1 }]), 'success by history');
    assert.equal(
      verdict({ status: undefined }, [{ status: 1, runId: 2, endedAt: '2024-12-09T00:00:00Z' }]),
      'unknown by none',
    );
    assert.equal(verdict({ last_execution_time: 0 }), 'unknown by none');
    assert.equal(verdict({ last_execution_time: null }), 'unknown by none');
    assert.equal(verdict({ last_execution_time: 4294967295 }), 'unknown by none');
  });

  it('6: never needs date, run id, duration and successes to be nothing', () => {
    const nothing = { task_id: 1, task_name: 'new', status: 1 };
    assert.equal(read(nothing).result, 'never');
    for (const trace of [{ task_execution_id: 3 }, { duration: 5 }, { success_count: 1 }, { processed_mail: 1 }]) {
      assert.equal(read({ ...nothing, ...trace }).result, 'unknown', JSON.stringify(trace));
    }
  });

  it('4294967295 and absent numbers decide nothing', () => {
    const names = [
      'task_status_error_code',
      'attention_count',
      'error_mail',
      'warning_mail',
      'status_mail',
      'job_id',
      'duration',
    ];
    for (const name of names) {
      for (const value of [4294967295, '4294967295', null, undefined]) {
        assert.equal(verdict({ [name]: value }), 'success by status', name);
      }
    }
    assert.equal(verdict({}, null, [event({ log_type: 4294967295 })]), 'success by status');
  });

  it('rows of restores, of running jobs and of other tasks are no evidence', () => {
    assert.equal(verdict({}, [{ status: 4 }]), 'success by status');
    assert.equal(verdict({}, [{ status: 6, taskId: 2 }]), 'success by status');
    assert.equal(verdict({}, [{ status: 6, codes: { status: 6, errorCode: 0, jobType: 3 } }]), 'success by status');
  });

  it('an accepted cancel of the run that then ended is a cancel', () => {
    const running = poll({ task: seedTask({ status: 4, job_id: 7 }), context: { history: [row()] } });
    const memory = { ...running.memory, canceledRuns: [{ runId: 2, atMs: 1733829990000 }] };
    const { task, endedRuns } = poll({
      task: seedTask({ task_execution_id: 2, last_execution_time: 1733830000, warning_mail: 9 }),
      memory,
    });
    assert.equal(task.result, 'canceled');
    assert.equal(task.resultBasis, 'own_cancel');
    assert.equal(endedRuns[0]?.result, 'canceled');
  });
});
