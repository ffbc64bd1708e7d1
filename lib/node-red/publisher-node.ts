// The Home Assistant node: one NAS, one broker connection of its own, and what a user chose about them.
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Node, NodeAPI } from 'node-red';
import { ActiveBackupError, printValue } from '../active-backup';
import { DsmError, isCodedError } from '../dsm';
import { clientIdFor, createPublisher, type Publisher, type PublisherStatus } from '../home-assistant';
import { connectBroker, type BrokerOptions } from '../mqtt';
import { asObject, unresolvedVariable } from './config-values';
import type { NasConnection } from './nas-connection';
import { connectionOf } from './nas-node';
import type { Definition, Message } from './parameters';
import { errorStatus, publisherStatus } from './status';

/** What the core `mqtt-broker` node has after its construction; its documentation promises none of it. */
interface BrokerNode extends Node {
  brokerurl: string;
  options: BrokerOptions;
}

/** Sets up a deployed Home Assistant node. `version` is this package's. */
export function setUpPublisherNode(RED: NodeAPI, node: Node, definition: Definition, version: string): void {
  let problem: Error | null = null;
  let closed = false;

  // A moment later all connections of this deployment are there; what comes before that waits for it.
  const starting = delay(0).then((): Publisher | null => {
    if (closed) return null;
    try {
      const publisher = makePublisher(RED, node, definition, version, () => closed);
      publisher.start();
      return publisher;
    } catch (error) {
      problem = error instanceof Error ? error : new Error('The publisher could not be started.');
      node.status(errorStatus(isCodedError(error) ? error.code : ''));
      node.warn(problem.message);
      return null;
    }
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
      const publisher = await starting;
      if (publisher === null) throw problem ?? new DsmError('ABORTED', 'The publisher was closed meanwhile.');
      const answer = await publisher.refresh();
      send(Object.assign(msg, { payload: answer }));
    };
    handle().then(
      () => done(),
      (error: unknown) => done(error instanceof Error ? error : new Error('The refresh failed.')),
    );
  });

  node.on('close', (removed: boolean, done: () => void) => {
    closed = true;
    starting.then((publisher) => publisher?.close({ removed })).then(done, done);
  });
}

function makePublisher(
  RED: NodeAPI,
  node: Node,
  definition: Definition,
  version: string,
  isClosed: () => boolean,
): Publisher {
  const nas = connectionOf(RED, definition.nas);
  const broker = brokerOf(RED, definition.broker);
  const { settings } = nas;
  return createPublisher({
    id: node.id,
    monitor: nas.monitor,
    connect: (will) =>
      connectBroker({
        url: broker.brokerurl,
        options: broker.options,
        clientId: clientIdFor(settings.slug, `${hostname()} ${node.id}`),
        will,
      }),
    settings: {
      slug: settings.slug,
      nasName: settings.name,
      nasUrl: settings.url,
      baseTopic: readTopic(definition.baseTopic, 'baseTopic', 'active-backup'),
      discoveryPrefix: readTopic(definition.discoveryPrefix, 'discoveryPrefix', 'homeassistant'),
      discovery: readSwitch(definition.discovery, 'discovery', true),
      control: readSwitch(definition.control, 'control', false),
      allowChanges: settings.allowChanges,
      removeOnDelete: readSwitch(definition.removeOnDelete, 'removeOnDelete', false),
      version,
    },
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

/** Environment variables arrive as text. */
function readSwitch(value: unknown, name: string, fallback: boolean): boolean {
  if (value === undefined || value === null || value === '') return fallback;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new ActiveBackupError('NOT_CONFIGURED', `${name}: ${printValue(value)} is not valid; expected true or false.`);
}
