// Credentials that a NAS refuses are tried once: over calls, sessions, restarts and several config nodes.
import assert from 'node:assert/strict';
import {
  type CredentialBlock,
  type CredentialBlockStore,
  type DsmErrorCode,
  credentialFingerprint,
  memoryBlockStore,
} from '../../../lib/dsm';
import { LIST, cleanUp, errorOf, nas, session } from './support';

/** A store as a file would be: what it holds is text in between. */
function fileLikeStore(): CredentialBlockStore & { text: string } {
  const store = {
    text: 'null',
    load: () => JSON.parse(store.text) as CredentialBlock | null,
    save: (block: CredentialBlock | null) => {
      store.text = JSON.stringify(block);
    },
  };
  return store;
}

describe('the lockout guard', () => {
  afterEach(cleanUp);

  it('logs in once with a wrong password, however many calls follow', async () => {
    const box = await nas();
    const dsm = session(box, { password: 'wrong' });
    const first = await Promise.all(
      Array.from({ length: 10 }, (_, i) => errorOf(dsm.call({ ...LIST, params: { i } }))),
    );
    const asked = box.requests.length;
    for (let i = 0; i < 10; i += 1) first.push(await errorOf(dsm.call(LIST)));
    assert.equal(box.count('login'), 1);
    assert.equal(box.requests.length, asked);
    for (const error of first) {
      assert.deepEqual(error.cause, { code: 'AUTH_FAILED', dsmCode: 400, outcome: 'not_sent' });
      assert.equal(error.message, first[0]?.message);
    }
    assert.equal(dsm.blocked?.code, 'AUTH_FAILED');
  });

  it('does not log in again after a restart with the same credentials', async () => {
    const box = await nas();
    const blocks = fileLikeStore();
    await errorOf(session(box, { password: 'wrong', blocks }).call(LIST));
    box.clearRequests();
    const later = session(box, { password: 'wrong', blocks });
    assert.equal(later.blocked?.dsmCode, 400);
    assert.equal((await errorOf(later.call(LIST))).code, 'AUTH_FAILED');
    assert.equal(box.requests.length, 0);
  });

  it('logs in when address, user name, password or token changed', async () => {
    const box = await nas();
    const blocks = fileLikeStore();
    await errorOf(session(box, { password: 'wrong', blocks }).call(LIST));
    const changed = session(box, { blocks });
    assert.equal(changed.blocked, null);
    assert.ok((await changed.call(LIST)).data);
    const one = { address: 'a', username: 'b', password: 'c', deviceToken: 'd' };
    const prints = [one, { ...one, address: 'x' }, { ...one, username: 'x' }, { ...one, password: 'x' }].concat([
      { ...one, deviceToken: 'x' },
      { ...one, username: 'bc', password: '' },
    ]);
    assert.equal(new Set(prints.map((identity) => credentialFingerprint(identity, 'salt'))).size, 6);
    assert.notEqual(credentialFingerprint(one, 'salt'), credentialFingerprint(one, 'pepper'));
  });

  it('lets ten sessions that start together with one wrong password log in once', async () => {
    const box = await nas();
    const blocks = fileLikeStore();
    const errors = await Promise.all(
      Array.from({ length: 10 }, () => errorOf(session(box, { password: 'wrong', blocks }).call(LIST))),
    );
    assert.deepEqual([...new Set(errors.map((error) => error.code))], ['AUTH_FAILED']);
    assert.equal(box.count('login'), 1);
  });

  it('does not let two wrong passwords in one store take turns', async () => {
    const box = await nas();
    const blocks = fileLikeStore();
    const one = session(box, { password: 'wrong', blocks });
    const other = session(box, { password: 'also wrong', blocks });
    for (let i = 0; i < 5; i += 1) {
      await errorOf(one.call(LIST));
      await errorOf(other.call(LIST));
    }
    assert.equal(box.count('login'), 2);
  });

  it('tries once more after unblock, for every session that shares the store', async () => {
    const box = await nas();
    const blocks = fileLikeStore();
    const [one, other] = [1, 2].map(() => session(box, { password: 'later right', blocks }));
    assert.ok(one !== undefined && other !== undefined);
    await errorOf(one.call(LIST));
    await errorOf(other.call(LIST));
    box.account.password = 'later right';
    await errorOf(other.call(LIST));
    assert.equal(box.count('login'), 1);
    one.unblock();
    assert.ok((await other.call(LIST)).data);
    assert.ok((await one.call(LIST)).data);
    assert.equal(box.count('login'), 3);
  });

  it('holds when the store cannot be written or read, or holds rubbish', async () => {
    const box = await nas();
    const fails = () => {
      throw new Error('disk full');
    };
    const stores: CredentialBlockStore[] = [
      { load: () => null, save: fails },
      { load: fails, save: fails },
      { load: () => ({ salt: 7 }) as unknown as CredentialBlock, save: () => undefined },
    ];
    for (const blocks of stores) {
      box.clearRequests();
      const dsm = session(box, { password: 'wrong', blocks });
      for (let i = 0; i < 3; i += 1) assert.equal((await errorOf(dsm.call(LIST))).code, 'AUTH_FAILED');
      assert.equal(box.count('login'), 1);
    }
  });

  it('keeps nothing of the credentials in the store but a salted hash', async () => {
    const box = await nas();
    const blocks = fileLikeStore();
    await errorOf(session(box, { password: 'wrong-canary', deviceToken: 'token-canary', blocks }).call(LIST));
    assert.ok(!/canary|backup-admin|127\.0\.0\.1/.test(blocks.text), blocks.text);
    assert.equal(memoryBlockStore().load(), null);
  });

  const refusals: [number, DsmErrorCode][] = [
    [400, 'AUTH_FAILED'],
    [401, 'AUTH_FAILED'],
    [402, 'AUTH_FAILED'],
    [403, 'OTP_REQUIRED'],
    [404, 'OTP_REQUIRED'],
    [406, 'AUTH_FAILED'],
    [407, 'IP_BLOCKED'],
    [408, 'AUTH_FAILED'],
    [409, 'AUTH_FAILED'],
    [410, 'AUTH_FAILED'],
    [411, 'AUTH_FAILED'],
  ];
  for (const [dsmCode, code] of refusals) {
    it(`logs in once when the NAS answers ${dsmCode}, and says ${code}`, async () => {
      const box = await nas();
      box.account.refuseWith = dsmCode;
      const dsm = session(box);
      for (let i = 0; i < 3; i += 1) {
        const error = await errorOf(dsm.call(LIST));
        assert.deepEqual(error.cause, { code, dsmCode, outcome: 'not_sent' });
      }
      assert.equal(box.count('login'), 1);
    });
  }

  it('tries again by itself after a refusal that is no matter of credentials', async () => {
    const box = await nas();
    box.faults.add({ method: 'login', kind: 'code', code: 100, times: 1 });
    const dsm = session(box);
    assert.equal((await errorOf(dsm.call(LIST))).code, 'NAS_ERROR');
    assert.equal(dsm.blocked, null);
    assert.ok((await dsm.call(LIST)).data);
  });
});
