// How the methods of Active Backup are called, and what is known after a write whose answer never came.
import { type CodedError, DsmError, isCodedError } from '../dsm/errors';
import { type DsmAnswer, type DsmSession, type DsmValue } from '../dsm/types';
import { ActiveBackupError } from './errors';
import { throwIfAborted } from './lock';

/** The API's name in DSM; all its methods are version 1. */
export const apiName = 'SYNO.ActiveBackupOffice365';
const apiVersion = 1;

/** Parameters as the wire names them. */
export type WireParameters = Readonly<Record<string, DsmValue>>;

/** What every method takes besides its parameters. */
export interface CallOptions {
  /** Ends the call with ABORTED. */
  signal?: AbortSignal | undefined;
}

/** Asks for something that changes nothing. */
export async function read(
  session: DsmSession,
  method: string,
  params: WireParameters,
  { signal }: CallOptions,
): Promise<DsmAnswer> {
  throwIfAborted(signal);
  return session.call({
    api: apiName,
    version: apiVersion,
    method,
    params,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** How a write went: the NAS said yes, or nobody knows. A refusal is thrown. */
export type WriteOutcome = { lost: null; data: unknown } | { lost: CodedError; data?: undefined };

/**
 * Sends something that changes the NAS, once. Where the answer was lost (deadline, broken connection, unreadable
 * body) the error is handed back instead of thrown, so that the caller looks at the state before it says anything.
 * @throws DsmError where the NAS refused, the request never left, or the caller ended the call
 */
export async function write(
  session: DsmSession,
  method: string,
  params: WireParameters,
  { signal }: CallOptions,
): Promise<WriteOutcome> {
  throwIfAborted(signal);
  try {
    const call = { api: apiName, version: apiVersion, method, params, write: true };
    const answer = await session.call(signal === undefined ? call : { ...call, signal });
    return { lost: null, data: answer.data };
  } catch (error) {
    if (isCodedError(error) && error.cause.outcome === 'unknown' && error.code !== 'ABORTED') return { lost: error };
    throw error;
  }
}

/** Nobody knows whether a write was carried out: its answer was lost, and the state does not tell. */
export function outcomeUnknown(what: string, lost: CodedError, why: string): ActiveBackupError {
  return new ActiveBackupError(
    'OUTCOME_UNKNOWN',
    `${what}: the NAS did not say whether it was carried out (${lost.code}), and ${why}`,
    {
      outcome: 'unknown',
    },
  );
}

/**
 * Looks at the NAS after a write, to see whether it was carried out.
 * @throws ActiveBackupError OUTCOME_UNKNOWN where it cannot be looked at
 */
export async function lookAfterLoss<T>(what: string, lost: CodedError | null, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!isCodedError(error)) throw error;
    if (error.code === 'ABORTED') {
      throw new DsmError('ABORTED', `${what}: the call was ended before the NAS's state could be read again`, {
        outcome: 'unknown',
      });
    }
    if (lost !== null) throw outcomeUnknown(what, lost, `its state cannot be read (${error.code})`);
    // The NAS said yes, so the wish is very likely fulfilled: sending it again is still not for us to decide.
    throw new ActiveBackupError(
      'OUTCOME_UNKNOWN',
      `${what}: the NAS accepted it, but its state cannot be read to confirm it (${error.code})`,
      { outcome: 'unknown' },
    );
  }
}

/** The error for an answer that is not what its method answers. */
export function invalidResponse(method: string, found: string): ActiveBackupError {
  return new ActiveBackupError('INVALID_RESPONSE', `The NAS's answer to ${method} ${found}`);
}
