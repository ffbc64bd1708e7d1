// The packed tarball, installed by npm, in every pair of Node-RED and Node.js that the package promises.
// Prints a line for each check and ends with `versions: N passed, N failed`; exit code 1 when one failed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootFolder } from '../helpers/cache-folder';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { nodeBinary, type NodeRedVersion, type NodeVersion } from '../helpers/node-red-versions';
import { packPackage, readManifest } from '../helpers/packed-package';
import { type FlowNode, probed } from '../helpers/probe';
import { type EmbeddedBroker, startBroker } from '../../scripts/start/broker';
import { type Simulator, startSimulator } from '../simulator';
import { bare, ledToTest, nasNode } from './nas-flow';

/** Node-RED 5 needs Node.js 22.9; 4.0 was made before Node.js 22 became usual. */
const pairs: readonly { nodeRed: NodeRedVersion; node: NodeVersion }[] = [
  { nodeRed: '4.0', node: '20' },
  { nodeRed: '4.1', node: '20' },
  { nodeRed: '4.1', node: '22' },
  { nodeRed: '5', node: '22' },
  { nodeRed: '5', node: '24' },
];

const manifest = readManifest();
const names = Object.keys(manifest['node-red'].nodes);
let passed = 0;
let failed = 0;

async function check(name: string, work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
    passed += 1;
    console.log(`  ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`  FAILED  ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

/** A `node_modules` folder as `npm install` of the tarball makes it. */
function installedModules(folder: string): string {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', '--silent', '--ignore-scripts', '--omit=dev', '--prefer-offline'];
  execFileSync('npm', [...args, packPackage()], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return join(folder, 'node_modules');
}

/** A complaint without what differs from run to run. */
function comparable(line: string): string {
  return line.replace(/^\d+ \w+ [\d:]+ - /, '').replace(/\(node:\d+\)|\d+/g, '#');
}

/** Example flows that read tasks, each with the node that does. */
function examplesThatRead(): { name: string; flow: FlowNode[]; reader: string; button: string }[] {
  const folder = join(rootFolder, 'examples');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const flow = JSON.parse(readFileSync(join(folder, name), 'utf8')) as FlowNode[];
      const reader = flow.find((node) => node.type === 'active-backup-get-tasks');
      const button = flow.find((node) => node.type === 'inject' && node.wires?.flat().includes(reader?.id ?? ''));
      return reader && button ? [{ name, flow, reader: reader.id, button: button.id }] : [];
    });
}

/** Nodes that tell when a node of an example has completed or failed. */
function observers(node: string, tab: string): FlowNode[] {
  return probed({ id: node, type: '' })
    .filter((one) => one.id !== node && one.type !== 'probe-in')
    .map((one) => ({ ...one, z: tab }));
}

async function runExample(nodeRed: NodeRedProcess, nas: Simulator, broker: EmbeddedBroker): Promise<void> {
  const [example] = examplesThatRead();
  assert.ok(example, 'No example flow reads tasks at the press of a button.');
  const flow = ledToTest(example.flow, nas, broker.url);
  const tab = flow.find((node) => node.id === example.reader)?.z ?? '';
  await nodeRed.deploy([...flow, ...observers(example.reader, tab)]);
  const from = nodeRed.records.length;
  const pressed = await nodeRed.admin.request(`inject/${example.button}`, { method: 'POST', body: {} });
  assert.equal(pressed.status, 200);
  const isEnd = (kind: string): boolean => kind === 'complete' || kind === 'error';
  const end = await nodeRed.waitForRecord((one) => one.about === example.reader && isEnd(one.kind), from);
  assert.equal(end.kind, 'complete', JSON.stringify(end.msg.error));
}

async function testPair(pair: (typeof pairs)[number], modules: string): Promise<void> {
  const nas = await startSimulator({ tls: true, tasks: 2 });
  const broker = await startBroker();
  const options = { version: pair.nodeRed, nodeBinary: nodeBinary(pair.node), startTimeoutMs: 120_000 };
  const bareNodeRed = await startNodeRed({ ...options, modules: null });
  const usual = new Set(bareNodeRed.complaints().map(comparable));
  await bareNodeRed.stop();
  const nodeRed = await startNodeRed({ ...options, modules });
  const unusual = (): string[] => nodeRed.complaints().filter((line) => !usual.has(comparable(line)));
  try {
    await check('runs on the Node.js and the Node-RED that were asked for', () => {
      assert.match(nodeRed.log(), new RegExp(`Node-RED version: v${pair.nodeRed.replace('.', '\\.')}\\.`));
      assert.match(nodeRed.log(), new RegExp(`Node\\.js {2}version: v${pair.node}\\.`));
    });
    await check('registers every node type', async () => {
      const sets = (await nodeRed.admin.request('nodes')).json as {
        module: string;
        types: string[];
        enabled: boolean;
        err?: string;
      }[];
      const ours = sets.filter((set) => set.module === manifest.name && set.enabled && set.err === undefined);
      assert.deepEqual(
        ours.flatMap((set) => set.types),
        names.map((name) => `active-backup-${name}`),
      );
    });
    await check('runs an example flow', () => runExample(nodeRed, nas, broker));
    await check('answers a message', async () => {
      await nodeRed.deploy([nasNode(nas, { verifyCertificate: false }), ...probed(bare('get-tasks'))]);
      const result = await nodeRed.call('get-tasks', {});
      assert.equal(result.error, null, result.error?.message);
      assert.equal((result.outputs[0]?.msg.payload as unknown[]).length, 2);
    });
    await check('keeps flows and credentials over a restart', async () => {
      const before = await nodeRed.admin.flows();
      await nodeRed.restart();
      assert.deepEqual(await nodeRed.admin.flows(), before);
      const result = await nodeRed.call('get-tasks', {});
      assert.equal(result.error, null, result.error?.message);
    });
    await check('ends when asked to', async () => {
      assert.equal(await nodeRed.stopProcess(), 0);
      assert.equal(nas.openSessions, 0);
    });
    await check('logs no error, no warning and no deprecation', () => assert.deepEqual(unusual(), []));
  } finally {
    await nodeRed.stop();
    await nas.close();
    await broker.close();
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'installed-'));
  try {
    const modules = installedModules(folder);
    for (const pair of pairs) {
      console.log(`Node-RED ${pair.nodeRed} on Node.js ${pair.node}`);
      await check('ran to its end', () => testPair(pair, modules));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main()
  .catch((error: unknown) => {
    failed += 1;
    console.error(error);
  })
  .finally(() => {
    console.log(`versions: ${passed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
  });
