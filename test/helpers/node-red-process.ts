// A real Node-RED in a process of its own, with the packed package installed, for tests that look at it from outside.
import { type ChildProcess, fork } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { AdminApi } from './node-red-admin';
import { ProcessLog } from './node-red-log';
import { type NodeRedVersion, nodeRedScript } from './node-red-versions';
import { unpackedModules } from './packed-package';
import {
  type CallResult,
  type CaughtError,
  type FlowNode,
  type Message,
  type NodeStatus,
  onTestTab,
  probed,
  type ProbeRecord,
} from './probe';

/** A user of the editor; permissions as `adminAuth` takes them. */
export interface AdminUser {
  username: string;
  password: string;
  permissions: string | string[];
}

export interface NodeRedOptions {
  version?: NodeRedVersion;
  /** The Node.js that runs it; the running one by default. */
  nodeBinary?: string;
  /** Plain JSON, added to settings.js. */
  settings?: Record<string, unknown>;
  /** With users, the admin API wants a login. */
  users?: AdminUser[];
  env?: Record<string, string>;
  /** A `node_modules` folder to use as the user directory's; the unpacked tarball by default, null for none. */
  modules?: string | null;
  /** How long a start may take, milliseconds. */
  startTimeoutMs?: number;
}

type ProbeMessage =
  | { probe: ProbeRecord['kind']; about: string; port: number; msg: Message }
  | { probe: 'lost'; about: string; msgId: string };

/** A running Node-RED. Use {@link startNodeRed}. */
export class NodeRedProcess {
  readonly userDir: string;
  /** Everything that the processes of this user directory have written, from level trace up. */
  readonly output = new ProcessLog();
  /** Everything that the probes saw, oldest first. */
  readonly records: ProbeRecord[] = [];
  #options: NodeRedOptions;
  #child: ChildProcess | null = null;
  #admin: AdminApi | null = null;
  #listeners = new Set<(message: ProbeMessage) => void>();

  constructor(options: NodeRedOptions) {
    this.#options = options;
    this.userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
    const modules = options.modules === undefined ? unpackedModules() : options.modules;
    if (modules !== null) symlinkSync(modules, join(this.userDir, 'node_modules'), 'junction');
    // Node-RED 4.0 finds nodes of a folder only where they are called .js.
    mkdirSync(join(this.userDir, 'nodes'));
    copyFileSync(join(__dirname, 'probe-node', 'probe.cjs'), join(this.userDir, 'nodes', 'probe.js'));
    copyFileSync(join(__dirname, 'probe-node', 'probe.html'), join(this.userDir, 'nodes', 'probe.html'));
    const given = JSON.stringify({ users: options.users ?? [], settings: options.settings ?? {} });
    const shared = JSON.stringify(join(__dirname, 'node-red-settings.cjs'));
    writeFileSync(join(this.userDir, 'settings.js'), `module.exports = require(${shared})(${given});\n`);
  }

  /** The editor's address, with a slash at its end. */
  get url(): string {
    return this.admin.url;
  }

