// Every row of the table that needs a real Node-RED: one process for all of them, one function for each row.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Endings } from '../helpers/endings';
import { MqttListener } from '../helpers/mqtt-listener';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { type FlowNode, probed } from '../helpers/probe';
import { startEmbeddedBroker, type EmbeddedBroker } from '../broker/embedded-broker';
import { bare, brokerNode, codeOf, nasNode } from '../runtime/nas-flow';
import { startSimulator, type Simulator } from '../simulator';
import type { NodeRedFault } from './fault';
import { loginsOf } from './house';
import { killDuringWrites } from './killed-writes';
import { refusingBroker } from './refusing-broker';
import { nodeRedFaults } from './rows-node-red';

type Play = (fault: NodeRedFault) => Promise<void>;

describe('faults in a real Node-RED', function () {
  this.timeout(90_000);
  const endings = new Endings();
  let nas: Simulator;
  let broker: EmbeddedBroker;
  let nodeRed: NodeRedProcess;

  before(async () => {
    nas = endings.add(await startSimulator({ tasks: 2 }), (one) => one.close());
    broker = endings.add(await startEmbeddedBroker(), (one) => one.stop());
    nodeRed = endings.add(await startNodeRed(), (one) => one.stop());
  });
  afterEach(() => nas.faults.clear());
  after(() => endings.all());

  const statusIs = (node: string, text: string, from = 0): Promise<unknown> =>
    nodeRed.waitForRecord(
      ({ about, kind, msg }) => about === node && kind === 'status' && (msg.status as { text?: string }).text === text,
      from,
    );
  const assertCounts = (fault: NodeRedFault): void => {
    assert.equal(loginsOf(nas), fault.logins, 'logins');
    const asked = nas.requests.map(({ method }) => method).join(' ');
    assert.ok(nas.requests.length <= fault.requests, `more than ${fault.requests} requests: ${asked}`);
  };
  const publisher = (brokerUrl: string): FlowNode[] => [
    nasNode(nas, { allowChanges: true, pollSeconds: 3600 }),
    brokerNode(brokerUrl),
    ...probed(bare('home-assistant', { broker: 'broker', control: true })),
  ];
  const readers = (more: Record<string, unknown> = {}): FlowNode[] => [
    nasNode(nas, { pollSeconds: 3600, ...more }),
    ...probed(bare('get-tasks')),
  ];
  const good = 'broker and NAS ok, 2 tasks';
  const publish = async (): Promise<void> => {
    const from = nodeRed.records.length;
    await nodeRed.deploy(publisher(broker.url));
    await statusIs('home-assistant', good, from);
  };

  const plays: Record<string, Play> = {
    'broker away': async (fault) => {
      await publish();
      nas.clearRequests();
      const from = nodeRed.records.length;
      await broker.stop();
      await statusIs('home-assistant', fault.status, from);
      assertCounts(fault);
      const back = nodeRed.records.length;
      await broker.startEmpty();
      await statusIs('home-assistant', good, back);
    },
    'broker away at the start': async (fault) => {
      await broker.stop();
      await nodeRed.deploy([]);
      nas.clearRequests();
      const from = nodeRed.records.length;
      await nodeRed.deploy(publisher(broker.url));
      await statusIs('home-assistant', fault.status, from);
      const back = nodeRed.records.length;
      await broker.startEmpty();
      await statusIs('home-assistant', good, back);
      assertCounts(fault);
    },
    'broker refuses the login': async (fault) => {
      const refusing = await refusingBroker();
      await nodeRed.deploy([]);
      nas.clearRequests();
      const from = nodeRed.records.length;
      await nodeRed.deploy(publisher(refusing.url));
      await statusIs('home-assistant', fault.status, from);
      // The NAS is polled all the same.
      while (nas.count('getinfo') === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      assertCounts(fault);
      await publish();
      await refusing.close();
    },
    'NAS away behind a good broker': async (fault) => {
      await publish();
      nas.clearRequests();
      const from = nodeRed.records.length;
      await nas.goAway();
      for (let poll = 0; poll < 2; poll += 1) {
        assert.equal(codeOf(await nodeRed.call('home-assistant', { payload: 'refresh' })), fault.code);
      }
      await statusIs('home-assistant', fault.status, from);
      assertCounts(fault);
      const back = nodeRed.records.length;
      await nas.comeBack();
      assert.equal((await nodeRed.call('home-assistant', { payload: 'refresh' })).error, null);
      await statusIs('home-assistant', good, back);
    },
    'command for a task that is not there': async (fault) => {
      await publish();
      nas.clearRequests();
      const listener = await MqttListener.connect(broker.url);
      for (const topic of ['task/77/cmd/run', 'task/-1/cmd/run', 'task/x/cmd/cancel', 'task/1/cmd/delete']) {
        await listener.publish(`active-backup/office/${topic}`, 'PRESS');
      }
      await nodeRed.call('home-assistant', { payload: 'refresh' });
      await listener.close();
      assert.equal(nodeRed.statusOf('home-assistant')?.text, fault.status);
      assert.equal(nas.count('backup_task') + nas.count('cancel_task') + nas.count('delete_task'), 0);
      assertCounts(fault);
    },
    'retained command': async (fault) => {
      const listener = await MqttListener.connect(broker.url);
      await nodeRed.deploy([]);
      await listener.publish('active-backup/office/task/1/cmd/run', 'PRESS', true);
      // Only now the broker keeps it; a publisher that was there already would get it as a fresh command.
      await listener.until((heard) => heard.last('active-backup/office/task/1/cmd/run') === 'PRESS', 'the command');
      await publish();
      nas.clearRequests();
      await nodeRed.call('home-assistant', { payload: 'refresh' });
      assert.equal(nas.count('backup_task'), 0);
      assert.equal(nas.task(1).running, false);
      assert.equal(nodeRed.statusOf('home-assistant')?.text, fault.status);
      assertCounts(fault);
      // It is taken off the broker, so that nobody ever obeys it.
      const late = await MqttListener.connect(broker.url);
      await late.until((heard) => heard.last('active-backup/office/status') === 'online', 'what is retained');
      assert.equal(late.last('active-backup/office/task/1/cmd/run'), undefined);
      await late.close();
      await listener.close();
    },
    ...misconfigurations(),
    'deployed while a call waits': async (fault) => {
      // A Catch node that no wire ties to the node: a deploy of changed nodes lets it live, so that it can tell.
      const bystander: FlowNode[] = [
        { id: 'bystander-catch', type: 'catch', scope: null, uncaught: false, wires: [['bystander-out']] },
        { id: 'bystander-out', type: 'probe-out', about: 'bystander', kind: 'error', port: 0, wires: [] },
      ];
      await nodeRed.deploy([...readers(), ...bystander]);
      assert.equal((await nodeRed.call('get-tasks', {})).error, null);
      nas.clearRequests();
      nas.faults.add({ method: 'list_tasks', kind: 'hang' });
      const from = nodeRed.records.length;
      void nodeRed.call('get-tasks', {}, 1_000).catch(() => undefined);
      while (nas.count('list_tasks') === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(nodeRed.statusOf('get-tasks')?.text, fault.status);
      await nodeRed.deploy([...readers({ name: 'Renamed' }), ...bystander], 'nodes');
      const caught = await nodeRed.waitForRecord(({ about, kind }) => about === 'bystander' && kind === 'error', from);
      assert.equal((caught.msg.error as { cause?: { code?: string } }).cause?.code, fault.code);
      nas.faults.clear();
      assert.equal(nas.openSessions, 0);
      assertCounts(fault);
      assert.equal((await nodeRed.call('get-tasks', {})).error, null);
    },
    'three hundred messages at once': async (fault) => {
      await nodeRed.deploy(readers());
      await nodeRed.call('get-tasks', {});
      nas.clearRequests();
      nas.faults.add({ method: 'list_tasks', kind: 'delay', ms: 1_500, times: 1 });
      const results = await Promise.all(Array.from({ length: 300 }, () => nodeRed.call('get-tasks', {})));
      for (const result of results) {
        assert.equal(result.error, fault.code);
        assert.equal(result.outputs.length, 1);
      }
      assert.equal(nodeRed.statusOf('get-tasks')?.text, fault.status);
      assertCounts(fault);
    },
    'deployed five times': async (fault) => {
      await nodeRed.deploy([]);
      nas.clearRequests();
      for (let deploy = 0; deploy < 5; deploy += 1) {
        await nodeRed.deploy(readers());
        assert.equal((await nodeRed.call('get-tasks', {})).error, null);
        assert.equal(nas.openSessions, 1);
      }
      assert.equal(nas.count('logout'), 4);
      assertCounts(fault);
      assert.equal(nodeRed.statusOf('get-tasks')?.text, fault.status);
    },
    'ended while the NAS is silent': async (fault) => {
      await nodeRed.deploy(readers());
      await nodeRed.call('get-tasks', {});
      nas.clearRequests();
      nas.faults.add({ kind: 'hang' });
      const call = nodeRed.call('get-tasks', {}).catch(() => undefined);
      while (nas.count('list_tasks') === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(await nodeRed.stopProcess(), 0);
      await call;
      assertCounts(fault);
      nas.faults.clear();
      nas.kickSessions();
      await nodeRed.start();
      assert.equal((await nodeRed.call('get-tasks', {})).error, null);
    },
    'memory file damaged': async (fault) => {
      await nodeRed.deploy(readers());
      await nodeRed.call('get-tasks', {});
      await nodeRed.stopProcess();
      writeFileSync(join(memoryFolder(), 'office.json'), '{"version":1,"tasks":{"1":{"mem');
      await worksAfterStart(fault);
      assert.ok(readdirSync(memoryFolder()).some((name) => name.startsWith('office.damaged')));
    },
    'memory cannot be written': async (fault) => {
      await nodeRed.stopProcess();
      rmSync(memoryFolder(), { recursive: true });
      writeFileSync(memoryFolder(), 'a file where the folder should be');
      const from = nodeRed.log().length;
      await worksAfterStart(fault);
      await nodeRed.call('get-tasks', {});
      const warnings =
        nodeRed
          .log()
          .slice(from)
          .match(/cannot be written/g) ?? [];
      assert.equal(warnings.length, 1);
      rmSync(memoryFolder());
    },
    'killed during every write': (fault) => killDuringWrites(nodeRed, fault),
  };

  const memoryFolder = (): string => join(nodeRed.userDir, 'active-backup-m365');
  async function worksAfterStart(fault: NodeRedFault): Promise<void> {
    nas.clearRequests();
    const from = nodeRed.records.length;
    await nodeRed.start();
    assert.equal((await nodeRed.call('get-tasks', {})).error, null);
    await statusIs('get-tasks', fault.status, from);
    assertCounts(fault);
  }

  /** Config nodes that cannot work, each with a node that uses it. */
  function misconfigurations(): Record<string, Play> {
    const named: Record<string, () => FlowNode[]> = {
      'no NAS chosen': () => [],
      'connection disabled': () => [{ ...nasNode(nas), id: 'bad', d: true }],
      'environment variable not set': () => [{ ...nasNode(nas), id: 'bad', url: '${NO_SUCH_NAS}' }],
      'no user name': () => [{ ...nasNode(nas), id: 'bad', credentials: {} }],
      'no password': () => [{ ...nasNode(nas), id: 'bad', credentials: { username: 'somebody' } }],
      'address that is none': () => [{ ...nasNode(nas), id: 'bad', url: 'nas.local' }],
      'secret in the address': () => [{ ...nasNode(nas), id: 'bad', url: nas.url.replace('//', '//me:canary@') }],
      'TLS settings missing': () => [{ ...nasNode(nas), id: 'bad', tls: 'no-such-node' }],
      'one slug twice': () => [
        { ...nasNode(nas), id: 'bad' },
        { ...nasNode(nas), id: 'worse' },
      ],
      'polls too often': () => [{ ...nasNode(nas, { pollSeconds: 1 }), id: 'bad' }],
    };
    const play =
      (nodes: () => FlowNode[]): Play =>
      async (fault) => {
        await nodeRed.deploy([]);
        nas.clearRequests();
        const from = nodeRed.records.length;
        const chosen = nodes();
        await nodeRed.deploy([...chosen, ...probed({ ...bare('get-tasks'), nas: chosen.length === 0 ? '' : 'bad' })]);
        // The badge says so before any message comes.
        await statusIs('get-tasks', fault.status, from);
        const result = await nodeRed.call('get-tasks', {});
        assert.equal(codeOf(result), fault.code);
        assert.ok(!(result.error?.message ?? '').includes('canary'));
        assertCounts(fault);
      };
    return Object.fromEntries(Object.entries(named).map(([name, nodes]) => [name, play(nodes)]));
  }

  it('every row has its play, and every play its row', () => {
    assert.deepEqual(Object.keys(plays).sort(), nodeRedFaults.map(({ name }) => name).sort());
    assert.ok(existsSync(nodeRed.userDir));
    mkdirSync(memoryFolder(), { recursive: true });
  });
  for (const fault of nodeRedFaults) {
    it(`${fault.name}: ${fault.does} → ${fault.code ?? 'no error'}, "${fault.status}"`, async () => {
      await plays[fault.name]?.(fault);
    });
  }
});
