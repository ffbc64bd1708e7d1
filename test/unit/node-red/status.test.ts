// What the badge of a node that watches says.
import assert from 'node:assert/strict';
import type { NasHealth, Snapshot } from '../../../lib/monitor';
import { healthStatus } from '../../../lib/node-red/status';

const online: NasHealth = {
  state: 'online',
  errorCode: null,
  errorMessage: null,
  sinceMs: 0,
  failedPolls: 0,
  lastGoodPollMs: 0,
};
const snapshot = (changes: Partial<Snapshot> = {}): Snapshot => ({
  nas: 'office',
  atMs: 0,
  tasks: [],
  endedRuns: [],
  package: { usedBytes: null, serviceUsage: [], objects: { total: null, users: null, sites: null, teams: null } },
  workers: null,
  packageVersion: null,
  missingTaskIds: [],
  listDroppedToEmpty: false,
  timeZoneProblem: null,
  ...changes,
});
const textOf = (changes: Partial<Snapshot>, health = online): string | undefined => {
  const status = healthStatus([{ snapshot: snapshot(changes), health }]);
  return 'text' in status ? status.text : undefined;
};

describe('badge of a node that watches', () => {
  it('says what is wrong before it counts: the NAS, the time zone, the clock', () => {
    assert.equal(textOf({}), '0 tasks');
    assert.equal(textOf({ clockSkewSeconds: 120 }), '0 tasks');
    assert.equal(textOf({ clockSkewSeconds: -121 }), "check the NAS's clock");
    assert.equal(textOf({ clockSkewSeconds: 900, timeZoneProblem: 'x' }), 'check the time zone');
    const away: NasHealth = { ...online, state: 'offline', errorCode: 'AUTH_FAILED' };
    assert.equal(textOf({ clockSkewSeconds: 900 }, away), 'login refused');
  });
});
