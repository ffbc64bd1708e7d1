// Versions, two-factor, device tokens, and logins that are answered oddly.
import assert from 'node:assert/strict';
import { ABM, LIST, answerAsDsm, cleanUp, errorOf, nas, rawServer, session } from './support';
import { loginFields, loginVersion, readLogin } from '../../../lib/dsm/login';
import { Secret } from '../../../lib/dsm';

const entry = (minVersion: number, maxVersion: number) =>
  ({ path: 'entry.cgi', minVersion, maxVersion, requestFormat: 'raw' }) as const;

describe('a login', () => {
  afterEach(cleanUp);

  it('uses the newest version that both sides know', () => {
    assert.equal(loginVersion(entry(1, 7)), 7);
    assert.equal(loginVersion(entry(1, 6)), 6);
    assert.equal(loginVersion(entry(1, 4)), 4);
    assert.equal(loginVersion(entry(3, 12)), 7);
    for (const [min, max] of [
      [1, 2],
      [8, 9],
    ] as const) {
      assert.throws(() => loginVersion(entry(min, max)), { code: 'NOT_SUPPORTED' });
    }
  });

  it('asks for a token, names no session, and sends a device token only with the name it is bound to', () => {
    const base = { username: 'u', password: new Secret('p'), deviceToken: null, deviceName: 'n' };
    assert.deepEqual(Object.fromEntries(loginFields(base, null)), {
      account: 'u',
      passwd: 'p',
      enable_syno_token: 'yes',
    });
    const trusted = Object.fromEntries(loginFields({ ...base, deviceToken: new Secret('t') }, null));
    assert.equal(trusted.device_id, 't');
    assert.equal(trusted.device_name, 'n');
  });

  it('understands did and device_id, and answers without a token', () => {
    assert.equal(readLogin({ sid: 's', did: 'old' }, 6)?.deviceToken?.reveal(), 'old');
    assert.equal(readLogin({ sid: 's', device_id: 'new', did: 'old' }, 7)?.deviceToken?.reveal(), 'new');
    assert.equal(readLogin({ sid: 's' }, 7)?.synoToken, null);
  });

  it('refuses sids that could start another header or cookie', () => {
    for (const sid of ['', 'a b', 'a;b', 'a\r\nX: y', 'ä', 7, null, undefined]) {
      assert.equal(readLogin({ sid }, 7), null);
    }
    assert.equal(readLogin(['sid'], 7), null);
  });

  it('turns to version 6 once when the NAS demands a handshake', async () => {
    const box = await nas({ switches: { requireIkMessage: true } });
    assert.ok((await session(box).call(LIST)).data);
    assert.deepEqual(
      box.requests.filter((request) => request.method === 'login').map((request) => request.version),
      [7, 6],
    );
  });

  it('works where a login that names a session is refused', async () => {
    const box = await nas({ switches: { refuseSessionName: true } });
    assert.ok((await session(box).call(LIST)).data);
    assert.equal(box.count('login'), 1);
  });

  it('pairs once with a code; then the device token is enough, also in a new session', async () => {
    for (const dsmVersion of ['7', '6'] as const) {
      const box = await nas({ twoFactor: true, dsm: dsmVersion });
      const dsm = session(box, { deviceName: 'My flows' });
      assert.equal((await errorOf(dsm.call(LIST))).code, 'OTP_REQUIRED');
      const token = await dsm.pairDevice(` ${box.otp.slice(0, 3)} ${box.otp.slice(3)} `);
      assert.ok(token.length > 20);
      assert.equal(dsm.blocked, null);
      assert.ok((await dsm.call(LIST)).data);
      assert.equal(box.count('login'), 2);
      box.reboot();
      assert.ok((await dsm.call(LIST)).data, 'the token is kept through a new login');
      const later = session(box, { deviceToken: token, deviceName: 'My flows' });
      assert.ok((await later.call(LIST)).data);
      const elsewhere = session(box, { deviceToken: token, deviceName: 'Another name' });
      assert.equal((await errorOf(elsewhere.call(LIST))).code, 'OTP_REQUIRED');
    }
  });

  it('asks for a code again, with one login, when the device token was revoked', async () => {
    const box = await nas({ twoFactor: true });
    const token = await session(box).pairDevice(box.otp);
    box.revokeDevices();
    box.clearRequests();
    const dsm = session(box, { deviceToken: token });
    for (let i = 0; i < 5; i += 1) assert.equal((await errorOf(dsm.call(LIST))).code, 'OTP_REQUIRED');
    assert.equal(box.count('login'), 1);
    const renewed = await dsm.pairDevice(box.otp);
    assert.notEqual(renewed, token);
    assert.ok((await dsm.call(LIST)).data);
  });

  it('says that a code was wrong, and lets the user try the next one', async () => {
    const box = await nas({ twoFactor: true });
    const dsm = session(box);
    const wrong = box.otp === '000000' ? '000001' : '000000';
    const error = await errorOf(dsm.pairDevice(wrong));
    assert.equal(error.code, 'OTP_REQUIRED');
    assert.equal(error.cause.dsmCode, 404);
    assert.match(error.message, /wrong/);
    assert.equal((await errorOf(dsm.call(LIST))).cause.dsmCode, 404);
    assert.equal(box.count('login'), 1);
    assert.ok(await dsm.pairDevice(box.otp));
  });

  it('does not hold a wrong code against the token that the session works with', async () => {
    const box = await nas({ twoFactor: true });
    const dsm = session(box);
    await dsm.pairDevice(box.otp);
    const wrong = box.otp === '000000' ? '000001' : '000000';
    assert.equal((await errorOf(dsm.pairDevice(wrong))).cause.dsmCode, 404);
    assert.equal(dsm.blocked, null);
    box.reboot();
    assert.ok((await dsm.call(LIST)).data);
  });

  it('does not send what cannot be a code', async () => {
    const box = await nas({ twoFactor: true });
    for (const otp of ['', '12', '12345x!']) {
      assert.equal((await errorOf(session(box).pairDevice(otp))).cause.outcome, 'not_sent');
    }
    assert.equal(box.requests.length, 0);
  });

  it('leaves one session open on the NAS after pairing, not two', async () => {
    const box = await nas();
    const dsm = session(box);
    await dsm.call(LIST);
    await dsm.pairDevice('123456');
    assert.equal(box.openSessions, 1);
    await dsm.close();
    assert.equal(box.openSessions, 0);
  });

  it('says so when DSM gives no device token', async () => {
    const server = await rawServer((call, response) => {
      if (call.get('method') === 'login') response.end('{"success":true,"data":{"sid":"s"}}');
      else answerAsDsm(call, response);
    });
    assert.equal((await errorOf(session(server).pairDevice('123456'))).code, 'NOT_SUPPORTED');
  });

  it('reports a login without a sid as INVALID_RESPONSE', async () => {
    for (const data of ['{}', '[]', 'null', '{"sid":12}']) {
      const server = await rawServer((call, response) => {
        if (call.get('method') === 'login') response.end(`{"success":true,"data":${data}}`);
        else answerAsDsm(call, response);
      });
      assert.equal((await errorOf(session(server).call(LIST))).code, 'INVALID_RESPONSE');
    }
  });

  it('looks for the login again when an update of DSM has moved it', async () => {
    let path = 'auth.cgi';
    const server = await rawServer((call, response, request) => {
      if (call.get('method') === 'query') {
        const info = { path, minVersion: 1, maxVersion: 7 };
        const abm = { ...info, path: 'entry.cgi' };
        response.end(JSON.stringify({ success: true, data: { 'SYNO.API.Auth': info, [ABM]: abm } }));
        path = 'entry.cgi';
      } else if (request.url?.endsWith('auth.cgi') === true) response.end('{"success":false,"error":{"code":102}}');
      else if (!answerAsDsm(call, response)) response.end('{"success":true,"data":{}}');
    });
    assert.ok((await session(server).call(LIST)).data);
  });

  it('looks for the login again after a web page answered in its place', async () => {
    let path = 'auth.cgi';
    let lost = false;
    const server = await rawServer((call, response, request) => {
      if (call.get('method') === 'query') {
        const info = { path, minVersion: 1, maxVersion: 7 };
        const abm = { ...info, path: 'entry.cgi' };
        response.end(JSON.stringify({ success: true, data: { 'SYNO.API.Auth': info, [ABM]: abm } }));
      } else if (request.url?.endsWith(path) !== true && call.get('method') === 'login') {
        response.writeHead(404, { 'Content-Type': 'text/html' }).end('<html>not here</html>');
      } else if (call.get('method') === 'login') {
        lost = false;
        answerAsDsm(call, response);
      } else if (lost) response.end('{"success":false,"error":{"code":119}}');
      else response.end('{"success":true,"data":{}}');
    });
    const dsm = session(server);
    await dsm.call(LIST);
    path = 'entry.cgi';
    lost = true;
    assert.equal((await errorOf(dsm.call(LIST))).code, 'INVALID_RESPONSE');
    assert.ok((await dsm.call(LIST)).data);
  });
});
