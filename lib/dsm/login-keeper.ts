// Keeps the one login of a session: made when first needed, shared by all calls, ended with a logout.
import { untilAborted } from './abort';
import { AUTH_API } from './codes';
import { type CredentialGuard, blockError } from './credential-guard';
import type { ApiDirectory, ApiEntry } from './directory';
import { DsmError } from './errors';
import type { Gateway } from './gateway';
import { type Credentials, type Login, type LoginContext, logIn, logOut } from './login';
import { oneLoginAtATime } from './login-limits';
import { type Secret } from './secret';

export interface LoginKeeperOptions {
  gateway: Gateway;
  directory: ApiDirectory;
  guard: CredentialGuard;
  credentials: Credentials;
  /** The same for all sessions of one address and account: their logins go one after the other. */
  key: string;
  timeoutMs: number;
  /** Fires when the session closes. */
  closing: AbortSignal;
  onLogin: () => void;
}

/** Codes of SYNO.API.Auth that an update of DSM may have caused: its path or versions are not what they were. */
const STALE_ENTRY = new Set([102, 104]);

/** The two-factor code was wrong or too old. */
const WRONG_CODE = 404;

function dsmCodeOf(error: unknown): number | undefined {
  return error instanceof DsmError ? error.cause.dsmCode : undefined;
}

/** Longest wait for a logout on the way to something else. */
const LOGOUT_MS = 5_000;

export class LoginKeeper {
  readonly #options: LoginKeeperOptions;
  /** Ends a login under way. Closing does not, at first: its session would stay open on the NAS. */
  readonly #loginStop = new AbortController();
  #login: Login | null = null;
  #pending: Promise<Login> | null = null;

  constructor(options: LoginKeeperOptions) {
    this.#options = options;
  }

  /** The present login, or null. */
  get login(): Login | null {
    return this.#login;
  }

  /** The login under way, or null. It goes on when the caller who started it gives up. */
  get pending(): Promise<unknown> | null {
    return this.#pending;
  }

  /** The present login, or a new one; callers at the same time share it. @throws DsmError */
  ready(signals: readonly (AbortSignal | undefined)[]): Promise<Login> {
    if (this.#login !== null) return Promise.resolve(this.#login);
    return untilAborted(this.#pending ?? this.#begin(null), signals);
  }

  /** Forgets a login that is of no use any more; where the NAS still holds its session, it is ended there. */
  async drop(login: Login, stillOpen: boolean): Promise<void> {
    if (this.#login === login) this.#login = null;
    if (stillOpen) await this.#end(login, Math.min(LOGOUT_MS, this.#options.timeoutMs));
  }

  /** Logs in with a code and asks for trust, whatever was refused before. @returns the device token @throws DsmError */
  async pair(otp: Secret, signals: readonly (AbortSignal | undefined)[]): Promise<string> {
    const before = this.#login;
    const login = await untilAborted(this.#begin(otp), signals);
    if (before !== null && before !== login) await this.drop(before, true);
    if (login.deviceToken !== null) return login.deviceToken.reveal();
    // Some versions give a token only once for each device name.
    const text =
      'The NAS accepted the code and gave no token for this device. Remove the device from the trusted devices of the ' +
      'account in DSM (Personal, Security), and pair again.';
    throw new DsmError('NOT_SUPPORTED', text, { outcome: 'refused' });
  }

  /** Waits for a login under way and logs out, both together for at most this long. Never throws. */
  async close(timeoutMs: number): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    if (this.#pending !== null) {
      const timer = setTimeout(() => this.#loginStop.abort(), timeoutMs);
      await this.#pending.catch(() => undefined);
      clearTimeout(timer);
    }
    const login = this.#login;
    this.#login = null;
    const leftMs = deadlineMs - performance.now();
    if (login !== null && leftMs > 0) await this.#end(login, leftMs);
  }

  #begin(otp: Secret | null): Promise<Login> {
    const { key, closing } = this.#options;
    const pending = oneLoginAtATime(key, [closing, this.#loginStop.signal], () => this.#attempt(otp)).finally(() => {
      this.#pending = null;
    });
    // The caller may have given up by the time it fails.
    pending.catch(() => undefined);
    this.#pending = pending;
    return pending;
  }

  /** Looks at the guard, logs in, and keeps what came of it. */
  async #attempt(otp: Secret | null): Promise<Login> {
    const { guard, credentials } = this.#options;
    const block = otp === null ? guard.block : null;
    if (block !== null) throw blockError(block);
    try {
      const login = await this.#logIn(otp);
      this.#login = login;
      if (otp !== null) {
        credentials.deviceToken = login.deviceToken ?? credentials.deviceToken;
        guard.forgetFingerprint();
        guard.clear();
      }
      return login;
    } catch (error) {
      // A wrong code, while a login works without one, says nothing against what the session logs in with.
      const isOnlyTheCode = otp !== null && this.#login !== null && dsmCodeOf(error) === WRONG_CODE;
      if (!isOnlyTheCode) guard.learn(error);
      throw error;
    }
  }

  async #logIn(otp: Secret | null): Promise<Login> {
    const { directory, credentials, closing } = this.#options;
    const entry = await directory.find(AUTH_API, closing);
    try {
      return await logIn(this.#context(entry, this.#options.timeoutMs), credentials, otp);
    } catch (error) {
      const dsmCode = dsmCodeOf(error);
      const isMoved = dsmCode !== undefined && STALE_ENTRY.has(dsmCode);
      // A path that an update has moved may answer with a web page, too; the next login is to ask where it is now.
      if (isMoved || (error instanceof DsmError && error.code === 'INVALID_RESPONSE')) directory.forget(AUTH_API);
      if (!isMoved) throw error;
      const renewed = await directory.find(AUTH_API, closing);
      if (renewed.path === entry.path && renewed.maxVersion === entry.maxVersion) throw error;
      return await logIn(this.#context(renewed, this.#options.timeoutMs), credentials, otp);
    }
  }

  #context(entry: ApiEntry, timeoutMs: number): LoginContext {
    const { gateway, onLogin } = this.#options;
    return { gateway, entry, timeoutMs, signals: [this.#loginStop.signal], onLogin };
  }

  /** A logout that fails changes nothing for us: the NAS ends the session by itself in time. */
  async #end(login: Login, timeoutMs: number): Promise<void> {
    try {
      const entry = await this.#options.directory.find(AUTH_API);
      await logOut(this.#context(entry, timeoutMs), login);
    } catch {
      return;
    }
  }
}
