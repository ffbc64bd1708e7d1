// Cancels the run that is under way.
import type { NodeAPI } from 'node-red';
import { methodParameters, rawOf } from '../lib/active-backup';
import { registerAction } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-cancel-backup',
    parameters: methodParameters.cancelBackup,
    busyText: 'canceling',
    async run({ input, connect, signal }) {
      const { client, monitor } = connect();
      const answer = await client.cancelBackup(input, { signal });
      if (answer.canceled) monitor.noteCanceled(answer.taskId, answer.runId);
      monitor.poke();
      const summary = answer.canceled ? 'canceled' : answer.wasRunning ? 'ended by itself' : 'was not running';
      return { method: 'cancel_backup', taskId: answer.taskId, answer, raw: rawOf(answer), summary };
    },
  });
};
