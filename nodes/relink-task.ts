// Makes a task again of what an earlier one left in a shared folder.
import type { NodeAPI } from 'node-red';
import { methodParameters, rawOf } from '../lib/active-backup';
import { registerAction } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-relink-task',
    parameters: methodParameters.relinkTask,
    busyText: 'relinking',
    async run({ input, connect, signal }) {
      const { client, monitor } = connect();
      const answer = await client.relinkTask(input, { signal });
      monitor.poke();
      const summary = `task ${answer.taskId}`;
      return { method: 'relink_task', taskId: answer.taskId, answer, raw: rawOf(answer), summary };
    },
  });
};
