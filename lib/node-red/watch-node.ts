// The watch node: turns the changes of one NAS, or of all of them, into messages.
import type { Node, NodeAPI } from 'node-red';
import { ActiveBackupError, printValue, type NamedTask, type Task } from '../active-backup';
import {
  eventNames,
  isRoutine,
  nasEventNames,
  type BackupEvent,
  type EventName,
  type NasHealth,
  type Snapshot,
} from '../monitor';
import { readSwitch, unresolvedVariable } from './config-values';
import { endWith } from './message-end';
import { connectionOf, deployedNases, onDeployment } from './nas-node';
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

/** Whether an event passes: by name, and where it is about a task, by task. `tasks` are those of its NAS. */
export function passes(filter: WatchFilter, event: BackupEvent, tasks: readonly NamedTask[]): boolean {
  const named = filter.events.length > 0;
  if (named ? !filter.events.includes(event.event) : event.event === 'polled' || isRoutine(event)) return false;
  if (filter.tasks.length === 0 || nasEventNames.includes(event.event)) return true;
  if (event.task === null) return false;
  // Who chose a task by its name hears that it lost it.
  const oldName = event.event === 'renamed' && typeof event.before === 'string' ? event.before : event.task.name;
  return isChosen(filter.tasks, event.task, tasks) || filter.tasks.includes(oldName);
}

/** A text of digits is an id only where it is no task's name, as in `resolveTask`. */
function isChosen(chosen: WatchFilter['tasks'], { id, name }: Task, tasks: readonly NamedTask[]): boolean {
  const isName = (entry: number | string): boolean => tasks.some((task) => task.name === entry);
  return chosen.some((entry) => entry === id || entry === name || (entry === String(id) && !isName(entry)));
}

/** Sets up a deployed watch node. */
export function setUpWatchNode(RED: NodeAPI, node: Node, definition: Definition): void {
  const watched = new Map<NasConnection, () => void>();
  const health = new Map<NasConnection, { snapshot: Snapshot | null; health: NasHealth }>();
  const closing = new AbortController();
  let filter: WatchFilter = { tasks: [], events: [] };
  let toldProblem: string | null = null;

  // A NAS that is not watched at all is worse than any that is.
  const show = (): void => {
    if (closing.signal.aborted) return;
    const isWhole = !toldProblem && watched.size > 0;
    node.status(isWhole ? healthStatus([...health.values()]) : errorStatus('NOT_CONFIGURED'));
  };

  const watch = (connection: NasConnection, sendsCurrent: boolean): (() => void) => {
    let current = sendsCurrent;
    const unwatch = connection.monitor.watch({
      id: node.id,
      onUpdate(snapshot, state) {
        health.set(connection, { snapshot, health: state });
        if (watched.has(connection)) show();
        // Without the history it is not known yet how the last runs ended, and no event would tell it later.
        if (!current || !snapshot || snapshot.historyOwed === true) return;
        current = false;
        for (const task of snapshot.tasks) {
          if (filter.tasks.length === 0 || isChosen(filter.tasks, task, snapshot.tasks))
            node.send(presentState(snapshot, task));
        }
      },
      onEvent(event) {
        const tasks = connection.monitor.snapshot?.tasks ?? [];
        if (passes(filter, event, tasks)) node.send({ topic: event.event, payload: structuredClone(event) });
      },
    });
    return () => {
      unwatch();
      health.delete(connection);
    };
  };

  /** Watches what is deployed now, and leaves what is not, or has become unusable. */
  const choose = (): void => {
    const failures: unknown[] = [];
    const attempt = <T>(work: () => T[]): T[] => {
      try {
        return work();
      } catch (error) {
        failures.push(error);
        return [];
      }
    };
    const before = [...watched.keys()];
    const wanted = attempt(() => {
      filter = readFilter(definition);
      const sendsCurrent = readSwitch(definition.sendCurrentState, 'sendCurrentState', false);
      const connects = readSwitch(definition.allNas, 'allNas', false)
        ? deployedNases().map((nas) => () => nas.connect())
        : [() => connectionOf(RED, definition.nas)];
      return connects.flatMap((connect) =>
        attempt(() => {
          const connection = connect();
          if (!watched.has(connection)) watched.set(connection, watch(connection, sendsCurrent));
          return [connection];
        }),
      );
    });
    const left = before.filter((connection) => !wanted.includes(connection));
    for (const connection of left) {
      watched.get(connection)?.();
      watched.delete(connection);
    }
    const told = failures.map((error) => (error instanceof Error ? error.message : 'A connection is not usable.'));
    const problem = [...new Set(told)].join(' ');
    if (problem === toldProblem && left.length === 0 && watched.size === before.length) return;
    const isNew = problem !== '' && problem !== toldProblem;
    toldProblem = problem;
    show();
    if (isNew) node.warn(problem);
  };
  const stopListening = onDeployment(RED, choose);

  node.on('input', (_msg, _send, done) => {
    const poll = async (): Promise<void> => {
      const connections = [...watched.keys()];
      if (connections.length === 0 && toldProblem) throw new ActiveBackupError('NOT_CONFIGURED', toldProblem);
      if (connections.length === 0) connections.push(connectionOf(RED, definition.nas));
      // Of many NASes one that fails must not hide that the others are still being asked.
      const polls = await Promise.allSettled(connections.map(({ monitor }) => monitor.refresh(closing.signal)));
      const failed = polls.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    };
    void endWith(node, poll(), done, (error) => (error instanceof Error ? error : new Error('The poll failed.')));
  });

  node.on('close', () => {
    closing.abort();
    stopListening();
    for (const unwatch of watched.values()) unwatch();
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
    payload: structuredClone({
      event: 'current',
      eventId,
      at,
      nas: snapshot.nas,
      task,
      before: null,
      after: null,
      run,
    }),
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
  const variable = unresolvedVariable(value);
  if (variable !== null) {
    throw new ActiveBackupError('NOT_CONFIGURED', `${name}: the environment variable ${variable} is not set.`);
  }
  if (typeof value === 'string') return value.split(',').map((part) => part.trim());
  throw new ActiveBackupError('NOT_CONFIGURED', `${name}: expected a list.`);
}