  get admin(): AdminApi {
    if (this.#admin === null) throw new Error('Node-RED is not running.');
    return this.#admin;
  }

  /** The file that holds the log too. */
  get logFile(): string {
    return join(this.userDir, 'output.log');
  }

  /** The log so far, from level trace up. */
  log(): string {
    return this.output.text;
  }

  /** Lines of the log that warn, or tell of an error or a deprecation. */
  complaints(): string[] {
    return this.output.complaints();
  }

  /** Whether the process lives. */
  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts the process and waits until its flows run. */
  async start(): Promise<void> {
    const from = this.output.text.length;
    const timeoutMs = this.#options.startTimeoutMs ?? 60_000;
    const child = fork(
      nodeRedScript(this.#options.version ?? '4.1'),
      ['--userDir', this.userDir, '--settings', join(this.userDir, 'settings.js'), '--port', this.#port],
      {
        execPath: this.#options.nodeBinary ?? process.execPath,
        execArgv: ['--trace-deprecation'],
        env: { ...process.env, NODE_OPTIONS: '', ...this.#options.env },
        cwd: this.userDir,
        serialization: 'advanced',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    // Each call listens while it waits, and many wait at once.
    child.setMaxListeners(0);
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (piece: string) => {
        this.output.add(piece);
        appendFileSync(this.logFile, piece);
      });
    }
    child.on('message', (message) => this.#heard(message as ProbeMessage));
    const died = (): string | null => (this.running ? null : 'Node-RED ended');
    const [, url] = await this.output.waitFor(/Server now running at (\S+)/, from, timeoutMs, died);
    const token = this.#admin?.token ?? null;
    this.#admin = new AdminApi(url ?? '');
    this.#admin.token = token;
    await this.output.waitFor(/Started flows|Waiting for missing types|Flows stopped/, from, timeoutMs, died);
  }

  /** The first start takes any free port; later ones keep it. */
  get #port(): string {
    return this.#admin === null ? '0' : new URL(this.#admin.url).port;
  }

  #heard(message: ProbeMessage): void {
    if (message.probe !== 'lost') {
      this.records.push({ kind: message.probe, about: message.about, port: message.port, msg: message.msg });
    }
    for (const listener of [...this.#listeners]) listener(message);
  }

  /** Deploys nodes (credentials inside them) and waits until they run. Wired nodes without a tab get the test's. */
  async deploy(nodes: readonly FlowNode[], type: 'full' | 'flows' | 'nodes' = 'full'): Promise<void> {
    const from = this.output.text.length;
    await this.admin.deploy(onTestTab(nodes), type);
    const [line] = await this.output.waitFor(
      /Started (modified )?(flows|nodes)|Waiting for missing types[^\n]*(\n[^\n]*){3}/,
      from,
      30_000,
      () => (this.running ? null : 'Node-RED ended'),
    );
    if (line.startsWith('Waiting')) throw new Error(line);
  }

  /** Adds a node, with probes around it, to what is deployed; nodes of the same id are replaced. */
  async add(node: FlowNode): Promise<void> {
    const added = probed(node);
    const ids = new Set(added.map((one) => one.id));
    const present = (await this.admin.flows()).filter((one) => !ids.has(one.id) && one.id !== 'test-tab');
    await this.deploy([...present, ...added], 'nodes');
  }

  /**
   * Hands a message to a probed node and waits until it says done or error. A node that is not deployed yet is added.
   * @throws Error when neither comes in time, or the process ends.
   */
  async call(node: string | FlowNode, msg: Message = {}, timeoutMs = 20_000): Promise<CallResult> {
    if (typeof node !== 'string') await this.add(node);
    const about = typeof node === 'string' ? node : node.id;
    const msgId = randomUUID();
    const from = this.records.length;
    await this.#ending(about, msgId, { ...msg, _msgid: msgId }, timeoutMs);
    const records = this.records.slice(from).filter((record) => record.about === about);
    const mine = records.filter((record) => record.msg._msgid === msgId);
    const error = mine.find((record) => record.kind === 'error');
    return {
      outputs: mine.filter((one) => one.kind === 'output').map((one) => ({ port: one.port, msg: one.msg })),
      error: error === undefined ? null : (error.msg.error as CaughtError),
      statuses: records.filter((one) => one.kind === 'status').map((one) => one.msg.status as NodeStatus),
    };
  }

  #ending(about: string, msgId: string, msg: Message, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = this.#child;
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#listeners.delete(listen);
        child?.off('exit', gone);
        settle();
      };
      const fail = (why: string): void =>
        end(() => reject(new Error(`${about}: ${why}\n${this.output.text.slice(-2000)}`)));
      const listen = (message: ProbeMessage): void => {
        if (message.probe === 'lost') {
          if (message.msgId === msgId) fail('it is not deployed with probes');
        } else if (message.about === about && message.msg._msgid === msgId) {
          if (message.probe === 'complete' || message.probe === 'error') end(resolve);
        }
      };
      const gone = (): void => fail('Node-RED ended');
      const timer = setTimeout(() => fail(`neither done nor an error within ${timeoutMs} ms`), timeoutMs);
      this.#listeners.add(listen);
      if (child === null || !this.running) {
        gone();
        return;
      }
      child.once('exit', gone);
      child.send({ probe: 'send', about, msg });
    });
  }

  /** What a probed node's badge says now, or null when it never had one. */
  statusOf(nodeId: string): NodeStatus | null {
    const last = this.records.findLast((record) => record.about === nodeId && record.kind === 'status');
    return last === undefined ? null : (last.msg.status as NodeStatus);
  }

  /**
   * Waits for something a probe sees, also what it has seen already, from a record's index on.
   * @throws Error when it does not come in time.
   */
  waitForRecord(wanted: (record: ProbeRecord) => boolean, from = 0, timeoutMs = 20_000): Promise<ProbeRecord> {
    const present = this.records.slice(from).find(wanted);
    if (present !== undefined) return Promise.resolve(present);
    return new Promise((resolve, reject) => {
      const listen = (message: ProbeMessage): void => {
        const record = this.records.at(-1);
        if (message.probe === 'lost' || record === undefined || !wanted(record)) return;
        clearTimeout(timer);
        this.#listeners.delete(listen);
        resolve(record);
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(listen);
        reject(new Error(`Nothing like it was seen within ${timeoutMs} ms\n${this.output.text.slice(-2000)}`));
      }, timeoutMs);
      this.#listeners.add(listen);
    });
  }

  async #end(signal: NodeJS.Signals, timeoutMs: number): Promise<number | null> {
    const child = this.#child;
    if (child === null || !this.running) return child?.exitCode ?? null;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    await ended;
    clearTimeout(timer);
    return child.exitCode;
  }

  /** Ends the process in an orderly way and gives its exit code; null when it had to be killed. Files stay. */
  stopProcess(): Promise<number | null> {
    return this.#end('SIGTERM', 25_000);
  }

  /** Ends the process at once, as a power cut would. */
  async kill9(): Promise<void> {
    await this.#end('SIGKILL', 5_000);
  }

  /** Ends the process and starts it again on the same user directory and port. */
  async restart(): Promise<void> {
    await this.stopProcess();
    await this.start();
  }

  /** Ends the process and removes its files. */
  async stop(): Promise<void> {
    await this.stopProcess();
    rmSync(this.userDir, { recursive: true, force: true });
  }
}

/** Starts a Node-RED with the package installed from its tarball. */
export async function startNodeRed(options: NodeRedOptions = {}): Promise<NodeRedProcess> {
  const nodeRed = new NodeRedProcess(options);
  try {
    await nodeRed.start();
  } catch (error) {
    await nodeRed.stop();
    throw error;
  }
  return nodeRed;
}
