// The help against the answers themselves: each field that a node gives is named, in every language.
import assert from 'node:assert/strict';
import type { ActiveBackupClient } from '../../../lib/active-backup';
import { cleanUp, startRig } from '../active-backup/client/support';
import { languages, readText } from './node-files';

/** What each node answers with, by its file; of a list, an element of it too. */
const answers: Record<string, (client: ActiveBackupClient) => Promise<object[]>> = {
  'get-log': async (client) => {
    const log = await client.getPackageLog({});
    return [log, ...log.entries];
  },
  'get-history': async (client) => {
    const history = await client.listRuns({ taskId: 1 });
    return [history, ...history.runs];
  },
  workers: async (client) => [await client.setWorkerCount({ backupWorkers: 100_000 })],
  'set-schedule': async (client) => [await client.setTaskSchedule({ taskId: 1, policy: 'manual' })],
  'set-retention': async (client) => [await client.setRotationPolicy({ taskId: 1, daysToKeep: 0 })],
  'cancel-backup': async (client) => {
    await client.runBackup({ taskId: 1 });
    return [await client.cancelBackup({ taskId: 1 })];
  },
  'delete-task': async (client) => {
    const [task] = (await client.getTasks()).tasks;
    return [await client.deleteTask({ taskId: 1, confirm: task?.name })];
  },
};

describe('the help names every field of the answer', () => {
  afterEach(cleanUp);

  for (const [node, ask] of Object.entries(answers)) {
    it(`of ${node}`, async () => {
      const { client } = await startRig({ client: { allowChanges: true } });
      const objects = await ask(client);
      const fields = new Set(objects.flatMap((one) => Object.keys(one)));
      assert.ok(fields.size > 3);
      for (const language of languages) {
        const help = readText('nodes', 'locales', language, `${node}.html`);
        assert.deepEqual(
          [...fields].filter((field) => !help.includes(`\`${field}\``)),
          [],
          language,
        );
      }
    });
  }
});
