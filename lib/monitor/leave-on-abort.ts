// A promise that several callers share, and that one of them may leave early.
import { DsmError } from '../dsm';

/**
 * The shared promise, or ABORTED as soon as the signal fires; the others' stays as it is.
 * @throws DsmError `ABORTED`
 */
export async function leaveOnAbort<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return shared;
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(new DsmError('ABORTED', 'The call was ended before the NAS answered.'));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([shared, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
