// Reads or sets how many workers the package may use.
import type { NodeAPI } from 'node-red';
import { methodParameters, rawOf } from '../lib/active-backup';
import { registerAction } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-workers',
    parameters: methodParameters.setWorkerCount,
    busyText: 'workers',
    async run({ input, connect, signal }) {
      const { client } = connect();
      const reading = input.backupWorkers === undefined && input.eventWorkers === undefined;
      const answer = reading ? await client.getWorkerCount({ signal }) : await client.setWorkerCount(input, { signal });
      const raw = rawOf(answer);
      const summary = `${answer.backupWorkers} / ${answer.eventWorkers}`;
      const method = reading ? 'get_worker_count' : 'set_worker_count';
      return { method, taskId: null, answer, raw, summary };
    },
  });
};
