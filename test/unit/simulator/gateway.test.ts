// The gateway of the simulated NAS: paths, order of checks, envelope, discovery.

import assert from 'node:assert/strict';
import { createVirtualClock, startSimulator, type Simulator } from '../../simulator';
import { call, login, openSession, send } from './plain-client';

const ABM = 'SYNO.ActiveBackupOffice365';

describe('simulator: gateway', () => {
  let nas: Simulator;
  before(async () => {
    nas = await startSimulator({ clock: createVirtualClock(Date.UTC(2026, 10, 22, 19, 30)), timeZone: 'Asia/Tokyo' });
  });
  after(() => nas.close());

  it('checks in the order of DSM: what is missing, API, version, method, session, permission, parameters', async () => {
    const code = async (text: string, headers = {}) =>
      (await send(`${nas.url}/webapi/entry.cgi`, text, { headers })).json.error?.code;
    assert.equal(await code(`api=${ABM}&version=1`), 101);
    assert.equal(await code(`api=${ABM}&method=list_tasks&version=one`), 101);
    assert.equal(await code('api=SYNO.Nothing&method=nothing&version=99'), 102);
    assert.equal(await code(`api=${ABM}&method=nothing&version=99`), 104);
    assert.equal(await code(`api=${ABM}&method=nothing&version=1`), 103);
    assert.equal(await code(`api=${ABM}&method=backup_task&version=1`), 119);
    const { headers } = await openSession(nas);
    assert.equal(await code(`api=${ABM}&method=backup_task&version=1`, headers), 114);
    nas.account.administrator = false;
    const user = await openSession(nas);
    nas.account.administrator = true;
    assert.equal(await code(`api=${ABM}&method=backup_task&version=1`, user.headers), 105);
  });

  it('answers failures with HTTP 200 and says in a header why a session is refused', async () => {
    const unknown = await call(nas, ABM, 'list_tasks', 1, { _sid: '7-nothing' });
    assert.equal(unknown.status, 200);
    assert.equal(unknown.headers['x-request-error'], 'unauth');
    nas.account.administrator = false;
    const user = await openSession(nas);
    nas.account.administrator = true;
    const refused = await user.abm('list_tasks');
    assert.equal(refused.json.error?.code, 105);
    assert.equal(refused.headers['x-request-error'], 'noprivilege');
  });

  it('serves entry.cgi, entry.cgi/<API>, query.cgi and auth.cgi, by GET and POST, and an HTML page elsewhere', async () => {
    const query = 'api=SYNO.API.Info&version=1&method=query&query=SYNO.API.Auth';
    for (const path of ['entry.cgi', 'query.cgi', 'entry.cgi/SYNO.API.Info']) {
      assert.equal((await send(`${nas.url}/webapi/${path}?${query}`)).json.success, true, path);
      assert.equal((await send(`${nas.url}/webapi/${path}`, query)).json.success, true, path);
    }
    assert.equal((await login(nas, {}, 7, 'auth.cgi')).json.success, true);
    assert.equal((await login(nas, {}, 7, 'query.cgi')).json.error?.code, 102);
    for (const path of ['/', '/webapi/other.cgi', '/webman/index.cgi', '/simulator/state']) {
      const answer = await send(`${nas.url}${path}`);
      assert.equal(answer.status, 404);
      assert.match(answer.headers['content-type'] ?? '', /text\/html/);
    }
    assert.equal((await send(`${nas.url}/webapi/entry.cgi`, 'x=1', { httpMethod: 'PUT' })).status, 405);
  });

  it('lets the body win over the query', async () => {
    const answer = await send(
      `${nas.url}/webapi/entry.cgi?api=SYNO.Nothing&version=1`,
      'api=SYNO.API.Info&method=query',
    );
    assert.equal(answer.json.success, true);
  });

  it('lists APIs without a session: all, by names, and with the request format where there is one', async () => {
    const info = async (query: object) => (await call(nas, 'SYNO.API.Info', 'query', 1, { ...query })).json.data ?? {};
    assert.deepEqual(await info({ query: `SYNO.API.Auth,${ABM},SYNO.Nothing` }), {
      'SYNO.API.Auth': { maxVersion: 7, minVersion: 1, path: 'entry.cgi' },
      [ABM]: { maxVersion: 1, minVersion: 1, path: 'entry.cgi', requestFormat: 'JSON' },
    });
    const all = Object.keys(await info({}));
    assert.ok(all.includes('SYNO.DSM.Info'));
    assert.deepEqual(Object.keys(await info({ query: 'ALL' })), all);
    assert.deepEqual(Object.keys(await info({ query: '"all"' })), all);
  });

  it('dates its answers by its own clock, in UTC, and tells DSM time in its own zone', async () => {
    const { headers } = await openSession(nas);
    nas.switches.clockSkewSeconds = 3600;
    const answer = await call(nas, 'SYNO.DSM.Info', 'getinfo', 2, {}, { headers });
    nas.switches.clockSkewSeconds = 0;
    assert.equal(answer.headers.date, 'Sun, 22 Nov 2026 20:30:00 GMT');
    assert.equal(answer.json.data?.time, 'Mon Nov 23 05:30:00 2026');
    assert.equal(answer.json.data.model, 'DS923+');
    assert.equal((await call(nas, 'SYNO.DSM.Info', 'getinfo', 3, {}, { headers })).json.error?.code, 104);
  });

  it('tells the package and its state: nested status in list version 2, get in version 1 only', async () => {
    const { headers } = await openSession(nas);
    const core = (method: string, version: number, parameters: Record<string, string | object>) =>
      call(nas, 'SYNO.Core.Package', method, version, parameters, { headers });
    nas.stopPackage();
    const listed = await core('list', 2, { additional: ['status'] });
    nas.startPackage();
    const [row] = listed.json.data?.packages as { id: string; additional: { status: string } }[];
    assert.equal(row?.id, 'ActiveBackup-Office365');
    assert.equal(row.additional.status, 'stop');
    assert.equal((await core('get', 1, { id: 'ActiveBackup-Office365' })).json.data?.version, '2.5.5-14034');
    assert.equal((await core('get', 2, { id: 'ActiveBackup-Office365' })).json.error?.code, 103);
  });

  it('takes the API away when the package is missing or stopped, and gives it back', async () => {
    const session = await openSession(nas);
    const listed = async () => ABM in ((await call(nas, 'SYNO.API.Info', 'query', 1, { query: ABM })).json.data ?? {});
    for (const packageState of ['missing', 'stopped'] as const) {
      nas.switches.packageState = packageState;
      assert.equal((await session.abm('list_tasks')).json.error?.code, 102);
      assert.equal(await listed(), false);
    }
    nas.switches.stoppedAnswers = 'bad-gateway';
    assert.equal((await session.abm('list_tasks')).status, 502);
    nas.switches.stoppedAnswers = 109;
    assert.equal((await session.abm('list_tasks')).json.error?.code, 109);
    nas.switches.packageState = 'repairing';
    assert.equal((await session.abm('list_tasks')).json.error?.code, 117);
    nas.startPackage();
    assert.equal((await session.abm('list_tasks')).json.success, true);
    assert.equal(await listed(), true);
  });
});

