// Reads the backup tasks of one NAS, or of all, as a list or rolled up.
import type { NodeAPI } from 'node-red';
import { fields, optional, resolveTask, withDefault } from '../lib/active-backup';
import { isCodedError } from '../lib/dsm';
import { summarizeFleet, type FleetSummary, type FleetTask } from '../lib/monitor';
import { countText, deployedNases, registerAction, type NasConnection, type NasNode } from '../lib/node-red';

const method = 'get_tasks';

/** A NAS that could not be asked. */
interface NasFailure {
  nas: string;
  code: string;
  message: string;
}

/** What one NAS, or all of them, gave. */
interface Collected {
  tasks: FleetTask[];
  errors: NasFailure[];
  raw: unknown;
}

/**
 * The answer with `summary`: the roll-up of all tasks, and the NASes that could not be asked, whose tasks are in none
 * of its numbers.
 */
type SummaryAnswer = FleetSummary & { errors: NasFailure[] };

async function readOne({ settings, monitor }: NasConnection, signal: AbortSignal): Promise<Collected> {
  const snapshot = await monitor.refresh(signal);
  const tasks = snapshot.tasks.map((task) => ({ ...structuredClone(task), nas: settings.slug }));
  return { tasks, errors: [], raw: structuredClone(monitor.raw) };
}

/** The tasks of every deployed NAS; a NAS that failed is an entry in `errors` and keeps none of the others back. */
async function readAll(nodes: readonly NasNode[], signal: AbortSignal): Promise<Collected> {
  const raw: Record<string, unknown> = {};
  const answers = await Promise.all(
    nodes.map(async (node): Promise<Pick<Collected, 'tasks' | 'errors'>> => {
      let nas = node.name ?? node.id;
      try {
        const connection = node.connect();
        nas = connection.settings.slug;
        const collected = await readOne(connection, signal);
        raw[nas] = collected.raw;
        return collected;
      } catch (error) {
        if (!isCodedError(error) || signal.aborted) throw error;
        return { tasks: [], errors: [{ nas, code: error.code, message: error.message }] };
      }
    }),
  );
  return { tasks: answers.flatMap(({ tasks }) => tasks), errors: answers.flatMap(({ errors }) => errors), raw };
}

/** A task without its NAS's slug: an answer about one NAS has that in `msg.activeBackup`. */
function withoutNas(task: FleetTask): Omit<FleetTask, 'nas'> {
  const plain: Partial<FleetTask> & Omit<FleetTask, 'nas'> = { ...task };
  delete plain.nas;
  return plain;
}

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-get-tasks',
    parameters: {
      taskId: optional(fields.taskId, 'task_id'),
      allNas: withDefault(fields.allNas, false),
      summary: withDefault(fields.summary, false),
    },
    busyText: 'reading tasks',
    async run({ input, connect, signal }) {
      const { allNas } = input;
      const found = allNas ? await readAll(deployedNases(), signal) : await readOne(connect(), signal);
      const { errors, raw } = found;
      const chosen = input.taskId === undefined ? null : resolveTask(input.taskId, found.tasks);
      const details = allNas ? { errors } : {};
      const common = { method, taskId: chosen?.id ?? null, raw, details };
      if (input.summary) {
        const answer: SummaryAnswer = { ...summarizeFleet(chosen === null ? found.tasks : [chosen]), errors };
        return { ...common, answer, summary: countText(answer.problems, 'problem') };
      }
      if (chosen !== null) {
        const summary = chosen.activity === 'running' ? 'running' : chosen.result;
        return { ...common, answer: allNas ? chosen : withoutNas(chosen), summary };
      }
      const answer = allNas ? found.tasks : found.tasks.map(withoutNas);
      return { ...common, answer, summary: countText(answer.length, 'task') };
    },
  });
};
