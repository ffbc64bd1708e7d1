// Reads the backup tasks of one NAS, or of all, as a list or rolled up.
import type { NodeAPI } from 'node-red';
import { fields, optional, resolveTask, withDefault } from '../lib/active-backup';
import { type CodedError, isCodedError } from '../lib/dsm';
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
  /** The error of the first NAS, where not one of them answered. */
  failure?: CodedError | undefined;
}

/**
 * The answer with `summary`: the roll-up of all tasks, and the NASes that could not be asked, whose tasks are in none
 * of its numbers.
 */
type SummaryAnswer = FleetSummary & { errors: NasFailure[] };

async function readOne({ settings, monitor }: NasConnection, signal: AbortSignal): Promise<Collected> {
  const snapshot = await monitor.refresh(signal);
  return { tasks: snapshot.tasks.map((task) => ({ ...task, nas: settings.slug })), errors: [], raw: monitor.raw };
}

/** The tasks of every deployed NAS; a NAS that failed is an entry in `errors` and keeps none of the others back. */
async function readAll(nodes: readonly NasNode[], signal: AbortSignal): Promise<Collected> {
  const raw: Record<string, unknown> = {};
  const answers = await Promise.all(
    nodes.map(async (node): Promise<Omit<Collected, 'raw'>> => {
      let nas = node.name ?? node.id;
      try {
        const connection = node.connect();
        nas = connection.settings.slug;
        const collected = await readOne(connection, signal);
        raw[nas] = collected.raw;
        return collected;
      } catch (error) {
        if (!isCodedError(error) || signal.aborted) throw error;
        return { tasks: [], errors: [{ nas, code: error.code, message: error.message }], failure: error };
      }
    }),
  );
  const tasks = answers.flatMap((answer) => answer.tasks);
  const errors = answers.flatMap((answer) => answer.errors);
  const failure = errors.length === answers.length ? answers[0]?.failure : undefined;
  return { tasks, errors, raw, failure };
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
    needsNas: ({ allNas, allNasType = 'bool' }) => String(allNas) !== 'true' || allNasType !== 'bool',
    async run({ input, connect, signal }) {
      const { allNas } = input;
      const found = allNas ? await readAll(deployedNases(), signal) : await readOne(connect(), signal);
      const { errors, raw, failure } = found;
      // Whether there is such a task is not known where no NAS could be asked.
      if (input.taskId !== undefined && failure) throw failure;
      const tasks = allNas ? found.tasks : found.tasks.map(withoutNas);
      const chosen = input.taskId === undefined ? null : resolveTask(input.taskId, tasks);
      const details = allNas ? { errors } : {};
      const incomplete = chosen === null && errors.length > 0;
      const common = { method, taskId: chosen?.id ?? null, raw, details, incomplete };
      const missing = incomplete ? `, ${errors.length} NAS failed` : '';
      if (input.summary) {
        const counted = found.tasks.filter((_task, index) => chosen === null || tasks[index] === chosen);
        const answer: SummaryAnswer = { ...summarizeFleet(counted), errors };
        return { ...common, answer, summary: countText(answer.problems, 'problem') + missing };
      }
      if (chosen !== null) {
        return { ...common, answer: chosen, summary: chosen.activity === 'running' ? 'running' : chosen.result };
      }
      return { ...common, answer: tasks, summary: countText(tasks.length, 'task') + missing };
    },
  });
};
