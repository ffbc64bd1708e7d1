// "Test connection": tries a connection step by step and says of each what is right, or what to do about it.
import type { AgentOptions } from 'node:https';
import { ActiveBackupClient } from '../active-backup';
import { createDsmSession, isCodedError, parseNasUrl, readCertificate } from '../dsm';
import { deviceName, type NasCredentials } from './nas-connection';

/** One line of the result. */
export interface TestStep {
  step: 'address' | 'certificate' | 'login' | 'administrator' | 'package' | 'tasks';
  ok: boolean;
  text: string;
}

/** What the dialog shows. */
export interface TestResult {
  ok: boolean;
  steps: TestStep[];
  /** The certificate's SHA-256, so that a person can compare or pin it; null without TLS. */
  fingerprintSha256: string | null;
}

/** What is to be tried. */
export interface TestRequest {
  url: string;
  tls: AgentOptions;
  /** The one certificate that is trusted, or null. */
  certificateSha256: string | null;
  timeoutMs: number;
  credentials: NasCredentials;
}

/** Which step an error code belongs to; whatever is not listed is found while the tasks are read. */
const stepOfCode: Readonly<Record<string, TestStep['step']>> = {
  UNREACHABLE: 'address',
  TIMEOUT: 'address',
  TLS: 'certificate',
  AUTH_FAILED: 'login',
  OTP_REQUIRED: 'login',
  IP_BLOCKED: 'login',
  SESSION_LOST: 'login',
  PERMISSION_DENIED: 'administrator',
  PACKAGE_UNAVAILABLE: 'package',
  NOT_SUPPORTED: 'package',
};
const order: readonly TestStep['step'][] = ['address', 'certificate', 'login', 'administrator', 'package', 'tasks'];

/** Tries a connection with one login, and logs out again. Never throws. */
export async function testConnection(request: TestRequest): Promise<TestResult> {
  const { url, tls, certificateSha256, timeoutMs, credentials } = request;
  const parsed = parseNasUrl(url);
  if (!parsed.ok) return failed([], 'address', parsed.problem, null);
  const { secure, host } = parsed.url;
  const steps: TestStep[] = [];
  let fingerprintSha256: string | null = null;
  if (secure) {
    try {
      const certificate = await readCertificate(url, { timeoutMs, tls });
      fingerprintSha256 = certificate.fingerprintSha256;
      steps.push({ step: 'address', ok: true, text: `${host} answers.` });
    } catch (error) {
      return failed(steps, stepOf(error), messageOf(error), null);
    }
  }
  const session = createDsmSession({
    url,
    username: credentials.username,
    password: credentials.password,
    deviceName,
    tls,
    timeoutMs,
    ...(certificateSha256 === null ? {} : { pinnedSha256: certificateSha256 }),
    ...(credentials.deviceToken === '' ? {} : { deviceToken: credentials.deviceToken }),
  });
  try {
    const client = new ActiveBackupClient({ session, allowChanges: false });
    const { tasks } = await client.getTasks();
    const version = await client.getPackageVersion().catch(() => null);
    passUpTo('tasks', steps, secure);
    steps.push({
      step: 'package',
      ok: true,
      text: version === null ? 'The package runs.' : `The package runs, version ${version}.`,
    });
    steps.push({
      step: 'tasks',
      ok: true,
      text: tasks.length === 1 ? '1 backup task.' : `${tasks.length} backup tasks.`,
    });
    return { ok: true, steps: inOrder(steps), fingerprintSha256 };
  } catch (error) {
    const step = stepOf(error);
    passUpTo(step, steps, secure);
    return failed(steps, step, messageOf(error), fingerprintSha256);
  } finally {
    await session.close();
  }
}

const passedTexts: Readonly<Partial<Record<TestStep['step'], string>>> = {
  address: 'The NAS answers.',
  certificate: 'The connection is encrypted as set up here.',
  login: 'The NAS accepts the user name and password.',
  administrator: 'The account may use Active Backup for Microsoft 365.',
};

/** The steps before the one that failed went well, or it would not have been reached. */
function passUpTo(failedStep: TestStep['step'], steps: TestStep[], secure: boolean): void {
  for (const step of order.slice(0, order.indexOf(failedStep))) {
    const text = passedTexts[step];
    if (text === undefined || (step === 'certificate' && !secure) || steps.some((done) => done.step === step)) continue;
    steps.push({ step, ok: true, text });
  }
}

function inOrder(steps: TestStep[]): TestStep[] {
  return [...steps].sort((left, right) => order.indexOf(left.step) - order.indexOf(right.step));
}

function failed(steps: TestStep[], step: TestStep['step'], text: string, fingerprintSha256: string | null): TestResult {
  return { ok: false, steps: inOrder([...steps, { step, ok: false, text }]), fingerprintSha256 };
}

function stepOf(error: unknown): TestStep['step'] {
  return isCodedError(error) ? (stepOfCode[error.code] ?? 'tasks') : 'tasks';
}

function messageOf(error: unknown): string {
  return isCodedError(error) ? error.message : 'The test failed.';
}
