// Home Assistant's WebSocket API: log in, send a command, get its answer.
import { once } from 'node:events';
import WebSocket from 'ws';
import { z } from 'zod';

const incoming = z.looseObject({
  type: z.string(),
  id: z.number().optional(),
  success: z.boolean().optional(),
  result: z.unknown().optional(),
  error: z.looseObject({ code: z.union([z.string(), z.number()]), message: z.string() }).optional(),
});

/** An open, authenticated connection. */
export interface HomeAssistantSocket {
  /**
   * Sends one command and answers its result.
   * @throws Error with Home Assistant's own code and text when it refuses, or when the connection ends meanwhile.
   */
  call(type: string, payload?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Connects and authenticates with an access token. */
export async function openSocket(baseUrl: string, token: string): Promise<HomeAssistantSocket> {
  const socket = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/api/websocket`);
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const authenticated = new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      const message = incoming.parse(JSON.parse(data.toString()));
      if (message.type === 'auth_required') socket.send(JSON.stringify({ type: 'auth', access_token: token }));
      if (message.type === 'auth_ok') resolve();
      if (message.type === 'auth_invalid') reject(new Error('Home Assistant refused the access token'));
      const asked = message.type === 'result' && message.id !== undefined ? waiting.get(message.id) : undefined;
      if (asked === undefined || message.id === undefined) return;
      waiting.delete(message.id);
      if (message.success === true) asked.resolve(message.result);
      else
        asked.reject(new Error(`${message.error?.code ?? 'unknown'}: ${message.error?.message ?? 'no reason given'}`));
    });
    const ended = (): void => {
      const error = new Error('the connection to Home Assistant ended');
      reject(error);
      for (const asked of waiting.values()) asked.reject(error);
      waiting.clear();
    };
    socket.on('close', ended);
    socket.on('error', ended);
  });
  await Promise.all([once(socket, 'open'), authenticated]);
  return {
    call: (type, payload = {}) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) {
          reject(new Error('the connection to Home Assistant is closed'));
          return;
        }
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        socket.send(JSON.stringify({ ...payload, id: lastId, type }));
      }),
    close: () => socket.close(),
  };
}
