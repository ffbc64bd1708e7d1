// The Home Assistant node: one NAS, one broker connection of its own, and what a user chose about them.
import { hostname } from 'node:os';
import type { Node, NodeAPI } from 'node-red';
import { ActiveBackupError, printValue } from '../active-backup';
import { DsmError, isCodedError } from '../dsm';
import {
  clientIdFor,
  createPublisher,
  type Publisher,
  type PublisherSettings,
  type PublisherStatus,
} from '../home-assistant';
import { connectBroker, type BrokerOptions } from '../mqtt';
import { asObject, readSwitch, unresolvedVariable } from './config-values';
import type { NasConnection } from './nas-connection';
import { endWith } from './message-end';
import { connectionOf, onDeployment } from './nas-node';
import type { Definition, Message } from './parameters';
import { errorStatus, publisherStatus } from './status';

/** What the core `mqtt-broker` node has after its construction; its documentation promises none of it. */
interface BrokerNode extends Node {
  brokerurl: string;
  options: BrokerOptions;
}

/** Which node publishes where: two that wrote to the same topics would undo each other's work for ever. */
const claims = new Map<string, Node>();

/** Sets up a deployed Home Assistant node. `version` is this package's. */
export function setUpPublisherNode(RED: NodeAPI, node: Node, definition: Definition, version: string): void {
  const closing = new AbortController();
  const isClosed = (): boolean => closing.signal.aborted;
  let current: { nas: NasConnection; broker: BrokerNode; publisher: Publisher } | null = null;
  let problem: Error | null = null;

  const leave = async (removed = false): Promise<void> => {
    const left = current;
    current = null;
    giveUp(node);
    await left?.publisher.close({ removed });
  };

  /** Publishes for the connections that are deployed now; those of before may be closed. Never rejects. */
  const follow = async (): Promise<void> => {
    if (isClosed()) return;
    try {
      const nas = connectionOf(RED, definition.nas);
      const broker = brokerOf(RED, definition.broker);
      if (current?.nas === nas && current.broker === broker) return;
      await leave();
      if (isClosed()) return;
      const publisher = makePublisher(nas, broker, node, definition, version, isClosed);
      publisher.start();
      current = { nas, broker, publisher };
      problem = null;
    } catch (error) {
      await leave();
      const before = problem?.message;
      problem = error instanceof Error ? error : new Error('The publisher could not be started.');
      if (isClosed() || problem.message === before) return;
      node.status(errorStatus(isCodedError(error) ? error.code : ''));
      node.warn(problem.message);
    }
  };

  // What comes before the first deployment has ended waits for it.
  let begin = (): void => undefined;
  let following = new Promise<void>((resolve) => (begin = resolve)).then(follow);
  const stopListening = onDeployment(RED, () => {
    begin();
    following = following.then(follow);
  });

  // Exactly three parameters: Node-RED counts them to know that done() will be called.
  node.on('input', (msg, send, done) => {
    const handle = async (): Promise<void> => {
      const { payload } = msg as Message;
      if (typeof payload === 'string' && payload !== '' && payload !== 'refresh') {
        throw new ActiveBackupError(
          'INVALID_INPUT',
          `msg.payload: ${printValue(payload)} is not valid; expected "refresh"`,
          { outcome: 'not_sent' },
        );
      }
      await following;
      if (current === null) throw problem ?? new DsmError('ABORTED', 'The publisher was closed meanwhile.');
      const answer = await current.publisher.refresh(closing.signal);
      send(Object.assign(msg, { payload: answer }));
    };
    void endWith(node, handle(), done, (error) => (error instanceof Error ? error : new Error('The refresh failed.')));
  });

  node.on('close', (removed: boolean, done: () => void) => {
    closing.abort();
    stopListening();
    // At once, and not when everything is said and done: the node that takes this one's place comes soon.
    giveUp(node);
    begin();
    following.then(() => leave(removed)).then(done, done);
  });
}

