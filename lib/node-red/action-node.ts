// The factory behind every node that asks the NAS something when a message arrives: parameters, call, answer, status
// and the one call of done() exist here once.
import type { Node, NodeAPI, NodeDef } from 'node-red';
import {
  ActiveBackupError,
  printValue,
  resolveTask,
  type ActiveBackupClient,
  type Input,
  type ParameterTable,
} from '../active-backup';
import { DsmError, isCodedError } from '../dsm';
import { endWith } from './message-end';
import type { NasConnection } from './nas-connection';
import { connectionOf, onDeployment } from './nas-node';
import { readOutputChoice, readParameters, type Definition, type Message } from './parameters';
import { busyStatus, doneStatus, errorStatus } from './status';

/** One message on its way through an action. */
export interface ActionCall<Table extends ParameterTable> {
  input: Input<Table>;
  /**
   * The chosen NAS.
   * @throws ActiveBackupError `NOT_CONFIGURED`
   */
  connect: () => NasConnection;
  node: Node;
  definition: Definition;
  msg: Message;
  /** Fires when the node is closed. */
  signal: AbortSignal;
  /** Shows a text while the call goes on. */
  busy: (text: string) => void;
  /** Sends a message of its own, made from the incoming one, before the answer. */
  sendEarly: (output: number, payload: unknown, details: Message, extra?: Message) => void;
}

/** What an action gives back. */
export interface ActionAnswer {
  /** The seed's name of the method. */
  method: string;
  taskId: number | null;
  answer: unknown;
  /** The NAS's own `data`, for the output type "raw". */
  raw: unknown;
  /** A few words for the badge. */
  summary: string;
  /** More to set on the message, such as `parts`. */
  extra?: Message;
  /** Further fields of `msg.activeBackup`. */
  details?: Message;
  /** True: only a part of what was asked for could be had. */
  incomplete?: boolean;
}

/** A node type. */
export interface Action<Table extends ParameterTable> {
  type: string;
  parameters: Table;
  /** Parameters that a flow may not store. */
  messageOnly?: readonly string[];
  outputs?: number;
  /** What the badge says while the NAS is asked. */
  busyText: string;
  /** Whether a node with these properties can do nothing without a NAS of its own; by default it cannot. */
  needsNas?: (definition: Definition) => boolean;
  run: (call: ActionCall<Table>) => Promise<ActionAnswer>;
}

/** Registers an action's node type. */
export function registerAction<Table extends ParameterTable>(RED: NodeAPI, action: Action<Table>): void {
  function ActionNode(this: Node, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    setUpActionNode(RED, this, definition as unknown as Definition, action);
  }
  RED.nodes.registerType(action.type, ActionNode);
}

function setUpActionNode<Table extends ParameterTable>(
  RED: NodeAPI,
  node: Node,
  definition: Definition,
  action: Action<Table>,
): void {
  const closing = new AbortController();
  const running = new Set<Promise<void>>();

  const handle = async (given: Message, send: (messages: unknown) => void): Promise<void> => {
    const startMs = Date.now();
    // A frozen message would lose the answer, silently.
    const msg = Object.isExtensible(given) ? given : { ...given };
    let nas: NasConnection | null = null;
    const { resultProperty, raw } = readOutputChoice(definition);
    refuseUnsettable(RED, msg, resultProperty);
    const input = await readParameters(RED, node, definition, action.parameters, msg, action.messageOnly);
    const busy = (text: string): void => {
      if (!closing.signal.aborted) node.status(busyStatus(text));
    };
    const finishMessage = (target: Message, value: unknown, details: Message, extra: Message): Message => {
      // A copy: reads in flight are shared, and so would be what two messages carry.
      RED.util.setMessageProperty(target, resultProperty, structuredClone(value), true);
      target.activeBackup = { nas: nas?.settings.slug ?? null, ...details, durationMs: Date.now() - startMs };
      return Object.assign(target, extra);
    };
    busy(action.busyText);
    const result = await action.run({
      input,
      connect: () => (nas ??= connectionOf(RED, definition.nas)),
      node,
      definition,
      msg,
      signal: closing.signal,
      busy,
      sendEarly: (output, payload, details, extra = {}) => {
        const early = finishMessage(RED.util.cloneMessage<Message>(msg), payload, details, extra);
        send(onOutput(output, action.outputs ?? 1, early));
      },
    });
    const details = { method: result.method, taskId: result.taskId, ...result.details };
    send(
      onOutput(
        0,
        action.outputs ?? 1,
        finishMessage(msg, raw ? result.raw : result.answer, details, result.extra ?? {}),
      ),
    );
    if (!closing.signal.aborted) node.status(doneStatus(result.summary, result.incomplete));
  };

  // Exactly three parameters: Node-RED counts them to know that done() will be called.
  node.on('input', (msg, send, done) => {
    const handled = endWith(node, handle(msg, send as (messages: unknown) => void), done, (error) => {
      const failure = closing.signal.aborted && !isCodedError(error) ? aborted() : asError(error);
      if (!closing.signal.aborted) node.status(errorStatus(isCodedError(failure) ? failure.code : ''));
      return failure;
    });
    running.add(handled);
    void handled.finally(() => running.delete(handled));
  });

  // A node without a usable NAS says so after each deployment, and not only when a message fails; what the badge of
  // before the deployment said, which the editor keeps, is no longer true.
  let wasUsable: boolean | null = null;
  const stopListening = onDeployment(RED, () => {
    let usable = true;
    try {
      if (action.needsNas?.(definition) !== false) connectionOf(RED, definition.nas);
    } catch (error) {
      usable = false;
      if (wasUsable !== false) node.status(errorStatus(isCodedError(error) ? error.code : ''));
    }
    if (usable && wasUsable !== true && running.size === 0) node.status({});
    wasUsable = usable;
  });

  node.on('close', (done: () => void) => {
    closing.abort();
    stopListening();
    void Promise.allSettled(running).then(() => done());
  });
}

/** The id of a task, which may be given by its name, for a method whose answer does not tell it. */
export async function identifyTask(
  client: ActiveBackupClient,
  reference: number | string,
  signal: AbortSignal,
): Promise<number> {
  return typeof reference === 'number'
    ? reference
    : resolveTask(reference, (await client.getTasks({ signal })).tasks).id;
}

/** Found before the NAS is asked: an answer that has nowhere to go would be lost after the fact. */
function refuseUnsettable(RED: NodeAPI, msg: Message, property: string): void {
  if (/^[A-Za-z_$][\w$]*$/.test(property)) return;
  let settable: boolean;
  try {
    settable = RED.util.setMessageProperty(RED.util.cloneMessage(msg), property, null, true);
  } catch {
    settable = false;
  }
  if (settable) return;
  throw new ActiveBackupError(
    'INVALID_INPUT',
    `resultProperty: ${printValue(property)} cannot be set on this message; expected a property of msg such as payload`,
    { outcome: 'not_sent' },
  );
}

function onOutput(output: number, outputs: number, msg: Message): unknown {
  return outputs === 1 ? msg : Array.from({ length: outputs }, (_, index) => (index === output ? msg : null));
}

function aborted(): DsmError {
  return new DsmError('ABORTED', 'The node was closed before the NAS answered.', { outcome: 'unknown' });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The call failed for an unknown reason.');
}