describe('simulator: other DSM versions', () => {
  it('keeps login at auth.cgi on DSM 6, with did and plain text', async () => {
    const nas = await startSimulator({ dsm: '6' });
    try {
      assert.equal((await login(nas, {}, 6)).json.error?.code, 102);
      assert.equal((await login(nas, {}, 7, 'auth.cgi')).json.error?.code, 104);
      const wish = { enable_device_token: 'yes', device_name: 'test' };
      const answer = await login(nas, wish, 6, 'auth.cgi');
      assert.match(answer.headers['content-type'] ?? '', /text\/plain/);
      assert.ok(answer.json.data?.did);
      assert.equal(answer.json.data.device_id, undefined);
      const info = await call(nas, 'SYNO.API.Info', 'query', 1, {}, { path: 'query.cgi' });
      assert.equal((info.json.data?.['SYNO.API.Auth'] as { path: string }).path, 'auth.cgi');
    } finally {
      await nas.close();
    }
  });

  it('answers at the padded path alone where discovery gives one', async () => {
    const nas = await startSimulator({ dsm: 'padded' });
    try {
      const info = await call(nas, 'SYNO.API.Info', 'query', 1, { query: 'SYNO.API.Auth' }, { path: 'query.cgi' });
      const { path } = info.json.data?.['SYNO.API.Auth'] as { path: string };
      assert.match(path, /^_+entry\.cgi$/);
      assert.equal((await login(nas, {}, 7, 'entry.cgi')).json.error?.code, 102);
      assert.equal((await login(nas, {}, 7, path)).json.success, true);
    } finally {
      await nas.close();
    }
  });
});
