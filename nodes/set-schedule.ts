// Changes when a task runs.
import type { NodeAPI } from 'node-red';
import { methodParameters, rawOf } from '../lib/active-backup';
import { registerAction } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-set-schedule',
    parameters: methodParameters.setTaskSchedule,
    busyText: 'setting schedule',
    async run({ input, connect, signal }) {
      const { client, monitor } = connect();
      const answer = await client.setTaskSchedule(input, { signal });
      monitor.poke();
      const summary = answer.changed ? 'changed' : 'already so';
      return { method: 'set_task_schedule', taskId: answer.taskId, answer, raw: rawOf(answer), summary };
    },
  });
};
