// What a connection's settings are read as.
import assert from 'node:assert/strict';
import { ActiveBackupError } from '../../../lib/active-backup';
import { readNasSettings } from '../../../lib/node-red';

const definition = { id: 'nas', url: 'https://nas.example:5001', slug: 'office' };

describe("a connection's limits", () => {
  it('are read from an object and from JSON text', () => {
    for (const limits of [{ tasks: { 3: '12', 4: 'ignore' } }, '{"tasks":{"3":12,"4":"ignore"}}']) {
      assert.deepEqual(readNasSettings({ ...definition, limits }).limits, { tasks: { 3: 12, 4: 'ignore' } });
    }
  });

  for (const id of ['abc', '0', '-1', '1.5', '', '0x10', ' 3']) {
    it(`are NOT_CONFIGURED, and say where, with ${JSON.stringify(id)} for the id of a task`, () => {
      assert.throws(
        () => readNasSettings({ ...definition, limits: { tasks: { [id]: 5 } } }),
        (error: unknown) =>
          error instanceof ActiveBackupError &&
          error.code === 'NOT_CONFIGURED' &&
          error.message.includes(`limits.tasks has ${JSON.stringify(id)}; expected`),
      );
    });
  }
});
