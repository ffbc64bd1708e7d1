// Certificates: verified by default, trusted by CA, pinned, or shown to a person.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import * as net from 'node:net';
import * as tls from 'node:tls';
import selfsigned from 'selfsigned';
import { createDsmSession, normalizeFingerprint, readCertificate } from '../../../lib/dsm';
import type { Simulator } from '../../simulator';
import { LIST, cleanUp, errorOf, nas, onEnd, rawServer, session, until } from './support';

const OTHER_PIN = 'ab'.repeat(32);

/** A TCP server that never says anything. */
async function silentServer(): Promise<{ port: number; sockets: Set<net.Socket> }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onEnd(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  );
  return { port: (server.address() as net.AddressInfo).port, sockets };
}

describe('TLS', () => {
  let box: Simulator;
  beforeEach(async () => {
    box = await nas({ tls: true });
  });
  afterEach(cleanUp);

  it('does not trust a self-signed certificate, and says which setting helps', async () => {
    const error = await errorOf(session(box).call(LIST));
    assert.deepEqual(error.cause, { code: 'TLS', outcome: 'not_sent' });
    assert.match(error.message, /CA certificate|fingerprint/);
    assert.equal(box.requests.length, 0);
  });

  it('trusts it with its CA certificate, or without verification', async () => {
    const { certificatePem } = box;
    assert.ok((await session(box, { tls: { ca: certificatePem } }).call(LIST)).data);
    assert.ok((await session(box, { tls: { rejectUnauthorized: false } }).call(LIST)).data);
  });

  it('refuses a certificate for another name', async () => {
    const { certificatePem } = box;
    const error = await errorOf(session(box, { tls: { ca: certificatePem, servername: 'other.example' } }).call(LIST));
    assert.equal(error.code, 'TLS');
  });

  it('works with a pinned fingerprint, however it is written', async () => {
    const { fingerprint } = box;
    const plain = normalizeFingerprint(fingerprint);
    assert.ok(plain !== null);
    for (const pinnedSha256 of [plain, plain.toUpperCase(), plain.replace(/..(?!$)/g, '$&:')]) {
      assert.ok((await session(box, { pinnedSha256 }).call(LIST)).data);
    }
  });

  it('sends not a byte of a request to a server with another certificate than the pinned one', async () => {
    const made = await selfsigned.generate([{ name: 'commonName', value: 'impostor' }]);
    const counts: number[] = [];
    let ended = 0;
    const impostor = tls.createServer({ key: made.private, cert: made.cert }, (socket) => {
      socket.on('error', () => undefined).on('data', (chunk: Buffer) => void counts.push(chunk.length));
    });
    impostor.on('tlsClientError', () => undefined);
    impostor.on('connection', (socket: net.Socket) => socket.on('close', () => (ended += 1)));
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
    onEnd(() => new Promise((resolve) => impostor.close(resolve)));
    const url = `https://127.0.0.1:${(impostor.address() as net.AddressInfo).port}`;
    const error = await errorOf(session({ url }, { pinnedSha256: OTHER_PIN }).call(LIST));
    assert.deepEqual(error.cause, { code: 'TLS', outcome: 'not_sent' });
    assert.match(error.message, /pinned/);
    await until(() => ended === 1);
    assert.deepEqual(counts, []);
    const own = normalizeFingerprint(new X509Certificate(made.cert).fingerprint256);
    assert.ok(own !== null);
    await errorOf(session({ url }, { pinnedSha256: own, timeoutMs: 100 }).call(LIST));
    assert.notEqual(counts.length, 0, 'the same server is sent a request when its certificate is the pinned one');
  });

  it('refuses a pinned fingerprint that is none', () => {
    assert.throws(() => createDsmSession({ url: box.url, username: 'u', password: 'p', pinnedSha256: 'abc' }), {
      code: 'TLS',
    });
  });

  it('shows the certificate of a NAS without sending a request', async () => {
    const { fingerprint, certificatePem } = box;
    const facts = await readCertificate(box.url, { timeoutMs: 5_000 });
    assert.equal(facts.fingerprintSha256, normalizeFingerprint(fingerprint));
    assert.equal(facts.trusted, false);
    assert.ok(facts.validFromMs !== null && facts.validToMs !== null && facts.validFromMs < facts.validToMs);
    const trusted = await readCertificate(box.url, { timeoutMs: 5_000, tls: { ca: certificatePem } });
    assert.equal(trusted.trusted, true);
    assert.equal(box.requests.length, 0);
  });

  it('cannot show a certificate where there is none', async () => {
    const plain = await rawServer((_call, response) => void response.end());
    assert.equal((await errorOf(readCertificate(plain.url, { timeoutMs: 5_000 }))).code, 'TLS');
    const url = plain.url.replace('http:', 'https:');
    assert.equal((await errorOf(readCertificate(url, { timeoutMs: 5_000 }))).code, 'TLS');
    const { port, sockets } = await silentServer();
    const silent = `https://127.0.0.1:${port}`;
    assert.equal((await errorOf(readCertificate(silent, { timeoutMs: 50 }))).code, 'TIMEOUT');
    const signal = AbortSignal.abort();
    assert.equal((await errorOf(readCertificate(silent, { timeoutMs: 5_000, signal }))).code, 'ABORTED');
    await until(() => sockets.size === 0);
  });

  it('says that https and http were confused', async () => {
    const plain = await rawServer((_call, response) => void response.end());
    const wrongWay = await errorOf(session({ url: plain.url.replace('http:', 'https:') }).call(LIST));
    assert.equal(wrongWay.code, 'TLS');
    const nginx = await rawServer((_call, response) => {
      response.writeHead(400).end('<html><h1>400</h1>The plain HTTP request was sent to HTTPS port</html>');
    });
    const otherWay = await errorOf(session(nginx).call(LIST));
    assert.equal(otherWay.code, 'INVALID_RESPONSE');
    assert.match(otherWay.message, /https:\/\//);
  });

  it('gives up a handshake that never ends, at the deadline, on abort and on close', async () => {
    const { port, sockets } = await silentServer();
    const url = `https://127.0.0.1:${port}`;
    const late = await errorOf(session({ url }, { timeoutMs: 50 }).call(LIST));
    assert.deepEqual(late.cause, { code: 'TIMEOUT', outcome: 'not_sent' });
    const controller = new AbortController();
    const leaving = errorOf(session({ url }).call({ ...LIST, write: true, signal: controller.signal }));
    await until(() => sockets.size === 1);
    controller.abort();
    assert.deepEqual((await leaving).cause, { code: 'ABORTED', outcome: 'not_sent' });
    const dsm = session({ url });
    const closing = errorOf(dsm.call(LIST));
    await dsm.close();
    assert.equal((await closing).code, 'ABORTED');
    await until(() => sockets.size === 0);
  });

  it('shows its certificate on each connection, resumed TLS sessions would hide it', async () => {
    const { fingerprint } = box;
    const dsm = session(box, { pinnedSha256: fingerprint });
    const write = { ...LIST, method: 'backup_task', params: { task_id: 1 }, write: true };
    await dsm.call(LIST);
    await dsm.call(write);
    assert.ok((await dsm.call(LIST)).data);
  });
});
