// The judge of the simulated NAS: the real Python clients, installed from PyPI, drive it over TLS.
// Prints a line for each check and ends with `peers: N passed, N failed`; exit code 1 when one failed.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const checkout = resolve(here, '../..');
const requirements = join(here, 'requirements.txt');
const cache = process.env.ABM_CACHE ?? join(homedir(), '.cache', 'nas-flows-m365');
const storedRecording = join(here, 'recorded-requests.json');

const HELP = `Usage: node test/peers/run.mjs [--record FILE] [--update]

  --record FILE  where the requests of synology-api are written (default: in the cache folder)
  --update       stores them as test/peers/recorded-requests.json too, instead of comparing with it`;

function fail(message) {
  console.error(message);
  console.log('peers: 0 passed, 1 failed');
  process.exit(1);
}

function readOptions() {
  try {
    const options = { record: { type: 'string' }, update: { type: 'boolean' }, help: { type: 'boolean' } };
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error.message}\n${HELP}`);
    process.exit(2);
  }
}

/** Runs a command to its end; what it printed is shown only when it failed. */
function must(command, args, what) {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.status !== 0) fail(`${what}\n${done.error?.message ?? ''}${done.stdout ?? ''}${done.stderr ?? ''}`);
  return done.stdout;
}

/** A virtual environment with the pinned clients, made once for each set of versions and outside the checkout. */
function python() {
  const version = must('python3', ['--version'], 'The peers need python3.');
  const hash = createHash('sha256').update(version).update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cache, `peers-${hash}`);
  const interpreter = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return interpreter;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  must('python3', ['-m', 'venv', folder], 'The peers need "python3 -m venv" (Debian: apt-get install python3-venv).');
  must(
    interpreter,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
    'The clients could not be installed from PyPI.',
  );
  writeFileSync(complete, version);
  return interpreter;
}

/** Starts the simulator on its own; gives its JSON line and a way to end it. */
async function startSimulator(args) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/simulator/cli.ts', '--port', '0', ...args], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('exit', done));
  const line = await Promise.race([
    new Promise((done) => createInterface({ input: child.stdout }).once('line', done)),
    ended.then(() => null),
  ]);
  if (line === null) fail('The simulator ended before it was ready.');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { ...JSON.parse(line), stop };
}

/** Runs a client's script to its end; gives its counts. */
async function runClient(interpreter, script, given) {
  rmSync(given.result, { force: true });
  const parcel = join(cache, `given-${process.pid}.json`);
  writeFileSync(parcel, JSON.stringify(given), { mode: 0o600 });
  const child = spawn(interpreter, [join(here, script), parcel], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' },
  });
  const code = await new Promise((done) => child.once('exit', done));
  rmSync(parcel, { force: true });
  if (code === 0 && existsSync(given.result)) return JSON.parse(readFileSync(given.result, 'utf8'));
  console.log(`FAIL ${script}: ended with ${code} before its last check`);
  return { passed: 0, failed: 1 };
}

/** Whether the requests of synology-api are those that the repository stores. */
function compareRecording(recording, update) {
  if (update) {
    writeFileSync(storedRecording, readFileSync(recording));
    const prettier = join(checkout, 'node_modules/prettier/bin/prettier.cjs');
    must(process.execPath, [prettier, '--write', storedRecording], 'The stored requests could not be formatted.');
  }
  const same =
    existsSync(storedRecording) &&
    JSON.stringify(JSON.parse(readFileSync(storedRecording, 'utf8'))) ===
      JSON.stringify(JSON.parse(readFileSync(recording, 'utf8')));
  const promise = 'the recorded requests of synology-api equal test/peers/recorded-requests.json';
  console.log(same ? `ok   ${promise}` : `FAIL ${promise} (new ones: ${recording}; --update stores them)`);
  return same ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const options = readOptions();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const interpreter = python();
const recording = resolve(options.record ?? join(cache, 'recorded-requests.json'));
rmSync(recording, { force: true });
const result = join(cache, `result-${process.pid}.json`);
const counts = [];

const sample = await startSimulator([
  ...['--tls', '--sample', '--control', '--record-values', '--virtual-clock', '2026-11-22T12:00:00Z'],
]);
const seed = join(here, 'seed-answers.json');
counts.push(await runClient(interpreter, 'synology_api_client.py', { ...sample, seed, recording, result }));
await sample.stop();
if (existsSync(recording)) counts.push(compareRecording(recording, options.update === true));
else counts.push({ passed: 0, failed: 1 });

const twoFactor = await startSimulator(['--tls', '--two-factor', '--control', '--tasks', '3']);
counts.push(await runClient(interpreter, 'py_synologydsm_client.py', { ...twoFactor, result }));
await twoFactor.stop();
rmSync(result, { force: true });

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`peers: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
