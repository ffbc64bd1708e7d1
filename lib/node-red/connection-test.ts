// "Test connection": tries a connection step by step and says of each what is right, or what to do about it.
import type { AgentOptions } from 'node:https';
import { ActiveBackupClient, type Task } from '../active-backup';
import { createDsmSession, isCodedError, parseNasUrl, readCertificate, type DsmRequestRecord } from '../dsm';
import { deviceName, type NasLogin } from './nas-connection';

type StepName = 'address' | 'certificate' | 'login' | 'administrator' | 'package' | 'tasks';

/**
 * One line of the result. What is right the dialog says in its user's language; `detail` is the package's version ("?"
 * where it is not known) or the number of tasks.
 */
export type TestStep =
  { step: StepName; ok: true; detail?: string | number } | { step: StepName; ok: false; text: string };

/** A task as the dialogs list it. */
export type ListedTask = Pick<Task, 'id' | 'name' | 'activity' | 'result'>;

/** The part of a task that the dialogs list. */
export function listedTask({ id, name, activity, result }: Task): ListedTask {
  return { id, name, activity, result };
}

/** What the dialog shows. */
export interface TestResult {
  ok: boolean;
  steps: TestStep[];
  /** The certificate's SHA-256, so that a person can compare or pin it; null without TLS. */
  fingerprintSha256: string | null;
  /** The tasks, so that one can be chosen before the connection is deployed; empty unless all is well. */
  tasks: ListedTask[];
}

/** What is to be tried. */
export interface TestRequest {
  url: string;
  tls: AgentOptions;
  /** The one certificate that is trusted, or null. */
  certificateSha256: string | null;
  timeoutMs: number;
  login: NasLogin;
}

/** Which step an error code belongs to; whatever is not listed belongs to the first one that is not proven. */
const stepOfCode: Readonly<Record<string, StepName>> = {
  UNREACHABLE: 'address',
  TIMEOUT: 'address',
  TLS: 'certificate',
  AUTH_FAILED: 'login',
  OTP_REQUIRED: 'login',
  IP_BLOCKED: 'login',
  SESSION_LOST: 'login',
  PERMISSION_DENIED: 'administrator',
  PACKAGE_UNAVAILABLE: 'package',
};
const order: readonly StepName[] = ['address', 'certificate', 'login', 'administrator', 'package', 'tasks'];

/** Tries a connection with one login, and logs out again. Never throws. */
export async function testConnection(request: TestRequest): Promise<TestResult> {
  const { url, tls, timeoutMs } = request;
  const parsed = parseNasUrl(url);
  if (!parsed.ok) return result([{ step: 'address', ok: false, text: parsed.problem }], null);
  if (!parsed.url.secure) return tryLogin(request, false, null);
  try {
    const { fingerprintSha256 } = await readCertificate(url, { timeoutMs, tls });
    return await tryLogin(request, true, fingerprintSha256);
  } catch (error) {
    return result([failure(error, 'address')], null);
  }
}

async function tryLogin(request: TestRequest, secure: boolean, fingerprint: string | null): Promise<TestResult> {
  const { url, tls, certificateSha256, timeoutMs, login } = request;
  const records: DsmRequestRecord[] = [];
  const session = createDsmSession({
    url,
    username: login.username,
    password: login.password.reveal(),
    deviceName,
    tls,
    timeoutMs,
    onRequest: (record) => records.push(record),
    ...(certificateSha256 === null ? {} : { pinnedSha256: certificateSha256 }),
    ...(login.deviceToken === null ? {} : { deviceToken: login.deviceToken.reveal() }),
  });
  const client = new ActiveBackupClient({ session, allowChanges: false });
  let version: string | null = null;
  try {
    version = await readVersion(client);
    const { tasks } = await client.getTasks();
    return result(
      [
        ...proven(records, secure),
        { step: 'package', ok: true, detail: version ?? '?' },
        { step: 'tasks', ok: true, detail: tasks.length },
      ],
      fingerprint,
      tasks.map(listedTask),
    );
  } catch (error) {
    const steps = proven(records, secure);
    const next = order.find((step) => (step !== 'certificate' || secure) && !steps.some((done) => done.step === step));
    const failed = failure(error, next ?? 'tasks');
    if (failed.step === 'package' && version !== null) {
      failed.text = `Version ${version} of the package is installed and does not run. Start it in Package Center.`;
    }
    return result([...steps.filter((done) => done.step !== failed.step), failed], fingerprint);
  } finally {
    await session.close();
  }
}

/** The package's version, where DSM tells it. It is asked first: without the package there would be no login to judge. */
async function readVersion(client: ActiveBackupClient): Promise<string | null> {
  try {
    return await client.getPackageVersion();
  } catch (error) {
    const step = isCodedError(error) ? stepOfCode[error.code] : undefined;
    if (step === 'address' || step === 'certificate' || step === 'login') throw error;
    return null;
  }
}

/** The steps that the answers so far prove; a step is never called good because a later one was not reached. */
function proven(records: readonly DsmRequestRecord[], secure: boolean): TestStep[] {
  const answered = (method: string): boolean => records.some((one) => one.method === method && one.code === null);
  const good: Partial<Record<StepName, boolean>> = {
    address: answered('query'),
    certificate: secure && answered('query'),
    login: answered('login'),
    administrator: answered('list_tasks') || answered('get'),
  };
  return order.filter((step) => good[step]).map((step) => ({ step, ok: true }));
}

function failure(error: unknown, otherwise: StepName): TestStep & { ok: false } {
  if (!isCodedError(error)) return { step: otherwise, ok: false, text: 'The test failed.' };
  return { step: stepOfCode[error.code] ?? otherwise, ok: false, text: error.message };
}

function result(steps: TestStep[], fingerprintSha256: string | null, tasks: ListedTask[] = []): TestResult {
  const sorted = [...steps].sort((left, right) => order.indexOf(left.step) - order.indexOf(right.step));
  return { ok: steps.every((step) => step.ok), steps: sorted, fingerprintSha256, tasks };
}
