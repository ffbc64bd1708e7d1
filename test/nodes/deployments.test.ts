// What living nodes make of a deployment of others: of their connection, or of one that gets in its way.
import assert from 'node:assert/strict';
import { type EmbeddedBroker, startBroker } from '../../scripts/start/broker';
import { MqttListener } from '../helpers/mqtt-listener';
import { bare, brokerNode, codeOf, nasNode } from '../runtime/nas-flow';
import { type Bench, type BenchOptions, startBench, stopBenches } from './bench';

const notConfigured = { fill: 'red', shape: 'ring', text: 'not configured' };
const cleared = { fill: undefined, shape: undefined, text: undefined };

/** The connections named by variables, as in a subflow: Node-RED then does not see whom a node belongs to. */
const environment = { ABM_TEST_NAS: 'nas', ABM_TEST_BROKER: 'broker' };
const byVariable = { nas: '${ABM_TEST_NAS}', broker: '${ABM_TEST_BROKER}' };

/** A second connection to the same NAS. */
function secondNas(slug: string): NonNullable<BenchOptions['beside']>[number] {
  return {
    ...nasNode({ url: 'http://127.0.0.1:9', username: 'a', password: 'b' }, { slug }),
    id: 'nas-2',
  };
}

describe('a deployment', function () {
  this.timeout(30_000);
  let bench: Bench;
  let broker: EmbeddedBroker;
  let listener: MqttListener;

  before(async () => {
    Object.assign(process.env, environment);
    broker = await startBroker();
    listener = await MqttListener.connect(broker.url);
  });
  afterEach(stopBenches);
  after(async () => {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
    await listener.close();
    await broker.close();
  });

  const last = (name: string): string | undefined => listener.last(`active-backup/office/${name}`);
  const online = (what: string): Promise<void> => {
    const from = listener.heard.length;
    return listener.until(
      ({ heard }) => heard.slice(from).some(({ topic, text }) => topic.endsWith('/status') && text === 'online'),
      what,
    );
  };
  const warnings = (id: string): string[] => {
    const told: string[] = [];
    const node: NodeJS.EventEmitter = bench.node(id);
    node.on('call:warn', ({ args }: { args: [string] }) => told.push(args[0]));
    return told;
  };

  /** The badge, once a Status node has told it. */
  const badge = async (id: string, text: string | undefined): Promise<void> => {
    await bench.seen(() => bench.statusOf(id) !== null && bench.statusOf(id)?.text === text);
    assert.deepEqual(bench.statusOf(id), text === undefined ? cleared : notConfigured);
  };

  it('of its NAS is followed by a publisher, however that is named', async () => {
    const started = online('online');
    bench = await startBench([{ ...bare('home-assistant'), ...byVariable }], {
      nas: { tasks: 1 },
      beside: [brokerNode(broker.url)],
    });
    await started;
    const told = warnings('home-assistant');
    const again = online('online again');
    await bench.deploy({ nas: { timeoutSeconds: 20 } });
    await again;
    const { outputs, error } = await bench.call('home-assistant', { payload: 'refresh' });
    assert.equal(error, null, error?.message);
    assert.equal((outputs[0]!.msg.payload as { tasks: number }).tasks, 1);
    assert.deepEqual(told, []);
  });

  it('of its broker is followed by a publisher, and what comes meanwhile waits', async () => {
    const other = await startBroker();
    const there = await MqttListener.connect(other.url);
    const started = online('online');
    bench = await startBench([{ ...bare('home-assistant'), ...byVariable }], {
      nas: { tasks: 1 },
      beside: [brokerNode(broker.url)],
    });
    await started;
    await bench.deploy({ broker: { port: String(other.port) } });
    const { error } = await bench.call('home-assistant', { payload: 'refresh' });
    assert.equal(error, null, error?.message);
    await there.until((heard) => heard.last('active-backup/office/status') === 'online', 'online there');
    assert.equal(last('status'), 'offline');
    await stopBenches();
    await there.close();
    await other.close();
  });

  it('that repairs a connection starts its publisher and its watch, and clears the badges of its actions', async () => {
    const told = online('online');
    bench = await startBench(
      [bare('home-assistant', { broker: 'broker' }), bare('watch', { events: ['polled'] }), bare('get-tasks')],
      { nas: { tasks: 1 }, beside: [brokerNode(broker.url), secondNas('office')] },
    );
    for (const id of ['home-assistant', 'watch', 'get-tasks']) await badge(id, 'not configured');
    await bench.deploy({ 'nas-2': { slug: 'other' } });
    await told;
    await bench.seen(({ about, kind }) => about === 'watch' && kind === 'output');
    assert.equal(bench.statusOf('watch')?.text, '1 task');
    assert.match(bench.statusOf('home-assistant')?.text ?? '', /^broker /);
    await badge('get-tasks', undefined);
  });

  it('that gives another NAS the same slug ends watch and publisher until it is repaired', async () => {
    const started = online('online');
    bench = await startBench(
      [bare('home-assistant', { broker: 'broker' }), bare('watch', { events: ['polled'] }), bare('get-tasks')],
      { nas: { tasks: 2 }, beside: [brokerNode(broker.url), secondNas('other')] },
    );
    await started;
    bench.nas.task(2).start({ outcome: 'hung' });
    await bench.ask('get-tasks');
    const told = [warnings('home-assistant'), warnings('watch')];
    await bench.deploy({ 'nas-2': { slug: 'office' } });
    await listener.until(() => last('status') === 'offline', 'offline');
    for (const id of ['home-assistant', 'watch', 'get-tasks']) {
      await badge(id, 'not configured');
      assert.equal(codeOf(await bench.call(id, {})), 'NOT_CONFIGURED', id);
    }
    for (const one of told) assert.match(one.join(), /^Two connections have the slug "office"/);
    const seen = [bench.nas.count('list_tasks'), listener.heard.length, bench.records.length];
    // A run is polled every second.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual([bench.nas.count('list_tasks'), listener.heard.length, bench.records.length], seen);
    const again = online('online again');
    const from = bench.records.length;
    await bench.deploy({ 'nas-2': { slug: 'other' } });
    await again;
    await bench.seen((record) => bench.records.indexOf(record) >= from && record.msg.topic === 'polled');
  });

  it('of a NAS that a watch names by a variable is no reason to warn, and the watch goes on', async () => {
    bench = await startBench([{ ...bare('watch'), nas: byVariable.nas, events: ['polled'] }], { nas: { tasks: 1 } });
    await bench.seen(({ msg }) => msg.topic === 'polled');
    const told = warnings('watch');
    const from = bench.records.length;
    await bench.deploy({ nas: { timeoutSeconds: 20 } });
    await bench.seen((record) => bench.records.indexOf(record) >= from && record.msg.topic === 'polled');
    assert.deepEqual(told, []);
    assert.equal(bench.statusOf('watch')?.fill, 'green');
  });

  it('shows in the badge of a watch of all NASes that one of them cannot be watched', async () => {
    bench = await startBench([{ ...bare('watch'), nas: '', allNas: true, events: ['polled'] }], {
      nas: { tasks: 1 },
      beside: [{ ...secondNas('other'), credentials: {} }],
    });
    await bench.seen(({ msg }) => msg.topic === 'polled');
    await badge('watch', 'not configured');
    const told = warnings('watch');
    await bench.deploy({ 'nas-2': { d: true } });
    await bench.seen(() => bench.statusOf('watch')?.text === '1 task');
    assert.deepEqual(told, []);
  });

  it('clears what the badge of a node said that it makes anew, and of no other', async () => {
    bench = await startBench([bare('get-tasks'), bare('workers')], { nas: { tasks: 1 } });
    await badge('get-tasks', undefined);
    await bench.ask('get-tasks');
    await bench.restart('workers');
    await badge('workers', undefined);
    assert.equal(bench.statusOf('get-tasks')?.text, '1 task');
    await bench.restart('get-tasks');
    await badge('get-tasks', undefined);
  });

  it('needs no NAS of their own for tasks of all NASes', async () => {
    bench = await startBench(
      [
        { ...bare('get-tasks'), nas: undefined, allNas: true, allNasType: 'bool' },
        { ...bare('get-tasks'), id: 'typed by hand', nas: '', allNas: true },
        { ...bare('get-tasks'), id: 'by one', nas: '', allNas: 'false', allNasType: 'bool' },
      ],
      { nas: { tasks: 1 } },
    );
    for (const id of ['get-tasks', 'typed by hand']) {
      await badge(id, undefined);
      assert.equal(((await bench.ask(id)) as unknown as unknown[]).length, 1);
    }
    await badge('by one', 'not configured');
  });

  it('ends a refresh of a publisher with ABORTED that its NAS has not answered', async () => {
    const started = online('online');
    bench = await startBench([bare('home-assistant', { broker: 'broker' })], {
      nas: { tasks: 1 },
      beside: [brokerNode(broker.url)],
    });
    await started;
    bench.nas.faults.add({ kind: 'hang', api: 'SYNO.ActiveBackupOffice365' });
    const codes = bench.errorsOf('home-assistant');
    bench.send('home-assistant', { payload: 'refresh' });
    while (!bench.nas.requests.some(({ fault }) => fault === 'hang')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await bench.restart('home-assistant');
    assert.deepEqual(codes, ['ABORTED']);
  });
});
