// An MQTT 3.1.1 broker in this process, on a free port that it keeps over restarts.
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Aedes } from 'aedes' with { 'resolution-mode': 'import' };

export interface EmbeddedBroker {
  readonly url: string;
  /** Ends the broker and every connection to it. */
  stop(): Promise<void>;
  /** Starts it again on the same port, with nothing retained. */
  startEmpty(): Promise<void>;
}

export async function startEmbeddedBroker(): Promise<EmbeddedBroker> {
  let running: { aedes: Aedes; server: Server; sockets: Set<Socket> } | null = null;
  let port = 0;
  const start = async (): Promise<void> => {
    const library = await import('aedes');
    const aedes = await library.Aedes.createBroker();
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      aedes.handle(socket);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The broker has no port.');
    port = address.port;
    running = { aedes, server, sockets };
  };
  await start();
  return {
    url: `mqtt://127.0.0.1:${port}`,
    startEmpty: start,
    stop: async () => {
      const ended = running;
      running = null;
      if (!ended) return;
      const closed = once(ended.server, 'close');
      ended.server.close();
      for (const socket of ended.sockets) socket.destroy();
      await closed;
      await new Promise<void>((resolve) => ended.aedes.close(() => resolve()));
    },
  };
}
