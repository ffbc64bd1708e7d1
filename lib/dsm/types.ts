// What the rest of the house may ask of a DSM session, and what a session asks of its surroundings.
import type { AgentOptions } from 'node:https';
import type { DsmErrorCode } from './errors';

/** A parameter's value before encoding. Objects and arrays travel as JSON text. */
export type DsmValue = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>;

/** One call of a DSM Web API method. */
export interface DsmCall {
  api: string;
  method: string;
  version: number;
  params?: Readonly<Record<string, DsmValue>>;
  /** True for a call that changes something: it is never repeated by itself and never shared. */
  write?: boolean;
  /** Deadline in milliseconds from the moment the request is sent; the session's own when absent. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** A NAS's answer to a call that succeeded. */
export interface DsmAnswer {
  /** `data` as the NAS gave it, or undefined: actions answer without one. */
  data: unknown;
  /** The `Date` header in milliseconds since the epoch, or null. It is the NAS's clock. */
  dateMs: number | null;
}

/**
 * That a NAS refused these credentials. The fingerprint is a salted scrypt hash of address, account, password and
 * token: it tells whether they changed and gives none of them away.
 */
export interface CredentialBlock {
  salt: string;
  fingerprint: string;
  code: DsmErrorCode;
  dsmCode: number | null;
  /** Why, in the words the first caller was told. */
  message: string;
  /** When, in milliseconds since the epoch. */
  atMs: number;
}

/** Where a session remembers that its credentials were refused, so that a restart does not try them again. */
export interface CredentialBlockStore {
  load(): CredentialBlock | null;
  save(block: CredentialBlock | null): void;
}

/** What is known of a request afterwards, for logs and bug reports; never a value. */
export interface DsmRequestRecord {
  api: string;
  method: string;
  /** null = success; a number = DSM's; a name = no DSM answer came, and why. */
  code: number | DsmErrorCode | null;
  durationMs: number;
  /** When it was sent, milliseconds since the epoch. */
  atMs: number;
}

/** How a session reaches its NAS and who it is there. */
export interface DsmSessionOptions {
  /** `http://` or `https://` address, with a port where it is not 80 or 443; a path prefix is kept. */
  url: string;
  username: string;
  password: string;
  /** The token of a device that a two-factor account trusts. */
  deviceToken?: string;
  /** The name the device token is bound to; constant, as DSM refuses the token under another name. */
  deviceName?: string;
  /** TLS settings as `node:https` takes them. Verification is on unless `rejectUnauthorized` is false. */
  tls?: AgentOptions;
  /** Deadline of a request, milliseconds. Default 30 000. */
  timeoutMs?: number;
  /** Longest answer that is read, bytes. Default 64 MiB: a tenant of 100,000 objects is about 20 MB. */
  maxBodyBytes?: number;
  /** Calls that may wait for their turn before further ones are refused with BUSY. Default 200. */
  maxQueue?: number;
  /**
   * SHA-256 fingerprint of the NAS's own certificate (hexadecimal, colons allowed). It replaces every other
   * verification: only a server with this certificate gets a request.
   */
  pinnedSha256?: string;
  /** APIs that will be called: they are looked up in one request together with the login's own. */
  apis?: readonly string[];
  /**
   * Where refusals are remembered. Sessions for the same address and account should share one store: then ten of them
   * with one wrong password log in once. Default: this session's memory.
   */
  blocks?: CredentialBlockStore;
  /** Called after each request, without values, for logs and bug reports. */
  onRequest?: (record: DsmRequestRecord) => void;
  /** Longest time that `close()` spends on the logout, milliseconds. Default 2 000. */
  closeTimeoutMs?: number;
  /** The clock, milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
}

/** What a session has put on the wire so far, for tests, status and bug reports; no values. */
export interface DsmSessionCounters {
  readonly logins: number;
  /** All requests, those for logins and the list of APIs included. */
  readonly requests: number;
}

/** A DSM session: one login shared by all calls, one request at a time. */
export interface DsmSession {
  /**
   * Calls a method, logging in first where needed. Identical reads in flight share one request.
   * @throws DsmError
   */
  call(call: DsmCall): Promise<DsmAnswer>;
  /** The credential error that keeps this session from logging in, or null. */
  readonly blocked: CredentialBlock | null;
  /** Forgets a credential error, so that the next call tries once more. Only a user's own request may call this. */
  unblock(): void;
  /**
   * Logs in with a two-factor code, whatever was refused before, makes the NAS trust this device and keeps using that
   * login. Only a user's own request may call this.
   * @returns the device token, to be stored as a credential; later sessions take it as `deviceToken`
   * @throws DsmError OTP_REQUIRED when the code is wrong, NOT_SUPPORTED when DSM gives no token, else as `call`
   */
  pairDevice(otp: string, signal?: AbortSignal): Promise<string>;
  readonly counters: DsmSessionCounters;
  /** Ends every call with ABORTED, logs out with the sid and closes the sockets. Never throws. */
  close(): Promise<void>;
}
