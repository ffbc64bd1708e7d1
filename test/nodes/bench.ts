// The compiled nodes in Node-RED's own test helper, with probes around each and a simulated NAS behind them.
import { type EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Node, type NodeAPI, type NodeInitializer } from 'node-red';
import helper from 'node-red-node-test-helper';
import { readManifest } from '../helpers/packed-package';
import {
  type CallResult,
  type CaughtError,
  type FlowNode,
  type Message,
  type NodeStatus,
  onTestTab,
  type ProbeRecord,
} from '../helpers/probe';
import { bare, nasNode } from '../runtime/nas-flow';
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulator';

const load = createRequire(__filename);
const initializers = Object.values(readManifest()['node-red'].nodes).map(
  (file) => load(join(__dirname, '..', '..', file)) as NodeInitializer,
);
helper.init(load.resolve('node-red'));

/** Node-RED's own MQTT nodes, where a flow has a broker. */
function mqttNodes(): NodeInitializer {
  const core = dirname(load.resolve('@node-red/nodes/package.json'));
  return load(join(core, 'core', 'network', '10-mqtt.js')) as NodeInitializer;
}

/** What became of a message, and how often it was said to be done or failed. */
export interface Called extends CallResult {
  endings: number;
}

/** Loaded nodes. Use {@link startBench}. */
export interface Bench {
  nas: Simulator;
  /** Everything that the probes saw, oldest first. */
  records: ProbeRecord[];
  /** Hands a message to a node and waits until it says done or error. */
  call(id: string, msg?: Message): Promise<Called>;
  /** Hands a message to a node and waits for nothing; gives the message's id. */
  send(id: string, msg?: Message): string;
  /** Waits until a record is there that matches, also an earlier one. */
  seen(wanted: (record: ProbeRecord) => boolean): Promise<ProbeRecord>;
  /** The answer on output 1; throws with the error where there is none. */
  ask(id: string, payload?: unknown): Promise<Record<string, unknown>>;
  statusOf(id: string): NodeStatus | null;
  node(id: string): Node;
  /**
   * The codes of the errors that a node reports from now on, also while it is being closed: a Catch node that starts anew
   * with the flow may miss an error of that moment.
   */
  errorsOf(id: string): unknown[];
  /**
   * Deploys the flow with some nodes changed: Node-RED makes those anew, and the nodes that name them by their ids; all
   * others live on.
   */
  deploy(changes: Record<string, Record<string, unknown>>): Promise<void>;
  /** Closes one node and makes it anew. */
  restart(id: string): Promise<void>;
}

/** The badge without what a Status node adds. */
function badgeOf({ status }: Message): NodeStatus {
  const { fill, shape, text } = status as Required<NodeStatus>;
  return { fill, shape, text };
}

/** What a bench starts with. */
export interface BenchOptions {
  nas?: SimulatorOptions;
  /** Properties of the NAS's config node; changes are allowed and polls are quick unless said otherwise. */
  connection?: Record<string, unknown>;
  /** Config nodes, tabs and others without probes. */
  beside?: FlowNode[];
}

const cleanups: (() => unknown)[] = [];
let lastMessage = 0;

/** To be called in `after` or `afterEach`. */
export async function stopBenches(): Promise<void> {
  for (let next = cleanups.pop(); next !== undefined; next = cleanups.pop()) await next();
}

/** Node-RED's helper wants credentials apart from the flow. */
function split(flow: readonly FlowNode[]): { flow: FlowNode[]; credentials: Record<string, Record<string, string>> } {
  const credentials: Record<string, Record<string, string>> = {};
  const nodes = flow.map(({ credentials: own, ...node }) => {
    if (own !== undefined) credentials[node.id] = own;
    return node;
  });
  return { flow: nodes, credentials };
}

/** A node that reports what it receives; from Catch, Status and Complete nodes also whom it is about. */
function probe(hear: (record: ProbeRecord) => void): NodeInitializer {
  return (RED: NodeAPI) => {
    RED.nodes.registerType('probe-out', function (this: Node, config) {
      RED.nodes.createNode(this, config);
      const { kind, about, port } = config as unknown as ProbeRecord;
      this.on('input', (received, _send, done) => {
        const msg = RED.util.cloneMessage(received) as Message;
        const told = msg[kind] as { source?: { id: string } } | undefined;
        hear({ kind, about: told?.source?.id ?? about, port, msg });
        done();
      });
    });
  };
}

/** Probes at two outputs of each node, and for errors, statuses and completions of all: the helper wants one Catch node. */
function withProbes(nodes: readonly FlowNode[]): FlowNode[] {
  const scope = nodes.map(({ id }) => id);
  const out = (id: string, kind: ProbeRecord['kind'], about = '', port = 0): FlowNode => ({
    id,
    type: 'probe-out',
    kind,
    about,
    port,
    wires: [],
  });
  return [
    ...nodes.map((node) => ({ ...node, wires: [[`${node.id} out 0`], [`${node.id} out 1`]] })),
    ...scope.flatMap((id) => [out(`${id} out 0`, 'output', id, 0), out(`${id} out 1`, 'output', id, 1)]),
    ...(['error', 'status', 'complete'] as const).map((kind) => out(`all ${kind}`, kind)),
    { id: 'all catch', type: 'catch', scope, uncaught: false, wires: [['all error']] },
    { id: 'all watch', type: 'status', scope, wires: [['all status']] },
    { id: 'all finish', type: 'complete', scope, uncaught: false, wires: [['all complete']] },
  ];
}

