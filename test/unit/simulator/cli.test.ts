// The simulator on its own: one JSON line, a clean end, clear refusals.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { startSimulator, livelyTasks } from '../../simulator';
import { readCommandLine } from '../../simulator/cli-options';
import { login, openSession } from './plain-client';

const CHECKOUT = join(__dirname, '../../..');

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'test/simulator/cli.ts', ...args], {
    cwd: CHECKOUT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outputOf(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

describe('simulator: command line', () => {
  it('prints exactly one JSON line when it is ready, serves, and ends at SIGTERM and SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const child = start('--port', '0', '--tls', '--tasks', '3', '--two-factor');
      const output = outputOf(child);
      const line = await new Promise<string>((resolve) => {
        createInterface({ input: child.stdout ?? process.stdin }).once('line', resolve);
      });
      const ready = JSON.parse(line) as { url: string; username: string; password: string; otp: string };
      assert.deepEqual(Object.keys(ready), ['url', 'username', 'password', 'otp']);
      assert.match(ready.url, /^https:\/\/127\.0\.0\.1:\d+$/);
      assert.equal((await login(ready)).json.error?.code, 403);
      const session = await openSession(ready, { otp_code: ready.otp });
      assert.equal((await session.abm('list_tasks')).json.data?.tasks?.length, 3);
      child.kill(signal);
      const { code, stdout, stderr } = await output;
      assert.deepEqual([code, stdout, stderr], [0, `${line}\n`, '']);
    }
  });

  it('refuses a bad option with exit code 2 and says what would be right', async () => {
    const { code, stdout, stderr } = await outputOf(start('--tasks', 'many'));
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /--tasks must be a whole number/);
  });

  it('names what is wrong with each option', () => {
    const cases: [string[], RegExp][] = [
      [['--nothing'], /--nothing/],
      [['--tls', '--http'], /exclude each other/],
      [['--lively', '--tasks', '2'], /exclude each other/],
      [['--port', '70000'], /65535/],
      [['--otp', '12'], /six digits/],
      [['--time-zone', 'Mars/Olympus'], /IANA/],
      [['--dsm', '5'], /--dsm/],
      [['--virtual-clock', 'noon'], /ISO/],
    ];
    for (const [args, message] of cases) {
      const read = readCommandLine(args);
      assert.match(read.kind === 'error' ? read.message : read.kind, message, args.join(' '));
    }
    assert.equal(readCommandLine(['--help']).kind, 'help');
    assert.equal(readCommandLine([]).kind, 'start');
  });

  it('has three lively tasks: one fine, one failing, one running for minutes', async () => {
    const nas = await startSimulator({ tasks: livelyTasks() });
    try {
      const session = await openSession(nas);
      const [fine, failing, busy] = (await session.abm('list_tasks')).json.data?.tasks ?? [];
      assert.deepEqual([fine?.status, fine?.enable_schedule], [1, true]);
      assert.notEqual(failing?.task_status_error_code, 0);
      assert.deepEqual([busy?.status, busy?.backup_policy], [4, 0]);
    } finally {
      await nas.close();
    }
  });
});
