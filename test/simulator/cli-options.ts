// The command line of the simulator: what it understands, and what it says about the rest.

import { parseArgs } from 'node:util';
import { createVirtualClock } from './clock';
import { livelyTasks } from './lively';
import { type DsmProfile, type SimulatorOptions } from './options';

/** The help text. */
export const HELP = `Usage: npm run simulator -- [options]

Starts a simulated Synology NAS with Active Backup for Microsoft 365 and prints one JSON line when it is ready:
{"url":…,"username":…,"password":…}, with --two-factor also "otp". Ctrl-C ends it.

  --port <n>          port to listen on; 0: a free one (default 0)
  --host <address>    address to listen on (default 127.0.0.1)
  --tls               HTTPS with a self-signed certificate
  --http              plain HTTP (the default)
  --tasks <n>         so many plain tasks (default 1)
  --lively            three tasks that run by themselves, with a past, as in the demo
  --sample            the published sample: one task, field for field
  --username <name>   default backup-admin
  --password <text>   default: a new random one at each start
  --two-factor        the account needs a second factor
  --otp <digits>      the code that is right (default: random)
  --time-zone <zone>  the NAS's time zone (default: this host's)
  --dsm <7|6|padded>  paths and versions (default 7)
  --virtual-clock <t> a clock that stands still at this ISO time until it is advanced by control
  --control           answers control requests under /simulator/
  --record-values     keeps decoded parameter values for GET /simulator/decoded
  --help              this text`;

/** What the command line means. */
export type CommandLine =
  { kind: 'help' } | { kind: 'error'; message: string } | { kind: 'start'; options: SimulatorOptions };

const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  tls: { type: 'boolean' },
  http: { type: 'boolean' },
  tasks: { type: 'string' },
  lively: { type: 'boolean' },
  sample: { type: 'boolean' },
  username: { type: 'string' },
  password: { type: 'string' },
  'two-factor': { type: 'boolean' },
  otp: { type: 'string' },
  'time-zone': { type: 'string' },
  dsm: { type: 'string' },
  'virtual-clock': { type: 'string' },
  control: { type: 'boolean' },
  'record-values': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

class Misuse extends Error {}

function wholeNumber(name: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || Number(text) > most) {
    throw new Misuse(`--${name} must be a whole number from 0 to ${most}, not "${text}".`);
  }
  return Number(text);
}

function timeZone(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new Misuse(`--time-zone must be an IANA name like Europe/Berlin, not "${text}".`);
  }
}

function dsmProfile(text: string | undefined): DsmProfile | undefined {
  if (text === undefined || text === '7' || text === '6' || text === 'padded') return text;
  throw new Misuse(`--dsm must be 7, 6 or padded, not "${text}".`);
}

function startMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Misuse(`--virtual-clock must be an ISO time, not "${text}".`);
  return ms;
}

function optionsOf(args: string[]): SimulatorOptions | null {
  const { values } = parseArgs({ args, options: FLAGS, allowPositionals: false });
  if (values.help === true) return null;
  if (values.tls === true && values.http === true) throw new Misuse('--tls and --http exclude each other.');
  const tasks = wholeNumber('tasks', values.tasks, 1_000);
  if (values.lively === true && tasks !== undefined) throw new Misuse('--lively and --tasks exclude each other.');
  if (values.otp !== undefined && !/^\d{6}$/.test(values.otp)) throw new Misuse('--otp must be six digits.');
  const clockMs = startMs(values['virtual-clock']);
  const zone = timeZone(values['time-zone']);
  return {
    port: wholeNumber('port', values.port, 65_535),
    host: values.host,
    tls: values.tls ?? false,
    tasks: values.lively === true ? livelyTasks(clockMs, zone) : tasks,
    sample: values.sample === true ? 'seed' : undefined,
    username: values.username,
    password: values.password,
    twoFactor: values['two-factor'] ?? false,
    otp: values.otp,
    timeZone: zone,
    dsm: dsmProfile(values.dsm),
    clock: clockMs === undefined ? undefined : createVirtualClock(clockMs),
    control: values.control ?? false,
    recordValues: values['record-values'] ?? false,
  };
}

/** Reads the command line. */
export function readCommandLine(args: string[]): CommandLine {
  try {
    const options = optionsOf(args);
    return options === null ? { kind: 'help' } : { kind: 'start', options };
  } catch (error) {
    return { kind: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}
