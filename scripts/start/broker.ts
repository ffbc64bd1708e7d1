// An MQTT broker inside this process, for a demo without one and for tests.
import { createServer, type Socket } from 'node:net';

/** A broker that listens on 127.0.0.1. */
export interface EmbeddedBroker {
  /** `mqtt://127.0.0.1:<port>` */
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Starts a broker on the given port (0: any). Everything published stays in memory and ends with it. */
export async function startBroker(port = 0): Promise<EmbeddedBroker> {
  const { Aedes } = await import('aedes');
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const usedPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  return {
    url: `mqtt://127.0.0.1:${usedPort}`,
    port: usedPort,
    close: () =>
      new Promise((resolve) => {
        aedes.close(() => {
          for (const socket of sockets) socket.destroy();
          server.close(() => resolve());
        });
      }),
  };
}
