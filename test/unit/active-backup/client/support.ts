// What the client's tests share: a simulated NAS with a client on it, a session that answers from a table, and checks.
import assert from 'node:assert/strict';
import { ActiveBackupClient, type ClientOptions } from '../../../../lib/active-backup';
import {
  createDsmSession,
  type DsmAnswer,
  type DsmCall,
  DsmError,
  type DsmSession,
  type DsmSessionOptions,
  isCodedError,
} from '../../../../lib/dsm';
import { createVirtualClock, type Simulator, type SimulatorOptions, startSimulator } from '../../../simulator';

/** Sunday, 22 November 2026, noon UTC. */
export const noonMs = Date.UTC(2026, 10, 22, 12);

/** Runs after the test, last added first. */
const cleanups: (() => Promise<unknown>)[] = [];

/** To be called in `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (let next = cleanups.pop(); next !== undefined; next = cleanups.pop()) await next();
}

/** A client of a simulated NAS. */
export interface Rig {
  nas: Simulator;
  session: DsmSession;
  client: ActiveBackupClient;
}

/** How the parts of a rig differ from the usual. */
export interface RigOptions {
  nas?: SimulatorOptions;
  session?: Partial<DsmSessionOptions>;
  client?: Partial<ClientOptions>;
}

/** A simulated NAS at noon with a client that waits for nothing. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const clock = createVirtualClock(noonMs);
  const nas = await startSimulator({ clock, recordValues: true, ...options.nas });
  cleanups.push(() => nas.close());
  const { url, username, password } = nas;
  const session = createDsmSession({ url, username, password, timeoutMs: 5000, ...options.session });
  cleanups.push(() => session.close());
  return { nas, session, client: clientOf(session, { now: () => clock.now(), ...options.client }) };
}

/** A client that waits for nothing between two looks. */
export function clientOf(session: DsmSession, options: Partial<ClientOptions> = {}): ActiveBackupClient {
  return new ActiveBackupClient({
    session,
    timeZone: 'UTC',
    now: () => noonMs,
    pause: () => Promise.resolve(),
    ...options,
  });
}

/** What a stub answers to a call: data, or an error to be thrown. */
export type StubAnswer = (call: DsmCall) => unknown;

/** A session that answers from a function and keeps what it was asked. */
export class StubSession implements DsmSession {
  readonly calls: DsmCall[] = [];
  readonly blocked = null;
  readonly counters = { logins: 0, requests: 0 };

  constructor(private readonly answer: StubAnswer) {}

  async call(call: DsmCall): Promise<DsmAnswer> {
    this.calls.push(call);
    await Promise.resolve();
    const data = this.answer(call);
    if (data instanceof Error) throw data;
    return { data, dateMs: noonMs };
  }
  unblock(): void {
    // Nothing is ever blocked here.
  }
  pairDevice(): Promise<string> {
    return Promise.reject(new DsmError('NOT_SUPPORTED', 'A stub pairs with nobody.'));
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
  /** Names of the methods that were asked. */
  get methods(): string[] {
    return this.calls.map(({ method }) => method);
  }
}

/** The error of a write whose answer never came. */
export function lostAnswer(): DsmError {
  return new DsmError('TIMEOUT', 'nas.example did not answer in time.', { outcome: 'unknown' });
}

/** The methods of the package that the NAS was asked, in order; login and discovery are left out. */
export function asked(nas: Simulator): string[] {
  return nas.requests.filter(({ api }) => api === 'SYNO.ActiveBackupOffice365').map(({ method }) => method ?? '');
}

/** The decoded parameters of the last call of a method. */
export function sent(nas: Simulator, method: string): Record<string, unknown> {
  const found = nas.decodedRequests.filter((request) => request.method === method).at(-1);
  assert.ok(found !== undefined, `${method} was sent`);
  return found.params;
}

/** Whether a promise ends with an error of this code (and outcome and message, where given). */
export async function rejects(
  promise: Promise<unknown>,
  code: string,
  message?: RegExp,
  outcome?: string,
): Promise<Error> {
  let thrown: unknown = null;
  try {
    await promise;
  } catch (error) {
    thrown = error;
  }
  assert.ok(isCodedError(thrown), `ended with a coded error: ${String(thrown)}`);
  assert.equal(thrown.code, code, thrown.message);
  assert.equal(thrown.cause.code, code);
  if (message !== undefined) assert.match(thrown.message, message);
  if (outcome !== undefined) assert.equal(thrown.cause.outcome, outcome);
  return thrown;
}
