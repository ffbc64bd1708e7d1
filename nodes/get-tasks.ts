// Reads the backup tasks of one NAS, or of all.
import type { NodeAPI } from 'node-red';
import { fields, optional, resolveTask, withDefault, type Task } from '../lib/active-backup';
import { isCodedError } from '../lib/dsm';
import { countText, deployedNases, registerAction } from '../lib/node-red';

const method = 'get_tasks';

/** The tasks of every deployed NAS; a NAS that failed is an entry in `errors` and keeps none of the others back. */
async function readAll(
  signal: AbortSignal,
): Promise<{ tasks: (Task & { nas: string })[]; errors: unknown[]; raw: unknown }> {
  const tasks: (Task & { nas: string })[] = [];
  const errors: unknown[] = [];
  const raw: Record<string, unknown> = {};
  await Promise.all(
    deployedNases().map(async (node) => {
      let nas = node.name ?? node.id;
      try {
        const { settings, monitor } = node.connect();
        nas = settings.slug;
        const snapshot = await monitor.refresh(signal);
        tasks.push(...snapshot.tasks.map((task) => ({ ...structuredClone(task), nas })));
        raw[nas] = monitor.raw;
      } catch (error) {
        if (!isCodedError(error) || signal.aborted) throw error;
        errors.push({ nas, code: error.code, message: error.message });
      }
    }),
  );
  return { tasks, errors, raw };
}

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-get-tasks',
    parameters: { taskId: optional(fields.taskId, 'task_id'), allNas: withDefault(fields.allNas, false) },
    busyText: 'reading tasks',
    async run({ input, connect, signal }) {
      if (input.allNas) {
        const { tasks, errors, raw } = await readAll(signal);
        const answer = input.taskId === undefined ? tasks : resolveTask(input.taskId, tasks);
        return { method, taskId: null, answer, raw, summary: countText(tasks.length, 'task'), details: { errors } };
      }
      const { monitor } = connect();
      const snapshot = await monitor.refresh(signal);
      const raw = structuredClone(monitor.raw);
      if (input.taskId === undefined) {
        const answer = structuredClone(snapshot.tasks);
        return { method, taskId: null, answer, raw, summary: countText(answer.length, 'task') };
      }
      const task = structuredClone(resolveTask(input.taskId, snapshot.tasks));
      return {
        method,
        taskId: task.id,
        answer: task,
        raw,
        summary: task.activity === 'running' ? 'running' : task.result,
      };
    },
  });
};
