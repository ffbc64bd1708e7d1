// Faults on demand, writes that are not what they say, odd payloads, and the record of requests.

import assert from 'node:assert/strict';
import http from 'node:http';
import { startSimulator, type Simulator } from '../../simulator';
import { openSession, type PlainSession, send } from './plain-client';

describe('simulator: faults', () => {
  let nas: Simulator;
  let session: PlainSession;
  beforeEach(async () => {
    nas = await startSimulator({ tasks: 2 });
    session = await openSession(nas);
  });
  afterEach(() => nas.close());

  const list = (agent?: http.Agent) => session.abm('list_tasks', {}, agent === undefined ? {} : { agent });

  it('strikes the method that it names, n times, and is gone then', async () => {
    const fault = nas.faults.add({ method: 'list_tasks', kind: 'html', status: 502, times: 2 });
    assert.equal((await session.abm('get_worker_count')).json.success, true);
    assert.equal((await list()).status, 502);
    assert.equal((await list()).status, 502);
    assert.equal((await list()).json.success, true);
    assert.equal(fault.struck, 2);
  });

  it('strikes every n-th call until it is cleared', async () => {
    nas.faults.add({ kind: 'code', code: 100, every: 3 });
    const seen: unknown[] = [];
    for (let index = 0; index < 6; index += 1) seen.push((await list()).json.error?.code);
    assert.deepEqual(seen, [undefined, undefined, 100, undefined, undefined, 100]);
    nas.faults.clear();
    for (let index = 0; index < 3; index += 1) assert.equal((await list()).json.success, true);
  });

  it('answers HTML, half a JSON, nothing, no JSON, too much, a redirect, plain text, raw text', async () => {
    nas.faults.add({ kind: 'html', status: 200, times: 1 });
    assert.match((await list()).body, /^<!DOCTYPE html>/);
    nas.faults.add({ kind: 'truncated', times: 1 });
    const half = await list();
    assert.ok(half.body.startsWith('{"data"') && half.json.success === undefined);
    nas.faults.add({ kind: 'empty', times: 1 });
    assert.equal((await list()).body, '');
    nas.faults.add({ kind: 'not-json', times: 1 });
    assert.equal((await list()).body, 'Service unavailable');
    nas.faults.add({ kind: 'oversized', bytes: 1_000_000, times: 1 });
    assert.equal((await list()).body.length, 1_000_000);
    nas.faults.add({ kind: 'redirect', status: 301, times: 1 });
    const redirect = await list();
    assert.equal(redirect.status, 301);
    assert.match(redirect.headers.location ?? '', /^https:/);
    nas.faults.add({ kind: 'text-plain', times: 1 });
    const plain = await list();
    assert.match(plain.headers['content-type'] ?? '', /text\/plain/);
    assert.equal(plain.json.success, true);
    nas.faults.add({ kind: 'raw', status: 418, body: 'tea', contentType: 'text/x-tea', times: 1 });
    assert.deepEqual([(await list()).body, nas.requests.at(-1)?.fault], ['tea', 'raw']);
    nas.faults.add({ kind: 'drip', ms: 1, method: 'get_worker_count', times: 1 });
    assert.equal((await session.abm('get_worker_count')).json.success, true);
    nas.faults.add({ kind: 'delay', ms: 20, times: 1 });
    assert.equal((await list()).json.success, true);
  });

  it('resets connections, fresh ones or reused ones only', async () => {
    nas.faults.add({ kind: 'reset', times: 1 });
    await assert.rejects(list(), { code: 'ECONNRESET' });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    try {
      nas.faults.add({ kind: 'reset-reused', times: 1 });
      assert.equal((await list(agent)).json.success, true);
      await assert.rejects(list(agent), { code: 'ECONNRESET' });
      assert.equal((await list(agent)).json.success, true);
    } finally {
      agent.destroy();
    }
  });

  it('loses the answer of a write after or before it was carried out', async () => {
    nas.faults.add({ method: 'backup_task', kind: 'reset', when: 'before', times: 1 });
    await assert.rejects(session.abm('backup_task', { task_id: 1 }));
    assert.equal(nas.task(1).running, false);
    nas.faults.add({ method: 'backup_task', kind: 'reset', when: 'after', times: 1 });
    await assert.rejects(session.abm('backup_task', { task_id: 1 }));
    assert.equal(nas.task(1).running, true);
    nas.faults.add({ method: 'backup_task', kind: 'html', status: 502, when: 'after', times: 1 });
    assert.equal((await session.abm('backup_task', { task_id: 2 })).status, 502);
    assert.equal(nas.task(2).running, true);
  });

  it('hangs until it is closed', async () => {
    nas.faults.add({ kind: 'hang', times: 1 });
    const hanging = list();
    const rejected = assert.rejects(hanging);
    while (nas.requests.at(-1)?.fault !== 'hang') await new Promise(setImmediate);
    assert.equal(nas.requests.at(-1)?.result, null);
    await nas.goAway();
    await rejected;
  });

  it('accepts a write and does nothing, or keeps something else', async () => {
    nas.faults.add({ method: 'update_worker_count', kind: 'accept-nothing', times: 1 });
    const write = () => session.abm('update_worker_count', { backup_job_worker_count: 10, event_worker_count: 10 });
    assert.equal((await write()).json.success, true);
    assert.equal((await session.abm('get_worker_count')).json.data?.event_worker_count, 40);
    const instead = { backup_job_worker_count: 7 };
    nas.faults.add({ method: 'update_worker_count', kind: 'accept-other', instead, times: 1 });
    assert.equal((await write()).json.success, true);
    const { data } = (await session.abm('get_worker_count')).json;
    assert.deepEqual([data?.backup_job_worker_count, data?.event_worker_count], [7, 10]);
  });

  it('goes away and comes back on the same port with the same sessions', async () => {
    await nas.goAway();
    await assert.rejects(list(), { code: 'ECONNREFUSED' });
    await nas.comeBack();
    assert.equal((await list()).json.success, true);
  });

  it('bends answers: raw, mutated, older, like Workspace, numeric strings, nulls, missing and extra fields', async () => {
    nas.answerWith('list_tasks', { success: true, data: { tasks: 'none' } });
    assert.deepEqual((await list()).json.data, { tasks: 'none' });
    nas.answerWith('list_tasks', null);
    const undo = nas.mutate('list_tasks', (data) => ({ ...(data as object), tasks: [] }));
    assert.deepEqual((await list()).json.data?.tasks, []);
    undo();
    nas.switches.payload = { shape: '2020' };
    const old = await session.row();
    assert.ok(!('task_execution_id' in old) && !('error_teams' in old) && 'union_enable_mail' in old);
    nas.switches.payload = { shape: 'gsuite' };
    const workspace = await session.row();
    assert.ok(!('task_status_error_code' in workspace) && 'processed_teamdrive' in workspace);
    assert.ok(!('site_used_storage' in workspace) && workspace.task_status === 1);
    nas.switches.payload = { shape: 'current', nulls: ['duration'], omit: ['status'], extraFields: true };
    const odd = await session.row();
    assert.ok(odd.duration === null && !('status' in odd) && odd.status_of_a_later_version === 42);
    nas.switches.payload = { shape: 'current', numericStrings: true };
    const { data } = (await list()).json;
    assert.equal(data?.tasks?.[0]?.task_id, '1');
    assert.equal(typeof data.tasks[0].drive_used_storage, 'string');
  });

  it('records names and never values', async () => {
    nas.clearRequests();
    await send(`${nas.url}/webapi/entry.cgi?api=SYNO.API.Auth&version=7&method=login&account=x&passwd=${nas.password}`);
    await session.abm('get_all_log', { task_id: 1, key_word: 'a very private word' });
    const [first, second] = nas.requests;
    assert.deepEqual(first?.secretsInUrl, ['passwd', 'value of password']);
    assert.deepEqual(second?.parameterNames, ['task_id', 'key_word']);
    assert.deepEqual([second.sidIn, second.tokenSent, second.session, second.result], ['cookie', true, 1, 'ok']);
    assert.deepEqual(second.secretsInUrl, []);
    const text = JSON.stringify(nas.requests);
    for (const secret of [...nas.secrets(), 'private word']) assert.ok(!text.includes(secret));
    assert.deepEqual(nas.decodedRequests, []);
    assert.equal(nas.count('login'), 1);
  });

  it('keeps decoded values without secrets when asked to', async () => {
    const recording = await startSimulator({ recordValues: true });
    try {
      const own = await openSession(recording);
      await own.abm('get_all_log', { task_id: 1, key_word: '"word"' });
      assert.deepEqual(recording.decodedRequests.at(-1), {
        api: 'SYNO.ActiveBackupOffice365',
        method: 'get_all_log',
        version: 1,
        params: { task_id: 1, key_word: 'word' },
      });
      const text = JSON.stringify(recording.decodedRequests);
      for (const secret of recording.secrets()) assert.ok(!text.includes(secret));
    } finally {
      await recording.close();
    }
  });
});
