// The publisher as users run it: in a real Node-RED, with the core broker and TLS nodes, beside a simulated NAS.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNodeRed, type NodeRedProcess } from '../helpers/node-red-process';
import type { FlowNode } from '../helpers/probe';
import { startSimulator, type Simulator, type TaskSpec } from '../simulator';
import { keptBy, observe, until, type Observer, type Target } from './bench';

/** How the user's broker node is filled in. */
export interface BrokerNodeSettings {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://` address. */
  url: string;
  protocolVersion: 4 | 5;
  login?: { username: string; password: string };
  /** A certificate authority (PEM) for a `tls-config` node. */
  ca?: string;
}

/** How the publisher node is filled in. */
export interface PublisherNodeSettings {
  baseTopic: string;
  discoveryPrefix: string;
  control: boolean;
  removeOnDelete: boolean;
}

const defaults: PublisherNodeSettings = {
  baseTopic: 'active-backup',
  discoveryPrefix: 'homeassistant',
  control: true,
  removeOnDelete: false,
};

/** The slug of the NAS in all topics and ids. */
export const slug = 'office';

/** Ids of the publisher's nodes in a flow. */
export const publisherId = 'publisher';

function brokerNodes({ url, protocolVersion, login, ca }: BrokerNodeSettings): FlowNode[] {
  const { protocol, hostname, port } = new URL(url);
  const isWebSocket = protocol.startsWith('ws');
  const tls: FlowNode[] =
    ca === undefined
      ? []
      : [
          {
            id: 'tls',
            type: 'tls-config',
            name: '',
            cert: '',
            key: '',
            ca: '',
            certname: '',
            keyname: '',
            caname: '',
            servername: '',
            verifyservercert: true,
            alpnprotocol: '',
            credentials: { cadata: ca },
          },
        ];
  const broker: FlowNode = {
    id: 'broker',
    type: 'mqtt-broker',
    name: '',
    // As the editor wants it: an address for WebSockets, else host and port.
    broker: isWebSocket ? url : hostname,
    port: isWebSocket ? '1883' : port,
    ...(ca === undefined ? { usetls: false } : { usetls: true, tls: 'tls' }),
    clientid: 'the id of another client',
    autoConnect: true,
    protocolVersion: String(protocolVersion),
    keepalive: '60',
    cleansession: true,
    ...(login === undefined ? {} : { credentials: { user: login.username, password: login.password } }),
  };
  return [...tls, broker];
}

/** A flow of one NAS and its publisher. */
export function publisherFlow(
  nas: Simulator,
  broker: BrokerNodeSettings,
  publisher: Partial<PublisherNodeSettings> = {},
): FlowNode[] {
  const { username, password } = nas.account;
  return [
    {
      id: 'nas',
      type: 'active-backup-nas',
      name: 'Office',
      url: nas.url,
      verifyCertificate: false,
      slug,
      timeZone: 'UTC',
      pollSeconds: 5,
      pollRunningSeconds: 1,
      timeoutSeconds: 5,
      allowChanges: true,
      credentials: { username, password },
    },
    ...brokerNodes(broker),
    {
      id: publisherId,
      type: 'active-backup-home-assistant',
      name: '',
      nas: 'nas',
      broker: 'broker',
      ...defaults,
      ...publisher,
      wires: [[]],
    },
  ];
}

/** A Node-RED, a NAS, and somebody who sees everything on the broker. */
export interface Rig {
  nodeRed: NodeRedProcess;
  nas: Simulator;
  seen: Observer;
  /** What the broker keeps, asked anew. */
  kept(): Promise<Map<string, string>>;
  /** Waits until the broker keeps exactly these topics; what differs is told when it never does. */
  keeps(topics: readonly string[], timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a rig; nothing is deployed yet. */
export async function startRig(target: Target, tasks: number | TaskSpec[]): Promise<Rig> {
  const endings: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const seen = await observe(target);
    endings.push(() => seen.end());
    const nas = await startSimulator({ tls: true, tasks });
    endings.push(() => nas.close());
    const nodeRed = await startNodeRed();
    endings.push(() => nodeRed.stop());
    return {
      nodeRed,
      nas,
      seen,
      kept: () => keptBy(target, '#'),
      keeps: (topics, timeoutMs = 30_000) => waitForTopics(seen, topics, timeoutMs),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function waitForTopics(seen: Observer, topics: readonly string[], timeoutMs: number): Promise<void> {
  const wanted = new Set(topics);
  const differences = (): string[] => [
    ...topics.filter((topic) => !seen.retained.has(topic)).map((topic) => `lacks ${topic}`),
    ...[...seen.retained.keys()].filter((topic) => !wanted.has(topic)).map((topic) => `keeps ${topic}`),
  ];
  try {
    await until('the right topics', () => differences().length === 0, timeoutMs);
  } catch {
    throw new Error(`After ${timeoutMs} ms the broker ${differences().join(', ')}.`);
  }
}

/** Every topic that is retained for these tasks. */
export function retainedTopics(taskIds: readonly number[], publisher: Partial<PublisherNodeSettings> = {}): string[] {
  const { baseTopic, discoveryPrefix } = { ...defaults, ...publisher };
  const base = `${baseTopic}/${slug}`;
  const document = (id: string): string => `${discoveryPrefix}/device/active_backup_${id}/config`;
  return [
    `${base}/status`,
    `${base}/nas`,
    `${base}/state`,
    document(slug),
    ...taskIds.flatMap((id) => [
      `${base}/task/${id}/state`,
      `${base}/task/${id}/attributes`,
      document(`${slug}_task_${id}`),
    ]),
  ];
}

/** What the NAS's node remembers, while Node-RED is down; `change` may alter it. */
export function remembered(nodeRed: NodeRedProcess, change: (memory: Memory) => void = () => undefined): Memory {
  const file = join(nodeRed.userDir, 'active-backup-m365', `${slug}.json`);
  const memory = JSON.parse(readFileSync(file, 'utf8')) as Memory;
  const before = JSON.stringify(memory);
  change(memory);
  const after = JSON.stringify(memory);
  if (after !== before) writeFileSync(file, after);
  return memory;
}

/** The part of the memory that tests look at. */
export interface Memory {
  tasks: Record<string, { missingSinceMs: number | null }>;
}
