// The admin endpoints behind the dialogs. All need a permission of their own, none answers with a secret, and none
// contacts an address that the caller names unless the caller may write flows.
import type { Node, NodeAPI } from 'node-red';
import { ActiveBackupError } from '../active-backup';
import { isCodedError, normalizeFingerprint } from '../dsm';
import { asObject } from './config-values';
import { testConnection } from './connection-test';
import type { NasCredentials } from './nas-connection';
import { packageVersion } from './package-version';
import { supportBundle } from './support-bundle';
import { deployedNas, readTls, type NasNode } from './nas-node';

/** What the handlers need of an express request and response. */
interface Request {
  params: Record<string, string | undefined>;
  headers: Record<string, string | string[] | undefined>;
  body?: unknown;
}
interface Response {
  status(code: number): Response;
  set(name: string, value: string): Response;
  json(body: unknown): void;
}

/** Registers the endpoints, once per Node-RED. */
export function registerAdminRoutes(RED: NodeAPI): void {
  const read = RED.auth.needsPermission('active-backup-nas.read');
  const write = RED.auth.needsPermission('active-backup-nas.write');
  RED.httpAdmin.get('/active-backup/:id/tasks', read, (request: Request, response: Response) => {
    answer(request, response, () => listTasks(request));
  });
  RED.httpAdmin.post('/active-backup/test', write, (request: Request, response: Response) => {
    answer(request, response, () => test(RED, request));
  });
  RED.httpAdmin.get('/active-backup/:id/support', write, (request: Request, response: Response) => {
    answer(request, response, async () => {
      const connection = deployed(request.params.id).connect();
      const bundle = await supportBundle(connection, { package: packageVersion(), nodeRed: await RED.version() });
      return { ok: true, bundle };
    });
  });
  RED.httpAdmin.post('/active-backup/:id/pair', write, (request: Request, response: Response) => {
    answer(request, response, () => pair(RED, request));
  });
}

async function listTasks(request: Request): Promise<Record<string, unknown>> {
  const snapshot = await deployed(request.params.id).connect().monitor.refresh();
  const tasks = snapshot.tasks.map(({ id, name, activity, result }) => ({ id, name, activity, result }));
  return { ok: true, tasks };
}

/** Tries the connection that the dialog shows. A success also ends what an earlier refusal of it had blocked. */
async function test(RED: NodeAPI, request: Request): Promise<Record<string, unknown>> {
  const body = asObject(request.body) ?? {};
  const nas = typeof body.id === 'string' ? deployedNas(body.id) : null;
  const url = textOf(body.url);
  const username = textOf(body.username);
  const verify = body.verifyCertificate !== false;
  const typedPassword = typeof body.password === 'string' ? body.password : '';
  const pin = textOf(body.certificateSha256);
  const target = { url, username, tls: textOf(body.tls), verifyCertificate: verify, certificateSha256: pin };
  const asDeployed = nas?.isSameTarget(target) ?? false;
  // Stored secrets go to the deployed address only, or anybody who may edit could have them sent anywhere.
  const stored: Partial<NasCredentials> = asDeployed && nas ? nas.storedCredentials() : {};
  const password = typedPassword === '' ? (stored.password ?? '') : typedPassword;
  if (password === '') {
    throw new ActiveBackupError(
      'NOT_CONFIGURED',
      'Type the password: a stored one is only used with its own address and user name.',
    );
  }
  const deviceToken = textOf(body.deviceToken) || (stored.deviceToken ?? '');
  const seconds = Number(body.timeoutSeconds);
  const result = await testConnection({
    url,
    tls: readTls(RED, body.tls, verify),
    certificateSha256: normalizeFingerprint(pin),
    timeoutMs: 1000 * (Number.isFinite(seconds) && seconds >= 1 && seconds <= 120 ? seconds : 30),
    credentials: { username, password, deviceToken },
  });
  if (result.ok && nas && asDeployed && (typedPassword === '' || typedPassword === stored.password)) {
    const { session, monitor } = nas.connect();
    session.unblock();
    monitor.poke();
  }
  return { ...result };
}

/** Makes the NAS trust this Node-RED, so that a two-factor account needs no code from then on. */
async function pair(RED: NodeAPI, request: Request): Promise<Record<string, unknown>> {
  const otp = textOf(asObject(request.body)?.otp).replace(/\s/g, '');
  if (!/^\d{6}$/.test(otp)) throw new ActiveBackupError('INVALID_INPUT', 'The code has six digits.');
  const nas = deployed(request.params.id);
  const { session, monitor } = nas.connect();
  const deviceToken = await session.pairDevice(otp);
  // Kept by Node-RED with the next deploy; until then the session that was just made goes on.
  await RED.nodes.addCredentials(nas.id, { ...nas.storedCredentials(), deviceToken });
  monitor.poke();
  return { ok: true, deployNeeded: true };
}

function deployed(id: string | undefined): NasNode & Node {
  const nas = deployedNas(id ?? '');
  if (!nas) throw new ActiveBackupError('NOT_CONFIGURED', 'Deploy the connection first.');
  return nas;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
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
