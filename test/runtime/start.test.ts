// The demo of `npm start`, as a stranger meets it: what it prints, what is on its broker, and how it ends.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootFolder } from '../helpers/cache-folder';
import { MqttListener } from '../helpers/mqtt-listener';
import { AdminApi } from '../helpers/node-red-admin';
import { ProcessLog } from '../helpers/node-red-log';

interface Demo {
  child: ChildProcess;
  output: ProcessLog;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
}

/** Whether something listens at the address. */
function listens(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

describe('the demo', function () {
  this.timeout(60_000);
  let folder: string;
  let demo: Demo | null = null;

  const start = (env: Record<string, string> = {}): Demo => {
    const child = spawn(process.execPath, ['--import', 'tsx', join(rootFolder, 'scripts', 'start.ts')], {
      cwd: rootFolder,
      env: { ...process.env, NODE_OPTIONS: '', NODE_RED_PORT: '0', DEMO_FOLDER: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = new ProcessLog();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => output.add(piece));
    }
    demo = { child, output, ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))) };
    return demo;
  };

  const addresses = async ({ child, output }: Demo): Promise<Record<string, string>> => {
    const gone = (): string | null => (child.exitCode === null ? null : 'The demo ended');
    await output.waitFor(/Ctrl-C ends all of it/, 0, 50_000, gone);
    const lines = [...output.text.matchAll(/^ +(Editor|Broker|NAS) +(\S+)/gm)];
    return Object.fromEntries(lines.map(([, name, address]) => [name ?? '', address ?? '']));
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'demo-'));
  });
  afterEach(async () => {
    demo?.child.kill('SIGKILL');
    await demo?.ended;
    demo = null;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const time of ['first', 'second']) {
    it(`shows four devices at its ${time} start, and leaves nothing running`, async () => {
      const running = start();
      const { Editor, Broker, NAS } = await addresses(running);
      assert.ok(Editor && Broker && NAS, running.output.text);
      assert.match(Editor, /^http:\/\/127\.0\.0\.1:\d+\/$/);
      assert.match(Broker, /^mqtt:\/\/127\.0\.0\.1:\d+$/);
      assert.match(NAS, /^https:\/\/127\.0\.0\.1:\d+$/);
      const listener = await MqttListener.connect(Broker);
      const documents = ['', '_task_1', '_task_2', '_task_3'].map((end) => `active_backup_demo${end}`);
      await listener.until(
        (heard) =>
          documents.every((name) => heard.last(`homeassistant/device/${name}/config`)) &&
          [1, 2, 3].every((id) => heard.last(`active-backup/demo/task/${id}/state`)) &&
          heard.last('active-backup/demo/status') === 'online',
        'four documents and three states',
      );
      await listener.close();
      const flows = await new AdminApi(Editor).flows();
      assert.ok(flows.some((node) => node.type === 'active-backup-run-backup'));
      // As npm does: what the terminal sent already is sent once more.
      running.child.kill('SIGINT');
      running.child.kill('SIGINT');
      assert.equal(await running.ended, 0);
      for (const address of [Editor, Broker, NAS]) assert.equal(await listens(address), false, address);
    });
  }

  it('complains of nothing, and writes no password into its files', () => {
    const log = readFileSync(join(folder, 'simulated-nas', 'node-red.log'), 'utf8');
    assert.doesNotMatch(log, /\[error\]|Uncaught/);
    const credentials = readFileSync(join(folder, 'simulated-nas', 'flows_cred.json'), 'utf8');
    assert.match(credentials, /\$\{NAS_PASSWORD\}/);
  });

  it('says what is wrong with a setting, and ends', async () => {
    const wrong: [Record<string, string>, RegExp][] = [
      [{ NAS_URL: 'https://nas.example:5001' }, /NAS_USERNAME and NAS_PASSWORD/],
      [{ NODE_RED_PORT: 'many' }, /NODE_RED_PORT must be/],
      [{ MQTT_URL: 'http://broker.example' }, /MQTT_URL must be/],
    ];
    for (const [env, message] of wrong) {
      const running = start(env);
      assert.equal(await running.ended, 1);
      assert.match(running.output.text, message);
    }
  });
});
