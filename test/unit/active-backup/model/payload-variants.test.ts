// Every shape that was ever published, one row each with its source, and the answer that the order of evidence gives.
import assert from 'node:assert/strict';
import { judgeHistoryRow } from '../../../../lib/active-backup/result';
import { type HistoryRun, type ResultBasis, type RunResult } from '../../../../lib/active-backup/types';
import { type Json, poll, read, row, seedTask } from './support';

interface Shape {
  what: string;
  source: string;
  task: Json;
  events?: Json[];
  history?: HistoryRun[];
  result: RunResult;
  basis: ResultBasis;
  activity?: 'running' | 'idle';
  problem?: boolean;
}

/** A task as packages of 2019–20 (2.1, 2.2) give it. */
function older(changes: Json = {}): Json {
  const newer =
    /^(attention_count|success_count|task_execution_id|task_status_error_code|upgrade_progress|enable_exchange)$/;
  const fields = Object.entries(seedTask()).filter(([name]) => !newer.test(name) && !/group|teams|mysite/.test(name));
  return { ...Object.fromEntries(fields), union_enable_mail: 1, ...changes };
}

/** Counters of one service in the published database rows, on the fields of `tasks`. */
function counted(services: Record<string, [success: number, warning: number, error: number]>): Json {
  const fields = Object.entries(services).flatMap(([name, [success, warning, error]]) => [
    [`processed_${name}`, success],
    [`warning_${name}`, warning],
    [`error_${name}`, error],
  ]);
  return Object.fromEntries(fields) as Json;
}

const continuous = { backup_policy: 0, enable_schedule: false, success_count: 5 };
const googleWorkspace: Json = {
  task_id: 2,
  task_name: 'workspace',
  status: 1,
  task_status: 1,
  last_execution_time: 1733794235,
  duration: 120,
  progress_list: [],
  backup_policy: 0,
  enable_mail: 1,
  status_mail: 1,
  enable_teamdrive: 1,
  processed_teamdrive: 2,
  error_teamdrive: 0,
};
const rowA = { runId: 448, status: 7, errorCode: -1, durationSeconds: 85 };
const rowB = { runId: 723, status: 1, errorCode: -87, durationSeconds: 32 };
const rowC = { runId: 450, status: 1, errorCode: 0, durationSeconds: 170 };
const countersA = counted({
  drive: [6, 19, 0],
  mail: [3, 22, 0],
  archive_mail: [2, 19, 0],
  contact: [2, 20, 0],
  calendar: [2, 20, 0],
  group_mail: [7, 7, 2],
  group_calendar: [7, 7, 2],
  site: [23, 37, 0],
  teams: [8, 3, 0],
});
const countersC = counted({
  drive: [25, 0, 0],
  mail: [25, 0, 0],
  archive_mail: [25, 0, 0],
  contact: [25, 0, 0],
  calendar: [25, 0, 0],
  group_mail: [12, 0, 0],
  group_calendar: [12, 0, 0],
  site: [60, 0, 0],
  teams: [11, 0, 0],
});

