// How work on a message ends.
import type { Node } from 'node-red';

/**
 * Says done, or failed, when the work is. Never rejects, which would end the process: Node-RED throws where it cannot
 * copy a message for its Catch and Complete nodes, such as one that is nested too deeply.
 * @param failureOf gives the error to tell for what was thrown
 */
export async function endWith(
  node: Node,
  work: Promise<unknown>,
  done: (error?: Error) => void,
  failureOf: (thrown: unknown) => Error,
): Promise<void> {
  try {
    const failure = await work.then(() => undefined, failureOf);
    if (failure) done(failure);
    else done();
  } catch (error) {
    node.error(error);
  }
}
