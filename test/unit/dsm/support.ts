// What the tests of lib/dsm share: servers that end with the test, sessions that are closed, and error checks.
import assert from 'node:assert/strict';
import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { DsmError, type DsmSession, type DsmSessionOptions, createDsmSession } from '../../../lib/dsm';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulator';

export const ABM = 'SYNO.ActiveBackupOffice365';
export const LIST = { api: ABM, method: 'list_tasks', version: 1 } as const;

/** Runs after the test, last added first. */
const cleanups: (() => Promise<unknown>)[] = [];

export function onEnd(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

/** To be called in `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (let next = cleanups.pop(); next !== undefined; next = cleanups.pop()) await next();
}

export async function nas(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  onEnd(() => simulator.close());
  return simulator;
}

export function session(
  target: { url: string; username?: string; password?: string },
  options: Partial<DsmSessionOptions> = {},
): DsmSession {
  const { url, username = 'somebody', password = 'something' } = target;
  const created = createDsmSession({ url, username, password, timeoutMs: 5_000, ...options });
  onEnd(() => created.close());
  return created;
}

export interface RawServer {
  url: string;
  port: number;
  sockets: Set<Socket>;
  /** What was asked: method names of DSM calls, in order. */
  asked: string[];
  bodies: string[];
}

/** A server that answers as `respond` says. The body is read before. */
export async function rawServer(
  respond: (call: URLSearchParams, response: http.ServerResponse, request: http.IncomingMessage) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const raw: RawServer = { url: '', port: 0, sockets, asked: [], bodies: [] };
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const call = new URLSearchParams(body);
      raw.asked.push(call.get('method') ?? '');
      raw.bodies.push(body);
      respond(call, response, request);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onEnd(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  );
  raw.port = (server.address() as AddressInfo).port;
  raw.url = `http://127.0.0.1:${raw.port}`;
  return raw;
}

const ENTRY = { path: 'entry.cgi', minVersion: 1, maxVersion: 7, requestFormat: 'JSON' };

/** Answers discovery, login and logout as DSM 7 does. @returns false for every other call */
export function answerAsDsm(call: URLSearchParams, response: http.ServerResponse): boolean {
  const answers: Record<string, unknown> = {
    query: Object.fromEntries((call.get('query') ?? '').split(',').map((name) => [name, ENTRY])),
    login: { sid: '7-_sid', synotoken: 'token', device_id: 'device' },
    logout: undefined,
  };
  const method = call.get('method') ?? '';
  if (!(method in answers)) return false;
  response.end(JSON.stringify({ success: true, data: answers[method] }));
  return true;
}

/** The DsmError that a promise ends in; fails when it ends otherwise. */
export async function errorOf(promise: Promise<unknown>): Promise<DsmError> {
  const error = await promise.then(
    () => assert.fail('it should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DsmError, `not a DsmError: ${String(error)}`);
  return error;
}

/** Lets promises, callbacks and short timers run until the condition holds. Turns of the loop are no measure of time. */
export async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 5_000;
  while (performance.now() < deadlineMs) {
    if (condition()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail('the condition never held');
}
