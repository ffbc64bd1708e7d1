// What a publisher is given and what it offers.
import type { BrokerConnection } from '../mqtt';
import type { NasHealth, NasMonitor } from '../monitor/types';
import type { Scheduler } from '../monitor/scheduler';
import type { Commands } from './command-desk';
import type { CommandOutcome } from './events';

/** What a user chose, and what is known of the NAS without asking it. */
export interface PublisherSettings {
  slug: string;
  /** The NAS's name, for the name of its device. */
  nasName: string;
  /** DSM's address, for the "Visit" link. */
  nasUrl: string;
  baseTopic: string;
  discoveryPrefix: string;
  /** Off: states and events only; documents of an earlier run are taken off the broker. */
  discovery: boolean;
  /** Whether this publisher takes run and cancel. */
  control: boolean;
  /** Whether the NAS may be changed at all. */
  allowChanges: boolean;
  /** Whether `close` with `removed` takes everything off the broker. */
  removeOnDelete: boolean;
  /** This package's version. */
  version: string;
}

/** How things stand, for a node's status. Told when it changes. */
export interface PublisherStatus {
  brokerConnected: boolean;
  nas: NasHealth['state'];
  /** The code of the last failed poll. */
  errorCode: string | null;
  /** Null before the first good poll. */
  tasks: number | null;
}

/** What a publisher works with. */
export interface PublisherOptions {
  /** Stable over restarts (the node's id): the monitor keeps what this watcher was not told. */
  id: string;
  monitor: NasMonitor;
  /** Opens the connection with this last will. */
  connect: (will: { topic: string; payload: string }) => BrokerConnection;
  settings: PublisherSettings;
  commands: Commands;
  /** Default: the machine's clock. */
  scheduler?: Scheduler;
  /** A number from 0 to 1. Default `Math.random`. */
  random?: () => number;
  /** Lines for the node's log, without secrets. */
  log: (level: 'info' | 'warn', text: string) => void;
  onStatus?: (status: PublisherStatus) => void;
  /** Each command that was carried out, refused or failed. */
  onCommand?: (outcome: CommandOutcome) => void;
}

/** Publishes one NAS. */
export interface Publisher {
  /**
   * Connects, and watches the NAS.
   * @throws DsmError ABORTED when the monitor is already closed
   */
  start(): void;
  /**
   * Polls, and resolves when what changed is published. During the start it waits, some seconds at the most, for what
   * that publishes. The signal ends the poll with ABORTED.
   * @throws DsmError and ActiveBackupError as the monitor's refresh does
   */
  refresh(signal?: AbortSignal): Promise<{ tasks: number; published: number }>;
  /** Publishes everything again. */
  announceAgain(): void;
  /**
   * Says `offline` and disconnects. What is retained stays (a restart must not remove entities), unless the node was
   * deleted and the user wanted all of it gone.
   */
  close(options?: { removed?: boolean }): Promise<void>;
}
