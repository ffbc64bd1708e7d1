// The example flows as a user tries them: imported, led to the simulated NAS, and triggered.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../helpers/cache-folder';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { type FlowNode, type Message, type ProbeRecord } from '../helpers/probe';
import { type EmbeddedBroker, startBroker } from '../../scripts/start/broker';
import { type Simulator, startSimulator } from '../simulator';
import { ledToTest } from './nas-flow';

/** What an example shows when it is tried, where that is not an answer to each of its inject nodes. */
interface Expected {
  /** The documented refusal. */
  code?: string;
  /** What happens at the NAS, for a flow that waits for something. */
  happening?: (nas: Simulator) => void;
  check?: (shown: Message, nas: Simulator) => void;
}

const expected: Record<string, Expected> = {
  'List the backup tasks': { check: ({ payload }) => assert.equal((payload as unknown[]).length, 2) },
  'Set the schedule of a task': { check: (_shown, nas) => assert.ok(nas.count('set_task_setting') > 0) },
  'Run a backup and wait': { check: (_shown, nas) => assert.equal(nas.count('backup_task'), 1) },
  'Delete a task': { code: 'NOT_CONFIRMED', check: (_shown, nas) => assert.equal(nas.count('delete_task'), 0) },
  'Failure alert': {
    happening: (nas) => {
      nas.task(1).start({ outcome: 'failed', durationSeconds: 1 });
      nas.clock.advance(2);
    },
    check: ({ payload }) => assert.match(String(payload), /backup task Task 1: failed/),
  },
  'Nightly run-and-wait chain': { check: ({ payload }) => assert.equal((payload as unknown[]).length, 2) },
};

const folder = join(rootFolder, 'examples');
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((file) => ({
    name: file.replace(/^\d+ |\.json$/g, ''),
    flow: JSON.parse(readFileSync(join(folder, file), 'utf8')) as FlowNode[],
  }));

/** The flow with probes for its debug nodes, quick polls, and a probe for whatever fails. */
function observed(flow: readonly FlowNode[]): FlowNode[] {
  const tab = flow.find(({ type }) => type === 'tab')?.id ?? '';
  const place = { z: tab, x: 1, y: 1 };
  const nodes = flow.map((node) => {
    if (node.type === 'active-backup-nas') return { ...node, pollSeconds: 5, pollRunningSeconds: 1 };
    if (node.type !== 'debug') return node;
    return { ...place, id: node.id, type: 'probe-out', about: 'shown', kind: 'output', port: 0, wires: [] };
  });
  return [
    ...nodes,
    { ...place, id: 'test-failed', type: 'probe-out', about: 'failed', kind: 'error', port: 0, wires: [] },
    { ...place, id: 'test-catch', type: 'catch', scope: null, uncaught: false, wires: [['test-failed']] },
  ];
}

/** Nodes that ask the NAS by themselves, and are ready when they have. */
const pollingTypes = new Set(['active-backup-watch', 'active-backup-home-assistant']);

async function firstPoll(nas: Simulator): Promise<void> {
  while (nas.count('list_tasks') === 0) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('the example flows, tried', function () {
  this.timeout(60_000);
  let nodeRed: NodeRedProcess;
  let nas: Simulator;
  let broker: EmbeddedBroker;

  before(async () => {
    broker = await startBroker();
    nodeRed = await startNodeRed();
  });
  after(async () => {
    await nodeRed.stop();
    await broker.close();
  });
  beforeEach(async () => {
    nas = await startSimulator({ tasks: 2 });
    for (const task of nas.tasks()) task.setDefaultRun({ durationSeconds: 1 });
  });
  afterEach(async () => {
    await nodeRed.deploy([]);
    await nas.close();
  });

  it('are one for each node at least', () => {
    const used = new Set(examples.flatMap(({ flow }) => flow.map(({ type }) => type)));
    const manifest = JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8')) as {
      'node-red': { nodes: Record<string, string> };
    };
    const missing = Object.keys(manifest['node-red'].nodes).filter((name) => !used.has(`active-backup-${name}`));
    assert.deepEqual(missing, []);
  });

  for (const { name, flow } of examples) {
    it(`"${name}" shows what it promises`, async () => {
      const { code, happening, check } = expected[name] ?? {};
      const isSeen = ({ about }: ProbeRecord): boolean => about === 'shown' || about === 'failed';
      let from = nodeRed.records.length;
      await nodeRed.deploy(observed(ledToTest(flow, nas, broker.url)));
      if (flow.some(({ type }) => pollingTypes.has(type))) await firstPoll(nas);
      const injects = flow.filter(({ type }) => type === 'inject');
      for (const { id } of injects) {
        if (happening === undefined) {
          const { status } = await nodeRed.admin.request(`inject/${id}`, { method: 'POST', body: {} });
          assert.equal(status, 200);
        }
        const { about, msg } = await nodeRed.waitForRecord(isSeen, from);
        const failure = msg.error as { message: string; cause?: { code?: string } } | undefined;
        assert.equal(about, code === undefined ? 'shown' : 'failed', failure?.message);
        assert.equal(failure?.cause?.code, code);
        check?.(msg, nas);
        from = nodeRed.records.length;
      }
      if (injects.length > 0) return;
      // A flow without a button shows what happens by itself.
      happening?.(nas);
      const { about, msg } = await nodeRed.waitForRecord(isSeen, from);
      assert.equal(about, 'shown', (msg.error as { message: string } | undefined)?.message);
      check?.(msg, nas);
    });
  }
});
