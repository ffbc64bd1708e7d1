// Sets up a simulated NAS and a session for a row, and takes both down afterwards.
import { ActiveBackupClient } from '../../lib/active-backup';
import { createDsmSession, isCodedError, memoryBlockStore, type DsmSessionOptions } from '../../lib/dsm';
import { startSimulator, type Simulator } from '../simulator';
import type { House, LibFault } from './fault';

const cleanups: (() => Promise<unknown>)[] = [];

/** Runs after the test, last added first. */
export function onEnd(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

/** To be called in `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (let next = cleanups.pop(); next !== undefined; next = cleanups.pop()) await next();
}

/** Waiting that takes no time: the pause between two looks at the NAS. */
const noPause = (): Promise<void> => Promise.resolve();

/** Builds the house of a row. Sessions that `another` makes share what is remembered of refused credentials. */
export async function buildHouse(fault: Pick<LibFault, 'nas' | 'session' | 'client'>): Promise<House> {
  const nas = await startSimulator({ tasks: 2, ...fault.nas });
  onEnd(() => nas.close());
  const blocks = memoryBlockStore();
  const access = accessTo(nas);
  const own = typeof fault.session === 'function' ? fault.session(nas) : (fault.session ?? {});
  const another: House['another'] = (options = {}) => {
    const session = createDsmSession({ ...access, blocks, ...own, ...options });
    onEnd(() => session.close());
    const client = new ActiveBackupClient({ session, pause: noPause, timeZone: 'UTC', ...fault.client });
    return { session, client };
  };
  return { nas, ...another(), another, onEnd };
}

/** What a session needs to get in; deadlines are short, as nobody waits for a NAS that is on the same machine. */
export function accessTo(nas: Simulator): DsmSessionOptions {
  return { url: nas.url, username: nas.username, password: nas.password, timeoutMs: 5_000, closeTimeoutMs: 500 };
}

/** The code that a promise ends in; null when it goes well. */
export async function codeOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    if (isCodedError(error)) return error.code;
    throw error;
  }
}

/** Requests of the NAS's record that were logins. */
export function loginsOf(nas: Simulator): number {
  return nas.requests.filter(({ api, method }) => api === 'SYNO.API.Auth' && method === 'login').length;
}
