// What a row of the table of faults says, and how the tests are to act it out.
import type { ActiveBackupClient } from '../../lib/active-backup';
import type { DsmSession, DsmSessionOptions } from '../../lib/dsm';
import type { Simulator, SimulatorOptions } from '../simulator';

export const groups = [
  'NAS',
  'versions',
  'network',
  'TLS',
  'session',
  'credentials',
  'two-factor',
  'input',
  'broker',
  'Node-RED',
] as const;

/** How a fault is over. */
export type Ending =
  /** It did no harm: the call went well. */
  | 'harmless'
  /** The next call after the cause is gone goes well, by itself. */
  | 'heals'
  /** Until a person changes something: every further call fails at once without a request, over restarts too. */
  | 'blocks'
  /** The same call fails the same way, and nothing else is touched. */
  | 'stays';

/** The part of a row that people read. */
export interface Fault {
  name: string;
  group: (typeof groups)[number];
  /** What happens. */
  does: string;
  /** The code that the caller meets; null: none. */
  code: string | null;
  /** The badge's text. */
  status: string;
  /** Logins that the NAS sees until the call has settled: exactly these. */
  logins: number;
  /** Requests that the NAS sees until then, logins and discovery included: at most these. */
  requests: number;
  ending: Ending;
}

/** A simulated NAS and somebody who uses it. */
export interface House {
  nas: Simulator;
  session: DsmSession;
  client: ActiveBackupClient;
  /** A session with other options; it ends with the test. */
  another: (options?: Partial<DsmSessionOptions>) => { session: DsmSession; client: ActiveBackupClient };
  /** Ends with the test. */
  onEnd: (cleanup: () => Promise<unknown>) => void;
}

/** A row that is acted out on the library and a simulated NAS. */
export interface LibFault extends Fault {
  where: 'lib';
  nas?: SimulatorOptions;
  /** The session's options; a function where they depend on the NAS. */
  session?: Partial<DsmSessionOptions> | ((nas: Simulator) => Partial<DsmSessionOptions>);
  client?: { allowChanges?: boolean };
  /** Whether a good call came before; by default yes. */
  cold?: true;
  /** Makes it happen, before the call. */
  strike?: (house: House) => unknown;
  /** The call; by default the task list is read. */
  call?: (house: House) => Promise<unknown>;
  /** Takes the cause away; by default the simulator's faults are cleared. */
  mend?: (house: House) => unknown;
  /** Looks at what else must hold after the call. */
  also?: (house: House) => void | Promise<void>;
}

/** A row that needs a real Node-RED. */
export interface NodeRedFault extends Fault {
  where: 'node-red';
}

/** Nothing wrong: what the badge says after a good call is the node's own matter. */
export const fine = 'as after any good call';
