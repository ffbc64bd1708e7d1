// Holds our requests against those of the documented Python client: for the same wishes the wire must be the same.
import assert from 'node:assert/strict';
import { distinct, theirMethods, theirRequests, type WireRequest } from './wire-wishes';

/** Declares the tests of a suite: `makeOurs` asks for all wishes and gives the requests that the NAS has seen. */
export function compareWithTheirs(makeOurs: () => Promise<WireRequest[]>): void {
  let ours: WireRequest[] = [];
  const theirs = theirRequests();
  before(async () => {
    ours = await makeOurs();
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
}