const shapes: Shape[] = [
  {
    what: 'a manual task that is idle and fine',
    source: 'synology-api abm.py documentation, package 2.5',
    task: seedTask(),
    result: 'success',
    basis: 'status',
  },
  {
    what: 'a task of package 2.1 to 2.2, without counts, run id and error code',
    source: 'ADE-SynologyAPI Office365*.cs (types)',
    task: older(),
    result: 'success',
    basis: 'status',
  },
  {
    what: 'the same with an error in one service that did work',
    source: 'ADE-SynologyAPI (types); which error is made up',
    task: older({ error_mail: 1 }),
    result: 'partial',
    basis: 'counters',
    problem: true,
  },
  {
    what: 'the same with an error, and nothing processed',
    source: 'ADE-SynologyAPI (types); which error is made up',
    task: older({
      error_mail: 1,
      ...Object.fromEntries(
        ['drive', 'mail', 'archive_mail', 'contact', 'calendar', 'site'].map((s) => [`processed_${s}`, 0]),
      ),
    }),
    result: 'failed',
    basis: 'counters',
    problem: true,
  },
  {
    what: 'a continuous task, idle and healthy',
    source: 'Synology-Collector collect_saasbackup_test.go (live)',
    task: seedTask(continuous),
    result: 'success',
    basis: 'status',
  },
  {
    what: 'a continuous task that stopped six months ago',
    source: 'Synology-Collector collect_saasbackup_test.go (live)',
    task: seedTask({ ...continuous, last_execution_time: 1733794235 - 182 * 86_400 }),
    result: 'success',
    basis: 'status',
    problem: true,
  },
  {
    what: 'a task with status 4',
    source: 'synology-api abm.py cancel_backup; Synology-Collector',
    task: seedTask({ status: 4, job_id: 17 }),
    result: 'unknown',
    basis: 'none',
    activity: 'running',
  },
  {
    what: 'a task with a progress element of an unknown shape',
    source: 'Synology-Collector collect_saasbackup_test.go (the element is made up there)',
    task: seedTask({ progress_list: [{ phase: 'backup' }] }),
    result: 'unknown',
    basis: 'none',
    activity: 'running',
  },
  {
    what: 'a task with a job',
    source: 'synology-api abm.py cancel_backup (job_id of list_tasks)',
    task: seedTask({ job_id: 3 }),
    result: 'unknown',
    basis: 'none',
    activity: 'running',
  },
  {
    what: 'a task that never ran, date 0',
    source: 'Synology-Collector collect_saasbackup_test.go (made up there)',
    task: seedTask({
      status: 0,
      task_status: 0,
      last_execution_time: 0,
      duration: 0,
      task_execution_id: 0,
      ...noCounts(),
    }),
    result: 'never',
    basis: 'none',
  },
  {
    what: 'a task that never ran, date absent',
    source: 'Synology-Collector collect_saasbackup_test.go (made up there)',
    task: { task_id: 1, task_name: 'new', status: 0, task_status: 0, task_status_error_code: 0, progress_list: [] },
    result: 'never',
    basis: 'none',
  },
  {
    what: 'numbers that come as text',
    source: 'Synology-Collector FlexInt64, parseFlexBool (live)',
    task: seedTask({
      status: '1',
      last_execution_time: '1733794235',
      success_count: '3',
      job_id: '0',
      enable_schedule: 'false',
    }),
    result: 'success',
    basis: 'status',
  },
  {
    what: 'a Google Workspace task: status 1 without an error code, another service',
    source: 'Synology-Collector collect_saasbackup_test.go (live)',
    task: googleWorkspace,
    result: 'success',
    basis: 'status',
  },
  {
    what: 'row A: canceled, untouched accounts booked as warnings, code −1',
    source: 'cmk-activebackup README, execution 448',
    task: seedTask({ task_execution_id: 448, ...countersA, success_count: 58 }),
    history: [row(rowA)],
    result: 'canceled',
    basis: 'history',
  },
  {
    what: 'row A as status 7, without a history',
    source: 'cmk-activebackup README, execution 448 (status 7 in the list is inferred)',
    task: seedTask({ task_execution_id: 448, status: 7, ...countersA, success_count: 58 }),
    result: 'canceled',
    basis: 'status',
  },
  {
    what: 'row B: a good run with code −87 that moved no byte',
    source: 'cmk-activebackup README, execution 723',
    task: seedTask({ task_execution_id: 723, success_count: 134 }),
    history: [row(rowB)],
    result: 'success',
    basis: 'status',
  },
  {
    what: 'row B where the list gives no status',
    source: 'cmk-activebackup README, execution 723',
    task: seedTask({ task_execution_id: 723, status: undefined }),
    history: [row(rowB)],
    result: 'success',
    basis: 'history',
  },
  {
    what: 'row C: the run after the canceled one',
    source: 'cmk-activebackup README, execution 450',
    task: seedTask({ task_execution_id: 450, ...countersC, success_count: 108 }),
    history: [row(rowC)],
    result: 'success',
    basis: 'status',
  },
  {
    what: '−1 as an unsigned number in a code',
    source: 'cmk-activebackup README (service_type 4294967295)',
    task: seedTask({ task_status_error_code: 4294967295 }),
    history: [row({ errorCode: 4294967295 })],
    result: 'success',
    basis: 'status',
  },
  {
    what: 'status 6 in the history, completed with skipped items',
    source: 'Checkmk plug-in synology_active_backup_m365, changelog 0.1.0 (live)',
    task: seedTask(),
    history: [row({ status: 6, errorCode: 12 })],
    result: 'partial',
    basis: 'history',
    problem: true,
  },
  {
    what: 'status 6 in the list',
    source: 'Checkmk plug-in (live, database); the list is inferred',
    task: seedTask({ status: 6 }),
    result: 'partial',
    basis: 'status',
    problem: true,
  },
  {
    what: "a log_type other than 0 on the run's row of event_log",
    source: 'hc-abm365.sh (any other than 0 counts as partial)',
    task: seedTask(),
    events: [{ task_id: 1, task_execution_id: 1, log_type: 1, error_code: 0, timestamp: 1733794236 }],
    result: 'partial',
    basis: 'event_log',
    problem: true,
  },
  {
    what: 'an error code of the task',
    source: 'Synology-Collector (code; no value is public)',
    task: seedTask({ task_status_error_code: 101 }),
    result: 'failed',
    basis: 'task_status_error_code',
    problem: true,
  },
  {
    what: 'a status that nobody has explained',
    source: 'synology-activebackup-zabbixmonitor, GSuite fork (2, 3, 5: no two agree)',
    task: seedTask({ status: 3 }),
    result: 'unknown',
    basis: 'unexplained',
    problem: true,
  },
];

