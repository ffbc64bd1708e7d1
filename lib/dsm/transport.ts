// The one way out to a NAS: form posts over our own sockets, with a deadline, a size limit and no redirects.
import { Axios, type AxiosResponse, isAxiosError } from 'axios';
import * as http from 'node:http';
import * as https from 'node:https';
import { type ConnectionOptions, Connections } from './connections';
import { type FormField, encodeForm } from './encoding';
import { DsmError } from './errors';
import { networkError } from './network-errors';
import type { NasUrl } from './url';

/** A post to the NAS. */
export interface HttpPost {
  /** Path below `/webapi/`, as SYNO.API.Info gave it. */
  path: string;
  fields: readonly FormField[];
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** Any of these ends the request with ABORTED. */
  signals: readonly (AbortSignal | undefined)[];
  /** True for what may be sent twice: it uses a kept socket and is repeated once when that socket was dead. */
  repeatable: boolean;
}

/** What came back, unread. */
export interface HttpReply {
  status: number;
  body: string;
  /** The `Date` header, milliseconds since the epoch, or null. */
  dateMs: number | null;
  location: string | null;
}

export interface TransportOptions {
  url: NasUrl;
  maxBodyBytes: number;
  tls?: ConnectionOptions['tls'];
  pinnedSha256?: string;
  /** Called for each request that is put on the wire, a repeated one too. */
  onSend?: () => void;
  /** How long an unused socket is kept, milliseconds. Default 15 000, as DSM's nginx drops it after 20 s. */
  idleMs?: number;
}

/** What ended a request from our side. */
type Stop = 'deadline' | 'aborted';

/** What is known of a request under way. */
interface Attempt {
  request: http.ClientRequest | null;
  /** An open, accepted socket has taken the request: from here on it may have been carried out. */
  sent: boolean;
  stop: Stop | null;
}

const IDLE_MS = 15_000;

/** Not the instance that all nodes share: an interceptor there would see passwords, and its defaults would hold here. */
const client = new Axios();

function parseDate(value: unknown): number | null {
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? null : time;
}

/** Sends posts to one NAS. Every error is a DsmError that tells host and port and nothing that was sent. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #connections: Connections;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#connections = new Connections({
      secure: options.url.secure,
      idleMs: options.idleMs ?? IDLE_MS,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      ...(options.pinnedSha256 === undefined ? {} : { pinnedSha256: options.pinnedSha256 }),
    });
  }

  /** `host:port`, for messages. */
  get host(): string {
    return this.#options.url.host;
  }

  /**
   * Posts a form and reads the answer, whatever its status.
   * @throws DsmError UNREACHABLE, TIMEOUT, TLS, INVALID_RESPONSE (longer than the limit) or ABORTED
   */
  async post(post: HttpPost): Promise<HttpReply> {
    const attempt: Attempt = { request: null, sent: false, stop: null };
    const stop = (reason: Stop): void => {
      attempt.stop ??= reason;
      attempt.request?.destroy();
      if (!attempt.sent) this.#connections.dropPending();
    };
    if (post.signals.some((signal) => signal?.aborted)) throw this.#stopped('aborted', attempt, post.timeoutMs);
    const onAbort = (): void => stop('aborted');
    for (const signal of post.signals) signal?.addEventListener('abort', onAbort, { once: true });
    const deadline = setTimeout(() => stop('deadline'), post.timeoutMs);
    try {
      return await this.#attemptTwice(post, attempt);
    } finally {
      clearTimeout(deadline);
      for (const signal of post.signals) signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Closes all sockets; requests under way fail. */
  destroy(): void {
    this.#connections.destroy();
  }

  /** A kept socket may have died while idle; then what may be repeated is sent once more over a new one. */
  async #attemptTwice(post: HttpPost, attempt: Attempt): Promise<HttpReply> {
    const body = encodeForm(post.fields);
    try {
      return await this.#send(post, body, attempt, post.repeatable);
    } catch (error) {
      const socketWasDead = post.repeatable && attempt.request?.reusedSocket === true && isCut(error);
      if (!socketWasDead || attempt.stop !== null) throw this.#translate(error, attempt, post.timeoutMs);
    }
    attempt.sent = false;
    try {
      return await this.#send(post, body, attempt, false);
    } catch (error) {
      throw this.#translate(error, attempt, post.timeoutMs);
    }
  }

  async #send(post: HttpPost, body: string, attempt: Attempt, reuse: boolean): Promise<HttpReply> {
    const { url, maxBodyBytes } = this.#options;
    const agent = reuse ? this.#connections.reusing : this.#connections.fresh;
    this.#options.onSend?.();
    const response: AxiosResponse<string> = await client.request<string>({
      adapter: 'http',
      method: 'POST',
      url: `${url.origin}${url.basePath}/webapi/${post.path}`,
      data: body,
      headers: { Accept: '*/*', ...post.headers, 'Content-Type': 'application/x-www-form-urlencoded' },
      // Redirects would carry the password elsewhere; proxies of the environment are not meant for a NAS on the LAN.
      maxRedirects: 0,
      proxy: false,
      maxContentLength: maxBodyBytes,
      responseType: 'text',
      transformResponse: (data: string) => data,
      validateStatus: () => true,
      httpAgent: agent,
      httpsAgent: agent,
      transport: watchedTransport(url.secure, attempt),
    });
    const location: unknown = response.headers.location;
    return {
      status: response.status,
      body: typeof response.data === 'string' ? response.data : '',
      dateMs: parseDate(response.headers.date),
      location: typeof location === 'string' ? location : null,
    };
  }

  #stopped(reason: Stop, attempt: Attempt, timeoutMs: number): DsmError {
    const outcome = attempt.sent ? 'unknown' : 'not_sent';
    return reason === 'deadline'
      ? new DsmError('TIMEOUT', `${this.host} did not answer within ${timeoutMs / 1000} seconds.`, { outcome })
      : new DsmError('ABORTED', 'The request was given up.', { outcome });
  }

  /** Never passes the original on: its `config` holds the form with the password. */
  #translate(error: unknown, attempt: Attempt, timeoutMs: number): DsmError {
    if (attempt.stop !== null) return this.#stopped(attempt.stop, attempt, timeoutMs);
    if (isAxiosError(error) && error.message.startsWith('maxContentLength')) {
      const text = `${this.host} sent more than ${this.#options.maxBodyBytes} bytes, which is the limit.`;
      return new DsmError('INVALID_RESPONSE', text, { outcome: 'unknown' });
    }
    return networkError(this.host, errorCode(error), attempt.sent);
  }
}

function errorCode(error: unknown): string {
  const code = isAxiosError(error) || error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}

/** Whether the other side hung up. */
function isCut(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE', 'ECONNABORTED'].includes(errorCode(error));
}

/** Node's own http or https, which also notes when the request gets its socket: a socket comes connected and checked. */
function watchedTransport(secure: boolean, attempt: Attempt) {
  return {
    request(options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void): http.ClientRequest {
      const request = (secure ? https : http).request(options, onResponse);
      attempt.request = request;
      request.once('socket', () => {
        attempt.sent = true;
      });
      if (attempt.stop !== null) request.destroy();
      return request;
    },
  };
}
