// Flows of the runtime tests: the config nodes that point at the test's NAS and broker.
import type { FlowNode } from '../helpers/probe';

/** What a config node needs of a NAS; the simulator has it. */
interface NasAccess {
  url: string;
  username: string;
  password: string;
}

/** The config node of a NAS, with nothing set but what is needed. */
export function nasNode(nas: NasAccess, more: Record<string, unknown> = {}): FlowNode {
  return {
    id: 'nas',
    type: 'active-backup-nas',
    name: 'NAS',
    url: nas.url,
    slug: 'office',
    ...more,
    credentials: { username: nas.username, password: nas.password, ...(more.credentials as object | undefined) },
  };
}

/** The core broker node for an `mqtt://` address. */
export function brokerNode(url: string): FlowNode {
  const { hostname, port } = new URL(url);
  return {
    id: 'broker',
    type: 'mqtt-broker',
    name: 'Broker',
    broker: hostname,
    port,
    autoConnect: true,
    protocolVersion: '4',
    keepalive: '60',
    cleansession: true,
  };
}

/** A node of our family with nothing but its NAS. */
export function bare(name: string, more: Record<string, unknown> = {}): FlowNode {
  return { id: name, type: `active-backup-${name}`, nas: 'nas', ...more };
}

/** Our code of an error as every supported Node-RED hands it to a Catch node. */
export function codeOf(result: { error: { cause?: { code?: string } } | null }): string | undefined {
  return result.error?.cause?.code;
}

/** A flow of somebody else's with its connections led to the test's NAS and broker; nothing asks the world outside. */
export function ledToTest(flow: readonly FlowNode[], nas: NasAccess, brokerUrl: string): FlowNode[] {
  return flow.map((node) => {
    if (node.type === 'active-backup-nas') {
      return { ...node, url: nas.url, tls: '', verifyCertificate: false, credentials: credentialsOf(nas) };
    }
    if (node.type === 'mqtt-broker') {
      const { credentials, ...core } = { ...node, ...brokerNode(brokerUrl), id: node.id };
      return credentials === undefined ? core : { ...core, credentials: {} };
    }
    // Whatever service it calls: that name is looked up in vain, and the error comes in some later test.
    if (node.type === 'http request') return { ...node, url: nas.url };
    return node;
  });
}

function credentialsOf({ username, password }: NasAccess): Record<string, string> {
  return { username, password };
}
