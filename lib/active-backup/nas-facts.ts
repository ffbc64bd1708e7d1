// What other DSM APIs tell that matters here: the package's version, and the NAS's local time.
import { type DsmAnswer, type DsmSession } from '../dsm/types';
import { type CallOptions, type WireParameters } from './calls';
import { throwIfAborted } from './lock';
import { recordOf } from './readings';

/** The id of the package in DSM's package manager. */
const packageId = 'ActiveBackup-Office365';

/** The NAS's own clock: its local time as text, and the same moment in UTC. */
export interface NasTime {
  /** e.g. `Sun Nov 22 19:30:00 2026`; null where the NAS does not say. */
  localTime: string | null;
  /** The answer's `Date` header, milliseconds, or null. */
  dateMs: number | null;
}

async function ask(
  session: DsmSession,
  call: { api: string; version: number; method: string; params: WireParameters },
  { signal }: CallOptions,
): Promise<DsmAnswer> {
  throwIfAborted(signal);
  return session.call(signal === undefined ? call : { ...call, signal });
}

/** The package's version, e.g. `2.5.5-14034`. Version 1: `get` does not exist in version 2 on DSM 7. */
export async function readPackageVersion(session: DsmSession, options: CallOptions): Promise<string | null> {
  const call = { api: 'SYNO.Core.Package', version: 1, method: 'get', params: { id: packageId } };
  const { data } = await ask(session, call, options);
  const version = recordOf(data)?.version;
  return typeof version === 'string' && version !== '' ? version : null;
}

/** The NAS's local time, which shows the time zone that its schedules run in. */
export async function readNasTime(session: DsmSession, options: CallOptions): Promise<NasTime> {
  const call = { api: 'SYNO.DSM.Info', version: 2, method: 'getinfo', params: {} };
  const { data, dateMs } = await ask(session, call, options);
  const time = recordOf(data)?.time;
  return { localTime: typeof time === 'string' ? time : null, dateMs };
}
