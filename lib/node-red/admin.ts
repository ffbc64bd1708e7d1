// The admin endpoints behind the dialogs. All need a permission of their own, none answers with a secret, and none
// contacts an address that the caller names unless the caller may write flows.
import type { Node, NodeAPI } from 'node-red';
import { ActiveBackupError } from '../active-backup';
import { isCodedError, normalizeFingerprint, Secret } from '../dsm';
import { allowed, isForeign, type AdminRequest, type AdminResponse } from './admin-access';
import { asObject, unresolvedVariable } from './config-values';
import { listedTask, testConnection } from './connection-test';
import { packageVersion } from './package-version';
import { supportBundle } from './support-bundle';
import { deployedNas, readTls, type ConnectionTarget, type NasNode } from './nas-node';

type Answer = Promise<Record<string, unknown>>;

/** What the editor has in place of a stored secret. */
const storedSecret = '__PWRD__';

/** Nothing else is sent as a code: each wrong one counts as a failed login. */
const codePattern = /^\d{6}$/;

/** Registers the endpoints, once per Node-RED. */
export function registerAdminRoutes(RED: NodeAPI): void {
  const read = allowed(RED, 'active-backup-nas.read');
  const write = allowed(RED, 'active-backup-nas.write');
  // Whoever may write flows can make this server call any address anyway; nobody else is to probe a network with it.
  const probe = allowed(RED, 'active-backup-nas.write', 'flows.write');
  const serve = (work: (request: AdminRequest) => Answer) => (request: AdminRequest, response: AdminResponse) => {
    answer(request, response, () => work(request));
  };
  RED.httpAdmin.get('/active-backup/:id/tasks', ...read, serve(listTasks));
  RED.httpAdmin.get('/active-backup/:id/workers', ...read, serve(readWorkers));
  RED.httpAdmin.post(
    '/active-backup/test',
    ...probe,
    serve((request) => test(RED, request)),
  );
  RED.httpAdmin.get(
    '/active-backup/:id/support',
    ...write,
    serve((request) => support(RED, request)),
  );
  RED.httpAdmin.post(
    '/active-backup/:id/pair',
    ...write,
    serve((request) => pair(RED, request)),
  );
}

async function listTasks(request: AdminRequest): Answer {
  const snapshot = await deployed(request.params.id).connect().monitor.refresh();
  return { ok: true, tasks: snapshot.tasks.map(listedTask) };
}

/** The numbers of workers and the NAS's own limits for them. */
async function readWorkers(request: AdminRequest): Answer {
  const counts = await deployed(request.params.id).connect().client.getWorkerCount();
  const { backupWorkers, eventWorkers, maxBackupWorkers, maxEventWorkers } = counts;
  return { ok: true, backupWorkers, eventWorkers, maxBackupWorkers, maxEventWorkers };
}

async function support(RED: NodeAPI, request: AdminRequest): Answer {
  const connection = deployed(request.params.id).connect();
  const versions = { package: packageVersion(), nodeRed: await RED.version() };
  return { ok: true, bundle: await supportBundle(connection, versions) };
}

/** Tries the connection that the dialog shows. A success also ends what an earlier refusal of it had blocked. */
async function test(RED: NodeAPI, request: AdminRequest): Answer {
  const body = asObject(request.body) ?? {};
  const nas = typeof body.id === 'string' ? deployedNas(body.id) : null;
  const field = (name: string): string => fieldText(RED, nas, body[name], name);
  const target: ConnectionTarget = {
    url: field('url'),
    username: field('username'),
    tls: textOf(body.tls),
    verifyCertificate: body.verifyCertificate !== false && !/^false$/i.test(field('verifyCertificate')),
    certificateSha256: field('certificateSha256'),
  };
  const typed = typedPassword(body.password);
  // Stored secrets go to the deployed address only, or anybody who may edit could have them sent anywhere.
  const stored = nas?.isSameTarget(target) === true ? nas.storedLogin() : null;
  const password = typed ?? stored?.password;
  if (password === undefined) {
    throw new ActiveBackupError(
      'NOT_CONFIGURED',
      'Type the password: a stored one is only used with its own address and user name.',
    );
  }
  const token = textOf(body.deviceToken).replace(storedSecret, '');
  const seconds = Number(body.timeoutSeconds);
  const result = await testConnection({
    url: target.url,
    tls: readTls(RED, target.tls, target.verifyCertificate),
    certificateSha256: readPin(target.certificateSha256),
    timeoutMs: 1000 * (Number.isFinite(seconds) && seconds >= 1 && seconds <= 120 ? seconds : 30),
    login: {
      username: target.username,
      password,
      deviceToken: token === '' ? (stored?.deviceToken ?? null) : new Secret(token),
    },
  });
  const asDeployed = stored !== null && password.reveal() === stored.password.reveal();
  if (result.ok && nas && asDeployed) {
    const { session, monitor } = nas.connect();
    session.unblock();
    monitor.poke();
  }
  return { ...result };
}

/** Makes the NAS trust this Node-RED, so that a two-factor account needs no code from then on. */
async function pair(RED: NodeAPI, request: AdminRequest): Answer {
  const given = asObject(request.body)?.otp;
  const otp = (typeof given === 'number' ? String(given).padStart(6, '0') : textOf(given)).replace(/\s/g, '');
  if (!codePattern.test(otp)) throw new ActiveBackupError('INVALID_INPUT', 'The code has six digits.');
  const nas = deployed(request.params.id);
  const deviceToken = await nas.connect().pair(otp);
  // Beside what is stored, not what the node was given: there an environment variable has become its value.
  const stored = asObject(RED.nodes.getCredentials(nas.id)) ?? {};
  // Kept by Node-RED with the next deploy; until then the session that was just made goes on.
  await RED.nodes.addCredentials(nas.id, { ...stored, deviceToken: deviceToken.reveal() });
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

/** A field of the dialog, with the value of an environment variable where it names one. */
function fieldText(RED: NodeAPI, nas: (NasNode & Node) | null, value: unknown, name: string): string {
  const text = textOf(value);
  const variable = unresolvedVariable(text);
  if (variable === null) return text;
  const found: unknown = nas ? RED.util.evaluateNodeProperty(variable, 'env', nas, {}) : process.env[variable];
  if (typeof found === 'string' && found !== '') return found.trim();
  throw new ActiveBackupError('NOT_CONFIGURED', `${name}: the environment variable ${variable} is not set.`);
}

/** A password that was typed; undefined where the stored one is meant. */
function typedPassword(value: unknown): Secret | undefined {
  if (typeof value !== 'string' || value === '' || value === storedSecret) return undefined;
  if (unresolvedVariable(value) === null) return new Secret(value);
  throw new ActiveBackupError('NOT_CONFIGURED', 'password: deploy first; an environment variable is read then.');
}

function readPin(text: string): string | null {
  if (text === '') return null;
  const pin = normalizeFingerprint(text);
  if (pin !== null) return pin;
  throw new ActiveBackupError('NOT_CONFIGURED', 'certificateSha256: expected 64 hexadecimal digits.');
}

/** Answers with JSON in every case: a failure of the NAS is no failure of Node-RED's own API. */
function answer(request: AdminRequest, response: AdminResponse, work: () => Answer): void {
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
