// Where the Python clients live and what they are shown: their environment from PyPI, and the simulator in a process of its own.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const requirements = join(here, 'requirements.txt');

/** The root of the checkout. */
export const checkout = resolve(here, '../..');

/** Files that outlive a run and lie outside the checkout. */
export const cache = process.env.ABM_CACHE ?? join(homedir(), '.cache', 'nas-flows-m365');

/** Runs a command to its end; what it printed is shown only when it failed. */
export function must(command, args, what) {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.status !== 0)
    throw new Error(`${what}\n${done.error?.message ?? ''}${done.stdout ?? ''}${done.stderr ?? ''}`);
  return done.stdout;
}

/** A virtual environment with the pinned clients, made once for each set of versions and outside the checkout. */
export function python() {
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

/** Starts the simulator on its own; gives its JSON line as `nas`, and a way to end it. */
export async function startSimulator(args) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/simulator/cli.ts', '--port', '0', ...args], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.once('exit', done));
  const line = await Promise.race([
    new Promise((done) => createInterface({ input: child.stdout }).once('line', done)),
    ended.then(() => null),
  ]);
  if (line === null) throw new Error('The simulator ended before it was ready.');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { nas: JSON.parse(line), stop };
}

/**
 * Runs a script of Python or Node.js to its end. What it is given (secrets too) goes through a file of its own, whose
 * path is its last argument; gives what it wrote as JSON to the path in `result`, or null when it failed.
 */
export async function runScript(interpreter, script, given) {
  const [parcel, result] = ['given', 'result'].map((name) => join(cache, `${name}-${process.pid}.json`));
  writeFileSync(parcel, JSON.stringify({ ...given, result }), { mode: 0o600 });
  rmSync(result, { force: true });
  try {
    const child = spawn(interpreter, [...[script].flat(), parcel], {
      cwd: checkout,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONWARNINGS: 'ignore' },
    });
    const code = await new Promise((done) => child.once('exit', done));
    return code === 0 && existsSync(result) ? JSON.parse(readFileSync(result, 'utf8')) : null;
  } finally {
    rmSync(parcel, { force: true });
    rmSync(result, { force: true });
  }
}
