// Reads the settings of a task.
import type { NodeAPI } from 'node-red';
import { methodParameters, rawOf } from '../lib/active-backup';
import { registerAction } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-get-settings',
    parameters: methodParameters.getTaskSetting,
    busyText: 'reading settings',
    async run({ input, connect, signal }) {
      const answer = await connect().client.getTaskSetting(input, { signal });
      const summary = answer.policy ?? 'settings';
      return { method: 'get_task_setting', taskId: answer.taskId, answer, raw: rawOf(answer), summary };
    },
  });
};
