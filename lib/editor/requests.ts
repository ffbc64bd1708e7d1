// What the connection dialog asks of the admin endpoints, and how their answers read.
import { text } from './texts';

/** One step of a connection test as the dialog shows it: reach, certificate, sign-in … */
export interface TestStep {
  ok: boolean;
  text: string;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What a step says that went well. One that did not says it itself: what the NAS or the network told is English. */
const goodSteps: Readonly<Record<string, string>> = {
  address: 'test.address',
  certificate: 'test.encrypted',
  login: 'test.login',
  administrator: 'test.administrator',
  package: 'test.package',
  tasks: 'test.tasks',
};

function readStep(step: unknown): TestStep[] {
  if (!isRecord(step)) return [];
  const key = goodSteps[String(step.step)];
  if (step.ok === true && key !== undefined) return [{ ok: true, text: text(key, { detail: String(step.detail) }) }];
  return typeof step.text === 'string' ? [{ ok: false, text: step.text }] : [];
}

/** The steps in an answer of the test; an answer without any is one failed step. */
export function readTestAnswer(answer: unknown): TestStep[] {
  const steps = isRecord(answer) && Array.isArray(answer.steps) ? (answer.steps as unknown[]) : [];
  const read = steps.flatMap(readStep);
  if (read.length > 0) return read;
  const message = isRecord(answer) && typeof answer.message === 'string' ? answer.message : text('test.noAnswer');
  return [{ ok: isRecord(answer) && answer.ok === true, text: message }];
}

/** The fingerprint of the certificate that the NAS showed, in pairs of digits; null without TLS. */
export function readFingerprint(answer: unknown): string | null {
  const shown = isRecord(answer) ? answer.fingerprintSha256 : null;
  if (typeof shown !== 'string' || !/^[0-9a-f]{64}$/i.test(shown)) return null;
  return shown.toUpperCase().match(/../g)?.join(':') ?? null;
}

/** The outcome of pairing in one sentence. */
export function readPairAnswer(answer: unknown): TestStep {
  if (isRecord(answer) && answer.ok === true) return { ok: true, text: text('pair.done') };
  if (isRecord(answer) && answer.code === 'NOT_CONFIGURED') return { ok: false, text: text('pair.deployFirst') };
  const message = isRecord(answer) && typeof answer.message === 'string' ? answer.message : text('test.noAnswer');
  return { ok: false, text: message };
}

/** What a failed request means. */
export function reasonOfFailure(status: number): string {
  if (status === 401 || status === 403) return text('test.forbidden');
  if (status === 404) return text('pair.deployFirst');
  return text('test.noAnswer');
}

/** The support bundle in an answer as the text of a file; null when there is none. */
export function readBundle(answer: unknown): string | null {
  if (!isRecord(answer) || answer.ok !== true || answer.bundle === undefined) return null;
  return typeof answer.bundle === 'string' ? answer.bundle : JSON.stringify(answer.bundle, null, 2);
}

/** What an answer without a bundle says. */
export function readRefusal(answer: unknown): string {
  if (isRecord(answer) && answer.code === 'NOT_CONFIGURED') return text('pair.deployFirst');
  return isRecord(answer) && typeof answer.message === 'string' ? answer.message : text('test.noAnswer');
}

/** Posts JSON to an admin endpoint. The address is relative: the editor may live below another path. */
export function post(url: string, body: unknown): AjaxRequest {
  return $.ajax({ url, method: 'POST', contentType: 'application/json', data: JSON.stringify(body), dataType: 'json' });
}
