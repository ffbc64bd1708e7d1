// Node-RED as a child process of the demo: started, watched and ended together with it.
import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** Lines that Node-RED writes in a fresh user directory and that concern nobody. */
const unimportant = /Projects disabled|Encrypted credentials not found/;

/** How long an orderly end may take before the process is killed, milliseconds. */
const endTimeoutMs = 20_000;

/** A running Node-RED. */
export interface RunningNodeRed {
  /** Resolves when the flows run; rejects with the log's end when the process ends before. */
  ready: Promise<void>;
  /** Resolves with the exit code when the process has ended, whyever. */
  ended: Promise<number | null>;
  /** Ends it in an orderly way, and by force when that takes too long. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** Starts Node-RED. Its log goes to `node-red.log` in the folder, warnings and errors also to `warn`. */
export function startNodeRed(
  folder: string,
  port: number,
  env: Record<string, string>,
  warn: (line: string) => void,
): RunningNodeRed {
  const child = fork(
    require.resolve('node-red/red.js'),
    ['--userDir', folder, '--settings', join(folder, 'settings.js'), '--port', String(port)],
    {
      // A group of its own: Ctrl-C reaches this process only, which then ends Node-RED in an orderly way.
      detached: true,
      execArgv: [],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const ended = endOf(child);
  const logFile = createWriteStream(join(folder, 'node-red.log'));
  let recent = '';
  const ready = new Promise<void>((resolve, reject) => {
    void ended.then(() => reject(new Error(`Node-RED did not start:\n${recent}`)));
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new StringDecoder('utf8');
      let rest = '';
      stream?.on('data', (piece: Buffer) => {
        logFile.write(piece);
        const lines = (rest + decoder.write(piece)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          recent = `${recent}${line}\n`.slice(-4000);
          if (/\[(warn|error)\]/.test(line) && !unimportant.test(line)) warn(line);
          if (line.includes('Started flows')) resolve();
          if (line.includes('Waiting for missing types')) reject(new Error(`A node is missing:\n${recent}`));
        }
      });
    }
  });
  return {
    ready,
    ended,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), endTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
