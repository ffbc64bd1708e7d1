// One exchange with a DSM API: builds the request, opens the envelope, counts and reports it without its values.
import { type Envelope, openEnvelope } from './envelope';
import type { FormField } from './encoding';
import { DsmError } from './errors';
import type { Secret } from './secret';
import type { Transport } from './transport';
import type { DsmRequestRecord } from './types';

/** The proof of a login, as it accompanies each request. */
export interface Pass {
  sid: Secret;
  /** DSM asks for it when its protection against request forgery is on. */
  synoToken: Secret | null;
}

/** A request to a DSM API. */
export interface Exchange {
  api: string;
  method: string;
  version: number;
  path: string;
  fields: readonly FormField[];
  pass?: Pass;
  timeoutMs: number;
  signals: readonly (AbortSignal | undefined)[];
  repeatable: boolean;
}

export interface GatewayOptions {
  transport: Transport;
  now: () => number;
  onRequest?: (record: DsmRequestRecord) => void;
}

/** The envelope of an answer, and the NAS's clock where it told it. */
export type Reply = Envelope & { dateMs: number | null };

/** The sid travels as a cookie: as a parameter, one that starts with a digit is misread, and it would stand in URLs. */
function passHeaders(pass: Pass | undefined): Record<string, string> {
  if (pass === undefined) return {};
  return {
    Cookie: `id=${pass.sid.reveal()}`,
    ...(pass.synoToken === null ? {} : { 'X-SYNO-TOKEN': pass.synoToken.reveal() }),
  };
}

/** Everything of this request that an error page could repeat and a message must not. */
function sentValues({ fields, pass }: Exchange): string[] {
  const secrets = [pass?.sid, pass?.synoToken].map((secret) => secret?.reveal() ?? '');
  return [...fields.map(([, value]) => value), ...secrets];
}

/** Talks to the gateway of a NAS. */
export class Gateway {
  readonly #options: GatewayOptions;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** `host:port`, for messages. */
  get host(): string {
    return this.#options.transport.host;
  }

  /**
   * Sends a request and opens its answer. A refusal by DSM is an answer, not an exception.
   * @throws DsmError of the transport, or INVALID_RESPONSE
   */
  async exchange(exchange: Exchange): Promise<Reply> {
    const { api, method, version, fields, path, pass, timeoutMs, signals, repeatable } = exchange;
    const atMs = this.#options.now();
    const startedMs = performance.now();
    let code: DsmRequestRecord['code'] = null;
    try {
      const reply = await this.#options.transport.post({
        path,
        fields: [['api', api], ['version', String(version)], ['method', method], ...fields],
        headers: passHeaders(pass),
        timeoutMs,
        signals,
        repeatable,
      });
      const envelope = openEnvelope(reply, this.host, sentValues(exchange));
      if (!envelope.success) code = envelope.dsmCode;
      return { ...envelope, dateMs: reply.dateMs };
    } catch (error) {
      code = error instanceof DsmError ? error.code : 'INVALID_RESPONSE';
      throw error;
    } finally {
      this.#report({ api, method, code, durationMs: Math.round(performance.now() - startedMs), atMs });
    }
  }

  /** An observer's failure is its own and must not fail the request. */
  #report(record: DsmRequestRecord): void {
    try {
      this.#options.onRequest?.(record);
    } catch {
      return;
    }
  }
}
