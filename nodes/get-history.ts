// Reads the finished runs of a task.
import type { NodeAPI } from 'node-red';
import { fields, rawOf, required, withDefault } from '../lib/active-backup';
import { countText, identifyTask, registerAction } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-get-history',
    parameters: { taskId: required(fields.taskId, 'task_id'), limit: withDefault(fields.runs, 20) },
    busyText: 'reading history',
    async run({ input, connect, signal }) {
      const { client } = connect();
      const taskId = await identifyTask(client, input.taskId, signal);
      const answer = await client.listRuns({ ...input, taskId }, { signal });
      const summary = countText(answer.runs.length, 'run');
      return { method: 'list_task_logs', taskId, answer, raw: rawOf(answer), summary };
    },
  });
};
