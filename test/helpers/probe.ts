// What the probe nodes tell about a node under test, and the flow that puts them around it.

/** A node of a flow file. */
export interface FlowNode {
  id: string;
  type: string;
  z?: string;
  wires?: string[][];
  credentials?: Record<string, string>;
  [property: string]: unknown;
}

/** A message as Node-RED passes it. */
export type Message = Record<string, unknown> & { _msgid?: string };

/** One thing a probe saw. */
export interface ProbeRecord {
  kind: 'output' | 'error' | 'status' | 'complete';
  /** The node under test. */
  about: string;
  /** The output the message left by, from 0. */
  port: number;
  msg: Message;
}

/** What a Catch node says of an error. */
export interface CaughtError {
  message: string;
  name?: string;
  /** Node-RED 4.1 and later; 4.0 has it in `cause` only. */
  code?: string;
  cause?: { code?: string; dsmCode?: number; outcome?: string };
  source?: { id: string; type: string };
  stack?: string;
}

/** What a Status node says. */
export interface NodeStatus {
  fill?: string;
  shape?: string;
  text?: string;
}

/** What became of one message. */
export interface CallResult {
  outputs: { port: number; msg: Message }[];
  /** The error of `done(error)`, or null when the node completed. */
  error: CaughtError | null;
  statuses: NodeStatus[];
}

/** The tab that nodes without a `z` are put on. */
export const testTab: FlowNode = { id: 'test-tab', type: 'tab', label: 'Test' };

/** The node with probes at its input, at two outputs, and for its errors, statuses and completions. */
export function probed(node: FlowNode): FlowNode[] {
  const about = node.id;
  const out = (name: string, kind: ProbeRecord['kind'], port = 0): FlowNode => ({
    id: `${about}-${name}`,
    type: 'probe-out',
    about,
    kind,
    port,
    wires: [],
  });
  return [
    { ...node, wires: [[`${about}-out-0`], [`${about}-out-1`]] },
    { id: `${about}-in`, type: 'probe-in', about, wires: [[about]] },
    out('out-0', 'output', 0),
    out('out-1', 'output', 1),
    out('error', 'error'),
    out('status', 'status'),
    out('complete', 'complete'),
    { id: `${about}-catch`, type: 'catch', scope: [about], uncaught: false, wires: [[`${about}-error`]] },
    { id: `${about}-watch`, type: 'status', scope: [about], wires: [[`${about}-status`]] },
    { id: `${about}-finish`, type: 'complete', scope: [about], uncaught: false, wires: [[`${about}-complete`]] },
  ];
}

/** The nodes with the test's tab in front, and on it every node that is wired and on no other tab. */
export function onTestTab(nodes: readonly FlowNode[]): FlowNode[] {
  return [
    testTab,
    ...nodes.map((node) => (node.wires !== undefined && node.z === undefined ? { ...node, z: testTab.id } : node)),
  ];
}
