// Two Home Assistant nodes that would write to the same topics.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Node, NodeAPI } from 'node-red';
import { setUpPublisherNode } from '../../../lib/node-red/publisher-node';
import { FakeMonitor } from './fake-monitor';
import { settings } from './fixtures';

const nasNode = (monitor: FakeMonitor): unknown => {
  const connection = { settings: { ...settings(), name: 'Office' }, monitor, client: {} };
  return { type: 'active-backup-nas', connect: () => connection };
};

const closedMonitor = new FakeMonitor();
closedMonitor.watch = () => {
  throw new Error('The connection to the NAS is being closed.');
};

/** A flow's nodes, as far as the publisher asks for them. */
const others: Record<string, unknown> = {
  nas: nasNode(new FakeMonitor()),
  'closed nas': nasNode(closedMonitor),
  broker: { brokerurl: 'mqtt://127.0.0.1:9', options: {} },
  'same broker': { brokerurl: 'mqtt://127.0.0.1:9', options: {} },
  'other broker': { brokerurl: 'mqtt://127.0.0.1:10', options: {} },
};
const RED = {
  events: new EventEmitter(),
  nodes: { getNode: (id: string) => others[id] ?? null },
} as unknown as NodeAPI;

class FakeNode extends EventEmitter {
  warnings: string[] = [];
  statuses: unknown[] = [];

  constructor(
    readonly id: string,
    readonly name = '',
  ) {
    super();
  }

  warn(text: string): void {
    this.warnings.push(text);
  }

  log(): void {
    // Nobody reads it.
  }

  status(status: unknown): void {
    this.statuses.push(status);
  }

  /** Whether it was refused for the sake of another node, which it names. */
  isRefusedFor(other: string): boolean {
    return this.warnings.some((text) => text.includes('already publishes this NAS') && text.includes(other));
  }
}

describe('two Home Assistant nodes of one NAS', () => {
  let running: FakeNode[] = [];

  /** A deployment ends, and what starts with it has its moment. */
  const endDeployment = async (): Promise<void> => {
    RED.events.emit('flows:started');
    await delay(5);
  };

  /** Deploys a node beside those that run. */
  const deploy = async (node: FakeNode, definition: Record<string, unknown> = {}): Promise<FakeNode> => {
    running.push(node);
    setUpPublisherNode(RED, node as unknown as Node, { nas: 'nas', broker: 'broker', ...definition }, '1.2.3');
    await endDeployment();
    return node;
  };

  /** Closes a node; the answer resolves when it is done. */
  const close = (node: FakeNode, removed = false): Promise<void> => {
    running = running.filter((other) => other !== node);
    return new Promise((resolve) => node.emit('close', removed, resolve));
  };

  afterEach(async () => {
    await Promise.all(running.map((node) => close(node)));
  });

  it('do not both publish to one base topic or under one prefix: the second names the first', async () => {
    await deploy(new FakeNode('first', 'Devices'));
    for (const definition of [{}, { broker: 'same broker' }, { discoveryPrefix: 'ha' }, { baseTopic: 'other' }]) {
      const second = await deploy(new FakeNode('second'), definition);
      assert.ok(second.isRefusedFor('"Devices" (first)'), JSON.stringify(definition));
      assert.match(JSON.stringify(second.statuses), /red/);
      const refused = await new Promise<Error & { code?: string }>((resolve) => {
        second.emit('input', { payload: 'refresh' }, () => undefined, resolve);
      });
      assert.equal(refused.code, 'NOT_CONFIGURED');
    }
  });

  it('both publish on two brokers, or with another base topic and prefix', async () => {
    await deploy(new FakeNode('first'));
    for (const definition of [{ broker: 'other broker' }, { baseTopic: 'other', discoveryPrefix: 'ha' }]) {
      const second = await deploy(new FakeNode('second'), definition);
      assert.equal(second.isRefusedFor('first'), false, JSON.stringify(definition));
    }
  });

  it('are judged anew at each deploy: one that is closed, also if not done yet, stands in no way', async () => {
    const first = await deploy(new FakeNode('first'));
    const second = await deploy(new FakeNode('second'));
    assert.ok(second.isRefusedFor('first'));
    const closing = [close(first), close(second)];
    const again = await deploy(new FakeNode('first'));
    assert.equal(again.isRefusedFor(''), false);
    await Promise.all(closing);
    const still = await deploy(new FakeNode('second'));
    assert.ok(still.isRefusedFor('first'), 'the end of the first one frees nothing of its successor');
    await close(again, true);
    await endDeployment();
    assert.ok((await deploy(new FakeNode('third'))).isRefusedFor('second'), 'the second one has taken its place');
  });

  it('that cannot start does not keep the topics', async () => {
    const first = await deploy(new FakeNode('first'), { nas: 'closed nas' });
    assert.deepEqual(first.warnings, ['The connection to the NAS is being closed.']);
    assert.equal((await deploy(new FakeNode('second'))).isRefusedFor(''), false);
  });
});
