// The lockout guard over several connections: who shares what, and what outlives whom.
import assert from 'node:assert/strict';
import {
  credentialFingerprint,
  memoryBlockStore,
  type CredentialBlock,
  type CredentialIdentity,
} from '../../../lib/dsm';
import { shareBlocks } from '../../../lib/node-red/shared-blocks';

let number = 0;
/** An account of its own for each test: what is shared is shared within the process. */
function account(): CredentialIdentity {
  number += 1;
  return { address: `https://nas-${number}.example:5001`, username: 'ann', password: 'wrong', deviceToken: '' };
}

function blockOf(identity: CredentialIdentity): CredentialBlock {
  const salt = `salt of ${identity.password}`;
  const fingerprint = credentialFingerprint(identity, salt);
  return { salt, fingerprint, code: 'AUTH_FAILED', dsmCode: 400, message: 'No.', atMs: 1 };
}

describe('credential blocks of several connections', () => {
  it('hold for every connection with the same credentials, also for one that comes later', () => {
    const identity = account();
    const [first, second, later] = [memoryBlockStore(), memoryBlockStore(), memoryBlockStore()];
    const one = shareBlocks(() => identity, first);
    const two = shareBlocks(() => identity, second);
    one.save(blockOf(identity));
    assert.deepEqual(two.load(), blockOf(identity));
    assert.deepEqual(second.load(), blockOf(identity), 'each remembers it for itself');
    shareBlocks(() => identity, later).adopt();
    assert.deepEqual(later.load(), blockOf(identity));
  });

  it('are lifted for all of them at once', () => {
    const identity = account();
    const stores = [memoryBlockStore(), memoryBlockStore(), memoryBlockStore()];
    const shared = stores.map((store) => shareBlocks(() => identity, store));
    shared[0]!.save(blockOf(identity));
    shared[2]!.save(null);
    assert.deepEqual(
      stores.map((store) => store.load()),
      [null, null, null],
    );
  });

  it('of another password are neither obeyed, nor overwritten, nor lifted', () => {
    const identity = account();
    const other = { ...identity, password: 'also wrong' };
    const [first, second] = [memoryBlockStore(), memoryBlockStore()];
    const one = shareBlocks(() => identity, first);
    const two = shareBlocks(() => other, second);
    two.save(blockOf(other));
    one.save(blockOf(identity));
    assert.deepEqual(two.load(), blockOf(other));
    assert.deepEqual(one.load(), blockOf(identity));
    one.save(null);
    assert.deepEqual(two.load(), blockOf(other));
  });

  it('follow a token that pairing changed', () => {
    let identity = account();
    const own = memoryBlockStore();
    const shared = shareBlocks(() => identity, own);
    shared.save(blockOf(identity));
    identity = { ...identity, deviceToken: 'paired' };
    shared.save(null);
    assert.equal(own.load(), null);
    shared.save(blockOf(identity));
    assert.deepEqual(shared.load(), blockOf(identity));
  });

  it('of another address or account are not looked at', () => {
    const identity = account();
    const shared = shareBlocks(() => identity, memoryBlockStore());
    shared.save(blockOf(identity));
    for (const change of [{ address: 'https://elsewhere' }, { username: 'bob' }]) {
      assert.equal(shareBlocks(() => ({ ...identity, ...change }), memoryBlockStore()).load(), null);
    }
  });

  it('stay with a connection that is closed', () => {
    const identity = account();
    const own = memoryBlockStore();
    const shared = shareBlocks(() => identity, own);
    shared.leave();
    shared.save(blockOf(identity));
    assert.deepEqual(own.load(), blockOf(identity));
    assert.equal(shareBlocks(() => identity, memoryBlockStore()).load(), null);
  });
});
