// The admin endpoints behind the dialogs. All need a permission of their own, none answers with a secret, and none
// contacts an address that the caller names unless the caller may write flows.
import type { NodeAPI } from 'node-red';
import { isCodedError } from '../dsm';
import { deployedNas } from './nas-node';

/** What the handlers need of an express request and response. */
interface Request {
  params: Record<string, string | undefined>;
  headers: Record<string, string | string[] | undefined>;
}
interface Response {
  status(code: number): Response;
  set(name: string, value: string): Response;
  json(body: unknown): void;
}

/** Registers the endpoints, once per Node-RED. */
export function registerAdminRoutes(RED: NodeAPI): void {
  const read = RED.auth.needsPermission('active-backup-nas.read');
  RED.httpAdmin.get('/active-backup/:id/tasks', read, (request: Request, response: Response) => {
    answer(request, response, async () => {
      const nas = deployedNas(request.params.id ?? '');
      if (!nas) return { ok: false, code: 'NOT_CONFIGURED', message: 'Deploy the connection first.' };
      const snapshot = await nas.connect().monitor.refresh();
      const tasks = snapshot.tasks.map(({ id, name, activity, result }) => ({ id, name, activity, result }));
      return { ok: true, tasks };
    });
  });
}

/** Answers with JSON in every case: a failure of the NAS is no failure of Node-RED's own API. */
function answer(request: Request, response: Response, work: () => Promise<Record<string, unknown>>): void {
  response.set('Cache-Control', 'no-store');
  if (isForeign(request)) {
    response.status(403).json({ ok: false, code: 'FORBIDDEN', message: 'Requests from other web pages are refused.' });
    return;
  }
  work().then(
    (body) => response.json(body),
    (error: unknown) => {
      const code = isCodedError(error) ? error.code : 'INVALID_RESPONSE';
      const message = isCodedError(error) ? error.message : 'The request failed.';
      response.json({ ok: false, code, message });
    },
  );
}

/** Node-RED up to 4.1 lets every web page call its API (CORS `*`); another page's origin is refused here. */
function isForeign(request: Request): boolean {
  const { origin, host } = request.headers;
  if (typeof origin !== 'string') return false;
  try {
    return new URL(origin).host !== host;
  } catch {
    return true;
  }
}