/** Loads nodes, each with probes, and a simulated NAS that the config node `nas` points at. */
export async function startBench(nodes: readonly FlowNode[], options: BenchOptions = {}): Promise<Bench> {
  const nas = await startSimulator(options.nas);
  const userDir = mkdtempSync(join(tmpdir(), 'node-red-'));
  helper.settings({ userDir });
  const records: ProbeRecord[] = [];
  const listeners = new Set<() => void>();
  const hear = (record: ProbeRecord): void => {
    records.push(record);
    for (const listener of [...listeners]) listener();
  };
  const config = nasNode(nas, { allowChanges: true, pollSeconds: 5, pollRunningSeconds: 1, ...options.connection });
  let present = { beside: [config, ...(options.beside ?? [])], tested: [...nodes] };
  const flowOf = ({ beside, tested }: typeof present): ReturnType<typeof split> =>
    split(onTestTab([...beside, ...withProbes(tested)]));
  const deploy = async (changes: Record<string, Record<string, unknown>>): Promise<void> => {
    const change = (node: FlowNode): FlowNode => ({ ...node, ...changes[node.id] });
    present = { beside: present.beside.map(change), tested: present.tested.map(change) };
    const next = flowOf(present);
    await helper.setFlows(next.flow, 'nodes', next.credentials);
  };
  let restarts = 0;
  const first = flowOf(present);
  const core = present.beside.some(({ type }) => type === 'mqtt-broker') ? [mqttNodes()] : [];
  await helper.load([probe(hear), ...core, ...initializers] as never, first.flow, first.credentials);
  cleanups.push(async () => {
    await helper.unload();
    await nas.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  const seen = (wanted: (record: ProbeRecord) => boolean): Promise<ProbeRecord> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = records.find(wanted);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  const isEnding = (id: string, msgId: string) => (record: ProbeRecord) =>
    record.about === id && record.msg._msgid === msgId && (record.kind === 'complete' || record.kind === 'error');
  const send = (id: string, msg: Message = {}): string => {
    lastMessage += 1;
    const msgId = `message ${lastMessage}`;
    helper.getNode(id).receive({ ...msg, _msgid: msgId });
    return msgId;
  };
  const call = async (id: string, msg: Message = {}): Promise<Called> => {
    const from = records.length;
    const msgId = send(id, msg);
    await seen(isEnding(id, msgId));
    // One turn more, in which a second ending would be seen.
    await new Promise((resolve) => setImmediate(resolve));
    const mine = records.filter((record) => record.about === id && record.msg._msgid === msgId);
    const error = mine.find(({ kind }) => kind === 'error');
    const later = records.slice(from).filter(({ about, kind }) => about === id && kind === 'status');
    return {
      outputs: mine.filter(({ kind }) => kind === 'output').map(({ port, msg: out }) => ({ port, msg: out })),
      error: error === undefined ? null : (error.msg.error as CaughtError),
      statuses: later.map(({ msg: status }) => badgeOf(status)),
      endings: mine.filter(isEnding(id, msgId)).length,
    };
  };
  return {
    nas,
    records,
    call,
    send,
    seen,
    async ask(id, payload = {}) {
      const { outputs, error } = await call(id, { payload });
      const answer = outputs.findLast(({ port }) => port === 0);
      if (error !== null || answer === undefined) throw new Error(`${id}: ${error?.message ?? 'no answer'}`);
      return answer.msg.payload as Record<string, unknown>;
    },
    statusOf(id) {
      const last = records.findLast((record) => record.about === id && record.kind === 'status');
      return last === undefined ? null : badgeOf(last.msg);
    },
    node: (id) => helper.getNode(id),
    errorsOf(id) {
      const codes: unknown[] = [];
      const node: EventEmitter = helper.getNode(id);
      node.on('call:error', ({ args }: { args: [{ code?: string }] }) => codes.push(args[0].code));
      return codes;
    },
    deploy,
    async restart(id) {
      restarts += 1;
      await deploy({ [id]: { name: `restart ${restarts}` } });
    },
  };
}

/** The eleven action nodes' names, which are also their ids in {@link allActions}. */
export const actionNames = [
  'get-tasks',
  'get-log',
  'get-settings',
  'get-history',
  'workers',
  'set-schedule',
  'set-retention',
  'run-backup',
  'cancel-backup',
  'delete-task',
  'relink-task',
] as const;

/** Each action node with nothing but its NAS. */
export function allActions(): FlowNode[] {
  return actionNames.map((name) => bare(name));
}
