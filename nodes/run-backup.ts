// Starts a backup and, where asked, waits for how that run ends.
import type { NodeAPI } from 'node-red';
import { fields, methodParameters, rawOf, resolveTask, withDefault } from '../lib/active-backup';
import { registerAction } from '../lib/node-red';
import { systemScheduler, waitForRun } from '../lib/monitor';

const method = 'run_backup';
let waits = 0;

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-run-backup',
    outputs: 2,
    parameters: {
      ...methodParameters.runBackup,
      wait: withDefault(fields.wait, false),
      timeoutSeconds: withDefault(fields.waitSeconds, 86_400),
    },
    busyText: 'starting backup',
    async run({ input, connect, signal, busy, sendEarly, node }) {
      const { client, monitor, closed, settings } = connect();
      const { taskId, ifRunning, wait, timeoutSeconds } = input;
      // Nothing may be asked of the NAS for a change that is not allowed, so the look before the run comes second.
      const before = wait && settings.allowChanges ? await monitor.refresh(signal) : null;
      const started = await client.runBackup({ taskId, ifRunning }, { signal });
      const raw = rawOf(started);
      const { previousRunId, ...start } = started;
      monitor.poke();
      const joined = start.alreadyRunning && ifRunning === 'join';
      if (!before || (start.alreadyRunning && !joined)) {
        const summary = start.started ? 'started' : 'already running';
        return { method, taskId: start.taskId, answer: start, raw, summary };
      }
      busy('running');
      waits += 1;
      const ending = await waitForRun(
        monitor,
        {
          id: `${node.id} wait ${waits}`,
          taskId: start.taskId,
          before: resolveTask(start.taskId, before.tasks),
          joined,
          previousRunId: joined ? null : previousRunId,
          requestedMs: before.atMs,
          timeoutSeconds,
          onProgress: (progress) =>
            sendEarly(
              1,
              { taskId: start.taskId, taskName: start.taskName, ...progress },
              { method, taskId: start.taskId },
            ),
          signal: AbortSignal.any([signal, closed]),
        },
        systemScheduler,
      );
      return { method, taskId: start.taskId, answer: { ...start, ...ending }, raw, summary: ending.result };
    },
  });
};
