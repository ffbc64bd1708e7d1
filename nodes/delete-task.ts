// Deletes a task, and its backed-up data only where that was confirmed too.
import type { NodeAPI } from 'node-red';
import { methodParameters, rawOf } from '../lib/active-backup';
import { registerAction } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-delete-task',
    parameters: methodParameters.deleteTask,
    // What is stored in a flow confirms nothing: both confirmations come with the message.
    messageOnly: ['confirm', 'confirmRemoveData'],
    busyText: 'deleting',
    async run({ input, connect, signal }) {
      const { client, monitor } = connect();
      const answer = await client.deleteTask(input, { signal });
      monitor.poke();
      const summary = answer.dataRemoved ? 'deleted with data' : 'deleted';
      return { method: 'delete_task', taskId: answer.taskId, answer, raw: rawOf(answer), summary };
    },
  });
};
