// A real Home Assistant as a child process, with the few questions and actions that the tests need.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { findForbiddenLines } from './forbidden-log-lines';
import {
  addMqtt,
  mqttEntryId,
  onboard,
  request,
  writeConfiguration,
  type BrokerSettings,
} from './home-assistant-setup';
import { openSocket, type HomeAssistantSocket } from './home-assistant-socket';
import { installHomeAssistant, type Progress } from './install';
import { adopt, freePort, hasEnded, stopProcess, waitUntil, type WaitOptions } from './processes';
import { readRegistry, type Registry } from './registry';
import { type ReleaseName } from './releases';

/** What to start. */
export interface HomeAssistantOptions extends Omit<BrokerSettings, 'port'> {
  readonly release: ReleaseName;
  /** The port of a broker on 127.0.0.1. */
  readonly brokerPort: number;
  readonly progress?: Progress;
}

/** An entity's state as Home Assistant shows it. */
export interface EntityState {
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** One entry of Home Assistant's own list of warnings and errors. */
export interface SystemLogEntry {
  readonly level: string;
  readonly name: string;
  readonly messages: readonly string[];
}

/** A running Home Assistant. */
export interface HomeAssistant {
  readonly release: ReleaseName;
  readonly version: string;
  readonly baseUrl: string;
  /** An access token that lives longer than any test. */
  readonly token: string;
  /** GET (or POST with a body) of the REST API; `path` starts with `/api/`. */
  api(path: string, body?: unknown): Promise<unknown>;
  /** One command of the WebSocket API. */
  call(type: string, payload?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Calls a service. */
  callService(domain: string, service: string, data: Readonly<Record<string, unknown>>): Promise<void>;
  /** The entities and devices that came through MQTT. */
  registry(): Promise<Registry>;
  /** The states of all entities by their id. */
  states(): Promise<Map<string, EntityState>>;
  /** Waits until `check` answers something; see waitUntil. */
  waitFor: typeof waitUntil;
  /** Enables entities that are off by default, and reloads the MQTT integration so that they get their states now. */
  enable(entityIds: readonly string[]): Promise<void>;
  pressButton(entityId: string): Promise<void>;
  /** Publishes through Home Assistant's own connection, QoS 1. */
  publish(topic: string, payload: string, retain: boolean): Promise<void>;
  /** Home Assistant's list of warnings and errors since its last start. */
  systemLog(): Promise<SystemLogEntry[]>;
  /** What Home Assistant asks its user to repair: `<domain>: <issue>`. */
  repairs(): Promise<string[]>;
  /** The log of all starts so far, with everything that the MQTT integration did. */
  logText(): Promise<string>;
  /** Lines of the log and messages of the system log that complain about what we published. */
  forbiddenLogLines(): Promise<string[]>;
  /** Stops and starts it with the same settings; resolves when it is fully running and connected to the broker. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

const stateList = z.array(
  z.looseObject({ entity_id: z.string(), state: z.string(), attributes: z.record(z.string(), z.unknown()) }),
);
const logEntries = z.array(
  z.looseObject({ level: z.string(), name: z.string(), message: z.union([z.string(), z.array(z.string())]) }),
);
const repairList = z.looseObject({
  issues: z.array(z.looseObject({ domain: z.string(), issue_domain: z.string().nullish(), issue_id: z.string() })),
});

/** Set-up takes seconds; a busy CI machine may need many times that. */
const startPatience: WaitOptions = { timeoutMs: 240_000, everyMs: 250 };

/** Installs (if needed) and starts a Home Assistant that is connected to the given broker. */
export async function startHomeAssistant(options: HomeAssistantOptions): Promise<HomeAssistant> {
  const progress = options.progress ?? ((): void => undefined);
  const installation = await installHomeAssistant(options.release, progress);
  const temporary = join(installation.root, tmpdir());
  await mkdir(temporary, { recursive: true });
  const folder = await mkdtemp(join(temporary, 'home-assistant-'));
  const folderAsSeen = installation.root === '' ? folder : folder.slice(installation.root.length);
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  await writeConfiguration(folder, port);

  let child: ChildProcess | null = null;
  let socket: HomeAssistantSocket | null = null;
  let token = '';
  let earlierLog = '';
  let output = '';

  const logFile = join(folder, 'ha.log');
  const currentLog = async (): Promise<string> => (existsSync(logFile) ? readFile(logFile, 'utf8') : '');
  const wait: typeof waitUntil = (what, check, waitOptions) =>
    waitUntil(what, check, waitOptions).catch((error: unknown) => {
      throw new Error(`Home Assistant ${installation.version}: ${String(error)}`, { cause: error });
    });

  const launch = async (): Promise<void> => {
    const [program, ...args] = installation.python;
    const logArgument = `${folderAsSeen}/ha.log`;
    const command = [...args, '-m', 'homeassistant', '-c', folderAsSeen, '--log-file', logArgument];
    const env = { ...process.env, PYTHONUNBUFFERED: '1' };
    const started = adopt(spawn(program, command, { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    child = started;
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
    };
    started.stdout.on('data', keep);
    started.stderr.on('data', keep);
    await wait(
      'its web server',
      async () => {
        if (hasEnded(started)) throw new Error(`it ended: ${output.slice(-2000)}`);
        await fetch(`${baseUrl}/manifest.json`);
        return true;
      },
      startPatience,
    );
  };
  const api = (path: string, body?: unknown): Promise<unknown> =>
    request(`${baseUrl}${path}`, { token, ...(body === undefined ? {} : { json: body }) });
  const running = async (): Promise<void> => {
    const asked = async (): Promise<boolean> =>
      z.looseObject({ state: z.string() }).parse(await api('/api/config')).state === 'RUNNING';
    await wait('state RUNNING', asked, startPatience);
    socket = await openSocket(baseUrl, token);
  };
  const halt = async (): Promise<void> => {
    socket?.close();
    socket = null;
    if (child !== null) await stopProcess(child, 40_000);
    child = null;
    // Home Assistant begins a new log file at each start.
    earlierLog += await currentLog();
  };
  const call = async (type: string, payload?: Readonly<Record<string, unknown>>): Promise<unknown> => {
    if (socket === null) throw new Error('Home Assistant is not running');
    return socket.call(type, payload);
  };
  const callService = async (
    domain: string,
    service: string,
    data: Readonly<Record<string, unknown>>,
  ): Promise<void> => {
    await api(`/api/services/${domain}/${service}`, data);
  };
  const systemLog = async (): Promise<SystemLogEntry[]> =>
    logEntries.parse(await call('system_log/list')).map(({ level, name, message }) => {
      return { level, name, messages: typeof message === 'string' ? [message] : message };
    });
  const logText = async (): Promise<string> => earlierLog + (child === null ? '' : await currentLog());
  /** The MQTT integration says this once per connection, after the last discovery message has been quiet for 5 s. */
  const births = async (): Promise<number> => (await currentLog()).split('birth message sent').length - 1;

  const startMs = Date.now();
  const passed = (step: string): void =>
    progress(`  ${step}: ${((Date.now() - startMs) / 1000).toFixed(1)} s after start`);
  try {
    await launch();
    await wait('its onboarding page', async () => (await fetch(`${baseUrl}/api/onboarding`)).ok, startPatience);
    passed('web server');
    token = await onboard(baseUrl);
    await running();
    passed('user, token, running');
    await addMqtt(baseUrl, token, {
      port: options.brokerPort,
      ...(options.login === undefined ? {} : { login: options.login }),
      ...(options.prefix === undefined ? {} : { prefix: options.prefix }),
    });
    await wait('its first birth message', async () => (await births()) > 0, startPatience);
    passed('MQTT connected');
  } catch (error) {
    await halt();
    await rm(folder, { recursive: true, force: true });
    const cause = `${String(error)}\nIts last output:\n${output.slice(-2000)}\n${earlierLog.slice(-2000)}`;
    throw new Error(cause, { cause: error });
  }

  return {
    release: options.release,
    version: installation.version,
    baseUrl,
    token,
    api,
    call,
    callService,
    registry: async () =>
      readRegistry(await call('config/entity_registry/list'), await call('config/device_registry/list')),
    states: async () => {
      const listed = stateList.parse(await api('/api/states'));
      return new Map(listed.map(({ entity_id: id, state, attributes }) => [id, { state, attributes }]));
    },
    waitFor: wait,
    enable: async (entityIds) => {
      for (const entityId of entityIds) {
        await call('config/entity_registry/update', { entity_id: entityId, disabled_by: null });
      }
      const entry = await mqttEntryId(baseUrl, token);
      await api(`/api/config/config_entries/entry/${entry ?? ''}/reload`, {});
    },
    pressButton: (entityId) => callService('button', 'press', { entity_id: entityId }),
    publish: (topic, payload, retain) => callService('mqtt', 'publish', { topic, payload, retain, qos: 1 }),
    systemLog,
    repairs: async () => {
      const { issues } = repairList.parse(await call('repairs/list_issues'));
      return issues.map((issue) => `${issue.issue_domain ?? issue.domain}: ${issue.issue_id}`);
    },
    logText,
    forbiddenLogLines: async () => {
      const shown = (await systemLog()).flatMap((entry) => entry.messages).join('\n');
      return [...new Set([...findForbiddenLines(await logText()), ...findForbiddenLines(shown)])];
    },
    restart: async () => {
      await halt();
      await rm(logFile, { force: true });
      await launch();
      await running();
      await wait('its birth message', async () => (await births()) > 0, startPatience);
    },
    stop: async () => {
      await halt();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
