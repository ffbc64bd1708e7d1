// A DSM session: calls go one at a time under one shared login, and recover from what can be recovered.
import { setMaxListeners } from 'node:events';
import { inspect } from 'node:util';
import { abortedError } from './abort';
import { normalizeFingerprint } from './certificate';
import { Caller } from './caller';
import { AUTH_API } from './codes';
import { CredentialGuard, blockError, memoryBlockStore } from './credential-guard';
import { ApiDirectory } from './directory';
import { DsmError } from './errors';
import { Gateway, type Reply } from './gateway';
import type { Credentials } from './login';
import { LoginKeeper } from './login-keeper';
import { Secret } from './secret';
import { SharedReads } from './shared-reads';
import { Transport } from './transport';
import { TurnQueue } from './turn-queue';
import type { CredentialBlock, DsmAnswer, DsmCall, DsmSession, DsmSessionCounters, DsmSessionOptions } from './types';
import { type NasUrl, parseNasUrl } from './url';

/** The name that a device token is bound to where none is given. DSM lists it under the account's trusted devices. */
export const DEFAULT_DEVICE_NAME = 'Node-RED';

const DEFAULTS = { timeoutMs: 30_000, maxBodyBytes: 64 * 1024 * 1024, maxQueue: 200, closeTimeoutMs: 2_000 };

class Session implements DsmSession {
  readonly #timeoutMs: number;
  readonly #closeTimeoutMs: number;
  readonly #transport: Transport;
  readonly #gateway: Gateway;
  readonly #guard: CredentialGuard;
  readonly #keeper: LoginKeeper;
  readonly #caller: Caller;
  readonly #queue: TurnQueue;
  readonly #reads = new SharedReads<DsmAnswer>();
  readonly #closing = new AbortController();
  readonly #counters = { logins: 0, requests: 0 };
  #closed: Promise<void> | null = null;

