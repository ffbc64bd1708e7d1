// From what happened to the messages that tell it. Never an e-mail address, a tenant or a log's text.
import type { Task } from '../active-backup/types';
import { isRoutine, type BackupEvent } from '../monitor/types';
import { packageEventTypes, taskEventTypes } from './event-types';
import { publicName } from './slug';
import { readKeys, type StateKey } from './state-keys';
import type { Topics } from './topics';

/**
 * A message that is not retained. Of those with one key, which holds what happened and to which task, only the latest
 * is kept while the broker is away.
 */
export interface EventMessage {
  key: string;
  topic: string;
  payload: string;
}

/** How a command ended. */
export interface CommandOutcome {
  command: 'run' | 'cancel' | 'refresh';
  taskId: number | null;
  outcome: 'done' | 'refused' | 'failed';
  /** Why it was refused or failed. */
  code: string | null;
}

/** A code as it may be published: a word in capitals, nothing that could hold a host or an account. */
function codeOrNull(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Z][A-Z_]{0,40}$/.test(value) ? value : null;
}

/** The keys of an event on a task's topic. */
export const taskEventKeys: readonly StateKey<BackupEvent>[] = [
  { key: 'event_type', meaning: 'what happened', read: ({ event }) => event },
  { key: 'event_id', meaning: 'the same when an event has to be told again', read: ({ eventId }) => eventId },
  { key: 'at', meaning: 'when', read: ({ at }) => at },
  { key: 'task_id', meaning: 'number of the task', read: ({ task }) => task?.id ?? null },
  { key: 'task_name', meaning: 'its name', read: ({ task }) => (task === null ? null : publicName(task.name)) },
  {
    key: 'previous_name',
    meaning: 'its name before (`renamed` only)',
    read: ({ event, before }) => (event === 'renamed' && typeof before === 'string' ? publicName(before) : null),
  },
  { key: 'problem_reason', meaning: 'why the task is a problem now', read: ({ task }) => task?.problemReason ?? null },
  { key: 'result', meaning: 'how the run ended', read: ({ run }) => run?.result ?? null },
  { key: 'execution_id', meaning: 'number of the run', read: ({ run }) => run?.runId ?? null },
  { key: 'started', meaning: 'its start', read: ({ run }) => run?.startedAt ?? null },
  { key: 'ended', meaning: 'its end', read: ({ run }) => run?.endedAt ?? null },
  { key: 'duration', meaning: 'its length, s', read: ({ run }) => run?.durationSeconds ?? null },
  { key: 'transferred_bytes', meaning: 'what it sent, bytes', read: ({ run }) => run?.transferredBytes ?? null },
  { key: 'succeeded', meaning: 'objects backed up', read: ({ run }) => run?.counters.succeeded ?? null },
  { key: 'attention', meaning: 'objects that need attention', read: ({ run }) => run?.counters.attention ?? null },
  { key: 'warnings', meaning: 'warnings', read: ({ run }) => run?.counters.warnings ?? null },
  { key: 'errors', meaning: 'errors', read: ({ run }) => run?.counters.errors ?? null },
];

/** What an event on the package's topic tells. */
interface PackageFacts {
  type: string;
  id: string | null;
  at: string;
  task: Task | null;
  taskId: number | null;
  command: string | null;
  code: string | null;
}

/** The keys of an event on the package's topic. */
export const packageEventKeys: readonly StateKey<PackageFacts>[] = [
  { key: 'event_type', meaning: 'what happened', read: ({ type }) => type },
  { key: 'event_id', meaning: 'the same when an event has to be told again; null for commands', read: ({ id }) => id },
  { key: 'at', meaning: 'when', read: ({ at }) => at },
  { key: 'task_id', meaning: 'number of the task', read: ({ taskId }) => taskId },
  {
    key: 'task_name',
    meaning: 'its name (`added` and `removed`)',
    read: ({ task }) => (task === null ? null : publicName(task.name)),
  },
  { key: 'command', meaning: '`run`, `cancel` or `refresh`', read: ({ command }) => command },
  { key: 'code', meaning: 'why: an error code, never a text', read: ({ code }) => codeOrNull(code) },
];

/** The messages of an event: none for those that only watch nodes are told, and none for a continuous task's routine. */
export function eventMessages(topics: Topics, event: BackupEvent): EventMessage[] {
  if (isRoutine(event)) return [];
  const messages: EventMessage[] = [];
  const { task } = event;
  if (task !== null && taskEventTypes.includes(event.event)) {
    const payload = JSON.stringify(readKeys(taskEventKeys, event));
    messages.push({ key: `task ${task.id}, ${event.event}`, topic: topics.task(task.id).event, payload });
  }
  if (packageEventTypes.some((type) => type === event.event)) {
    const facts: PackageFacts = {
      type: event.event,
      id: event.eventId,
      at: event.at,
      task,
      taskId: task?.id ?? null,
      command: null,
      code: event.event === 'nas_lost' ? codeOrNull(event.after) : null,
    };
    const payload = JSON.stringify(readKeys(packageEventKeys, facts));
    messages.push({ key: `package, ${event.event} ${task?.id ?? ''}`, topic: topics.event, payload });
  }
  return messages;
}

/** The message about a command. */
export function commandMessage(topics: Topics, outcome: CommandOutcome, nowMs: number): EventMessage {
  const { command, taskId, code } = outcome;
  const facts: PackageFacts = {
    type: `command_${outcome.outcome}`,
    id: null,
    at: new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    task: null,
    taskId,
    command,
    code,
  };
  return {
    key: `package, ${facts.type} ${command} ${taskId ?? ''}`,
    topic: topics.event,
    payload: JSON.stringify(readKeys(packageEventKeys, facts)),
  };
}
