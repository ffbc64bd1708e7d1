// Our requests beside those of the documented Python client: for the same wishes the wire must be the same.
import assert from 'node:assert/strict';
import { ActiveBackupClient } from '../../../lib/active-backup';
import { createDsmSession } from '../../../lib/dsm';
import {
  askForAll,
  distinct,
  recordedAtMs,
  recordedNas,
  theirMethods,
  theirRequests,
  type WireRequest,
} from '../../peers/wire-wishes';
import { createVirtualClock, startSimulator } from '../../simulator';

async function makeOurRequests(): Promise<WireRequest[]> {
  const nas = await startSimulator({ ...recordedNas, clock: createVirtualClock(recordedAtMs) });
  const session = createDsmSession({ url: nas.url, username: nas.username, password: nas.password });
  const client = new ActiveBackupClient({ session, timeZone: 'UTC', pause: () => Promise.resolve() });
  try {
    return await askForAll((method, input = {}) => {
      if (method === 'getTasks' || method === 'getWorkerCount') return client[method]();
      return client[method](input);
    }, nas);
  } finally {
    await session.close();
    await nas.close();
  }
}

describe('our requests beside those of the Python client', () => {
  let ours: WireRequest[] = [];
  const theirs = theirRequests();
  before(async () => {
    ours = await makeOurRequests();
  });

  it('cover the eleven wire methods behind the twelve documented ones', () => {
    assert.equal(theirMethods().length, 11);
    assert.deepEqual(
      theirMethods().filter((method) => !ours.some((request) => request.method === method)),
      [],
    );
  });
  for (const method of theirMethods()) {
    it(`${method}: the same parameters with the same values`, () => {
      assert.deepEqual(distinct(ours, method), distinct(theirs, method));
    });
  }
});
