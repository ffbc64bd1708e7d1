// The sockets to a NAS: reused while nginx keeps them, and handed out only when connected and their certificate passed.
import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { fingerprintOf } from './certificate';

/** How sockets are made. */
export interface ConnectionOptions {
  secure: boolean;
  tls?: https.AgentOptions;
  /** SHA-256 fingerprint that the server's own certificate must have; it replaces all other verification. */
  pinnedSha256?: string;
  /** How long an unused socket is kept, milliseconds. */
  idleMs: number;
}

type Deliver = (error: Error | null, socket: Duplex) => void;

class PinMismatch extends Error {
  readonly code = 'CERTIFICATE_PIN_MISMATCH';
}

/**
 * Delivers a socket once it is connected, and for TLS once its certificate was accepted. So no byte of a request, and
 * no password, can be on its way to a server that is not the pinned one, and a request without a socket was not sent.
 */
class Doorkeeper {
  readonly #pending = new Set<Duplex>();
  readonly #pin: string | null;

  constructor(pin: string | null) {
    this.#pin = pin;
  }

  deliverWhenReady(socket: Duplex, deliver: Deliver): void {
    this.#pending.add(socket);
    const settle = (error: Error | null): void => {
      this.#pending.delete(socket);
      socket.off('error', settle).off('close', onClose);
      if (error !== null) {
        // A late error of a socket that nobody owns any more must not end the process.
        socket.on('error', () => undefined);
        socket.destroy();
      }
      deliver(error, socket);
    };
    const onClose = (): void => settle(Object.assign(new Error('closed while connecting'), { code: 'ECONNRESET' }));
    socket.once('error', settle).once('close', onClose);
    if (socket instanceof TLSSocket) {
      socket.once('secureConnect', () => {
        const trusted = this.#pin === null || fingerprintOf(socket.getPeerCertificate()) === this.#pin;
        settle(trusted ? null : new PinMismatch('pin'));
      });
    } else {
      socket.once('connect', () => settle(null));
    }
  }

  /** Gives up on sockets that are still connecting; without it a silent host would hold them for minutes. */
  dropPending(): void {
    for (const socket of this.#pending) socket.destroy();
  }
}

class PlainAgent extends http.Agent {
  readonly #door: Doorkeeper;

  constructor(options: http.AgentOptions, door: Doorkeeper) {
    super(options);
    this.#door = door;
  }

  override createConnection(options: http.ClientRequestArgs, deliver?: Deliver): Duplex | null | undefined {
    const socket = super.createConnection(options);
    if (socket == null || deliver === undefined) return socket;
    this.#door.deliverWhenReady(socket, deliver);
    return undefined;
  }
}

class TlsAgent extends https.Agent {
  readonly #door: Doorkeeper;

  constructor(options: https.AgentOptions, door: Doorkeeper) {
    super(options);
    this.#door = door;
  }

  override createConnection(options: https.RequestOptions, deliver?: Deliver): Duplex | null | undefined {
    const socket = super.createConnection(options);
    if (socket == null || deliver === undefined) return socket;
    this.#door.deliverWhenReady(socket, deliver);
    return undefined;
  }
}

/** Two agents of our own, so that nothing of Node-RED's global agents (proxies, limits) reaches into this connection. */
export class Connections {
  /** Reuses sockets: for requests that may be repeated when the socket turns out to be dead. */
  readonly reusing: http.Agent;
  /** A new socket for each request: for logins and writes, which may not be sent twice on a guess. */
  readonly fresh: http.Agent;
  readonly #door: Doorkeeper;

  constructor(options: ConnectionOptions) {
    this.#door = new Doorkeeper(options.pinnedSha256 ?? null);
    const shared = options.secure
      ? {
          ...options.tls,
          // A resumed TLS session skips the certificate; each connection is to show it.
          maxCachedSessions: 0,
          ...(options.pinnedSha256 === undefined ? {} : { rejectUnauthorized: false }),
        }
      : {};
    const Agent = options.secure ? TlsAgent : PlainAgent;
    this.reusing = new Agent({ ...shared, keepAlive: true, timeout: options.idleMs, maxFreeSockets: 1 }, this.#door);
    this.fresh = new Agent({ ...shared, keepAlive: false }, this.#door);
  }

  /** Gives up on connections that are not open yet. */
  dropPending(): void {
    this.#door.dropPending();
  }

  /** Closes every socket. */
  destroy(): void {
    this.#door.dropPending();
    this.reusing.destroy();
    this.fresh.destroy();
  }
}
