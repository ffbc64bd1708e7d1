// What the package does by itself: judging, publishing, its size, and how long it takes to load. Run by bench/run.mjs.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assessTask, readTaskList, type Task, type TaskMemory } from '../lib/active-backup';
import { createPublisher } from '../lib/home-assistant';
import { connectBroker } from '../lib/mqtt';
import { startBroker } from '../scripts/start/broker';
import { rootFolder } from '../test/helpers/cache-folder';
import { MqttListener } from '../test/helpers/mqtt-listener';
import { quietNpm } from '../test/helpers/packed-package';
import { context, seedAnswer } from '../test/unit/active-backup/model/support';
import { FakeMonitor } from '../test/unit/home-assistant/fake-monitor';
import { manyTasks, settings, snapshot } from '../test/unit/home-assistant/fixtures';

/** One answer of the NAS with so many tasks, read and judged as at each poll. */
function judge(count: number): { tasks: number; ms: number } {
  const seed = seedAnswer();
  const tasks = Array.from({ length: count }, (_unused, index) => ({ ...seed.tasks[0], task_id: index + 1 }));
  const answer = { ...seed, tasks };
  let memories: (TaskMemory | null)[] = tasks.map(() => null);
  const poll = (): void => {
    const list = readTaskList(answer);
    memories = list.tasks.map(
      (wire, index) => assessTask(wire, list.eventLog, memories[index] ?? null, context()).memory,
    );
  };
  // The engine compiles during the first polls.
  for (let warmUp = 0; warmUp < 20; warmUp += 1) poll();
  const began = performance.now();
  const polls = 10;
  for (let done = 0; done < polls; done += 1) poll();
  return { tasks: count, ms: (performance.now() - began) / polls };
}

interface Phase {
  name: string;
  messages: number;
  bytes: number;
}

/** What goes over the wire for a publisher with so many tasks. */
async function publish(count: number): Promise<{ tasks: number; phases: Phase[] }> {
  const broker = await startBroker();
  const listener = await MqttListener.connect(broker.url);
  const monitor = new FakeMonitor();
  const publisher = createPublisher({
    id: 'bench',
    monitor,
    connect: (will) => connectBroker({ url: broker.url, options: {}, clientId: 'bench', will }),
    settings: settings(),
    commands: { run: () => Promise.resolve(), cancel: () => Promise.resolve(), refresh: () => Promise.resolve() },
    log: () => undefined,
  });
  const phases: Phase[] = [];
  const phase = async (name: string, seen: Task[]): Promise<void> => {
    const from = listener.heard.length;
    monitor.poll(snapshot(seen));
    let before = -1;
    while (before !== listener.heard.length) {
      before = listener.heard.length;
      await delay(5000);
    }
    const heard = listener.heard.slice(from);
    const bytes = heard.reduce((sum, { topic, text }) => sum + Buffer.byteLength(topic + text), 0);
    phases.push({ name, messages: heard.length, bytes });
  };
  try {
    const tasks = manyTasks(count);
    publisher.start();
    await phase('the first time', tasks);
    await phase('a poll without a change', tasks);
    const [first, ...others] = tasks;
    await phase('one task begins to run', [{ ...first!, activity: 'running' }, ...others]);
    return { tasks: count, phases };
  } finally {
    await publisher.close({ removed: false });
    await listener.close();
    await broker.close();
  }
}

/** What is shipped. */
function packageSizes(): { name: string; bytes: number }[] {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: rootFolder,
    env: quietNpm,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [report] = JSON.parse(output) as { size: number; files: { path: string; size: number }[] }[];
  const files = report!.files.filter(({ path }) => !/\.(svg|png)$/.test(path));
  return [
    { name: 'to download', bytes: report!.size },
    { name: 'unpacked, without icons', bytes: files.reduce((sum, { size }) => sum + size, 0) },
  ];
}

/** The median time of a new process that loads a module. */
function load(name: string, code: string): { name: string; ms: number } {
  const times = Array.from({ length: 9 }, () => {
    const began = performance.now();
    execFileSync(process.execPath, ['-e', code], { cwd: rootFolder });
    return performance.now() - began;
  });
  times.sort((left, right) => left - right);
  return { name, ms: times[4]! };
}

async function main(): Promise<void> {
  const { result } = JSON.parse(readFileSync(process.argv.at(-1) ?? '', 'utf8')) as { result: string };
  const bundle = JSON.stringify(join(rootFolder, 'dist', 'active-backup.js'));
  const measured = {
    judging: [1, 100, 1000].map(judge),
    publishing: await publish(100),
    package: packageSizes(),
    loading: [
      load('bare Node.js', ''),
      load('axios alone', 'require("axios")'),
      load('mqtt alone', 'require("mqtt")'),
      load('this package', `require(${bundle})`),
    ],
  };
  writeFileSync(result, JSON.stringify(measured));
}

void main();
