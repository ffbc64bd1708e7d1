// Lets one writer at a time at a thing of one NAS, however many clients share the session.
import { DsmError } from '../dsm/errors';
import { type DsmSession } from '../dsm/types';

/** Per session: the end of the last in line for each thing that is locked. */
const lines = new WeakMap<DsmSession, Map<string, Promise<void>>>();

function abortedWaiting(): DsmError {
  return new DsmError('ABORTED', 'The call was ended before it was sent', { outcome: 'not_sent' });
}

/** @throws DsmError ABORTED where the caller has already ended the call */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortedWaiting();
}

/** Waits for `turn`, or rejects as soon as the caller ends the call. */
async function waitFor(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return turn;
  throwIfAborted(signal);
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(abortedWaiting());
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([turn, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Runs `work` when everything that was asked before under the same key has ended, well or badly. Read-modify-write
 * of two flows on one task would otherwise lose one of the two changes.
 */
export async function inTurn<T>(
  session: DsmSession,
  key: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const line = lines.get(session) ?? new Map<string, Promise<void>>();
  lines.set(session, line);
  const before = line.get(key) ?? Promise.resolve();
  let done: () => void = () => undefined;
  const own = new Promise<void>((resolve) => {
    done = resolve;
  });
  // Who gives up waiting still stands in line: those behind it wait for those before it.
  const tail = before.then(() => own);
  line.set(key, tail);
  try {
    await waitFor(before, signal);
    return await work();
  } finally {
    done();
    void tail.then(() => {
      if (line.get(key) === tail) line.delete(key);
    });
  }
}
