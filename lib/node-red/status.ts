// What a node's badge says, in the user's words: one table for all nodes.
import type { NodeStatus } from 'node-red';
import type { PublisherStatus } from '../home-assistant';
import { clockProblem, type NasHealth, type Snapshot } from '../monitor';

/** Short texts for the error codes: a badge has room for about twenty characters. */
const errorTexts: Readonly<Record<string, string>> = {
  AUTH_FAILED: 'login refused',
  OTP_REQUIRED: 'needs a 2FA code',
  IP_BLOCKED: 'address blocked',
  PERMISSION_DENIED: 'no administrator',
  PACKAGE_UNAVAILABLE: 'package not running',
  NOT_SUPPORTED: 'not supported',
  UNREACHABLE: 'NAS unreachable',
  TIMEOUT: 'no answer in time',
  TLS: 'certificate refused',
  INVALID_RESPONSE: 'unreadable answer',
  SESSION_LOST: 'session lost',
  BUSY: 'NAS busy',
  NAS_ERROR: 'NAS error',
  TASK_NOT_FOUND: 'no such task',
  TASK_RUNNING: 'task is running',
  INVALID_INPUT: 'invalid input',
  NOT_CONFIRMED: 'not confirmed',
  READ_ONLY: 'changes not allowed',
  NOT_APPLIED: 'not applied',
  OUTCOME_UNKNOWN: 'outcome unknown',
  NOT_CONFIGURED: 'not configured',
  ABORTED: 'stopped',
};

/** The words for an error code. */
export function errorText(code: string): string {
  return errorTexts[code] ?? 'error';
}

/** Something failed. What the user has to set up is a ring, what happened is a dot. */
export function errorStatus(code: string): NodeStatus {
  const shape = code === 'NOT_CONFIGURED' ? 'ring' : 'dot';
  return { fill: 'red', shape, text: errorText(code) };
}

/** A call is under way. */
export function busyStatus(text: string): NodeStatus {
  return { fill: 'blue', shape: 'dot', text };
}

/** The last call went well, or a part of it did. */
export function doneStatus(text: string, incomplete = false): NodeStatus {
  return { fill: incomplete ? 'yellow' : 'green', shape: 'dot', text };
}

/** What a poll showed of one NAS. */
interface Polled {
  snapshot: Snapshot | null;
  health: NasHealth;
}

/** What a node that watches says: the worst of its NASes, else what is running, else how many tasks there are. */
export function healthStatus(polled: readonly Polled[]): NodeStatus {
  const lost = polled.find(({ health }) => health.state === 'offline');
  if (lost) return { fill: 'red', shape: 'ring', text: errorText(lost.health.errorCode ?? 'UNREACHABLE') };
  if (polled.length === 0 || polled.some(({ snapshot }) => !snapshot)) {
    return { fill: 'yellow', shape: 'ring', text: 'connecting' };
  }
  const zone = polled.some(({ snapshot }) => snapshot?.timeZoneProblem);
  if (zone) return { fill: 'yellow', shape: 'dot', text: 'check the time zone' };
  const clock = polled.some(({ snapshot }) => clockProblem(snapshot?.clockSkewSeconds) !== null);
  if (clock) return { fill: 'yellow', shape: 'dot', text: "check the NAS's clock" };
  const tasks = polled.flatMap(({ snapshot }) => snapshot?.tasks ?? []);
  const running = tasks.filter((task) => task.activity === 'running').length;
  if (running > 0) return { fill: 'blue', shape: 'dot', text: `${running} of ${tasks.length} running` };
  return { fill: 'green', shape: 'dot', text: countText(tasks.length, 'task') };
}

/** `1 task`, `2 tasks`, `3 entries`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What the publisher says: broker first, then NAS, then the number of tasks. */
export function publisherStatus({ brokerConnected, nas, errorCode, tasks }: PublisherStatus): NodeStatus {
  if (!brokerConnected) return { fill: 'red', shape: 'ring', text: 'broker not connected' };
  if (nas === 'offline')
    return { fill: 'yellow', shape: 'dot', text: `broker ok, ${errorText(errorCode ?? 'UNREACHABLE')}` };
  if (tasks === null) return { fill: 'yellow', shape: 'ring', text: 'broker ok, asking NAS' };
  return { fill: 'green', shape: 'dot', text: `broker and NAS ok, ${countText(tasks, 'task')}` };
}
