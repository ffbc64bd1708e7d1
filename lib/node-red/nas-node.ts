// The config node `active-backup-nas`: holds one connection, made when it is first needed.
import { EventEmitter } from 'node:events';
import type { AgentOptions } from 'node:https';
import type { Node, NodeAPI } from 'node-red';
import { ActiveBackupError } from '../active-backup';
import { DsmError, normalizeFingerprint, Secret } from '../dsm';
import { unresolvedVariable } from './config-values';
import { NasConnection, type NasCredentials, type NasLogin } from './nas-connection';
import { readNasSettings, type NasNodeDefinition } from './nas-settings';

/** The type under which the config node is registered. */
export const nasNodeType = 'active-backup-nas';

/** A deployed config node. */
export interface NasNode extends Node {
  /**
   * The connection, made at the first call.
   * @throws ActiveBackupError `NOT_CONFIGURED` that says what is missing or wrong
   */
  connect(): NasConnection;
  /**
   * Who the deployed node logs in as; for this server's own use only.
   * @throws ActiveBackupError `NOT_CONFIGURED` where the user name or the password is missing
   */
  storedLogin(): NasLogin;
  /** Whether a connection of a dialog would talk to the same server as the same user, with the same trust in it. */
  isSameTarget(target: ConnectionTarget): boolean;
}

/** Where a connection goes, and as whom. */
export interface ConnectionTarget {
  url: string;
  username: string;
  /** Id of a `tls-config` node, or empty. */
  tls: string;
  verifyCertificate: boolean;
  certificateSha256: string;
}

interface TlsNode extends Node {
  addTLSOptions(options: AgentOptions): AgentOptions;
}

/** Every deployed config node with the slug it would publish under: two with one slug would mix their tasks. */
const deployed = new Map<string, { node: NasNode; slug: string | null }>();

const deployments = new EventEmitter().setMaxListeners(0);
const tellDeployed = (): void => void deployments.emit('end');

/** All deployed NASes, in the order of their deployment. */
export function deployedNases(): NasNode[] {
  return [...deployed.values()].map(({ node }) => node);
}

/** The deployed NAS with this id, or null. */
export function deployedNas(id: string): NasNode | null {
  return deployed.get(id)?.node ?? null;
}

/**
 * Calls back at the end of each deployment: only then are all its connections there. The returned function ends that.
 */
export function onDeployment(RED: NodeAPI, callback: () => void): () => void {
  // One listener for all nodes: Node-RED's own emitter warns of more than ten.
  if (deployments.listenerCount('end') === 0) RED.events.on('flows:started', tellDeployed);
  deployments.on('end', callback);
  return () => {
    deployments.off('end', callback);
    if (deployments.listenerCount('end') === 0) RED.events.off('flows:started', tellDeployed);
  };
}

/**
 * The connection of the config node with this id.
 * @throws ActiveBackupError `NOT_CONFIGURED`
 */
export function connectionOf(RED: NodeAPI, id: unknown): NasConnection {
  const node = typeof id === 'string' && id !== '' ? (RED.nodes.getNode(id) as Partial<NasNode> | null) : null;
  if (node?.type !== nasNodeType || !node.connect) {
    const found = unresolvedVariable(id);
    throw new ActiveBackupError(
      'NOT_CONFIGURED',
      found === null
        ? 'No NAS is chosen, or its connection is disabled or not deployed; choose one in this node.'
        : `nas: the environment variable ${found} is not set.`,
    );
  }
  return node.connect();
}

