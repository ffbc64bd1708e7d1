// The example flows as a user imports them: every one deploys in a real Node-RED, with nothing missing.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Endings } from '../helpers/endings';
import { rootFolder } from '../helpers/cache-folder';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { type FlowNode } from '../helpers/probe';
import { type EmbeddedBroker, startBroker } from '../../scripts/start/broker';
import { livelyTasks, type Simulator, startSimulator } from '../simulator';
import { ledToTest } from './nas-flow';

const folder = join(rootFolder, 'examples');
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, flow: JSON.parse(readFileSync(join(folder, name), 'utf8')) as FlowNode[] }));

describe('the example flows', function () {
  this.timeout(60_000);
  const endings = new Endings();
  let nodeRed: NodeRedProcess;
  let nas: Simulator;
  let broker: EmbeddedBroker;

  before(async () => {
    nas = endings.add(await startSimulator({ tasks: livelyTasks() }), (one) => one.close());
    broker = endings.add(await startBroker(), (one) => one.close());
    nodeRed = endings.add(await startNodeRed(), (one) => one.stop());
  });
  after(() => endings.all());

  it('are there', () => {
    assert.ok(examples.length > 0);
  });

  for (const { name, flow } of examples) {
    it(`${name} deploys without a complaint`, async () => {
      const from = nodeRed.log().length;
      await nodeRed.deploy(ledToTest(flow, nas, broker.url));
      assert.deepEqual(nodeRed.output.complaints(from), []);
    });

    it(`${name} holds no credentials and explains itself`, () => {
      assert.ok(flow.every((node) => node.credentials === undefined));
      assert.ok(flow.some((node) => node.type === 'comment'));
    });
  }
});
