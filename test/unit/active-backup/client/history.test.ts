// The history of runs: which rows count, their order, how many are scanned, and NASes that do not know it.
import assert from 'node:assert/strict';
import { rawOf } from '../../../../lib/active-backup';
import { type DsmCall, DsmError } from '../../../../lib/dsm';
import { cleanUp, clientOf, noonMs, rejects, startRig, StubSession } from './support';

const noonSeconds = noonMs / 1000;

function row(runId: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  const start = noonSeconds - 100_000 + runId * 100;
  return {
    task_id: 1,
    task_name: 'Mail',
    task_execution_id: runId,
    status: 1,
    error_code: 0,
    start_run_time: start,
    last_execution_time: start + 60,
    transfered_amount: 10,
    total_mail_count: 3,
    total_drive_count: 4,
    ...more,
  };
}

/** A session that pages through rows as the NAS does. */
function paging(rows: Record<string, unknown>[]): StubSession {
  return new StubSession(({ method, params }: DsmCall) => {
    if (method !== 'list_task_logs') return { tasks: [{ task_id: 1, task_name: 'Mail' }] };
    const offset = Number(params?.offset);
    return { task_logs: rows.slice(offset, offset + Number(params?.limit)) };
  });
}

/** Runs `count` to 1. */
function newestFirst(
  count: number,
  more: (runId: number) => Record<string, unknown> = () => ({}),
): Record<string, unknown>[] {
  return Array.from({ length: count }, (_element, index) => row(count - index, more(count - index)));
}

