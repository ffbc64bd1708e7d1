// A real Mosquitto on free ports: with a password, TLS and WebSockets where a test asks for them.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { requireProgram } from './debian';
import { adopt, freePort, hasEnded, run, stopProcess, waitUntil } from './processes';

/** What the broker demands and offers. Every listener speaks MQTT 3.1, 3.1.1 and 5, as Mosquitto always does. */
export interface MosquittoOptions {
  /** Only this user may connect; without it everybody may. */
  readonly login?: { readonly username: string; readonly password: string };
  /** Listens with TLS too, with a certificate made for this run. */
  readonly tls?: boolean;
  /** Listens for WebSockets too (and for secure ones, with `tls`). */
  readonly websockets?: boolean;
}

/** A running broker. Ports stay the same over restarts. */
export interface Mosquitto {
  readonly host: '127.0.0.1';
  /** The port without TLS. */
  readonly port: number;
  /** `mqtt://127.0.0.1:<port>`, and the other listeners where they were asked for. */
  readonly urls: { readonly mqtt: string; readonly mqtts?: string; readonly ws?: string; readonly wss?: string };
  /** The certificate authority (PEM) of the TLS listeners; empty without TLS. */
  readonly certificateAuthority: string;
  /** Everything that the broker wrote so far. */
  log(): string;
  /** Ends the broker; what it held stays on disk for the next `start`. */
  stop(): Promise<void>;
  /** Starts the broker again, with all retained messages or with none. */
  start(store: 'kept' | 'empty'): Promise<void>;
  /** Stop and start. */
  restart(store: 'kept' | 'empty'): Promise<void>;
  /** Ends the broker and removes its files. */
  dispose(): Promise<void>;
}

/** Whether something accepts connections on this port. */
async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A certificate for 127.0.0.1 and localhost that is its own authority. */
async function certificate(): Promise<{ private: string; cert: string }> {
  return generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
}

/** Starts a broker and resolves when it accepts connections on every listener. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const program = await requireProgram('mosquitto');
  const folder = await mkdtemp(join(tmpdir(), 'mosquitto-'));
  const port = await freePort();
  const urls: { mqtt: string; mqtts?: string; ws?: string; wss?: string } = { mqtt: `mqtt://127.0.0.1:${port}` };
  const listeners = [`listener ${port} 127.0.0.1`];
  const ports = [port];
  let certificateAuthority = '';
  const secure = [`certfile ${join(folder, 'cert.pem')}`, `keyfile ${join(folder, 'key.pem')}`];
  const listen = async (...lines: string[]): Promise<number> => {
    const another = await freePort();
    listeners.push(`listener ${another} 127.0.0.1`, ...lines);
    ports.push(another);
    return another;
  };
  if (options.tls === true) {
    const pems = await certificate();
    certificateAuthority = pems.cert;
    await writeFile(join(folder, 'cert.pem'), pems.cert);
    await writeFile(join(folder, 'key.pem'), pems.private, { mode: 0o600 });
    urls.mqtts = `mqtts://localhost:${await listen(...secure)}`;
  }
  if (options.websockets === true) {
    urls.ws = `ws://127.0.0.1:${await listen('protocol websockets')}`;
    if (options.tls === true) urls.wss = `wss://localhost:${await listen('protocol websockets', ...secure)}`;
  }
  const passwordFile = join(folder, 'passwords');
  if (options.login !== undefined) {
    const { username, password } = options.login;
    await run(await requireProgram('mosquitto_passwd'), ['-c', '-b', passwordFile, username, password]);
  }
  const store = join(folder, 'mosquitto.db');
  const configuration = [
    // Started by root, Mosquitto becomes another user that may not read this folder.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    ...(options.login === undefined ? ['allow_anonymous true'] : [`password_file ${passwordFile}`]),
    'persistence true',
    `persistence_location ${folder}/`,
    'log_dest stderr',
    'log_type all',
    'connection_messages true',
    ...listeners,
  ];
  const file = join(folder, 'mosquitto.conf');
  await writeFile(file, `${configuration.join('\n')}\n`);

  let child: ChildProcess | null = null;
  let log = '';
  const start = async (keep: 'kept' | 'empty'): Promise<void> => {
    if (keep === 'empty') await rm(store, { force: true });
    const broker = adopt(spawn(program, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] }));
    child = broker;
    broker.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    await waitUntil('Mosquitto to listen', async () => {
      if (hasEnded(broker)) throw new Error(`Mosquitto ended: ${log.slice(-500)}`);
      const answers = await Promise.all(ports.map(accepts));
      return answers.every(Boolean);
    });
  };
  const stop = async (): Promise<void> => {
    if (child !== null) await stopProcess(child);
    child = null;
  };
  await start('empty');
  return {
    host: '127.0.0.1',
    port,
    urls,
    certificateAuthority,
    log: () => log,
    stop,
    start,
    restart: async (keep) => {
      await stop();
      await start(keep);
    },
    dispose: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