function makePublisher(
  nas: NasConnection,
  broker: BrokerNode,
  node: Node,
  definition: Definition,
  version: string,
  isClosed: () => boolean,
): Publisher {
  const { slug, name, url, allowChanges } = nas.settings;
  const settings: PublisherSettings = {
    slug,
    nasName: name,
    nasUrl: url,
    baseTopic: readTopic(definition.baseTopic, 'baseTopic', 'active-backup'),
    discoveryPrefix: readTopic(definition.discoveryPrefix, 'discoveryPrefix', 'homeassistant'),
    discovery: readSwitch(definition.discovery, 'discovery', true),
    control: readSwitch(definition.control, 'control', false),
    allowChanges,
    removeOnDelete: readSwitch(definition.removeOnDelete, 'removeOnDelete', false),
    version,
  };
  claim(node, broker.brokerurl, settings);
  return createPublisher({
    id: node.id,
    monitor: nas.monitor,
    connect: (will) =>
      connectBroker({
        url: broker.brokerurl,
        options: broker.options,
        clientId: clientIdFor(slug, `${hostname()} ${node.id}`),
        will,
      }),
    settings,
    commands: commandsOf(nas),
    log: (level, text) => {
      if (level === 'warn') node.warn(text);
      else node.log(text);
    },
    onStatus: (status: PublisherStatus) => {
      if (!isClosed()) node.status(publisherStatus(status));
    },
    onCommand: (outcome) => node.send({ topic: 'command', payload: { ...outcome } }),
  });
}

/**
 * Takes the topics for this node.
 * @throws ActiveBackupError `NOT_CONFIGURED` that names the node which has them
 */
function claim(node: Node, brokerUrl: string, { slug, baseTopic, discoveryPrefix }: PublisherSettings): void {
  const wanted = [
    JSON.stringify(['states', brokerUrl, slug, baseTopic]),
    JSON.stringify(['documents', brokerUrl, slug, discoveryPrefix]),
  ];
  for (const topics of wanted) {
    const other = claims.get(topics);
    if (other === undefined) continue;
    const name = other.name ? `"${other.name}" (${other.id})` : other.id;
    throw new ActiveBackupError(
      'NOT_CONFIGURED',
      `The Home Assistant node ${name} already publishes this NAS on this broker; delete one of the two, or give this one another base topic and discovery prefix.`,
    );
  }
  for (const topics of wanted) claims.set(topics, node);
}

function giveUp(node: Node): void {
  for (const [topics, owner] of claims) {
    if (owner === node) claims.delete(topics);
  }
}

function commandsOf({ client, monitor }: NasConnection): Parameters<typeof createPublisher>[0]['commands'] {
  return {
    async run(taskId) {
      await client.runBackup({ taskId, ifRunning: 'refuse' });
      monitor.poke();
    },
    async cancel(taskId) {
      const answer = await client.cancelBackup({ taskId });
      if (answer.canceled) monitor.noteCanceled(taskId, answer.runId);
      monitor.poke();
    },
    refresh: () => monitor.refresh(),
  };
}

function brokerOf(RED: NodeAPI, id: unknown): BrokerNode {
  const variable = unresolvedVariable(id);
  if (variable !== null) {
    throw new ActiveBackupError('NOT_CONFIGURED', `broker: the environment variable ${variable} is not set.`);
  }
  const broker = typeof id === 'string' && id !== '' ? (RED.nodes.getNode(id) as Partial<BrokerNode> | null) : null;
  if (typeof broker?.brokerurl === 'string' && asObject(broker.options)) return broker as BrokerNode;
  throw new ActiveBackupError(
    'NOT_CONFIGURED',
    'No MQTT broker is chosen, or it is disabled or not deployed; choose an mqtt-broker connection in this node.',
  );
}

/** A topic or its beginning, without wildcards and without slashes at its ends. */
function readTopic(value: unknown, name: string, fallback: string): string {
  if (value === undefined || value === null || value === '') return fallback;
  const topic = typeof value === 'string' ? value.trim().replace(/^\/+|\/+$/g, '') : '';
  if (topic !== '' && topic.length <= 200 && !/[+#\s\p{Cc}]/u.test(topic) && unresolvedVariable(topic) === null)
    return topic;
  throw new ActiveBackupError(
    'NOT_CONFIGURED',
    `${name}: ${printValue(value)} is not valid; expected a topic without spaces and wildcards, such as ${fallback}.`,
  );
}