  constructor(options: DsmSessionOptions, url: NasUrl, pinnedSha256: string | undefined) {
    const now = options.now ?? Date.now;
    this.#timeoutMs = options.timeoutMs ?? DEFAULTS.timeoutMs;
    this.#closeTimeoutMs = options.closeTimeoutMs ?? DEFAULTS.closeTimeoutMs;
    this.#queue = new TurnQueue(options.maxQueue ?? DEFAULTS.maxQueue);
    this.#transport = new Transport({
      url,
      maxBodyBytes: options.maxBodyBytes ?? DEFAULTS.maxBodyBytes,
      onSend: () => (this.#counters.requests += 1),
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      ...(pinnedSha256 === undefined ? {} : { pinnedSha256 }),
    });
    this.#gateway = new Gateway({
      transport: this.#transport,
      now,
      ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
    });
    const directory = new ApiDirectory({
      askInfo: (names, signal) => this.#askInfo(names, signal),
      foreseen: [AUTH_API, ...(options.apis ?? [])],
      host: url.host,
    });
    const address = `${url.origin}${url.basePath}`;
    const { username } = options;
    const password = new Secret(options.password);
    const credentials: Credentials = {
      username,
      password,
      deviceToken: (options.deviceToken ?? '') === '' ? null : new Secret(options.deviceToken ?? ''),
      deviceName: options.deviceName ?? DEFAULT_DEVICE_NAME,
    };
    this.#guard = new CredentialGuard({
      store: options.blocks ?? memoryBlockStore(),
      identity: () => ({
        address,
        username,
        password: password.reveal(),
        deviceToken: credentials.deviceToken?.reveal() ?? '',
      }),
      now,
    });
    this.#keeper = new LoginKeeper({
      gateway: this.#gateway,
      directory,
      guard: this.#guard,
      credentials,
      key: `${address}\n${username.toLowerCase()}`,
      timeoutMs: this.#timeoutMs,
      closing: this.#closing.signal,
      onLogin: () => (this.#counters.logins += 1),
    });
    this.#caller = new Caller({
      gateway: this.#gateway,
      directory,
      keeper: this.#keeper,
      timeoutMs: this.#timeoutMs,
      closing: this.#closing.signal,
      now,
      onSilence: (error) => this.#queue.refuseWaiting(() => error),
    });
  }

  get blocked(): CredentialBlock | null {
    return this.#guard.block;
  }

  get counters(): DsmSessionCounters {
    return { ...this.#counters };
  }

  unblock(): void {
    this.#guard.clear();
  }

  async call(call: DsmCall): Promise<DsmAnswer> {
    // Many calls may wait under one signal; Node.js would warn of a leak at the eleventh.
    if (call.signal !== undefined) setMaxListeners(0, call.signal);
    if (call.write === true) return this.#takeTurn(call.signal, () => this.#caller.perform(call, call.signal));
    const key = JSON.stringify([call.api, call.version, call.method, call.params ?? {}, call.timeoutMs ?? null]);
    return this.#reads.join(key, call.signal, (signal) =>
      this.#takeTurn(signal, () => this.#caller.perform(call, signal)),
    );
  }

  async pairDevice(otp: string, signal?: AbortSignal): Promise<string> {
    const digits = otp.replace(/\s/g, '');
    if (!/^[A-Za-z0-9]{6,32}$/.test(digits)) {
      throw new DsmError('OTP_REQUIRED', 'A two-factor code has six digits.', { outcome: 'not_sent' });
    }
    const secret = new Secret(digits);
    return this.#takeTurn(signal, () => this.#keeper.pair(secret, [signal, this.#closing.signal]), 'even if blocked');
  }

  async close(): Promise<void> {
    this.#closed ??= this.#shutDown();
    await this.#closed;
  }

  /** What a log may show of a session: no option, no credential, no header. */
  [inspect.custom](): string {
    const { logins, requests } = this.#counters;
    return `DsmSession(${this.#gateway.host}, ${logins} logins, ${requests} requests)`;
  }

  toJSON(): DsmSessionCounters {
    return this.counters;
  }

  /** Runs a job alone. A login that it leaves behind when its caller gives up keeps the turn until it has ended. */
  async #takeTurn<T>(signal: AbortSignal | undefined, job: () => Promise<T>, blocked?: 'even if blocked'): Promise<T> {
    this.#refuseIfUseless(blocked);
    const leave = await this.#queue.enter(signal);
    try {
      this.#refuseIfUseless(blocked);
      return await job();
    } finally {
      const { pending } = this.#keeper;
      if (pending === null) leave();
      else pending.then(leave, leave);
    }
  }

  #refuseIfUseless(blocked?: 'even if blocked'): void {
    if (this.#closed !== null) throw abortedError();
    if (blocked !== undefined || this.#keeper.login !== null) return;
    const block = this.#guard.block;
    if (block !== null) throw blockError(block);
  }

  #askInfo(names: readonly string[], signal: AbortSignal | undefined): Promise<Reply> {
    return this.#gateway.exchange({
      api: 'SYNO.API.Info',
      method: 'query',
      version: 1,
      // The one address that every DSM version has, and the only call that needs no login.
      path: 'query.cgi',
      fields: [['query', names.join(',')]],
      timeoutMs: this.#timeoutMs,
      signals: [signal, this.#closing.signal],
      repeatable: true,
    });
  }

  async #shutDown(): Promise<void> {
    this.#queue.refuseWaiting(abortedError);
    this.#closing.abort();
    await this.#keeper.close(this.#closeTimeoutMs);
    await this.#queue.idle();
    this.#transport.destroy();
  }
}

/**
 * Makes a session. Nothing is sent before the first call.
 * @throws DsmError UNREACHABLE when the address cannot be understood, TLS when the pinned fingerprint is none
 */
export function createDsmSession(options: DsmSessionOptions): DsmSession {
  const parsed = parseNasUrl(options.url);
  if (!parsed.ok) throw new DsmError('UNREACHABLE', parsed.problem, { outcome: 'not_sent' });
  if (options.pinnedSha256 === undefined || options.pinnedSha256 === '') {
    return new Session(options, parsed.url, undefined);
  }
  const pin = normalizeFingerprint(options.pinnedSha256);
  if (pin === null) {
    const text = 'The pinned certificate fingerprint is not a SHA-256 fingerprint (64 hexadecimal digits).';
    throw new DsmError('TLS', text, { outcome: 'not_sent' });
  }
  return new Session(options, parsed.url, pin);
}
