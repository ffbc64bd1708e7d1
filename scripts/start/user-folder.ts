// The demo's Node-RED user directory: the package linked into it, settings, and a flow that knows today's addresses.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageName, rootFolder } from './paths';

type FlowNode = Record<string, unknown> & { id: string; type: string };

/** Where the demo's flow finds its NAS and its broker. Secrets are not among it: they travel as environment variables. */
export interface Connections {
  nas: { url: string; slug: string; name: string; allowChanges: boolean; timeZone: string };
  /** File with the certificate that the NAS is trusted by; null: the usual authorities. */
  certificateFile: string | null;
  /** Without credentials. */
  brokerUrl: string;
}

const credentialPlaceholders = {
  'demo-nas': { username: '${NAS_USERNAME}', password: '${NAS_PASSWORD}' },
  'demo-broker': { user: '${MQTT_USERNAME}', password: '${MQTT_PASSWORD}' },
};

/** The core broker node takes a plain address in two fields and any other as a whole. */
function brokerFields(brokerUrl: string): Record<string, unknown> {
  const url = new URL(brokerUrl);
  if (url.protocol !== 'mqtt:') return { broker: brokerUrl, port: '' };
  return { broker: url.hostname, port: url.port === '' ? '1883' : url.port };
}

/** The flow with the connections in its three config nodes; everything else stays as it is. */
export function withConnections(flow: readonly FlowNode[], connections: Connections): FlowNode[] {
  const { nas, certificateFile, brokerUrl } = connections;
  const trusted = certificateFile !== null;
  const fields: Record<string, Record<string, unknown>> = {
    'demo-nas': { ...nas, tls: trusted ? 'demo-tls' : '' },
    'demo-tls': { ca: certificateFile ?? '' },
    'demo-broker': brokerFields(brokerUrl),
  };
  return flow.filter((node) => trusted || node.id !== 'demo-tls').map((node) => ({ ...node, ...fields[node.id] }));
}

/** A file's content, made at the first start. */
function kept(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

function linkPackage(folder: string): void {
  const link = join(folder, 'node_modules', packageName);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  symlinkSync(rootFolder, link, 'junction');
}

/** What the person changed in the flow stays, until the demo's own flow is another one: then theirs is put aside. */
function writeFlow(folder: string, connections: Connections): void {
  const file = join(folder, 'flows.json');
  const template = readFileSync(join(__dirname, 'flow.json'), 'utf8');
  const version = createHash('sha256').update(template).digest('hex');
  const versionFile = join(folder, 'flow-version');
  const known = existsSync(versionFile) ? readFileSync(versionFile, 'utf8') : null;
  if (known !== version || !existsSync(file)) {
    if (existsSync(file)) renameSync(file, join(folder, 'flows-before.json'));
    writeFileSync(file, template);
    writeFileSync(join(folder, 'flows_cred.json'), JSON.stringify(credentialPlaceholders));
    writeFileSync(versionFile, version);
  }
  const flow = JSON.parse(readFileSync(file, 'utf8')) as FlowNode[];
  writeFileSync(file, `${JSON.stringify(withConnections(flow, connections), null, 4)}\n`);
}

/**
 * Makes the folder ready for a start.
 * @param forget true for a NAS that begins anew each time: what was remembered of it would be wrong.
 */
export function prepareUserFolder(folder: string, connections: Connections, forget: boolean): void {
  mkdirSync(folder, { recursive: true });
  if (forget) rmSync(join(folder, 'active-backup-m365'), { recursive: true, force: true });
  linkPackage(folder);
  const secret = kept(join(folder, 'credential-secret'), () => randomBytes(32).toString('hex'));
  const settings = {
    // No login guards the demo's editor, so it listens on this machine only.
    uiHost: '127.0.0.1',
    flowFile: 'flows.json',
    credentialSecret: secret,
    logging: { console: { level: 'info', metrics: false, audit: false } },
    editorTheme: { tours: false, projects: { enabled: false } },
    telemetry: { enabled: false, updateNotification: false },
  };
  const lines = [
    '// Written at each start of the demo.',
    '// The process that started this one holds the other end: when it is gone, Node-RED ends as well.',
    "const alone = () => (process.listenerCount('SIGTERM') > 0 ? process.emit('SIGTERM') : process.exit(0));",
    "if (process.connected) process.once('disconnect', alone);",
    'else alone();',
    `module.exports = ${JSON.stringify(settings, null, 2)};`,
  ];
  writeFileSync(join(folder, 'settings.js'), `${lines.join('\n')}\n`, { mode: 0o600 });
  writeFlow(folder, connections);
}
