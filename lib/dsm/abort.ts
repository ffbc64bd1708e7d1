// Waiting for something that goes on without us when our caller gives up.
import { DsmError } from './errors';

/** The error of a call that was given up before anything of it was sent. */
export function abortedError(): DsmError {
  return new DsmError('ABORTED', 'The request was given up.', { outcome: 'not_sent' });
}

/**
 * Settles as `promise` does, or rejects with `onAbort()` when a signal fires first. The promise itself goes on; a late
 * rejection of it is nobody's and stays silent.
 */
export function untilAborted<T>(
  promise: Promise<T>,
  signals: readonly (AbortSignal | undefined)[],
  onAbort: () => Error = abortedError,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => {
      leave();
      reject(onAbort());
    };
    const leave = (): void => {
      for (const signal of signals) signal?.removeEventListener('abort', stop);
    };
    for (const signal of signals) signal?.addEventListener('abort', stop, { once: true });
    promise.then(
      (value) => {
        leave();
        resolve(value);
      },
      (error: unknown) => {
        leave();
        reject(error instanceof Error ? error : new Error('A promise was rejected without an error.'));
      },
    );
    if (signals.some((signal) => signal?.aborted)) stop();
  });
}
