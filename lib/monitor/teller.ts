// Collects what a poll found into events, each with an id of its own.
import { createHash } from 'node:crypto';
import type { Run, Task } from '../active-backup';
import type { BackupEvent, EventName } from './types';

/** What an event says beside its name and task. */
export interface EventDetails {
  before?: unknown;
  after?: unknown;
  /** When it happened, where that is not the poll's own time. */
  at?: string | null;
  /** Tells this event from an earlier one of the same name about the same task. */
  key?: string;
  run?: BackupEvent['run'];
}

/** An instant as events carry it: ISO 8601 in UTC, whole seconds. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** An id for an event. Events are written down with it before they are told, so that telling one again repeats it. */
export function eventId(nas: string, taskId: number | null, event: EventName, key: string): string {
  return createHash('sha256')
    .update(`${nas} ${taskId ?? ''} ${event} ${key}`)
    .digest('hex')
    .slice(0, 20);
}

/** What tells a run from the others of its task. */
export function runKey(run: Run): string {
  return `${run.runId ?? ''} ${run.endedAt ?? ''}`;
}

/** Collects the events of one poll; silent at the baseline. */
export class Teller {
  readonly #collected: { event: BackupEvent; orderMs: number }[] = [];
  readonly #latestMs = new Map<number, number>();

  readonly #nas: string;
  readonly #telling: boolean;

  constructor(
    nas: string,
    /** The poll's own time, milliseconds. */
    readonly pollMs: number,
    telling: boolean,
  ) {
    this.#nas = nas;
    this.#telling = telling;
  }

  tell(event: EventName, task: Task, details: EventDetails): void {
    if (!this.#telling) return;
    const at = details.at ?? isoTime(this.pollMs);
    // The events of one task keep their order, whatever odd dates its runs have.
    const orderMs = Math.max(Date.parse(at), this.#latestMs.get(task.id) ?? -Infinity);
    this.#latestMs.set(task.id, orderMs);
    const id = eventId(this.#nas, task.id, event, details.key ?? String(this.pollMs));
    const { before = null, after = null, run = null } = details;
    this.#collected.push({ event: { event, eventId: id, at, nas: this.#nas, task, before, after, run }, orderMs });
  }

  /** In the order in which they happened; what happened in the same second stays in the order of telling. */
  get events(): BackupEvent[] {
    return this.#collected.sort((left, right) => left.orderMs - right.orderMs).map(({ event }) => event);
  }
}
