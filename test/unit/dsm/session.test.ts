// A session that works: one login, cookie and token, discovery, shared reads, logout.
import assert from 'node:assert/strict';
import type { DsmRequestRecord } from '../../../lib/dsm';
import { ABM, LIST, answerAsDsm, cleanUp, errorOf, nas, rawServer, session, until } from './support';

describe('a DSM session', () => {
  afterEach(cleanUp);

  it('sends nothing before the first call, then logs in once for all calls', async () => {
    const box = await nas({ tasks: 2 });
    const dsm = session(box, { apis: [ABM] });
    assert.equal(box.requests.length, 0);
    const answers = await Promise.all([
      dsm.call(LIST),
      dsm.call({ api: ABM, method: 'get_worker_count', version: 1 }),
      dsm.call({ api: ABM, method: 'get_general_log', version: 1, params: { offset: 0, limit: 200 } }),
    ]);
    assert.equal(answers.length, 3);
    assert.deepEqual(dsm.counters, { logins: 1, requests: 5 });
    assert.deepEqual(
      box.requests.map((request) => request.method),
      ['query', 'login', 'list_tasks', 'get_worker_count', 'get_general_log'],
    );
    assert.equal(box.requests.filter((request) => request.version !== 7 && request.method === 'login').length, 0);
  });

  it('sends the sid as a cookie and the token as a header, by POST, and nothing in the URL', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call(LIST);
    const list = box.requests.at(-1);
    assert.equal(list?.sidIn, 'cookie');
    assert.equal(list.tokenSent, true);
    assert.deepEqual(
      box.requests.flatMap((request) => [...request.secretsInUrl, ...request.flags, ...request.unknownParameters]),
      [],
    );
    assert.ok(box.requests.every((request) => request.httpMethod === 'POST' && !request.path.includes('?')));
  });

  it('works with protection against request forgery off and on, and with passwords full of special characters', async () => {
    for (const csrfProtection of [false, true]) {
      const box = await nas({ password: 'p+w %&=ä€😀"\\\'', switches: { csrfProtection } });
      const answer = await session(box).call(LIST);
      assert.ok(answer.data);
    }
  });

  it('follows the paths and versions of DSM 6, and padded paths', async () => {
    const old = await nas({ dsm: '6' });
    await session(old).call(LIST);
    const login = old.requests.find((request) => request.method === 'login');
    assert.match(login?.path ?? '', /auth\.cgi/);
    assert.equal(login?.version, 6);
    const padded = await nas({ dsm: 'padded' });
    await session(padded).call(LIST);
    assert.match(padded.requests.at(-1)?.path ?? '', /_{12,}entry\.cgi/);
  });

  it('lets identical reads in flight share one request, and nothing else', async () => {
    const box = await nas();
    const dsm = session(box);
    await Promise.all([dsm.call(LIST), dsm.call(LIST), dsm.call({ ...LIST, params: {} })]);
    assert.equal(box.count('list_tasks'), 1);
    await dsm.call(LIST);
    assert.equal(box.count('list_tasks'), 2);
    const log = { api: ABM, method: 'get_general_log', version: 1 };
    await Promise.all([
      dsm.call({ ...log, params: { offset: 0, limit: 1 } }),
      dsm.call({ ...log, params: { offset: 0, limit: 2 } }),
    ]);
    assert.equal(box.count('get_general_log'), 2);
  });

  it('never shares writes', async () => {
    const box = await nas();
    const dsm = session(box);
    const write = {
      api: ABM,
      method: 'update_worker_count',
      version: 1,
      params: { backup_job_worker_count: 10, event_worker_count: 10 },
      write: true,
    };
    await Promise.all([dsm.call(write), dsm.call(write)]);
    assert.equal(box.count('update_worker_count'), 2);
  });

  it('asks one thing at a time', async () => {
    let inside = 0;
    let most = 0;
    const server = await rawServer((call, response) => {
      inside += 1;
      most = Math.max(most, inside);
      setImmediate(() => {
        inside -= 1;
        if (!answerAsDsm(call, response)) response.end('{"success":true}');
      });
    });
    const dsm = session(server);
    await Promise.all(Array.from({ length: 20 }, (_, i) => dsm.call({ ...LIST, params: { i } })));
    assert.equal(most, 1);
  });

  it('gives the clock of the NAS, and undefined for an action without data', async () => {
    const server = await rawServer((call, response) => {
      response.setHeader('Date', 'Tue, 10 Dec 2024 01:30:35 GMT');
      if (!answerAsDsm(call, response)) response.end('{"success":true}');
    });
    const answer = await session(server).call(LIST);
    assert.deepEqual(answer, { data: undefined, dateMs: Date.UTC(2024, 11, 10, 1, 30, 35) });
  });

  it('logs out with the sid on close, and refuses calls afterwards', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call(LIST);
    assert.equal(box.openSessions, 1);
    await dsm.close();
    await dsm.close();
    assert.equal(box.openSessions, 0);
    assert.equal(box.count('logout'), 1);
    assert.equal(box.requests.at(-1)?.sidIn, 'cookie');
    await until(() => box.openConnections === 0);
    const error = await errorOf(dsm.call(LIST));
    assert.deepEqual(error.cause, { code: 'ABORTED', outcome: 'not_sent' });
  });

  it('closes without a request when nobody logged in', async () => {
    const box = await nas();
    await session(box).close();
    assert.equal(box.requests.length, 0);
  });

  it('tells an observer name, code and time of each request, and survives its exceptions', async () => {
    const box = await nas();
    const seen: DsmRequestRecord[] = [];
    const dsm = session(box, {
      now: () => 1_700_000_000_000,
      onRequest: (record) => {
        seen.push(record);
        throw new Error('observer');
      },
    });
    await dsm.call(LIST);
    await errorOf(dsm.call({ api: ABM, method: 'no_such_method', version: 1 }));
    assert.deepEqual(
      seen.map(({ api, method, code, atMs }) => [api, method, code, atMs]),
      [
        ['SYNO.API.Info', 'query', null, 1_700_000_000_000],
        ['SYNO.API.Auth', 'login', null, 1_700_000_000_000],
        [ABM, 'list_tasks', null, 1_700_000_000_000],
        [ABM, 'no_such_method', 103, 1_700_000_000_000],
      ],
    );
    assert.ok(seen.every((record) => record.durationMs >= 0 && Object.keys(record).length === 5));
  });

  it('quotes strings only where SYNO.API.Info says JSON', async () => {
    const bodies: string[] = [];
    for (const requestFormat of ['JSON', undefined]) {
      const server = await rawServer((call, response) => {
        const info = { path: 'entry.cgi', minVersion: 1, maxVersion: 7, requestFormat };
        if (call.get('method') === 'query') {
          response.end(JSON.stringify({ success: true, data: { [ABM]: info, 'SYNO.API.Auth': info } }));
        } else if (!answerAsDsm(call, response)) response.end('{"success":true,"data":{}}');
      });
      await session(server).call({ ...LIST, params: { key_word: '12 ab', flag: true, n: 3, o: { a: [1] } } });
      bodies.push(server.bodies.at(-1) ?? '');
    }
    assert.match(bodies[0] ?? '', /key_word=%2212%20ab%22&flag=true&n=3&o=%7B%22a%22%3A%5B1%5D%7D$/);
    assert.match(bodies[1] ?? '', /key_word=12%20ab&flag=true&n=3&o=/);
  });
});
