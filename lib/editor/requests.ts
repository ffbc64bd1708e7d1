// What the connection dialog asks of the admin endpoints, and how their answers read.
import { text } from './texts';

/** One step of a connection test: reach, certificate, sign-in … as the endpoint words it. */
export interface TestStep {
  ok: boolean;
  text: string;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The steps in an answer of the test; an answer without any is one failed step. */
export function readTestAnswer(answer: unknown): TestStep[] {
  const steps = isRecord(answer) && Array.isArray(answer.steps) ? (answer.steps as unknown[]) : [];
  const read = steps.flatMap((step) =>
    isRecord(step) && typeof step.text === 'string' ? [{ ok: step.ok === true, text: step.text }] : [],
  );
  if (read.length > 0) return read;
  const message = isRecord(answer) && typeof answer.message === 'string' ? answer.message : text('test.noAnswer');
  return [{ ok: isRecord(answer) && answer.ok === true, text: message }];
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

/** Posts JSON to an admin endpoint. The address is relative: the editor may live below another path. */
export function post(url: string, body: unknown): AjaxRequest {
  return $.ajax({ url, method: 'POST', contentType: 'application/json', data: JSON.stringify(body), dataType: 'json' });
}
