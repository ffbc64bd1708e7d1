// Carries out one call: finds the API, uses the login, sends, and recovers once from what can be recovered.
import { dsmCodeError } from './codes';
import type { ApiDirectory, ApiEntry } from './directory';
import { encodeParams } from './encoding';
import { DsmError } from './errors';
import type { Gateway, Reply } from './gateway';
import type { Login } from './login';
import type { LoginKeeper } from './login-keeper';
import { ReloginAllowance } from './login-limits';
import { type CallHistory, isDoubtful, type MethodHistory, nextStep } from './recovery';
import type { DsmAnswer, DsmCall } from './types';

export interface CallerOptions {
  gateway: Gateway;
  directory: ApiDirectory;
  keeper: LoginKeeper;
  /** Deadline of a call that has none of its own, milliseconds. */
  timeoutMs: number;
  /** Fires when the session closes. */
  closing: AbortSignal;
  now: () => number;
  /** The NAS did not answer while a call got ready: those who wait for the same need not wait for it one by one. */
  onSilence: (error: DsmError) => void;
}

/** An error before the call itself was sent: whatever went wrong, the call was not carried out. */
function asNotSent(error: unknown): unknown {
  if (!(error instanceof DsmError)) return error;
  const dsmCode = error.cause.dsmCode === undefined ? {} : { dsmCode: error.cause.dsmCode };
  return new DsmError(error.code, error.message, { ...dsmCode, outcome: 'not_sent' });
}

/** Whether the NAS was silent or could not be connected to; a connection that broke may be the next caller's luck. */
function isSilence(error: unknown): boolean {
  if (!(error instanceof DsmError)) return false;
  return error.code === 'TIMEOUT' || (error.code === 'UNREACHABLE' && error.cause.outcome === 'not_sent');
}

function pausedError(dsmCode: number): DsmError {
  const text = 'The NAS ends each session soon after the login; the next login waits a few seconds.';
  return new DsmError('SESSION_LOST', `${text} (DSM code ${dsmCode})`, { dsmCode, outcome: 'refused' });
}

/** How long a method that had worked and stays refused waits for another login that might help. */
const RENEWAL_PAUSE_MS = 5 * 60_000;

/** A method that was answered with success: under which login last, and since when it is refused. */
interface WorkingMethod {
  login: Login;
  refusedMs: number | null;
}

