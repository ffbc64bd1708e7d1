// Child processes, free ports and waiting, for the parts of this harness that start real programs.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How a command is run. */
export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Text for the command's standard input. */
  readonly input?: string;
}

/**
 * Runs a command to its end and answers its standard output.
 * @throws Error with the last lines of its output when it cannot start or ends with anything but 0.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(command, args, { env: options.env ?? process.env, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let all = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    all += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    all += chunk.toString();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    const tail = all.trimEnd().split('\n').slice(-15).join('\n');
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? 'a signal'}:\n${tail}`);
  }
  return output;
}

/** The same as {@link run}, but null where the command is missing or fails. */
export async function tryRun(command: string, args: readonly string[]): Promise<string | null> {
  try {
    return await run(command, args);
  } catch {
    return null;
  }
}

const adopted = new Set<ChildProcess>();
let watching = false;

/** Ends what is still running; a test that crashes must not leave a broker or a Home Assistant behind. */
function endAdopted(): void {
  for (const child of adopted) child.kill('SIGKILL');
}

/** Makes sure that a long-running child ends with this process, however this process ends (but for SIGKILL). */
export function adopt<T extends ChildProcess>(child: T): T {
  if (!watching) {
    watching = true;
    process.on('exit', endAdopted);
    // Without a listener these signals end the process without its exit event.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  }
  adopted.add(child);
  child.once('exit', () => adopted.delete(child));
  return child;
}

/** Whether a process has ended, by itself or by a signal. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Ends one child process: politely, and after `patienceMs` by force. Resolves when it is gone. */
export async function stopProcess(child: ChildProcess, patienceMs = 20_000): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(force);
}

/** A TCP port of 127.0.0.1 that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server without a port.');
  const { port } = address;
  server.close();
  await once(server, 'close');
  return port;
}

/** How long to wait, and how often to look. */
export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Looks until `check` answers something other than null, undefined and false, and answers that.
 * A check that throws is asked again; its last error is told when the time is up.
 * @throws Error "waited N s for …" when the time is up.
 */
export async function waitUntil<T>(
  what: string,
  check: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  { timeoutMs = 30_000, everyMs = 200 }: WaitOptions = {},
): Promise<T> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    let reason = '';
    try {
      const found = await check();
      if (found !== null && found !== undefined && found !== false) return found;
    } catch (error) {
      reason = ` (${error instanceof Error ? error.message : String(error)})`;
    }
    if (Date.now() >= endMs) {
      throw new Error(`Waited ${Math.round(timeoutMs / 1000)} s for ${what}${reason}`);
    }
    await delay(everyMs);
  }
}
