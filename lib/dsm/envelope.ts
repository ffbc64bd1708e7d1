// Takes a DSM answer out of its envelope: {"success":true,"data":…} or {"success":false,"error":{"code":N}}.
import { describeBody } from './diagnostics';
import { DsmError } from './errors';
import type { HttpReply } from './transport';

/** What the NAS said: data, or a code with the name of the parameter it complained about where it told one. */
export type Envelope = { success: true; data: unknown } | { success: false; dsmCode: number; parameter: string | null };

/** Whether a value is a JSON object, not an array and not null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readCode(value: unknown): number | null {
  const code = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof code === 'number' && Number.isInteger(code) ? code : null;
}

/** `error.errors` is an object, an array or absent, and with a login it holds a token: only a parameter's name leaves. */
function readParameter(errors: unknown): string | null {
  const name = isRecord(errors) ? errors.name : undefined;
  return typeof name === 'string' && /^[A-Za-z][\w.-]{0,39}$/.test(name) ? name : null;
}

function readEnvelope(value: unknown): Envelope | null {
  if (!isRecord(value)) return null;
  if (value.success === true) return { success: true, data: value.data };
  if (value.success !== false || !isRecord(value.error)) return null;
  const dsmCode = readCode(value.error.code);
  return dsmCode === null ? null : { success: false, dsmCode, parameter: readParameter(value.error.errors) };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** Where a redirect leads, as far as a message may say it: scheme, host and port only. */
function redirectOrigin(location: string | null): string {
  if (location === null || !URL.canParse(location)) return 'another address';
  const { protocol, host } = new URL(location);
  return `${protocol}//${host}`;
}

/** One sentence on an answer that is not DSM's, with what to look at. */
function explain(reply: HttpReply, host: string, known: readonly string[]): string {
  if (reply.status >= 300 && reply.status < 400) {
    return (
      `${host} redirects to ${redirectOrigin(reply.location)}; redirects are not followed, as that would hand the ` +
      `password to another address. Enter the address of DSM itself.`
    );
  }
  if (reply.body.includes('plain HTTP request was sent to HTTPS port')) {
    return `${host} expects encryption; begin the address with https://.`;
  }
  const found = describeBody(reply.body, known);
  if (reply.status === 404) {
    return `${host} has no DSM at this address: HTTP 404 with ${found}. Check host, port and path.`;
  }
  if (reply.status >= 500) {
    return `${host} answered HTTP ${reply.status} with ${found}; the service behind it may be restarting or broken.`;
  }
  return `${host} did not answer as DSM does: HTTP ${reply.status} with ${found}.`;
}

/**
 * Opens the envelope of an answer. DSM sends its own failures with HTTP 200 and older versions call JSON `text/plain`,
 * so the body decides, whatever status and content type say; only a redirect is never read.
 * @param known values that were sent along and may not be quoted from the answer
 * @throws DsmError INVALID_RESPONSE when it is no DSM answer; its outcome is `unknown`
 */
export function openEnvelope(reply: HttpReply, host: string, known: readonly string[] = []): Envelope {
  const redirected = reply.status >= 300 && reply.status < 400;
  const envelope = redirected ? null : readEnvelope(parseJson(reply.body));
  if (envelope === null) throw new DsmError('INVALID_RESPONSE', explain(reply, host, known), { outcome: 'unknown' });
  return envelope;
}
