// Control over HTTP: what a test in another process (a real Node-RED, a Python client) may do to the simulated NAS.

import { type HttpRequest } from './call-types';
import { type FaultSpec } from './faults';
import { isObject, type JsonObject, merge } from './json';
import { type Reply } from './replies';
import { type RunScript } from './runs';
import { type Simulator } from './simulator';

const PREFIX = '/simulator/';

type Command = (nas: Simulator, body: JsonObject) => unknown;

function runOf(body: JsonObject): RunScript | undefined {
  const run = Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'id'));
  return Object.keys(run).length === 0 ? undefined : run;
}

/** Every command by HTTP method and path; what it gives back is the answer. */
const COMMANDS: Record<string, Command> = {
  'GET state': (nas) => ({
    nowMs: nas.clock.now(),
    tasks: nas.tasks().map((task) => ({
      id: task.id,
      name: task.name,
      running: task.running,
      nextStartMs: task.nextStartMs,
      setting: task.setting,
    })),
    openSessions: nas.openSessions,
    openConnections: nas.openConnections,
    loginFailures: nas.loginFailures,
    workers: nas.core.store.workers,
    switches: nas.switches,
  }),
  'GET requests': (nas) => nas.requests,
  'DELETE requests': (nas) => nas.clearRequests(),
  'GET decoded': (nas) => nas.decodedRequests,
  'GET ledger': (nas) => nas.ledger(),
  'GET secrets': (nas) => nas.secrets(),
  'POST faults': (nas, body) => {
    nas.faults.add(body as FaultSpec);
  },
  'DELETE faults': (nas) => nas.faults.clear(),
  'POST advance': (nas, body) => {
    nas.clock.advance(Number(body.seconds));
    return { nowMs: nas.clock.now() };
  },
  'POST task/add': (nas, body) => ({ id: nas.addTask(body).id }),
  'POST task/start': (nas, body) => nas.task(Number(body.id)).start(runOf(body)),
  'POST task/finish': (nas, body) => nas.task(Number(body.id)).finish(runOf(body)),
  'POST task/script': (nas, body) => nas.task(Number(body.id)).script(...((body.runs ?? []) as RunScript[])),
  'POST task/default': (nas, body) => nas.task(Number(body.id)).setDefaultRun(body.run ?? {}),
  'POST task/rename': (nas, body) => nas.task(Number(body.id)).rename(String(body.name)),
  'POST task/remove': (nas, body) => nas.task(Number(body.id)).remove(),
  'POST switches': (nas, body) => {
    Object.assign(nas.switches, merge({ ...nas.switches }, body));
  },
  'POST account': (nas, body) => {
    Object.assign(nas.account, body);
  },
  'POST answer': (nas, body) => nas.answerWith(String(body.method), body.answer ?? null),
  'POST reboot': (nas) => nas.reboot(),
  'POST stop-package': (nas) => nas.stopPackage(),
  'POST start-package': (nas) => nas.startPackage(),
  'POST kick-sessions': (nas) => nas.kickSessions(),
  'POST expire-sessions': (nas) => nas.expireSessions(),
  'POST unblock': (nas) => nas.unblock(),
  'POST revoke-devices': (nas) => nas.revokeDevices(),
  'POST change-address': (nas, body) => nas.changeAddress(typeof body.address === 'string' ? body.address : null),
};

function reply(status: number, body: unknown): Reply {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), result: 'control' };
}

/** Answers requests under `/simulator/`; null for all others. */
export function controlHandler(simulator: () => Simulator | undefined): (request: HttpRequest) => Reply | null {
  return (request) => {
    const path = request.url.split('?')[0] ?? '';
    const nas = simulator();
    if (!path.startsWith(PREFIX) || nas === undefined) return null;
    const command = COMMANDS[`${request.httpMethod} ${path.slice(PREFIX.length)}`];
    if (command === undefined) return reply(404, { error: 'unknown command', known: Object.keys(COMMANDS) });
    try {
      const body: unknown = request.body === '' ? {} : JSON.parse(request.body);
      return reply(200, command(nas, isObject(body) ? body : {}) ?? { done: true });
    } catch (error) {
      return reply(400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}
