// Reads the finished runs of a task.
import type { NodeAPI } from 'node-red';
import { fields, rawOf, required, withDefault } from '../lib/active-backup';
import { countText, registerAction } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-get-history',
    parameters: { taskId: required(fields.taskId, 'task_id'), limit: withDefault(fields.runs, 20) },
    busyText: 'reading history',
    async run({ input, connect, signal }) {
      const answer = await connect().client.listRuns(input, { signal });
      const taskId = answer.runs[0]?.taskId ?? (typeof input.taskId === 'number' ? input.taskId : null);
      const summary = countText(answer.runs.length, 'run');
      return { method: 'list_task_logs', taskId, answer, raw: rawOf(answer), summary };
    },
  });
};
