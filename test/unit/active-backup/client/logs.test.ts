// What the client answers of the package's log and of a task's own.
import assert from 'node:assert/strict';
import { rawOf } from '../../../../lib/active-backup';
import { asked, cleanUp, clientOf, rejects, startRig, StubSession } from './support';

describe('reading logs with the client', () => {
  afterEach(cleanUp);

  it('gives the published sample of the package log newest first, with kinds and names', async () => {
    const { client } = await startRig({ nas: { sample: 'seed' } });
    const page = await client.getPackageLog();
    assert.deepEqual(page.entries[0], {
      at: '2024-12-10T01:30:36Z',
      level: 'info',
      kind: 'backup',
      text: 'Backup task [test] completed.',
      taskId: 1,
      taskName: 'test',
      runId: 1,
      codes: { errorCode: 0, logType: 0, category: 0 },
    });
    assert.deepEqual(
      page.entries.map(({ kind, runId }) => [kind, runId]),
      [
        ['backup', 1],
        ['action', null],
        ['action', null],
      ],
    );
    assert.deepEqual([page.offset, page.limit, page.more], [0, 200, false]);
  });

  it('says that more may follow after a full page, and nothing after the last', async () => {
    const { client } = await startRig({ nas: { sample: 'seed' } });
    assert.equal((await client.getPackageLog({ limit: 2 })).more, true);
    const rest = await client.getPackageLog({ limit: 2, offset: 2 });
    assert.equal(rest.entries.length, 1);
    assert.equal(rest.more, false);
    const none = await client.getPackageLog({ limit: 2, offset: 9 });
    assert.deepEqual(none, { entries: [], offset: 9, limit: 2, more: false });
  });

  it('gives a task log as items, and only those with the key word', async () => {
    const { client } = await startRig({ nas: { sample: 'seed' } });
    const all = await client.getTaskLog({ taskId: 'test' });
    assert.equal(all.entries.length, 3);
    assert.ok(all.entries.every(({ kind, taskName, runId }) => kind === 'item' && taskName === 'test' && runId === 1));
    const some = await client.getTaskLog({ taskId: 1, keyWord: 'team' });
    assert.equal(some.entries.length, 1);
  });

  it('names tasks from the list once a minute, or from what the caller gives', async () => {
    const { nas, client } = await startRig();
    await client.getPackageLog();
    await client.getPackageLog();
    assert.deepEqual(asked(nas), ['get_general_log', 'list_tasks', 'get_general_log']);
    nas.clock.advance(61);
    await client.getPackageLog();
    assert.equal(nas.count('list_tasks'), 2);
    nas.clock.advance(61);
    const page = await client.getPackageLog({}, { taskNames: new Map([[1, 'given']]) });
    assert.equal(page.entries[0]?.taskName, 'given');
    assert.equal(nas.count('list_tasks'), 2);
  });

  it('gives a log without names where the list cannot be read', async () => {
    const { nas, client } = await startRig();
    nas.faults.add({ method: 'list_tasks', kind: 'html', status: 502 });
    const page = await client.getPackageLog();
    assert.ok(page.entries.length > 0);
    assert.equal(page.entries[0]?.taskName, null);
  });

  it('reads odd rows for what they are and calls nothing healthy that is not known', async () => {
    const rows = [
      { log_type: 1, category: 0, timestamp: '1733794236', task_id: '1', description: 'a', error_code: -87 },
      { log_type: 2, category: 7, timestamp: 1733794300, task_id: 0, description: 5 },
      { log_type: 9, category: null, timestamp: 0 },
      { log_type: 'x', category: 'y', timestamp: null, task_execution_id: 4294967295 },
      {},
    ];
    const { entries } = await clientOf(new StubSession(() => ({ logs: rows }))).getPackageLog(
      {},
      { taskNames: new Map() },
    );
    assert.deepEqual(
      entries.map(({ at, level, kind, taskId, runId }) => [at, level, kind, taskId, runId]),
      [
        ['2024-12-10T01:31:40Z', 'error', 'unknown', null, null],
        ['2024-12-10T01:30:36Z', 'warning', 'backup', 1, null],
        [null, 'unknown', 'unknown', null, null],
        [null, 'unknown', 'unknown', null, null],
        [null, 'unknown', 'unknown', null, null],
      ],
    );
    assert.equal(entries[1]?.codes.errorCode, -87);
    assert.equal(entries[0]?.text, '');
  });

  it("calls a row without a category an item in a task's own log only", async () => {
    const client = clientOf(new StubSession(() => ({ logs: [{ category: null }, {}, { category: 0 }] })));
    const names = { taskNames: new Map<number, string>() };
    const kinds = async (page: Promise<{ entries: { kind: string }[] }>): Promise<string[]> =>
      (await page).entries.map(({ kind }) => kind);
    assert.deepEqual(await kinds(client.getTaskLog({ taskId: 1 }, names)), ['item', 'item', 'backup']);
    assert.deepEqual(await kinds(client.getPackageLog({}, names)), ['unknown', 'unknown', 'backup']);
  });

  it('refuses an answer without a list of rows', async () => {
    for (const data of [undefined, null, {}, { logs: null }, { logs: {} }, { logs: [1] }]) {
      const client = clientOf(new StubSession(() => data));
      await rejects(client.getPackageLog(), 'INVALID_RESPONSE');
      await rejects(client.getTaskLog({ taskId: 1 }), 'INVALID_RESPONSE');
    }
  });

  it('gives the untouched rows beside the entries', async () => {
    const { client } = await startRig({ nas: { sample: 'seed' } });
    const raw = rawOf(await client.getPackageLog()) as { logs: Record<string, unknown>[] };
    assert.equal(raw.logs[0]?.storage_remove_id, 0);
    assert.equal(raw.logs[0].timestamp, 1733794236);
  });
});
