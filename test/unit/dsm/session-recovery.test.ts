// What a session recovers from by itself, and how few logins that takes.
import assert from 'node:assert/strict';
import type { DsmErrorCode } from '../../../lib/dsm';
import type { FaultKind } from '../../simulator';
import { ABM, LIST, answerAsDsm, cleanUp, errorOf, nas, rawServer, session } from './support';

const WORKERS = { api: ABM, method: 'get_worker_count', version: 1 } as const;
const SET_WORKERS = {
  api: ABM,
  method: 'update_worker_count',
  version: 1,
  params: { backup_job_worker_count: 10, event_worker_count: 10 },
  write: true,
} as const;

describe('a DSM session that meets trouble', () => {
  afterEach(cleanUp);

  for (const [name, end] of [
    ['rebooted', 119],
    ['expired', 106],
    ['kicked', 107],
    ['seen from another address', 150],
  ] as const) {
    it(`logs in once for fifty calls when the session was ${name} (${end})`, async () => {
      const box = await nas();
      const dsm = session(box);
      await dsm.call(LIST);
      if (end === 119) box.reboot();
      if (end === 106) box.expireSessions();
      if (end === 107) box.kickSessions();
      if (end === 150) box.changeAddress('192.0.2.9');
      box.clearRequests();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          dsm.call({ api: ABM, method: 'get_general_log', version: 1, params: { offset: i, limit: 1 } }),
        ),
      );
      assert.equal(answers.length, 50);
      assert.equal(box.count('login'), 1);
      assert.equal(box.requests.filter((request) => request.result === String(end)).length, 1);
    });
  }

  const faults: [string, FaultKind, DsmErrorCode][] = [
    ['an HTML page', { kind: 'html', status: 502 }, 'INVALID_RESPONSE'],
    ['an HTML page with HTTP 200', { kind: 'html', status: 200 }, 'INVALID_RESPONSE'],
    ['truncated JSON', { kind: 'truncated' }, 'INVALID_RESPONSE'],
    ['an empty body', { kind: 'empty' }, 'INVALID_RESPONSE'],
    ['text that is no JSON', { kind: 'not-json' }, 'INVALID_RESPONSE'],
    ['a redirect', { kind: 'redirect', status: 302 }, 'INVALID_RESPONSE'],
    ['an oversized body', { kind: 'oversized', bytes: 3_000_000 }, 'INVALID_RESPONSE'],
    ['a reset connection', { kind: 'reset' }, 'UNREACHABLE'],
    ['a hang', { kind: 'hang' }, 'TIMEOUT'],
    ['102', { kind: 'code', code: 102 }, 'PACKAGE_UNAVAILABLE'],
    ['103', { kind: 'code', code: 103 }, 'NOT_SUPPORTED'],
    ['104', { kind: 'code', code: 104 }, 'NOT_SUPPORTED'],
    ['105', { kind: 'code', code: 105 }, 'PERMISSION_DENIED'],
    ['119 again and again', { kind: 'code', code: 119 }, 'SESSION_LOST'],
    ['117', { kind: 'code', code: 117 }, 'BUSY'],
    ['100', { kind: 'code', code: 100 }, 'NAS_ERROR'],
    ['120', { kind: 'code', code: 120, errors: { name: 'task_id' } }, 'NAS_ERROR'],
  ];
  for (const [name, fault, code] of faults) {
    it(`ends in ${code} after ${name}, and the next good answer is used`, async () => {
      const box = await nas();
      const dsm = session(box, { maxBodyBytes: 1_000_000 });
      await dsm.call(WORKERS);
      const armed = box.faults.add({ method: 'list_tasks', ...fault });
      const error = await errorOf(dsm.call({ ...LIST, timeoutMs: fault.kind === 'hang' ? 100 : 5_000 }));
      assert.equal(error.code, code);
      assert.equal(error.cause.code, code);
      if (fault.kind === 'code') assert.equal(error.cause.dsmCode, fault.code);
      armed.clear();
      const answer = await dsm.call(LIST);
      assert.ok(answer.data);
      assert.ok(dsm.counters.logins <= 2, 'too many logins');
    });
  }

  it('accepts JSON that is called text/plain', async () => {
    const box = await nas();
    box.faults.add({ kind: 'text-plain' });
    assert.ok((await session(box).call(LIST)).data);
  });

  it('names the parameter that the NAS complained about', async () => {
    const box = await nas();
    box.faults.add({ method: 'list_tasks', kind: 'code', code: 120, errors: { name: 'task_id' } });
    assert.match((await errorOf(session(box).call(LIST))).message, /"task_id".*\(DSM code 120\)/);
  });

  it('logs in once more for a single 119 and uses the answer, for writes too, as the gateway did not carry them out', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call(LIST);
    box.faults.add({ method: 'update_worker_count', kind: 'code', code: 119, times: 1 });
    await dsm.call(SET_WORKERS);
    assert.equal(box.count('update_worker_count'), 2);
    assert.equal(dsm.counters.logins, 2);
  });

  it('does not log in again for an account without rights, however often it calls', async () => {
    const box = await nas();
    box.account.administrator = false;
    const dsm = session(box);
    for (let i = 0; i < 10; i += 1) {
      assert.equal((await errorOf(dsm.call(LIST))).code, 'PERMISSION_DENIED');
    }
    assert.equal(dsm.counters.logins, 1);
  });

  it('logs in once more for 105 on a method that worked, and then no more', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call(LIST);
    box.faults.add({ method: 'list_tasks', kind: 'code', code: 105, times: 1 });
    assert.ok((await dsm.call(LIST)).data);
    assert.equal(dsm.counters.logins, 2);
    assert.equal(box.openSessions, 1, 'the first session was ended, as the NAS still held it');
    box.faults.add({ method: 'list_tasks', kind: 'code', code: 105 });
    for (let i = 0; i < 10; i += 1) await errorOf(dsm.call(LIST));
    assert.equal(dsm.counters.logins, 4, 'one in the first call, and one instead of that after it');
    assert.equal(box.openSessions, 1);
  });

  it('takes 103 on a method that worked for a lost token, once', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call(LIST);
    box.faults.add({ method: 'list_tasks', kind: 'code', code: 103, times: 1 });
    assert.ok((await dsm.call(LIST)).data);
    assert.equal(dsm.counters.logins, 2);
    box.faults.add({ method: 'list_tasks', kind: 'code', code: 103 });
    for (let i = 0; i < 10; i += 1) assert.equal((await errorOf(dsm.call(LIST))).code, 'NOT_SUPPORTED');
    assert.equal(dsm.counters.logins, 4, 'one in the first call, and one instead of that after it');
  });

  for (const code of [105, 103]) {
    it(`is not locked out by a login that a starting NAS gave and answers with ${code}`, async () => {
      const box = await nas();
      const dsm = session(box);
      await dsm.call(LIST);
      box.faults.add({ method: 'list_tasks', kind: 'code', code, times: 2 });
      await errorOf(dsm.call(LIST));
      assert.equal(dsm.counters.logins, 2, 'one new login in one call');
      assert.ok((await dsm.call(LIST)).data);
      assert.equal(dsm.counters.logins, 3);
      assert.equal(box.openSessions, 1);
    });

    it(`tries one more login every five minutes while a method that worked is answered with ${code}`, async () => {
      const box = await nas();
      let nowMs = 0;
      const dsm = session(box, { now: () => nowMs });
      await dsm.call(LIST);
      const fault = box.faults.add({ method: 'list_tasks', kind: 'code', code });
      const refuse = async (): Promise<number> => {
        const before = dsm.counters.logins;
        for (let i = 0; i < 5; i += 1) await errorOf(dsm.call(LIST));
        return dsm.counters.logins - before;
      };
      assert.equal(await refuse(), 2);
      nowMs += 299_000;
      assert.equal(await refuse(), 0);
      nowMs += 1_000;
      assert.equal(await refuse(), 1);
      assert.ok((await dsm.call(WORKERS)).data, 'the login stays in use for other methods');
      fault.clear();
      assert.ok((await dsm.call(LIST)).data);
    });
  }

  it('does not give a method up that a new login for another one has broken', async () => {
    const box = await nas();
    let nowMs = 0;
    const dsm = session(box, { now: () => nowMs });
    await dsm.call(WORKERS);
    await dsm.call(LIST);
    box.faults.add({ method: 'list_tasks', kind: 'code', code: 119, times: 1 });
    await dsm.call(LIST);
    box.faults.add({ method: 'get_worker_count', kind: 'code', code: 105, times: 2 });
    await errorOf(dsm.call(WORKERS));
    assert.equal(dsm.counters.logins, 2);
    nowMs += 300_000;
    assert.ok((await dsm.call(WORKERS)).data);
    assert.equal(dsm.counters.logins, 3);
  });

  it('pauses logins when the NAS drops every new session', async () => {
    const box = await nas();
    let nowMs = 0;
    const dsm = session(box, { now: () => nowMs });
    await dsm.call(WORKERS);
    const fault = box.faults.add({ method: 'list_tasks', kind: 'code', code: 119 });
    for (let i = 0; i < 100; i += 1) assert.equal((await errorOf(dsm.call(LIST))).code, 'SESSION_LOST');
    assert.equal(dsm.counters.logins, 21);
    fault.clear();
    box.reboot();
    assert.equal((await errorOf(dsm.call(LIST))).code, 'SESSION_LOST');
    nowMs += 6_000;
    assert.ok((await dsm.call(LIST)).data);
  });

  it('tells of a package that is missing without logging in, and notices when it is back', async () => {
    const box = await nas();
    box.switches.packageState = 'missing';
    const dsm = session(box);
    const error = await errorOf(dsm.call(LIST));
    assert.equal(error.code, 'PACKAGE_UNAVAILABLE');
    assert.match(error.message, /Package Center/);
    assert.equal(dsm.counters.logins, 0);
    box.startPackage();
    assert.ok((await dsm.call(LIST)).data);
  });

  it('tells of a package that was stopped in between, and notices when it runs again', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call(LIST);
    box.stopPackage();
    assert.equal((await errorOf(dsm.call(LIST))).code, 'PACKAGE_UNAVAILABLE');
    assert.equal((await errorOf(dsm.call(SET_WORKERS))).cause.outcome, 'not_sent');
    box.startPackage();
    assert.ok((await dsm.call(LIST)).data);
    assert.equal(dsm.counters.logins, 1);
  });

  it('asks again where an API is after 102, and calls it there', async () => {
    let path = 'old.cgi';
    const server = await rawServer((call, response, request) => {
      const info = { path, minVersion: 1, maxVersion: 7, requestFormat: 'JSON' };
      if (call.get('method') === 'query') {
        response.end(JSON.stringify({ success: true, data: { [ABM]: info, 'SYNO.API.Auth': info } }));
      } else if (request.url !== `/webapi/${path}`) response.end('{"success":false,"error":{"code":102}}');
      else if (!answerAsDsm(call, response)) response.end('{"success":true,"data":{}}');
    });
    const dsm = session(server);
    await dsm.call(LIST);
    path = 'new.cgi';
    await dsm.call(LIST);
    assert.deepEqual(server.asked.slice(-3), ['list_tasks', 'query', 'list_tasks']);
  });

  it('does not send a version that the NAS does not offer', async () => {
    const box = await nas();
    const error = await errorOf(session(box).call({ ...LIST, version: 9 }));
    assert.equal(error.code, 'NOT_SUPPORTED');
    assert.equal(error.cause.outcome, 'not_sent');
    assert.equal(box.count('list_tasks'), 0);
  });

  it('never follows a redirect', async () => {
    const elsewhere = await rawServer((call, response) => void answerAsDsm(call, response));
    const server = await rawServer((_call, response) => {
      response.writeHead(307, { Location: `${elsewhere.url}/webapi/query.cgi?secret=x` }).end();
    });
    const error = await errorOf(session(server).call(LIST));
    assert.equal(error.code, 'INVALID_RESPONSE');
    assert.ok(error.message.includes(`redirects to ${elsewhere.url};`), error.message);
    assert.equal(elsewhere.asked.length, 0);
  });

  it('repeats a read once when its kept connection had died', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call(LIST);
    box.faults.add({ kind: 'reset-reused', times: 1 });
    assert.ok((await dsm.call(LIST)).data);
    assert.equal(box.count('list_tasks'), 3);
  });

  it('never repeats a write whose connection died, and says that its outcome is unknown', async () => {
    for (const when of ['before', 'after'] as const) {
      const box = await nas();
      const dsm = session(box);
      await dsm.call(LIST);
      box.faults.add({ method: 'update_worker_count', kind: 'reset', when });
      const error = await errorOf(dsm.call(SET_WORKERS));
      assert.deepEqual(error.cause, { code: 'UNREACHABLE', outcome: 'unknown' });
      assert.equal(box.count('update_worker_count'), 1);
    }
  });

  it('never repeats a login whose connection died', async () => {
    const box = await nas();
    box.faults.add({ method: 'login', kind: 'reset', when: 'after' });
    const error = await errorOf(session(box).call(SET_WORKERS));
    assert.deepEqual(error.cause, { code: 'UNREACHABLE', outcome: 'not_sent' });
    assert.equal(box.count('login'), 1);
  });

  it('tells those who wait together when the NAS is silent, instead of one after the other', async () => {
    const box = await nas();
    box.faults.add({ method: 'login', kind: 'hang' });
    const dsm = session(box, { timeoutMs: 100 });
    const errors = await Promise.all(
      Array.from({ length: 30 }, (_, i) => errorOf(dsm.call({ ...LIST, params: { i } }))),
    );
    assert.deepEqual([...new Set(errors.map((error) => error.code))], ['TIMEOUT']);
    assert.equal(box.count('login'), 1);
  });

  it('settles every one of 700 calls once when every seventh answer is broken', async () => {
    const box = await nas();
    const dsm = session(box, { maxQueue: 1000 });
    await dsm.call(LIST);
    box.faults.add({ method: 'get_general_log', kind: 'truncated', every: 7 });
    const results = await Promise.allSettled(
      Array.from({ length: 700 }, (_, i) =>
        dsm.call({ api: ABM, method: 'get_general_log', version: 1, params: { offset: i, limit: 1 } }),
      ),
    );
    assert.equal(results.filter((result) => result.status === 'fulfilled').length, 600);
    assert.equal(dsm.counters.logins, 1);
    assert.ok(box.openConnections <= 1);
  });
});
