// Finds out whether a port of this machine is free, and which one to take when it is not.
import { createServer } from 'node:net';

/** The given port (0: any) when it can be listened on at 127.0.0.1, else null. */
function tried(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : null));
    });
  });
}

/** Whether the port can be listened on. */
export async function isFree(port: number): Promise<boolean> {
  return (await tried(port)) !== null;
}

/** The wanted port when it is free, else any that is. */
export async function freePort(wanted: number): Promise<number> {
  const port = (await tried(wanted)) ?? (await tried(0));
  if (port === null) throw new Error('No port of 127.0.0.1 is free.');
  return port;
}
