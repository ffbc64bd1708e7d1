// The demo of `npm start`: a real Node-RED with a ready flow, a NAS (simulated unless given) and a broker (embedded unless given).
import { writeFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { livelyTasks, startSimulator } from '../test/simulator';
import { startBroker } from './start/broker';
import { type RunningNodeRed, startNodeRed } from './start/node-red';
import { demoFolder } from './start/paths';
import { freePort, isFree } from './start/ports';
import { type DemoSettings, readSettings, SettingError } from './start/settings';
import { prepareUserFolder } from './start/user-folder';

const editorPort = 1880;
const brokerPort = 18_830;

/** What was started, newest first: the order in which it ends. */
const ending: (() => Promise<void>)[] = [];
let nodeRed: RunningNodeRed | null = null;
let endingSinceMs: number | null = null;

/** Ends everything in reverse order. */
async function endAll(): Promise<void> {
  for (const end of ending.splice(0)) await end();
}

/** Ctrl-C may arrive several times, as npm forwards what the terminal has sent already: only a later one means hurry. */
function stop(): void {
  const nowMs = Date.now();
  if (endingSinceMs !== null) {
    if (nowMs - endingSinceMs > 3_000) {
      nodeRed?.kill();
      process.exit(1);
    }
    return;
  }
  endingSinceMs = nowMs;
  console.log('\nEnding …');
  void endAll().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

async function editorPortOf(settings: DemoSettings): Promise<number> {
  if (settings.port === null) {
    const port = await freePort(editorPort);
    if (port !== editorPort) console.log(`Port ${editorPort} is taken, so the editor is on port ${port}.`);
    return port;
  }
  if (settings.port !== 0 && !(await isFree(settings.port))) {
    throw new SettingError(`Port ${settings.port} (NODE_RED_PORT) is taken.`);
  }
  return freePort(settings.port);
}

/** The NAS: the given one, or a simulated one with three lively tasks behind a certificate of its own. */
async function nasFor(settings: DemoSettings, folder: string, timeZone: string) {
  if (settings.nas !== null) return { ...settings.nas, certificateFile: null, note: 'yours' };
  const simulator = await startSimulator({ tls: true, tasks: livelyTasks(), timeZone });
  ending.unshift(() => simulator.close());
  const certificateFile = join(folder, 'simulated-nas.pem');
  writeFileSync(certificateFile, simulator.certificatePem);
  const { url, username, password } = simulator;
  return { url, username, password, certificateFile, note: `simulated, user ${username}` };
}

async function brokerFor(settings: DemoSettings) {
  if (settings.broker !== null) return { ...settings.broker, note: 'yours' };
  const broker = await startBroker(await freePort(brokerPort));
  ending.unshift(() => broker.close());
  return { url: broker.url, username: '', password: '', note: 'embedded; topics active-backup/# and homeassistant/#' };
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const simulated = settings.nas === null;
  const port = await editorPortOf(settings);
  // One folder each, so that what is tried with a simulated NAS never meets a real one.
  const folder = join(demoFolder, simulated ? 'simulated-nas' : 'real-nas');
  mkdirSync(folder, { recursive: true });
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const nas = await nasFor(settings, folder, timeZone);
  const broker = await brokerFor(settings);
  const connections = {
    nas: {
      url: nas.url,
      slug: simulated ? 'demo' : 'nas',
      name: simulated ? 'Simulated NAS' : 'NAS',
      // Changing something is harmless on a simulated NAS; on a real one its owner must allow it first.
      allowChanges: simulated,
      timeZone,
    },
    certificateFile: nas.certificateFile,
    brokerUrl: broker.url,
  };
  prepareUserFolder(folder, connections, simulated);
  nodeRed = startNodeRed(
    folder,
    port,
    {
      NAS_USERNAME: nas.username,
      NAS_PASSWORD: nas.password,
      MQTT_USERNAME: broker.username,
      MQTT_PASSWORD: broker.password,
    },
    (line) => console.warn(line),
  );
  const running = nodeRed;
  ending.unshift(() => running.stop());
  await running.ready;
  void running.ended.then((code) => {
    if (endingSinceMs !== null) return;
    console.error(`Node-RED ended by itself, exit code ${code ?? 'none'}; its log is in ${folder}.`);
    endingSinceMs = Date.now();
    void endAll().finally(() => process.exit(1));
  });
  console.log(`
Active Backup for Microsoft 365 in Node-RED

  Editor   http://127.0.0.1:${port}/
  Broker   ${broker.url}   (${broker.note})
  NAS      ${nas.url}   (${nas.note})
  Files    ${relative(process.cwd(), folder)}   (delete it to begin anew)

Ctrl-C ends all of it.`);
}

// A shell between npm and this process dies of a signal without passing it on: then nobody is left to end the demo.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  stop();
}, 500);
watch.unref();

process.on('SIGINT', stop);
process.on('SIGTERM', stop);
process.on('SIGHUP', stop);

main().catch(async (error: unknown) => {
  if (endingSinceMs !== null) return;
  endingSinceMs = Date.now();
  console.error(error instanceof SettingError ? error.message : error);
  await endAll();
  process.exit(1);
});
