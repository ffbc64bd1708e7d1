// The watch node: turns the changes of one NAS, or of all of them, into messages.
import type { Node, NodeAPI } from 'node-red';
import { ActiveBackupError, printValue, type Task } from '../active-backup';
import { isCodedError } from '../dsm';
import {
  eventNames,
  isRoutine,
  nasEventNames,
  type BackupEvent,
  type EventName,
  type NasHealth,
  type Snapshot,
} from '../monitor';
import { connectionOf, deployedNases, onDeployment, type NasNode } from './nas-node';
import type { NasConnection } from './nas-connection';
import type { Definition } from './parameters';
import { errorStatus, healthStatus } from './status';

/** Which events a watch node passes on. */
export interface WatchFilter {
  /** Ids or names; empty: all tasks. */
  tasks: readonly (number | string)[];
  /** Empty: all but `polled`, and of continuous tasks neither `started` nor `success`. */
  events: readonly EventName[];
}

/** Whether an event passes: by name, and where it is about a task, by task. */
export function passes(filter: WatchFilter, event: BackupEvent): boolean {
  const named = filter.events.length > 0;
  if (named ? !filter.events.includes(event.event) : event.event === 'polled' || isRoutine(event)) return false;
  if (filter.tasks.length === 0 || nasEventNames.includes(event.event)) return true;
  if (event.task === null) return false;
  // Who chose a task by its name hears that it lost it.
  const oldName = event.event === 'renamed' && typeof event.before === 'string' ? event.before : event.task.name;
  return isChosen(filter.tasks, event.task) || filter.tasks.includes(oldName);
}

function isChosen(chosen: WatchFilter['tasks'], task: Task): boolean {
  return chosen.some((entry) => entry === task.name || String(entry) === String(task.id));
}

/** Sets up a deployed watch node. */
export function setUpWatchNode(RED: NodeAPI, node: Node, definition: Definition): void {
  const watched = new Map<NasNode | NasConnection, { connection: NasConnection; unwatch: () => void }>();
  const health = new Map<string, { snapshot: Snapshot | null; health: NasHealth }>();
  const closing = new AbortController();
  let filter: WatchFilter;

  let toldProblem = '';

  const show = (): void => {
    if (!closing.signal.aborted) node.status(healthStatus([...health.values()]));
  };

  const watch = (connection: NasConnection): (() => void) => {
    const { slug } = connection.settings;
    let current = definition.sendCurrentState === true || definition.sendCurrentState === 'true';
    const unwatch = connection.monitor.watch({
      id: node.id,
      onUpdate(snapshot, state) {
        health.set(slug, { snapshot, health: state });
        show();
        if (!current || !snapshot) return;
        current = false;
        for (const task of snapshot.tasks) {
          if (filter.tasks.length === 0 || isChosen(filter.tasks, task)) node.send(presentState(snapshot, task));
        }
      },
      onEvent(event) {
        if (passes(filter, event)) node.send({ topic: event.event, payload: structuredClone(event) });
      },
    });
    return () => {
      unwatch();
      health.delete(slug);
    };
  };

  const choose = (): void => {
    const all = definition.allNas === true || definition.allNas === 'true';
    const wanted: (readonly [NasNode | NasConnection, NasConnection])[] = [];
    for (const nas of all ? deployedNases() : []) {
      try {
        wanted.push([nas, nas.connect()]);
      } catch (error) {
        node.warn(error instanceof Error ? error.message : 'A connection is not usable.');
      }
    }
    if (!all) {
      const connection = connectionOf(RED, definition.nas);
      wanted.push([connection, connection]);
    }
    const kept = new Set(wanted.map(([key]) => key));
    for (const [key, entry] of watched) {
      if (kept.has(key)) continue;
      entry.unwatch();
      watched.delete(key);
    }
    for (const [key, connection] of wanted) {
      if (!watched.has(key)) watched.set(key, { connection, unwatch: watch(connection) });
    }
  };

  // The connections of one deployment are all there only when the flows have started.
  let timer: NodeJS.Timeout | null = null;
  const chooseSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = null;
      try {
        filter = readFilter(definition);
        choose();
        toldProblem = '';
      } catch (error) {
        node.status(errorStatus(isCodedError(error) ? error.code : ''));
        const problem = error instanceof Error ? error.message : 'The node could not be started.';
        if (problem !== toldProblem) node.warn(problem);
        toldProblem = problem;
      }
    }, 0);
  };
  chooseSoon();
  const stopListening = onDeployment(chooseSoon);

  node.on('input', (_msg, _send, done) => {
    Promise.resolve()
      .then(async () => {
        const connections = [...watched.values()].map((entry) => entry.connection);
        if (connections.length === 0) connections.push(connectionOf(RED, definition.nas));
        // Of many NASes one that fails must not hide that the others are still being asked.
        const polls = await Promise.allSettled(connections.map(({ monitor }) => monitor.refresh(closing.signal)));
        const failed = polls.find((poll) => poll.status === 'rejected');
        if (failed) throw failed.reason;
      })
      .then(
        () => done(),
        (error: unknown) => done(error instanceof Error ? error : new Error('The poll failed.')),
      );
  });

  node.on('close', () => {
    closing.abort();
    stopListening();
    if (timer) clearTimeout(timer);
    for (const entry of watched.values()) entry.unwatch();
    watched.clear();
  });
}

/** The message that tells how a task is at the start: no event, so it has the name of none. */
function presentState(snapshot: Snapshot, task: Task): Record<string, unknown> {
  const at = new Date(snapshot.atMs).toISOString().replace(/\.\d+Z$/, 'Z');
  const run = task.lastRun ? { ...task.lastRun, result: task.result } : null;
  const eventId = `${snapshot.nas}-${task.id}-current-${snapshot.atMs}`;
  return {
    topic: 'current',
    payload: { event: 'current', eventId, at, nas: snapshot.nas, task, before: null, after: null, run },
  };
}

function readFilter(definition: Definition): WatchFilter {
  const tasks = readList(definition.tasks, 'tasks').map((entry) => {
    if (typeof entry === 'number' || typeof entry === 'string') return entry;
    throw new ActiveBackupError('NOT_CONFIGURED', `tasks: ${printValue(entry)} is not a task's id or name.`);
  });
  const events = readList(definition.events, 'events').map((entry) => {
    const name = eventNames.find((candidate) => candidate === entry);
    if (name) return name;
    throw new ActiveBackupError(
      'NOT_CONFIGURED',
      `events: ${printValue(entry)} is not known; expected some of ${eventNames.join(', ')}.`,
    );
  });
  return { tasks, events };
}

function readList(value: unknown, name: string): unknown[] {
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value.split(',').map((part) => part.trim());
  throw new ActiveBackupError('NOT_CONFIGURED', `${name}: expected a list.`);
}