/** Performs calls, one at a time: whoever uses it sees to that. */
export class Caller {
  readonly #options: CallerOptions;
  readonly #allowance = new ReloginAllowance();
  /** Methods that were answered with success in this session. */
  readonly #worked = new Map<string, WorkingMethod>();

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /**
   * Sends a call, again after a new login or with a new path where the NAS refused it for lack of those.
   * @throws DsmError
   */
  async perform(call: DsmCall, signal: AbortSignal | undefined): Promise<DsmAnswer> {
    const name = `${call.api} ${call.method}`;
    const history: CallHistory = { reloggedIn: false, rediscovered: false };
    for (;;) {
      const { entry, login } = await this.#prepare(call, signal);
      const reply = await this.#send(call, entry, login, signal);
      if (reply.success) {
        this.#worked.set(name, { login, refusedMs: null });
        return { data: reply.data, dateMs: reply.dateMs };
      }
      const { dsmCode, parameter } = reply;
      const refusal = dsmCodeError({ api: call.api, method: call.method, dsmCode, parameter });
      const worked = this.#worked.get(name);
      const step = nextStep(dsmCode, history, this.#historyOf(worked, login));
      switch (step) {
        case 'relogin':
        case 'renew':
          if (!this.#allowance.take(this.#options.now())) throw pausedError(dsmCode);
          history.reloggedIn = true;
          await this.#options.keeper.drop(login, step === 'renew');
          break;
        case 'rediscover':
          history.rediscovered = true;
          if (!(await this.#hasMoved(call.api, entry, signal))) throw refusal;
          break;
        case 'fail':
          if (worked !== undefined && isDoubtful(dsmCode)) await this.#noteRefusal(worked, login, history);
          throw refusal;
      }
    }
  }

  /**
   * Notes since when a method that had worked is refused. Where a new login did not help the first time, it may be one
   * that a NAS gave while it was starting: it is ended, and the next call makes another. After that there is a pause.
   */
  async #noteRefusal(worked: WorkingMethod, login: Login, { reloggedIn }: CallHistory): Promise<void> {
    const isFirst = worked.refusedMs === null;
    if (isFirst || reloggedIn) worked.refusedMs = this.#options.now();
    if (isFirst && reloggedIn) await this.#options.keeper.drop(login, true);
  }

  #historyOf(worked: WorkingMethod | undefined, login: Login): MethodHistory {
    if (worked === undefined) return { workedInThisLogin: false, knownGood: false };
    const known = { workedInThisLogin: worked.login === login, knownGood: true };
    if (worked.refusedMs === null) return known;
    const isLongAgo = Math.abs(this.#options.now() - worked.refusedMs) >= RENEWAL_PAUSE_MS;
    return { ...known, refused: isLongAgo ? 'long ago' : 'recently' };
  }

  /** Everything that must be known and done before the call itself can be sent. */
  async #prepare(call: DsmCall, signal: AbortSignal | undefined): Promise<{ entry: ApiEntry; login: Login }> {
    const { keeper, closing, onSilence } = this.#options;
    try {
      const entry = await this.#findVersion(call, signal);
      const login = await keeper.ready([signal, closing]);
      return { entry, login };
    } catch (error) {
      const final = asNotSent(error);
      if (isSilence(error) && final instanceof DsmError) onSilence(final);
      throw final;
    }
  }

  async #send(call: DsmCall, entry: ApiEntry, login: Login, signal: AbortSignal | undefined): Promise<Reply> {
    const { gateway, directory, timeoutMs, closing } = this.#options;
    try {
      return await gateway.exchange({
        api: call.api,
        method: call.method,
        version: call.version,
        path: entry.path,
        fields: encodeParams(call.params ?? {}, entry.requestFormat),
        pass: login,
        timeoutMs: call.timeoutMs ?? timeoutMs,
        signals: [signal, closing],
        repeatable: call.write !== true,
      });
    } catch (error) {
      // A path that an update has moved answers with a web page; the next call is to ask where it is now.
      if (error instanceof DsmError && error.code === 'INVALID_RESPONSE') directory.forget(call.api);
      throw error;
    }
  }

  /** The entry of the API, with a look at whether it offers the version: the NAS would answer 104. */
  async #findVersion(call: DsmCall, signal: AbortSignal | undefined): Promise<ApiEntry> {
    const { directory } = this.#options;
    const offers = (entry: ApiEntry): boolean => call.version >= entry.minVersion && call.version <= entry.maxVersion;
    const wasKnown = directory.knows(call.api);
    let entry = await directory.find(call.api, signal);
    if (!offers(entry) && wasKnown) {
      directory.forget(call.api);
      entry = await directory.find(call.api, signal);
    }
    if (offers(entry)) return entry;
    const range = `${entry.minVersion} to ${entry.maxVersion}`;
    const text = `The NAS offers versions ${range} of ${call.api}, and version ${call.version} is needed.`;
    throw new DsmError('NOT_SUPPORTED', text, { outcome: 'not_sent' });
  }

  /** Asks again where an API is. @throws DsmError when it is gone or the NAS cannot be asked */
  async #hasMoved(api: string, before: ApiEntry, signal: AbortSignal | undefined): Promise<boolean> {
    const { directory } = this.#options;
    directory.forget(api);
    try {
      const now = await directory.find(api, signal);
      return now.path !== before.path || now.maxVersion !== before.maxVersion || now.minVersion !== before.minVersion;
    } catch (error) {
      throw asNotSent(error);
    }
  }
}
