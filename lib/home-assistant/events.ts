// From what happened to the messages that tell it. Never an e-mail address, a tenant or a log's text.
import type { BackupEvent } from '../monitor/types';
import { packageEventTypes, taskEventTypes } from './event-types';
import type { Topics } from './topics';

/** A message that is not retained. Of those with one key only the latest is kept while the broker is away. */
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

function taskPayload(event: BackupEvent): string {
  const { task, run } = event;
  return JSON.stringify({
    event_type: event.event,
    event_id: event.eventId,
    at: event.at,
    task_id: task?.id ?? null,
    task_name: task?.name ?? null,
    previous_name: event.event === 'renamed' && typeof event.before === 'string' ? event.before : null,
    problem_reason: task?.problemReason ?? null,
    result: run?.result ?? null,
    execution_id: run?.runId ?? null,
    started: run?.startedAt ?? null,
    ended: run?.endedAt ?? null,
    duration: run?.durationSeconds ?? null,
    transferred_bytes: run?.transferredBytes ?? null,
    succeeded: run?.counters.succeeded ?? null,
    attention: run?.counters.attention ?? null,
    warnings: run?.counters.warnings ?? null,
    errors: run?.counters.errors ?? null,
  });
}

function packagePayload(facts: {
  type: string;
  id: string | null;
  at: string;
  taskId?: number | null;
  taskName?: string | null;
  command?: string | null;
  code?: string | null;
}): string {
  return JSON.stringify({
    event_type: facts.type,
    event_id: facts.id,
    at: facts.at,
    task_id: facts.taskId ?? null,
    task_name: facts.taskName ?? null,
    command: facts.command ?? null,
    code: facts.code ?? null,
  });
}

/** The messages of an event: none for those that only watch nodes are told. */
export function eventMessages(topics: Topics, event: BackupEvent): EventMessage[] {
  const messages: EventMessage[] = [];
  const { task } = event;
  if (task !== null && taskEventTypes.includes(event.event)) {
    messages.push({ key: taskEventKey(task.id), topic: topics.task(task.id).event, payload: taskPayload(event) });
  }
  if (packageEventTypes.some((type) => type === event.event)) {
    const about = task === null ? 'nas' : `task ${task.id}`;
    messages.push({
      key: `package, ${about}`,
      topic: topics.event,
      payload: packagePayload({
        type: event.event,
        id: event.eventId,
        at: event.at,
        taskId: task?.id ?? null,
        taskName: task?.name ?? null,
        code: event.event === 'nas_lost' ? codeOrNull(event.after) : null,
      }),
    });
  }
  return messages;
}

/** The key of a task's own event messages. */
export function taskEventKey(taskId: number): string {
  return `task ${taskId}`;
}

/** The message about a command. */
export function commandMessage(topics: Topics, outcome: CommandOutcome, nowMs: number): EventMessage {
  return {
    key: `package, command ${outcome.command} ${outcome.taskId ?? ''}`,
    topic: topics.event,
    payload: packagePayload({
      type: `command_${outcome.outcome}`,
      id: null,
      at: new Date(nowMs).toISOString(),
      taskId: outcome.taskId,
      command: outcome.command,
      code: codeOrNull(outcome.code),
    }),
  };
}