/** Makes `this` of a constructor the config node. */
export function setUpNasNode(RED: NodeAPI, node: Node<Partial<NasCredentials>>, definition: NasNodeDefinition): void {
  // Whoever prints or copies this node (a debugger, another node's log) is not to come upon the secrets.
  Object.defineProperty(node, 'credentials', { enumerable: false });
  let connection: NasConnection | null = null;
  let closed = false;
  const nas = node as unknown as NasNode;
  nas.connect = () => {
    // Somebody who still holds the node after its end must not open a session that nobody would close.
    if (closed) throw new DsmError('ABORTED', 'The connection to the NAS was closed.', { outcome: 'not_sent' });
    refuseSharedSlug(node.id);
    connection ??= makeConnection(RED, node, definition);
    return connection;
  };
  nas.storedLogin = () => readLogin(credentialsOf(node));
  nas.isSameTarget = (target) => isSameTarget(target, definition, credentialsOf(node));
  deployed.set(node.id, { node: nas, slug: slugOf(definition) });
  node.on('close', (done: () => void) => {
    closed = true;
    if (deployed.get(node.id)?.node === nas) deployed.delete(node.id);
    const closing = connection?.close() ?? Promise.resolve();
    connection = null;
    closing.then(done, done);
  });
}

/** Node-RED sets no `credentials` on a node that has none. */
function credentialsOf(node: { credentials?: Partial<NasCredentials> }): Partial<NasCredentials> {
  return node.credentials ?? {};
}

function isSameTarget(
  target: ConnectionTarget,
  definition: NasNodeDefinition,
  stored: Partial<NasCredentials>,
): boolean {
  try {
    const settings = readNasSettings(definition);
    return (
      target.url === settings.url &&
      target.username === (stored.username ?? '') &&
      target.tls === (definition.tls ?? '') &&
      target.verifyCertificate === settings.verifyCertificate &&
      normalizeFingerprint(target.certificateSha256) === settings.certificateSha256
    );
  } catch {
    return false;
  }
}

function slugOf(definition: NasNodeDefinition): string | null {
  try {
    return readNasSettings(definition).slug;
  } catch {
    return null;
  }
}

function refuseSharedSlug(id: string): void {
  const slug = deployed.get(id)?.slug;
  const other = [...deployed.entries()].find(([otherId, entry]) => otherId !== id && entry.slug === slug);
  if (slug != null && other) {
    throw new ActiveBackupError(
      'NOT_CONFIGURED',
      `Two connections have the slug "${slug}" (nodes ${id} and ${other[0]}); give one of them another.`,
    );
  }
}

function makeConnection(
  RED: NodeAPI,
  node: Node<Partial<NasCredentials>>,
  definition: NasNodeDefinition,
): NasConnection {
  const settings = readNasSettings(definition);
  const login = readLogin(credentialsOf(node));
  const tls = readTls(RED, definition.tls, settings.verifyCertificate);
  return new NasConnection(settings, login, tls, {
    userDir: RED.settings.userDir ?? process.cwd(),
    log: (level, text) => {
      if (level === 'warn') node.warn(text);
      else node.log(text);
    },
  });
}

function readLogin(given: Partial<NasCredentials>): NasLogin {
  const read = (name: keyof NasCredentials): string => {
    const value: unknown = given[name];
    const variable = unresolvedVariable(value);
    if (variable !== null) {
      throw new ActiveBackupError('NOT_CONFIGURED', `${name}: the environment variable ${variable} is not set.`);
    }
    return typeof value === 'string' ? value : '';
  };
  const [username, password, deviceToken] = [read('username'), read('password'), read('deviceToken')];
  if (username === '') throw new ActiveBackupError('NOT_CONFIGURED', 'The connection has no user name.');
  if (password === '') throw new ActiveBackupError('NOT_CONFIGURED', 'The connection has no password.');
  return {
    username,
    password: new Secret(password),
    deviceToken: deviceToken === '' ? null : new Secret(deviceToken),
  };
}

/** TLS options from the core `tls-config` node, whose verification setting wins, else from our own switch. */
export function readTls(RED: NodeAPI, id: unknown, verify: boolean): AgentOptions {
  if (typeof id !== 'string' || id === '') return { rejectUnauthorized: verify };
  const node = RED.nodes.getNode(id) as Partial<TlsNode> | null;
  if (!node || typeof node.addTLSOptions !== 'function') {
    throw new ActiveBackupError('NOT_CONFIGURED', 'The TLS configuration of the connection is not deployed.');
  }
  return node.addTLSOptions({});
}
