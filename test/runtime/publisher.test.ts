// The publisher in a real Node-RED on a real broker: four devices, their states, and a last will that tells of its end.
import assert from 'node:assert/strict';
import { Endings } from '../helpers/endings';
import { MqttListener } from '../helpers/mqtt-listener';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { type FlowNode, probed } from '../helpers/probe';
import { type EmbeddedBroker, startBroker } from '../../scripts/start/broker';
import { livelyTasks, type Simulator, startSimulator } from '../simulator';
import { bare, brokerNode, nasNode } from './nas-flow';

const documentTopics = [
  'homeassistant/device/active_backup_office/config',
  ...[1, 2, 3].map((id) => `homeassistant/device/active_backup_office_task_${id}/config`),
];
const stateTopics = ['active-backup/office/state', ...[1, 2, 3].map((id) => `active-backup/office/task/${id}/state`)];

/** Sends while the flow is still being started. */
const early: FlowNode = {
  id: 'early',
  type: 'function',
  initialize: "node.send({ payload: 'refresh', early: true });",
  func: 'return null;',
  outputs: 1,
  wires: [['home-assistant']],
};

describe('the publisher in a real Node-RED', function () {
  this.timeout(60_000);
  const endings = new Endings();
  let broker: EmbeddedBroker;
  let listener: MqttListener;
  let nas: Simulator;
  let nodeRed: NodeRedProcess;

  before(async () => {
    broker = endings.add(await startBroker(), (one) => one.close());
    listener = endings.add(await MqttListener.connect(broker.url), (one) => one.close());
    nas = endings.add(await startSimulator({ tls: true, tasks: livelyTasks() }), (one) => one.close());
    nodeRed = endings.add(await startNodeRed(), (one) => one.stop());
    await nodeRed.deploy([
      nasNode(nas, { verifyCertificate: false, timeZone: 'UTC' }),
      brokerNode(broker.url),
      ...probed(bare('home-assistant', { broker: 'broker' })),
      early,
    ]);
  });
  after(() => endings.all());

  it('announces the package and each of three tasks as devices', async () => {
    await listener.until((heard) => documentTopics.every((topic) => heard.last(topic)), 'four device documents');
    const identifiers = documentTopics.map((topic) => {
      const document = listener.lastJson(topic) as { device: { identifiers: unknown }; components: object };
      assert.ok(Object.keys(document.components).length > 0, topic);
      return JSON.stringify(document.device.identifiers);
    });
    assert.equal(new Set(identifiers).size, 4);
  });

  it('publishes the state of the package and of each task, then says that it is online', async () => {
    await listener.until((heard) => stateTopics.every((topic) => heard.last(topic)), 'four states');
    await listener.until((heard) => heard.last('active-backup/office/status') === 'online', 'online');
    assert.equal(listener.last('active-backup/office/nas'), 'online');
    const results = [1, 2, 3].map((id) => {
      const state = listener.lastJson(`active-backup/office/task/${id}/state`) as Record<string, unknown>;
      return state.last_result;
    });
    assert.deepEqual(results.slice(0, 2), ['success', 'failed']);
  });

  it('keeps documents and states for subscribers that come later', async () => {
    const late = await MqttListener.connect(broker.url);
    const wanted = [...documentTopics, ...stateTopics, 'active-backup/office/status', 'active-backup/office/nas'];
    await late.until((heard) => wanted.every((topic) => heard.last(topic)), 'all retained topics');
    assert.ok(late.heard.every((message) => message.retained));
    await late.close();
  });

  it('polls and publishes now when a message says refresh', async () => {
    const polls = nas.count('list_tasks');
    const result = await nodeRed.call('home-assistant', { payload: 'refresh' });
    assert.equal(result.error, null, result.error?.message);
    const answer = result.outputs[0]!.msg.payload as { tasks: unknown; published: unknown };
    assert.ok('tasks' in answer && 'published' in answer);
    assert.ok(nas.count('list_tasks') > polls);
  });

  it('answers a message that came before it had started', async () => {
    const answer = await nodeRed.waitForRecord((record) => record.kind === 'output' && record.msg.early === true);
    assert.ok('published' in (answer.msg.payload as object));
  });

  it('says offline when Node-RED stops, and when it is killed', async () => {
    await nodeRed.stopProcess();
    await listener.until((heard) => heard.last('active-backup/office/status') === 'offline', 'offline after a stop');
    await nodeRed.start();
    await listener.until((heard) => heard.last('active-backup/office/status') === 'online', 'online again');
    await nodeRed.kill9();
    await listener.until((heard) => heard.last('active-backup/office/status') === 'offline', 'offline after a kill');
  });

  it('comes back after the kill and complains of nothing', async () => {
    await nodeRed.start();
    await listener.until((heard) => heard.last('active-backup/office/status') === 'online', 'online after a kill');
    assert.deepEqual(nodeRed.complaints(), []);
  });
});
