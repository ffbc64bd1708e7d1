// The way out: sockets, deadlines, limits, and answers that break off.
import axios from 'axios';
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { parseNasUrl } from '../../../lib/dsm';
import { type HttpPost, Transport, type TransportOptions } from '../../../lib/dsm/transport';
import { cleanUp, errorOf, onEnd, rawServer, until } from './support';

function transport(url: string, options: Partial<TransportOptions> = {}): Transport {
  const parsed = parseNasUrl(url);
  assert.ok(parsed.ok);
  const created = new Transport({ url: parsed.url, maxBodyBytes: 10_000, ...options });
  onEnd(() => {
    created.destroy();
    return Promise.resolve();
  });
  return created;
}

const POST: HttpPost = {
  path: 'entry.cgi',
  fields: [['method', 'x']],
  headers: {},
  timeoutMs: 5_000,
  signals: [],
  repeatable: true,
};

const responding = (respond: (response: ServerResponse) => void) => rawServer((_call, response) => respond(response));

describe('the transport', () => {
  afterEach(cleanUp);

  it('reuses its socket for what may be repeated, and takes a new one for what may not', async () => {
    const ports: (number | undefined)[] = [];
    const server = await rawServer((_call, response, request) => {
      ports.push(request.socket.remotePort);
      response.end('{}');
    });
    const out = transport(server.url);
    await out.post(POST);
    await out.post(POST);
    await out.post({ ...POST, repeatable: false });
    await out.post(POST);
    assert.equal(ports[0], ports[1]);
    assert.notEqual(ports[1], ports[2]);
    assert.equal(ports[0], ports[3]);
  });

  it('closes an unused socket before the NAS would', async () => {
    const server = await responding((response) => void response.end('{}'));
    const out = transport(server.url, { idleMs: 20 });
    await out.post(POST);
    await until(() => server.sockets.size === 0);
  });

  it('keeps a path prefix, and passes on no proxy of the environment', async () => {
    const paths: (string | undefined)[] = [];
    const server = await rawServer((_call, response, request) => {
      paths.push(request.url);
      response.end('{}');
    });
    const before = process.env.http_proxy;
    process.env.http_proxy = 'http://127.0.0.1:1';
    try {
      await transport(`${server.url}/dsm/`).post({ ...POST, path: '____entry.cgi' });
    } finally {
      if (before === undefined) delete process.env.http_proxy;
      else process.env.http_proxy = before;
    }
    assert.deepEqual(paths, ['/dsm/webapi/____entry.cgi']);
  });

  it('has a client of its own: what other nodes set or look at on the axios they share does not reach it', async () => {
    const headers: Record<string, unknown>[] = [];
    const server = await rawServer((_call, response, request) => {
      headers.push(request.headers);
      setTimeout(() => response.end('{}'), 50);
    });
    const seen: unknown[] = [];
    const before = { timeout: axios.defaults.timeout, adapter: axios.defaults.adapter };
    const watching = axios.interceptors.request.use((config) => {
      seen.push(config.data);
      return config;
    });
    axios.defaults.headers.common['X-Foreign'] = 'token of another node';
    axios.defaults.timeout = 10;
    axios.defaults.adapter = () => Promise.reject(new Error('an adapter of another node'));
    try {
      assert.equal((await transport(server.url).post(POST)).body, '{}');
    } finally {
      axios.interceptors.request.eject(watching);
      delete axios.defaults.headers.common['X-Foreign'];
      Object.assign(axios.defaults, before);
    }
    assert.deepEqual(seen, []);
    assert.equal(headers[0]?.['x-foreign'], undefined);
  });

  it('gives status, text and clock, and takes no notice of the content type', async () => {
    const server = await responding((response) => {
      response.writeHead(502, { 'Content-Type': 'image/png', Date: 'Tue, 10 Dec 2024 01:30:35 GMT' });
      response.end('\ufeff{"a":"ä"}');
    });
    const reply = await transport(server.url).post(POST);
    assert.deepEqual(reply, {
      status: 502,
      body: '{"a":"ä"}',
      dateMs: Date.UTC(2024, 11, 10, 1, 30, 35),
      location: null,
    });
  });

  it('stops reading at the limit, also when the answer is compressed', async () => {
    const long = 'x'.repeat(20_000);
    for (const compressed of [false, true]) {
      const server = await responding((response) => {
        if (compressed) response.setHeader('Content-Encoding', 'gzip');
        response.end(compressed ? gzipSync(long) : long);
      });
      const error = await errorOf(transport(server.url).post(POST));
      assert.equal(error.code, 'INVALID_RESPONSE');
      assert.match(error.message, /10000 bytes/);
    }
  });

  it('ends an answer that drips at the deadline', async () => {
    const server = await responding((response) => {
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    });
    const error = await errorOf(transport(server.url).post({ ...POST, timeoutMs: 80 }));
    assert.deepEqual(error.cause, { code: 'TIMEOUT', outcome: 'unknown' });
    assert.match(error.message, /^127\.0\.0\.1:\d+ did not answer within 0\.08 seconds\.$/);
    await until(() => server.sockets.size === 0);
  });

  it('reports an answer that breaks off, and does not repeat it when the socket was new', async () => {
    const server = await responding((response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"success":', () => response.destroy());
    });
    const error = await errorOf(transport(server.url).post(POST));
    assert.deepEqual(error.cause, { code: 'UNREACHABLE', outcome: 'unknown' });
    assert.equal(server.asked.length, 1);
  });

  it('reports damaged compression and damaged HTTP as INVALID_RESPONSE', async () => {
    const zipped = await responding((response) => {
      response.setHeader('Content-Encoding', 'gzip');
      response.end('this is not gzip');
    });
    assert.equal((await errorOf(transport(zipped.url).post(POST))).code, 'INVALID_RESPONSE');
    const damaged = await responding((response) => void response.socket?.end('hello there\r\n\r\n'));
    assert.equal((await errorOf(transport(damaged.url).post(POST))).code, 'INVALID_RESPONSE');
  });

  it('says not_sent where nobody listens and where the name is unknown', async () => {
    const server = await responding((response) => void response.end());
    await cleanUp();
    const refused = await errorOf(transport(server.url).post(POST));
    assert.deepEqual(refused.cause, { code: 'UNREACHABLE', outcome: 'not_sent' });
    const unknown = await errorOf(transport('http://no-such-host.invalid').post(POST));
    assert.deepEqual(unknown.cause, { code: 'UNREACHABLE', outcome: 'not_sent' });
  });

  it('leaves no listener on a signal that lives longer than the request', async () => {
    const server = await responding((response) => void response.end('{}'));
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    const out = transport(server.url);
    for (let i = 0; i < 10; i += 1) await out.post({ ...POST, signals: [signal] });
    assert.equal(listeners, 0);
  });
});
