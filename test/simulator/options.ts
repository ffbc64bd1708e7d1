// What a test may say when it starts a simulated NAS.

import { type Clock } from './clock';
import { type Switches } from './switches';
import { type Canaries, type TaskSpec } from './task';

/** Which paths and versions the NAS has: DSM 7, DSM 6 (`auth.cgi`, versions up to 6), or paths padded with underscores. */
export type DsmProfile = '7' | '6' | 'padded';

/** Options of `startSimulator`; everything may be left out. */
export interface SimulatorOptions {
  /** Default 0: a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** HTTPS with a self-signed certificate made at start. Default false. */
  tls?: boolean;
  /** Default backup-admin. */
  username?: string;
  /** Default: a random one. */
  password?: string;
  twoFactor?: boolean;
  /** The code that is right. Default: six random digits. */
  otp?: string;
  /** Plain tasks, so many or as said. Default 1; with `sample` default none beside the sample's. */
  tasks?: number | TaskSpec[];
  /** The published sample: one task, field for field. */
  sample?: 'seed';
  /** Id of the next task that is made or relinked. Default: the next free one; with the sample 3, as published. */
  nextTaskId?: number;
  clock?: Clock;
  /** IANA name of the NAS's time zone. Default: this host's. */
  timeZone?: string;
  dsm?: DsmProfile;
  canaries?: Partial<Canaries>;
  switches?: Partial<Switches>;
  autoBlock?: { enabled?: boolean; attempts?: number; withinMinutes?: number };
  /** Keeps decoded parameter values (without secrets) in `decodedRequests`. Default false. */
  recordValues?: boolean;
  /** Answers control requests under `/simulator/`. Default false. */
  control?: boolean;
  /** Seed of everything that is left to chance. Default 1. */
  seed?: number;
}
