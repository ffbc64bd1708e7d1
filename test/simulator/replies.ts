// What goes back over the wire: the JSON envelope, pages of the web server, and answers that a fault has spoilt.

import { type Call, type Outcome } from './call-types';
import { type FaultSpec } from './faults';
import { isObject } from './json';
import { type NasCore } from './nas-core';
import { type RouteResult } from './router';

/** A whole HTTP answer; `result` is what the record shows of it. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
  result: string;
}

/** DSM 7 says JSON, DSM 6 says plain text. */
function jsonType(nas: NasCore): string {
  return nas.dsm === '7' ? 'application/json; charset="UTF-8"' : 'text/plain; charset="UTF-8"';
}

/** A page of the web server in front of DSM. */
export function page(status: number): Reply {
  const text = { 404: 'The page you are looking for cannot be found.', 502: 'Bad Gateway' }[status] ?? 'Web Station';
  const body = `<!DOCTYPE html><html><head><title>${text}</title></head><body><h1>${text}</h1></body></html>`;
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body, result: `http ${status}` };
}

/** The envelope of an outcome. Failures come with HTTP 200 too. */
export function envelope(nas: NasCore, outcome: Outcome): Reply {
  const body = outcome.ok
    ? { ...(outcome.data === undefined ? {} : { data: outcome.data }), success: true }
    : {
        error: { code: outcome.code, ...(outcome.errors === undefined ? {} : { errors: outcome.errors }) },
        success: false,
      };
  return {
    status: 200,
    headers: { 'Content-Type': jsonType(nas), ...outcome.headers },
    body: JSON.stringify(body),
    result: outcome.ok ? 'ok' : String(outcome.code),
  };
}

/** The reply to a routed call, or the one that a test has put in its place. */
export function replyTo(nas: NasCore, call: Call, routed: RouteResult): Reply {
  if (routed.kind === 'page') return page(routed.status);
  const method = call.method ?? '';
  if (routed.outcome.ok && nas.rawAnswers.has(method)) {
    const raw = nas.rawAnswers.get(method);
    return {
      status: 200,
      headers: { 'Content-Type': jsonType(nas) },
      body: typeof raw === 'string' ? raw : JSON.stringify(raw),
      result: 'raw',
    };
  }
  return envelope(nas, routed.outcome);
}

/** The reply that a fault gives in place of an answer; null: the fault does not replace it. */
export function faultReply(nas: NasCore, fault: FaultSpec, call: Call): Reply | null {
  switch (fault.kind) {
    case 'html':
      return page(fault.status ?? 502);
    case 'empty':
      return { status: 200, headers: { 'Content-Type': jsonType(nas) }, body: '', result: 'empty' };
    case 'code':
      return envelope(nas, { ok: false, code: fault.code, errors: fault.errors });
    case 'redirect': {
      const status = fault.status ?? 302;
      const location = fault.location ?? `https://${call.http.headers.host ?? '127.0.0.1'}${call.path}`;
      return { ...page(status), headers: { 'Content-Type': 'text/html', Location: location } };
    }
    case 'raw':
      return {
        status: fault.status ?? 200,
        headers: { 'Content-Type': fault.contentType ?? jsonType(nas), ...fault.headers },
        body: fault.body,
        result: 'raw',
      };
    case 'not-json':
      return {
        status: 200,
        headers: { 'Content-Type': jsonType(nas) },
        body: 'Service unavailable',
        result: 'not json',
      };
    case 'oversized': {
      const padding = ' '.repeat(Math.max(0, fault.bytes - 16));
      const body = `{"success":true${padding}}`;
      return { status: 200, headers: { 'Content-Type': jsonType(nas) }, body, result: 'oversized' };
    }
    case 'truncated':
    case 'text-plain':
    case 'delay':
    case 'hang':
    case 'reset':
    case 'reset-reused':
    case 'drip':
    case 'accept-nothing':
    case 'accept-other':
      return null;
  }
}

/** Spoils a good reply where the fault says so. */
export function spoilt(reply: Reply, fault: FaultSpec | null): Reply {
  if (fault?.kind === 'truncated') {
    return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)), result: 'truncated' };
  }
  if (fault?.kind === 'text-plain') {
    return { ...reply, headers: { ...reply.headers, 'Content-Type': 'text/plain; charset="UTF-8"' } };
  }
  return reply;
}

/** Whether a fault strikes only after the call was carried out. */
export function strikesAfter(fault: FaultSpec): boolean {
  return isObject(fault) && 'when' in fault && fault.when === 'after';
}
