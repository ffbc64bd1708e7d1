// Changes how long a task keeps earlier versions.
import type { NodeAPI } from 'node-red';
import { methodParameters, rawOf } from '../lib/active-backup';
import { registerAction } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-set-retention',
    parameters: methodParameters.setRotationPolicy,
    busyText: 'setting retention',
    async run({ input, connect, signal }) {
      const answer = await connect().client.setRotationPolicy(input, { signal });
      const summary = answer.changed ? 'changed' : 'already so';
      return { method: 'set_rotation_policy', taskId: answer.taskId, answer, raw: rawOf(answer), summary };
    },
  });
};
