// Secrets in a real Node-RED: whatever goes well or wrong, none of them is found anywhere outside the encrypted credentials.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Endings } from '../helpers/endings';
import { MqttListener } from '../helpers/mqtt-listener';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { probed } from '../helpers/probe';
import { type EmbeddedBroker, startBroker } from '../../scripts/start/broker';
import { type FaultSpec, type Simulator, startSimulator } from '../simulator';
import { bare, brokerNode, codeOf, nasNode } from './nas-flow';

/** The name that the nodes give their device. */
const deviceName = 'Node-RED Active Backup for Microsoft 365';

/** Gets a device token the way a person does once: with the code of the day. */
async function deviceTokenOf(nas: Simulator): Promise<string> {
  const body = new URLSearchParams({
    api: 'SYNO.API.Auth',
    version: '7',
    method: 'login',
    account: nas.username,
    passwd: nas.password,
    otp_code: nas.otp,
    enable_device_token: 'yes',
    device_name: deviceName,
    format: 'sid',
  });
  const response = await fetch(`${nas.url}/webapi/entry.cgi`, { method: 'POST', body });
  const answer = (await response.json()) as { data?: { did?: string; device_id?: string } };
  const token = answer.data?.did ?? answer.data?.device_id;
  assert.ok(token, JSON.stringify(answer));
  return token;
}

/** The forms in which a secret could be written somewhere. */
function disguises(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret, 'utf8').toString('base64').replace(/=+$/, ''),
    Buffer.from(secret, 'utf8').toString('hex'),
  ];
}

/** All files of a folder as texts, without installed modules. */
function filesOf(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') return [];
    if (statSync(path).isDirectory()) return filesOf(path);
    return [{ path, text: readFileSync(path, 'utf8') }];
  });
}

describe('secrets in a real Node-RED', function () {
  this.timeout(60_000);
  const endings = new Endings();
  let broker: EmbeddedBroker;
  let listener: MqttListener;
  let nas: Simulator;
  let nodeRed: NodeRedProcess;
  let deviceToken: string;
  const everSecret = new Set<string>();

  const noteSecrets = (): void => {
    for (const secret of nas.secrets()) everSecret.add(secret);
  };

  before(async () => {
    broker = endings.add(await startBroker(), (one) => one.close());
    listener = endings.add(await MqttListener.connect(broker.url), (one) => one.close());
    nas = endings.add(
      await startSimulator({
        tasks: 2,
        twoFactor: true,
        password: 'canary "pass" wörd & 100%',
        autoBlock: { enabled: false },
      }),
      (one) => one.close(),
    );
    deviceToken = await deviceTokenOf(nas);
    everSecret.add(deviceToken);
    noteSecrets();
    nodeRed = endings.add(await startNodeRed(), (one) => one.stop());
    const wrongPassword = 'canary of a wrong password';
    everSecret.add(wrongPassword);
    await nodeRed.deploy([
      nasNode(nas, { credentials: { deviceToken }, timeoutSeconds: 2, allowChanges: true, pollRunningSeconds: 1 }),
      brokerNode(broker.url),
      { ...nasNode(nas, { credentials: { password: wrongPassword } }), id: 'wrong', slug: 'wrong_password' },
      ...probed(bare('get-tasks')),
      ...probed(bare('run-backup')),
      ...probed({ ...bare('get-tasks'), id: 'refused', nas: 'wrong' }),
      ...probed(bare('home-assistant', { broker: 'broker' })),
    ]);
  });
  after(() => endings.all());

  it('logs in with the device token', async () => {
    const result = await nodeRed.call('get-tasks', {});
    assert.equal(result.error, null, result.error?.message);
    noteSecrets();
  });

  it('answers every fault with a code of its own', async () => {
    const faults: FaultSpec[] = [
      { kind: 'html', status: 502 },
      { kind: 'truncated' },
      { kind: 'empty' },
      { kind: 'reset' },
      { kind: 'hang' },
      { kind: 'code', code: 102 },
      { kind: 'code', code: 105 },
      { kind: 'redirect', status: 302, location: 'http://127.0.0.1:9/' },
    ];
    for (const spec of faults) {
      const fault = nas.faults.add({ ...spec, method: 'list_tasks' });
      const result = await nodeRed.call('get-tasks', {});
      fault.clear();
      assert.match(codeOf(result) ?? '', /^[A-Z_]+$/, `${spec.kind}: ${JSON.stringify(result.error)}`);
      noteSecrets();
    }
    const good = await nodeRed.call('get-tasks', {});
    assert.equal(good.error, null, good.error?.message);
  });

  it('renews lost sessions and refuses a wrong password', async () => {
    nas.kickSessions();
    assert.equal((await nodeRed.call('get-tasks', {})).error, null);
    noteSecrets();
    nas.faults.add({ kind: 'code', code: 119, method: 'list_tasks', times: 1 });
    assert.equal((await nodeRed.call('get-tasks', {})).error, null);
    noteSecrets();
    assert.equal(codeOf(await nodeRed.call('refused', {})), 'AUTH_FAILED');
    nas.task(1).script({ outcome: 'failed', durationSeconds: 1 });
    await nodeRed.call('run-backup', { payload: { taskId: 1, wait: true } }, 40_000);
    await nodeRed.call('home-assistant', { payload: 'refresh' });
    noteSecrets();
  });

  it('has put no secret into log, status, error, message, flow file, context, memory or MQTT', async () => {
    await nodeRed.restart();
    assert.equal((await nodeRed.call('get-tasks', {})).error, null);
    noteSecrets();
    const context = await nodeRed.admin.request('context/global');
    const places: { path: string; text: string }[] = [
      { path: 'the log', text: nodeRed.log() },
      { path: 'what the probes saw', text: JSON.stringify(nodeRed.records) },
      { path: 'the context', text: context.text },
      { path: 'the flows as the editor gets them', text: JSON.stringify(await nodeRed.admin.flows()) },
      { path: 'MQTT', text: JSON.stringify(listener.heard) },
      ...filesOf(nodeRed.userDir),
    ];
    assert.ok(listener.heard.length > 0 && nodeRed.log().length > 1000 && everSecret.size > 5);
    const found = places.flatMap(({ path, text }) =>
      [...everSecret]
        .filter((secret) => secret.length >= 4 && disguises(secret).some((form) => text.includes(form)))
        .map((secret) => `${secret.slice(0, 3)}… in ${path}`),
    );
    assert.deepEqual(found, []);
  });

  it('sent no secret in an address', () => {
    assert.deepEqual(
      nas.requests.flatMap((request) => request.secretsInUrl),
      [],
    );
  });
});
