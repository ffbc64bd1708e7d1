// Giving up, closing and the end of the line.
import assert from 'node:assert/strict';
import { ABM, LIST, cleanUp, errorOf, nas, session, until } from './support';

const WRITE = { api: ABM, method: 'backup_task', version: 1, params: { task_id: 1 }, write: true } as const;

describe('a DSM session that is given up or overfull', () => {
  afterEach(cleanUp);

  it('refuses calls with BUSY when too many wait, and answers those that wait', async () => {
    const box = await nas();
    const dsm = session(box, { maxQueue: 3 });
    const call = (i: number) =>
      dsm.call({ api: ABM, method: 'get_general_log', version: 1, params: { offset: i, limit: 1 } });
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(call));
    assert.deepEqual(
      results.map((result) => (result.status === 'fulfilled' ? 'ok' : (result.reason as { code: string }).code)),
      ['ok', 'ok', 'ok', 'ok', 'BUSY', 'BUSY'],
    );
    assert.ok((await call(9)).data);
  });

  it('lets many calls wait under one signal without a warning', async () => {
    const box = await nas();
    const dsm = session(box);
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 40 }, (_, i) => dsm.call({ ...LIST, timeoutMs: 5_000 + i, signal })));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    assert.deepEqual(warnings, []);
  });

  it('ends a call that is under way, and the next one goes on at once', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call(LIST);
    box.faults.add({ method: 'backup_task', kind: 'hang', times: 1 });
    const controller = new AbortController();
    const hanging = errorOf(dsm.call({ ...WRITE, signal: controller.signal }));
    await until(() => box.count('backup_task') === 1);
    controller.abort();
    assert.deepEqual((await hanging).cause, { code: 'ABORTED', outcome: 'unknown' });
    assert.ok((await dsm.call(LIST)).data);
  });

  it('lets a waiting call leave the line without sending it', async () => {
    const box = await nas();
    const dsm = session(box);
    const controller = new AbortController();
    const first = dsm.call(LIST);
    const second = errorOf(dsm.call({ ...WRITE, signal: controller.signal }));
    controller.abort();
    assert.deepEqual((await second).cause, { code: 'ABORTED', outcome: 'not_sent' });
    await first;
    assert.equal(box.count('backup_task'), 0);
  });

  it('refuses a call whose signal has fired already', async () => {
    const box = await nas();
    const error = await errorOf(session(box).call({ ...LIST, signal: AbortSignal.abort() }));
    assert.equal(error.code, 'ABORTED');
    assert.equal(box.requests.length, 0);
  });

  it('goes on with a shared read while somebody still waits for it', async () => {
    const box = await nas();
    const dsm = session(box);
    const controller = new AbortController();
    const leaver = errorOf(dsm.call({ ...LIST, signal: controller.signal }));
    const stayer = dsm.call(LIST);
    controller.abort();
    assert.equal((await leaver).code, 'ABORTED');
    assert.ok((await stayer).data);
    assert.equal(box.count('list_tasks'), 1);
  });

  it('ends a shared read when all have given up', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call({ api: ABM, method: 'get_worker_count', version: 1 });
    box.faults.add({ method: 'list_tasks', kind: 'hang', times: 1 });
    const controller = new AbortController();
    const leavers = [1, 2].map(() => errorOf(dsm.call({ ...LIST, signal: controller.signal })));
    await until(() => box.count('list_tasks') === 1);
    controller.abort();
    await Promise.all(leavers);
    assert.ok((await dsm.call(LIST)).data);
    assert.equal(box.count('list_tasks'), 2);
  });

  it('keeps a login that its first caller gave up, for the next one', async () => {
    const box = await nas();
    box.faults.add({ method: 'login', kind: 'delay', ms: 50, times: 1 });
    const dsm = session(box);
    const controller = new AbortController();
    const leaver = errorOf(dsm.call({ ...LIST, signal: controller.signal }));
    await until(() => box.count('login') === 1);
    controller.abort();
    assert.deepEqual((await leaver).cause, { code: 'ABORTED', outcome: 'not_sent' });
    assert.ok((await dsm.call(LIST)).data);
    assert.equal(box.count('login'), 1);
  });

  it('close ends what runs and what waits with ABORTED', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call(LIST);
    box.faults.add({ method: 'backup_task', kind: 'hang' });
    const running = errorOf(dsm.call(WRITE));
    const waiting = errorOf(dsm.call(LIST));
    await until(() => box.count('backup_task') === 1);
    const closed = dsm.close();
    assert.deepEqual((await running).cause, { code: 'ABORTED', outcome: 'unknown' });
    assert.deepEqual((await waiting).cause, { code: 'ABORTED', outcome: 'not_sent' });
    await closed;
    assert.equal(box.openSessions, 0);
    await until(() => box.openConnections === 0);
  });

  it('close waits for a login under way, so that its session does not stay open on the NAS', async () => {
    const box = await nas();
    box.faults.add({ method: 'login', kind: 'delay', ms: 100 });
    const dsm = session(box);
    const call = errorOf(dsm.call(LIST));
    await until(() => box.count('login') === 1);
    await dsm.close();
    assert.equal((await call).code, 'ABORTED');
    assert.equal(box.count('logout'), 1);
    assert.equal(box.openSessions, 0);
  });

  it('close ends although the NAS hangs in login or logout', async () => {
    for (const method of ['login', 'logout']) {
      const box = await nas();
      box.faults.add({ method, kind: 'hang' });
      const dsm = session(box, { closeTimeoutMs: 50, timeoutMs: 60_000 });
      const call = dsm.call(LIST).catch(() => undefined);
      if (method === 'login') await until(() => box.count('login') === 1);
      else await call;
      await dsm.close();
      await call;
      await until(() => box.openConnections === 0);
    }
  });
});