describe('listRuns', () => {
  afterEach(cleanUp);

  it('gives the finished runs of the simulated NAS newest first, with results and times', async () => {
    const history = [
      { startedSecondsAgo: 9000, durationSeconds: 600 },
      { startedSecondsAgo: 6000, durationSeconds: 300, outcome: 'partial' as const, warnings: 2 },
      { startedSecondsAgo: 3000, durationSeconds: 30, outcome: 'canceled' as const },
    ];
    const { client } = await startRig({ nas: { tasks: [{ name: 'Mail', history }, { name: 'Other' }] } });
    const { runs, truncated } = await client.listRuns({ taskId: 'Mail' });
    assert.deepEqual(
      runs.map(({ result, durationSeconds, startedAt, taskName }) => [result, durationSeconds, startedAt, taskName]),
      [
        ['canceled', 30, new Date(noonMs - 3_000_000).toISOString().replace('.000', ''), 'Mail'],
        ['partial', 300, new Date(noonMs - 6_000_000).toISOString().replace('.000', ''), 'Mail'],
        ['success', 600, new Date(noonMs - 9_000_000).toISOString().replace('.000', ''), 'Mail'],
      ],
    );
    assert.equal(truncated, false);
    const all = await client.listRuns();
    assert.deepEqual([...new Set(all.runs.map(({ taskId }) => taskId))].sort(), [1, 2]);
    assert.equal(client.historySupported, true);
  });

  it('reads counters, bytes and codes of a row', async () => {
    const { runs } = await clientOf(paging([row(7, { error_code: -87, transfered_amount: '5000000000' })])).listRuns();
    assert.deepEqual(runs[0]?.counters, { mail: 3, drive: 4 });
    assert.equal(runs[0].transferredBytes, 5_000_000_000);
    assert.deepEqual(runs[0].codes, { status: 1, errorCode: -87, jobType: 0 });
    assert.equal(runs[0].result, 'success');
  });

  it('keeps runs apart that differ in their end only: older packages give neither ids nor starts', async () => {
    const rows = [60, 30, 30].map((end) => ({ task_id: 1, status: 1, last_execution_time: noonSeconds + end }));
    const { runs } = await clientOf(paging(rows)).listRuns();
    assert.deepEqual(
      runs.map(({ endedAt }) => endedAt),
      ['2026-11-22T12:01:00Z', '2026-11-22T12:00:30Z'],
    );
  });

  it('leaves out runs under way, rows of other jobs and rows without a task', async () => {
    const rows = [
      row(6, { status: 4, last_execution_time: 0 }),
      row(5, { status: 2, last_execution_time: null }),
      row(4, { job_type: 1 }),
      row(3, { task_id: null }),
      row(2, { status: 5 }),
      row(1),
    ];
    const { runs } = await clientOf(paging(rows)).listRuns();
    assert.deepEqual(
      runs.map(({ runId, result }) => [runId, result]),
      [
        [2, 'unknown'],
        [1, 'success'],
      ],
    );
  });

  it('drops the copy of a run that moved to the next page while reading', async () => {
    const rows = [row(3), row(2), row(2), row(1)];
    const { runs } = await clientOf(paging(rows)).listRuns();
    assert.deepEqual(
      runs.map(({ runId }) => runId),
      [3, 2, 1],
    );
  });

  it('stops as soon as enough runs were found where rows come newest first', async () => {
    const session = paging(newestFirst(2000));
    const { runs, truncated } = await clientOf(session).listRuns({ taskId: 1, limit: 20 });
    assert.equal(session.calls.length, 1);
    assert.equal(runs.length, 20);
    assert.equal(runs[0]?.runId, 2000);
    assert.equal(truncated, false);
  });

  it('reads on where rows come in another order, so that the newest are not missed', async () => {
    const { runs } = await clientOf(paging(newestFirst(2000).reverse())).listRuns({ taskId: 1, limit: 20 });
    assert.deepEqual(
      runs.slice(0, 2).map(({ runId }) => runId),
      [2000, 1999],
    );
  });

  it('scans at most 5,000 rows and says that older runs may be missing', async () => {
    const session = paging(newestFirst(7000, (runId) => ({ task_id: runId <= 2100 ? 1 : 2 })));
    const client = clientOf(session);
    const { runs, truncated } = await client.listRuns({ taskId: 1, limit: 300 });
    assert.equal(runs.length, 100);
    assert.equal(truncated, true);
    const rows = session.calls.map(({ params }) => Number(params?.limit)).reduce((sum, limit) => sum + limit, 0);
    assert.equal(rows, 5000);
    assert.equal((await client.listRuns({ maxRows: 10 })).truncated, true);
    assert.equal((await clientOf(paging(newestFirst(10))).listRuns({ maxRows: 10 })).truncated, true);
    assert.equal((await clientOf(paging(newestFirst(9))).listRuns({ maxRows: 10 })).truncated, false);
  });

  it('scans no more rows of a NAS that answers all of its rows, whatever was asked', async () => {
    const rows = newestFirst(150_000);
    const { runs, truncated } = await clientOf(new StubSession(() => ({ task_logs: rows }))).listRuns();
    assert.deepEqual([runs.length, runs[0]?.runId, truncated], [5000, 150_000, true]);
  });

  it('needs one call for all tasks', async () => {
    const session = paging(newestFirst(3000));
    assert.equal((await clientOf(session).listRuns({ sinceMs: noonMs - 400 * 86_400_000 })).runs.length, 3000);
    assert.equal(session.calls.length, 1);
  });

  it('says NOT_SUPPORTED in one sentence where the NAS does not know the method, and remembers it', async () => {
    const { nas, client } = await startRig({ nas: { switches: { history: false } } });
    assert.equal(client.historySupported, null);
    await rejects(client.listRuns(), 'NOT_SUPPORTED', /^[^.]*does not give its history of runs[^.]*$/, 'refused');
    assert.equal(client.historySupported, false);
    nas.switches.history = true;
    await client.listRuns();
    assert.equal(client.historySupported, true);
  });

  it('leaves open whether the history is known when the call failed for another reason', async () => {
    const client = clientOf(new StubSession(() => new DsmError('UNREACHABLE', 'gone', { outcome: 'unknown' })));
    await rejects(client.listRuns(), 'UNREACHABLE');
    assert.equal(client.historySupported, null);
  });

  it('refuses an answer without a list of rows', async () => {
    for (const data of [undefined, {}, { task_logs: null }, { task_logs: ['x'] }]) {
      await rejects(clientOf(new StubSession(() => data)).listRuns(), 'INVALID_RESPONSE');
    }
  });

  it('gives the untouched rows beside the runs, of all pages', async () => {
    const rows = newestFirst(600).reverse();
    const raw = rawOf(await clientOf(paging(rows)).listRuns({ limit: 5 })) as { task_logs: unknown[] };
    assert.deepEqual(raw.task_logs, rows);
  });
});
