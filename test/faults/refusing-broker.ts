// A broker that lets nobody in.
import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';

/** A broker that refuses every login: CONNACK 5, "not authorized". */
export async function refusingBroker(): Promise<{ url: string; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', () => socket.end(Buffer.from([0x20, 0x02, 0x00, 0x05])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
