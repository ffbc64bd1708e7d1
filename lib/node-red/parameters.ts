// Reads a node's parameters: from the property that its editor stored, else from msg.payload, else the default.
import type { Node, NodeAPI } from 'node-red';
import { ActiveBackupError, printValue, readInput, type Input, type ParameterTable } from '../active-backup';
import { isAnswerName, isSettingsAnswer } from './answer-names';
import { asObject, unresolvedVariable } from './config-values';

/** A message as it travels: anything may be on it. */
export type Message = Record<string, unknown>;

/** A node's stored properties. */
export type Definition = Record<string, unknown>;

/** Where the answer goes, and in which form. */
export interface OutputChoice {
  resultProperty: string;
  raw: boolean;
}

/**
 * The checked parameters of one message.
 * @throws ActiveBackupError `INVALID_INPUT` that names the parameter, its value and what would be right; nothing has
 * been sent then
 */
export async function readParameters<Table extends ParameterTable>(
  RED: NodeAPI,
  node: Node,
  definition: Definition,
  table: Table,
  msg: Message,
  messageOnly: readonly string[] = [],
): Promise<Input<Table>> {
  const payload = readPayload(msg.payload, table);
  const given: Record<string, unknown> = {};
  for (const [name, { alias }] of Object.entries(table)) {
    const type = messageOnly.includes(name) ? 'payload' : definition[`${name}Type`];
    if (typeof type === 'string' && type !== '' && type !== 'payload') {
      given[name] = await evaluate({ RED, node, msg, name, type }, definition[name]);
      continue;
    }
    given[name] = payload[name];
    if (alias !== undefined) given[alias] = payload[alias];
    if (name === 'taskId' && given[name] === undefined && (alias === undefined || given[alias] === undefined)) {
      given[name] = payload.id;
    }
    const nothingGiven = given[name] === undefined && (alias === undefined || given[alias] === undefined);
    // A flow written by hand may hold a plain value without a type.
    if (nothingGiven && type === undefined && definition[name] !== '') given[name] = resolved(name, definition[name]);
  }
  return readInput(table, given);
}

/**
 * Where the node's answer goes; both are properties of the node and never of the message.
 * @throws ActiveBackupError `INVALID_INPUT` that names a variable which is not set
 */
export function readOutputChoice(definition: Definition): OutputChoice {
  const property = resolved('resultProperty', definition.resultProperty);
  return {
    resultProperty: typeof property === 'string' && property.trim() !== '' ? property.trim() : 'payload',
    raw: definition.output === 'raw',
  };
}

/** What the payload gives: nothing unless it is an object, and nothing where null stands, our answers' "unknown". */
function readPayload(given: unknown, table: ParameterTable): Record<string, unknown> {
  const payload = plainObject(given) ?? {};
  const settings = isSettingsAnswer(payload);
  if (!settings) refuseUnknownNames(payload, table);
  // The region of settings is the NAS's number for it, and not the text that relink-task takes.
  const isUnknown = (name: string, value: unknown): boolean =>
    (value === null && isAnswerName(name)) || (settings && name === 'region');
  return Object.fromEntries(Object.entries(payload).filter(([name, value]) => !isUnknown(name, value)));
}

/** Buffers, dates and errors are objects too, but their properties are no parameters. */
function plainObject(value: unknown): Record<string, unknown> | null {
  return Object.prototype.toString.call(value) === '[object Object]' ? asObject(value) : null;
}

function refuseUnknownNames(payload: Record<string, unknown>, table: ParameterTable): void {
  const known = new Set(
    Object.entries(table).flatMap(([name, { alias }]) => (alias === undefined ? [name] : [name, alias])),
  );
  const unknownName = Object.keys(payload).find(
    (name) => !known.has(name) && !isAnswerName(name) && payload[name] !== undefined,
  );
  if (unknownName === undefined) return;
  const expected = Object.keys(table).join(', ');
  throw new ActiveBackupError(
    'INVALID_INPUT',
    `msg.payload.${printValue(unknownName).slice(1, -1)} is not known; expected ${expected === '' ? 'no parameters' : expected}`,
    { outcome: 'not_sent' },
  );
}

/** A parameter that is to be read from where its editor's type says. */
interface TypedParameter {
  RED: NodeAPI;
  node: Node;
  msg: Message;
  name: string;
  type: string;
}

/** A stored value; Node-RED leaves a variable's name in place where the variable is not set. */
function resolved(name: string, stored: unknown): unknown {
  const variable = unresolvedVariable(stored);
  if (variable === null) return stored;
  throw new ActiveBackupError('INVALID_INPUT', `${name}: the environment variable ${variable} is not set`, {
    outcome: 'not_sent',
  });
}

async function evaluate(parameter: TypedParameter, stored: unknown): Promise<unknown> {
  // An empty field says nothing, whatever its type; as a number Node-RED would read it as 0.
  if (stored === '' || stored === undefined || stored === null) return undefined;
  const value = await evaluateProperty(parameter, resolved(parameter.name, stored));
  if (parameter.type !== 'env') return value;
  // An environment variable is text, also where a switch belongs; one that is not set is empty.
  if (value === '') return undefined;
  return value === 'true' ? true : value === 'false' ? false : value;
}

function evaluateProperty({ RED, node, msg, name, type }: TypedParameter, stored: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      // Node-RED throws where a path leads through something that is not there; that is no value, and no mistake.
      if (type === 'msg' && error instanceof TypeError) {
        resolve(undefined);
        return;
      }
      const why = error instanceof Error ? error.message : String((error as { message?: unknown }).message ?? error);
      reject(
        new ActiveBackupError('INVALID_INPUT', `${name}: its ${type} expression could not be evaluated: ${why}`, {
          outcome: 'not_sent',
        }),
      );
    };
    try {
      RED.util.evaluateNodeProperty(stored as string, type, node, msg, (error: unknown, value: unknown) => {
        if (error) fail(error);
        else resolve(value);
      });
    } catch (error) {
      fail(error);
    }
  });
}
