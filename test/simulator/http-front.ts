// The network side: an HTTP or HTTPS server that reads requests, lets the NAS answer, and carries out faults.

import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { type AddressInfo, type Socket } from 'node:net';
import { parseCall } from './call';
import { type Call, type HttpRequest } from './call-types';
import { type Certificate } from './certificate';
import { type FaultSpec } from './faults';
import { type NasCore } from './nas-core';
import { recordOf, type RequestRecord } from './record';
import { faultReply, page, type Reply, replyTo, spoilt, strikesAfter } from './replies';
import { route } from './router';

const BODY_LIMIT_BYTES = 32 * 1024 * 1024;

/** Answers a control request; null when it is none. */
export type ControlHandler = (request: HttpRequest) => Reply | null;

interface Connection {
  id: number;
  requests: number;
}

/** The server of one simulated NAS. It can stop listening and start again on the same port. */
export class HttpFront {
  private server: http.Server | null = null;
  private readonly connections = new Map<Socket, Connection>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private connectionCount = 0;
  private requestCount = 0;

  constructor(
    private readonly nas: NasCore,
    private readonly certificate: Certificate | null,
    private readonly control: ControlHandler | null,
  ) {}

  /** Connections that are open now. */
  get openConnections(): number {
    return this.connections.size;
  }

  /** Starts listening; gives the port. */
  async listen(port: number, host: string): Promise<number> {
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      this.onRequest(request, response).catch(() => response.destroy());
    };
    const server =
      this.certificate === null
        ? http.createServer(listener)
        : https.createServer({ key: this.certificate.keyPem, cert: this.certificate.certificatePem }, listener);
    server.keepAliveTimeout = 20_000;
    server.on(this.certificate === null ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.connectionCount += 1;
      this.connections.set(socket, { id: this.connectionCount, requests: 0 });
      socket.on('close', () => this.connections.delete(socket));
      socket.on('error', () => socket.destroy());
    });
    server.on('clientError', (_error, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    this.server = server;
    return (server.address() as AddressInfo).port;
  }

  /** Stops listening and cuts every connection. */
  async close(): Promise<void> {
    const server = this.server;
    this.server = null;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    if (server === null) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.cutConnections();
    server.closeAllConnections();
    await closed;
  }

  /** Cuts every connection, as a restart of the web server does. */
  cutConnections(): void {
    for (const socket of this.connections.keys()) socket.destroy();
  }

  private async onRequest(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    response.sendDate = false;
    response.on('error', () => undefined);
    const connection = this.connections.get(incoming.socket) ?? { id: 0, requests: 0 };
    const requestsBefore = connection.requests;
    connection.requests += 1;
    const request: HttpRequest = {
      httpMethod: incoming.method ?? 'GET',
      url: incoming.url ?? '/',
      headers: incoming.headers,
      body: await bodyOf(incoming),
      remoteAddress: incoming.socket.remoteAddress ?? '',
      remotePort: incoming.socket.remotePort ?? 0,
      socketId: connection.id,
      requestsBefore,
    };
    const controlReply = this.control?.(request) ?? null;
    if (controlReply !== null) this.send(response, controlReply);
    else if (request.httpMethod !== 'GET' && request.httpMethod !== 'POST') this.send(response, page(405));
    else this.answer(request, response);
  }

  private answer(request: HttpRequest, response: ServerResponse): void {
    const { nas } = this;
    const call = parseCall(request);
    const record = recordOf(call, {
      index: this.requestCount,
      nowMs: nas.clock.now(),
      session: nas.sessions.numberOf(call.sid),
      secrets: nas.secrets(),
    });
    nas.keepRecord(record);
    this.requestCount += 1;
    const fault = nas.faults.take(call);
    record.fault = fault?.kind ?? null;
    if (fault?.kind === 'delay') {
      this.later(fault.ms, () => {
        this.carryOut(call, record, fault, response);
      });
    } else {
      this.carryOut(call, record, fault, response);
    }
  }

  private carryOut(call: Call, record: RequestRecord, fault: FaultSpec | null, response: ServerResponse): void {
    if (fault !== null && !strikesAfter(fault) && this.strike(call, record, fault, response)) return;
    const reply = replyTo(this.nas, call, route(this.nas, call, record, fault));
    if (fault !== null && strikesAfter(fault) && this.strike(call, record, fault, response)) return;
    const sent = spoilt(reply, fault);
    record.result = sent.result;
    if (fault?.kind === 'drip') this.drip(response, sent, fault.ms);
    else this.send(response, sent);
  }

  /** Carries out a fault that leaves no room for the real answer; false when it is none of those. */
  private strike(call: Call, record: RequestRecord, fault: FaultSpec, response: ServerResponse): boolean {
    if (fault.kind === 'hang') return true;
    if (fault.kind === 'reset' || fault.kind === 'reset-reused') {
      response.socket?.resetAndDestroy();
      return true;
    }
    const reply = faultReply(this.nas, fault, call);
    if (reply === null) return false;
    record.result = reply.result;
    this.send(response, reply);
    return true;
  }

  private send(response: ServerResponse, reply: Reply): void {
    if (response.destroyed) return;
    this.writeHead(response, reply);
    response.end(reply.body);
  }

  private drip(response: ServerResponse, reply: Reply, ms: number): void {
    this.writeHead(response, reply);
    const bytes = Buffer.from(reply.body);
    const next = (index: number): void => {
      if (response.destroyed) return;
      if (index >= bytes.length) {
        response.end();
        return;
      }
      response.write(bytes.subarray(index, index + 1));
      this.later(ms, () => {
        next(index + 1);
      });
    };
    next(0);
  }

  private writeHead(response: ServerResponse, reply: Reply): void {
    response.writeHead(reply.status, {
      Date: new Date(this.nas.nowMs()).toUTCString(),
      Server: 'nginx',
      'Content-Length': String(Buffer.byteLength(reply.body)),
      ...reply.headers,
    });
  }

  private later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, ms);
    this.timers.add(timer);
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_LIMIT_BYTES) throw new Error('The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
