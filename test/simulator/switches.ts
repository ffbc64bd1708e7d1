// Everything about the simulated NAS that a test may switch while it runs, with DSM 7's usual behaviour as default.

import { type PayloadProfile } from './profiles';

/** The package's state. `repairing`: listed, but every call fails with `codes.repairing`. */
export type PackageState = 'running' | 'stopped' | 'missing' | 'repairing';

/** Switches; where the real NAS's behaviour is not known, each plausible one can be chosen. */
export interface Switches {
  packageState: PackageState;
  /** What a stopped package answers: its API is gone (102), or it stays listed and answers this code, or the gateway fails. */
  stoppedAnswers: 'gone' | 'bad-gateway' | number;
  /** Whether a session that has a SynoToken must send it with every call. */
  csrfProtection: boolean;
  csrfCode: 119 | 103;
  idleTimeoutSeconds: number;
  idleCode: 106 | 119;
  /** Whether a session only holds for the address that opened it (150 otherwise). */
  checkAddress: boolean;
  /** The address that the NAS sees; null: the real one. Changing it is an "IP change". */
  clientAddress: string | null;
  /** Whether a second login of an account ends its first session (107). */
  kickOnSecondLogin: boolean;
  /** Whether sessions opened with version 6 or lower are refused writes (105), as some DSM 7.2 do for Core APIs. */
  oldSessionsReadOnly: boolean;
  /** Whether a sid that starts with a digit is misread when sent as `_sid` (119), as one model does. */
  sidDigitTrap: boolean;
  /** Whether a login that names a session is refused (402). */
  refuseSessionName: boolean;
  /** Whether version 7 logins need an `ik_message` (430). */
  requireIkMessage: boolean;
  /** Whether the NAS gives a device token only once for each device name. */
  deviceTokenOnce: boolean;
  /** Whether `list_task_logs` exists; without it 103. */
  history: boolean;
  /** Whether a run appears in the history before it has ended. */
  historyShowsRunning: boolean;
  /** What `list_tasks` shows of a running task's last run: the previous one, or the new one's id and empty counters. */
  runningRow: 'previous' | 'new';
  /** Unknown parameters of the package's API: refused with 120, or only recorded. */
  unknownParameters: 'refuse' | 'record';
  /** Seconds by which the `Date` header and DSM's `time` are ahead of the clock by which runs are dated. */
  clockSkewSeconds: number;
  codes: {
    unknownTask: number;
    /** null: success, and nothing happens. */
    cancelIdle: number | null;
    backupRunning: number | null;
    deleteRunning: number | null;
    relinkRefused: number;
    repairing: number;
  };
  payload: PayloadProfile;
}

/** The defaults. */
export function defaultSwitches(): Switches {
  return {
    packageState: 'running',
    stoppedAnswers: 'gone',
    csrfProtection: true,
    csrfCode: 119,
    idleTimeoutSeconds: 900,
    idleCode: 106,
    checkAddress: true,
    clientAddress: null,
    kickOnSecondLogin: false,
    oldSessionsReadOnly: false,
    sidDigitTrap: false,
    refuseSessionName: false,
    requireIkMessage: false,
    deviceTokenOnce: false,
    history: true,
    historyShowsRunning: false,
    runningRow: 'previous',
    unknownParameters: 'refuse',
    clockSkewSeconds: 0,
    codes: {
      unknownTask: 117,
      cancelIdle: null,
      backupRunning: 117,
      deleteRunning: null,
      relinkRefused: 117,
      repairing: 117,
    },
    payload: { shape: 'current' },
  };
}
