// Logins of the simulated NAS: versions, codes, two factors, trusted devices, auto block.

import assert from 'node:assert/strict';
import { createCipheriv, createHash, constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { createVirtualClock, startSimulator, type Simulator } from '../../simulator';
import { call, login } from './plain-client';

describe('simulator: login', () => {
  let nas: Simulator;
  beforeEach(async () => {
    nas = await startSimulator({ clock: createVirtualClock(Date.UTC(2026, 10, 22)), otp: '123456' });
  });
  afterEach(() => nas.close());

  const code = async (parameters = {}, version = 7) => (await login(nas, parameters, version)).json.error?.code;

  it('answers by version: did in 6, device_id, account and an empty ik_message in 7, nothing below 3', async () => {
    const wish = { enable_device_token: 'yes', device_name: 'test' };
    const seven = (await login(nas, wish, 7)).json.data ?? {};
    assert.deepEqual(Object.keys(seven).sort(), [
      'account',
      'device_id',
      'ik_message',
      'is_portal_port',
      'sid',
      'synotoken',
    ]);
    assert.equal(seven.ik_message, '');
    const six = (await login(nas, wish, 6)).json.data ?? {};
    assert.deepEqual(Object.keys(six).sort(), ['did', 'is_portal_port', 'sid', 'synotoken']);
    const three = (await login(nas, { ...wish, enable_syno_token: 'no' }, 3)).json.data ?? {};
    assert.deepEqual(Object.keys(three).sort(), ['is_portal_port', 'sid']);
    assert.equal(await code({}, 2), 103);
    assert.equal(await code({}, 8), 104);
  });

  it('gives awkward sids: they start with a digit and hold - and _', async () => {
    const { data } = (await login(nas)).json;
    assert.match(data?.sid ?? '', /^\d-_[A-Za-z0-9_-]{40,}$/);
  });

  it('sets the cookie unless the format is sid', async () => {
    const cookies = (await login(nas)).headers['set-cookie'] ?? [];
    assert.equal(cookies.length, 1);
    assert.match(cookies[0] ?? '', /^id=7-_.*;max-age=604800;path=\/;HttpOnly$/);
    assert.equal((await login(nas, { format: 'sid' })).headers['set-cookie'], undefined);
  });

  it('refuses unknown names and wrong passwords with 400, and other codes on demand', async () => {
    assert.equal(await code({ account: 'nobody' }), 400);
    assert.equal(await code({ passwd: 'wrong' }), 400);
    for (const refusal of [401, 402, 406, 408, 409, 410, 411]) {
      nas.account.refuseWith = refusal;
      assert.equal(await code(), refusal);
    }
    nas.account.refuseWith = null;
    nas.switches.refuseSessionName = true;
    assert.equal(await code({ session: 'webui' }), 402);
    assert.equal(await code(), undefined);
    nas.switches.requireIkMessage = true;
    assert.equal(await code(), 430);
    assert.equal(await code({}, 6), undefined);
  });

  it('blocks an address after ten failures in five minutes, and stays so until somebody unblocks it', async () => {
    for (let attempt = 1; attempt <= 9; attempt += 1) assert.equal(await code({ passwd: 'wrong' }), 400);
    nas.clock.advance(301);
    for (let attempt = 1; attempt <= 10; attempt += 1) assert.equal(await code({ passwd: 'wrong' }), 400);
    assert.equal(await code(), 407);
    nas.clock.advance(30 * 24 * 3600);
    assert.equal(await code(), 407);
    nas.unblock();
    assert.equal(await code(), undefined);
  });

  it('wants a code with two factors, and binds a device token to the device name', async () => {
    nas.account.twoFactor = true;
    const refused = (await login(nas)).json;
    assert.equal(refused.error?.code, 403);
    assert.deepEqual(refused.error.errors?.types, [{ type: 'authenticator' }, { type: 'otp' }]);
    assert.equal(await code({ otp_code: '' }), 403);
    assert.equal(await code({ otp_code: '654321' }), 404);
    const wish = { otp_code: '123456', enable_device_token: 'yes' };
    assert.equal((await login(nas, wish)).json.data?.device_id, undefined);
    const paired = await login(nas, { ...wish, device_name: 'flows' });
    const device = paired.json.data?.device_id ?? '';
    assert.ok(paired.headers['set-cookie']?.some((cookie) => cookie.startsWith(`did=${device};`)));
    assert.equal(await code({ device_id: device, device_name: 'flows' }), undefined);
    assert.equal(await code({ device_id: device, device_name: 'other' }), 403);
    assert.equal(await code({ device_id: device, device_name: 'flows', passwd: 'wrong' }), 400);
    nas.reboot();
    assert.equal(await code({ device_id: device, device_name: 'flows' }), undefined);
    nas.revokeDevices();
    assert.equal(await code({ device_id: device, device_name: 'flows' }), 403);
  });

  it('logs out by the sid only: without one it is a success that ends nothing', async () => {
    const { data } = (await login(nas)).json;
    assert.equal((await call(nas, 'SYNO.API.Auth', 'logout', 7, {})).json.success, true);
    assert.equal(nas.openSessions, 1);
    assert.deepEqual(nas.requests.at(-1)?.flags, ['logout without a sid']);
    assert.equal((await call(nas, 'SYNO.API.Auth', 'logout', 7, { _sid: data?.sid ?? '' })).json.success, true);
    assert.equal(nas.openSessions, 0);
  });

  it('understands a login that is encrypted with the key it gives out', async function () {
    this.timeout(60_000);
    const { data } = (await call(nas, 'SYNO.API.Encryption', 'getinfo', 1, { format: 'module' })).json;
    const modulus = Buffer.from(String(data?.public_key), 'hex');
    const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
    const passphrase = Buffer.from(randomBytes(125).toString('hex'));
    const salt = randomBytes(8);
    const derived: Buffer[] = [];
    while (derived.length < 3) {
      const last = derived.at(-1) ?? Buffer.alloc(0);
      derived.push(
        createHash('md5')
          .update(Buffer.concat([last, passphrase, salt]))
          .digest(),
      );
    }
    const material = Buffer.concat(derived);
    const cipher = createCipheriv('aes-256-cbc', material.subarray(0, 32), material.subarray(32, 48));
    const text = new URLSearchParams({ account: nas.username, passwd: nas.password }).toString();
    const aes = Buffer.concat([Buffer.from('Salted__'), salt, cipher.update(text), cipher.final()]);
    const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), padding: constants.RSA_PKCS1_PADDING };
    const parcel = { rsa: publicEncrypt(key, passphrase).toString('base64'), aes: aes.toString('base64') };
    const answer = await call(nas, 'SYNO.API.Auth', 'login', 6, { [String(data?.cipherkey)]: parcel });
    assert.equal(answer.json.success, true);
  });
});