function noCounts(): Json {
  const names = Object.keys(seedTask()).filter((name) => /^(processed|status|transferred_size)_/.test(name));
  return { success_count: 0, ...Object.fromEntries(names.map((name) => [name, 0])) };
}

describe('every published shape of a task', () => {
  for (const { what, source, task, events, history, ...expected } of shapes) {
    it(`${what} is ${expected.result} [${source}]`, () => {
      const found = read(task, { history: history ?? null }, events ?? []);
      assert.equal(found.result, expected.result);
      assert.equal(found.resultBasis, expected.basis);
      assert.equal(found.activity, expected.activity ?? 'idle');
      assert.equal(found.problem, expected.problem ?? false);
    });
  }

  it('a task that stopped six months ago is overdue although its result is success', () => {
    const task = read(seedTask({ ...continuous, last_execution_time: 1733794235 - 182 * 86_400 }));
    assert.equal(task.overdue, true);
    assert.equal(task.problemReason, 'overdue');
  });

  it('a Google Workspace task names the services that it shares and no other', () => {
    assert.deepEqual(Object.keys(read(googleWorkspace).services), ['mail']);
  });
});

describe('every published row of the history, alone', () => {
  const rows: [what: string, status: number, errorCode: number, RunResult][] = [
    ['A, execution 448: status 7, code −1', 7, -1, 'canceled'],
    ['B, execution 723: status 1, code −87', 1, -87, 'success'],
    ['C, execution 450: status 1, code 0', 1, 0, 'success'],
    ['status 6 with a code (Checkmk plug-in, live)', 6, 12, 'partial'],
    ['status 1 with 4294967295', 1, 4294967295, 'success'],
    ['status 1 with a positive code (never published)', 1, 5, 'unknown'],
  ];
  for (const [what, status, errorCode, result] of rows) {
    it(`row ${what} is ${result}`, () => {
      assert.equal(judgeHistoryRow(status, errorCode).result, result);
      const missed = row({ runId: 2, status, errorCode, endedAt: '2024-12-10T09:00:00Z' });
      const first = poll({ task: seedTask() });
      const { endedRuns } = poll({ task: seedTask(), memory: first.memory, context: { history: [missed] } });
      assert.deepEqual(
        endedRuns.map((run) => run.result),
        [result],
      );
    });
  }

  it('a row whose numbers cannot be read is unknown and unexplained', () => {
    assert.deepEqual(judgeHistoryRow('unreadable', 0), { result: 'unknown', basis: 'unexplained' });
    assert.deepEqual(judgeHistoryRow(1, 'unreadable'), { result: 'unknown', basis: 'unexplained' });
    assert.deepEqual(judgeHistoryRow(3, 0), { result: 'unknown', basis: 'unexplained' });
    assert.deepEqual(judgeHistoryRow(null, 0), { result: 'unknown', basis: 'none' });
    assert.deepEqual(judgeHistoryRow(1, null), { result: 'success', basis: 'history' });
  });
});
