// Judges a call in the order in which DSM does, and lets the method that it names answer.
// 101 (something missing) → 102 (no such API) → 104 (version) → 103 (method) → session → permission → parameters.

import { ABM_API } from './abm-api';
import { withInstead } from './abm-writes';
import { type ApiRule, type Call, DONE, type MethodRule, type Outcome, refuse } from './call-types';
import { GATEWAY_PARAMETERS } from './call';
import { type FaultSpec } from './faults';
import { copy } from './json';
import { type NasCore } from './nas-core';
import { readParameters } from './parameters';
import { applyProfile } from './profiles';
import { decodedOf, type RequestRecord } from './record';
import { type Session } from './sessions';
import { pathOf } from './system-apis';

/** What the gateway does with a call: an envelope, or a page of the web server in front of it. */
export type RouteResult = { kind: 'answer'; outcome: Outcome } | { kind: 'page'; status: number };

const UNAUTHENTICATED = { 'x-request-error': 'unauth' };
const NO_PRIVILEGE = { 'x-request-error': 'noprivilege' };

/** CGIs that serve one API alone, beside those that discovery names. */
const SINGLE_API: Record<string, string> = {
  'query.cgi': 'SYNO.API.Info',
  'auth.cgi': 'SYNO.API.Auth',
  'encryption.cgi': 'SYNO.API.Encryption',
};

/** Lets a call act on the NAS. */
export function route(nas: NasCore, call: Call, record: RequestRecord, fault: FaultSpec | null): RouteResult {
  nas.engine.catchUp();
  if (call.cgi === null || !(call.cgi in SINGLE_API || call.cgi.endsWith('entry.cgi'))) {
    return { kind: 'page', status: 404 };
  }
  const answered = (outcome: Outcome): RouteResult => ({ kind: 'answer', outcome });
  const { api, version, method } = call;
  if (api === undefined || version === undefined || method === undefined) return answered(refuse(101));
  const rule = servedApi(nas, call.cgi, api);
  if (rule === undefined) return answered(refuse(102));
  if (rule.name === ABM_API) {
    const { packageState, stoppedAnswers, codes } = nas.switches;
    if (packageState === 'stopped' && stoppedAnswers === 'bad-gateway') return { kind: 'page', status: 502 };
    if (packageState === 'stopped' && typeof stoppedAnswers === 'number') return answered(refuse(stoppedAnswers));
    if (packageState === 'repairing') return answered(refuse(codes.repairing));
  }
  if (version < rule.minVersion || version > rule.maxVersion) return answered(refuse(104));
  const methodRule = methodOf(nas, rule, method, version);
  if (methodRule === undefined) return answered(refuse(103));
  return answered(authorised(nas, call, rule, methodRule, record, fault));
}

function servedApi(nas: NasCore, cgi: string, api: string): ApiRule | undefined {
  const rule = nas.listedApis().find((candidate) => candidate.name === api);
  if (rule === undefined) return undefined;
  const only = SINGLE_API[cgi];
  if (only !== undefined) return only === api ? rule : undefined;
  return cgi === pathOf(nas, api) ? rule : undefined;
}

function methodOf(nas: NasCore, rule: ApiRule, method: string, version: number): MethodRule | undefined {
  if (rule.name === ABM_API && method === 'list_task_logs' && !nas.switches.history) return undefined;
  const found = Object.hasOwn(rule.methods, method) ? rule.methods[method] : undefined;
  if (found === undefined) return undefined;
  const inRange = version >= (found.minVersion ?? 0) && version <= (found.maxVersion ?? Infinity);
  return inRange ? found : undefined;
}

function authorised(
  nas: NasCore,
  call: Call,
  rule: ApiRule,
  method: MethodRule,
  record: RequestRecord,
  fault: FaultSpec | null,
): Outcome {
  let session: Session | null = null;
  if (rule.access !== 'open') {
    const found = sessionOf(nas, call);
    if ('ok' in found) return found;
    session = found;
    const refused =
      (rule.access === 'administrator' && !session.administrator) ||
      (method.writes === true && nas.switches.oldSessionsReadOnly && session.authVersion < 7);
    if (refused) return { ...refuse(105), headers: NO_PRIVILEGE };
  }
  return carriedOut(nas, call, rule, method, session, record, fault);
}

function sessionOf(nas: NasCore, call: Call): Session | Outcome {
  const { switches } = nas;
  const trapped = switches.sidDigitTrap && call.parameters.has('_sid') && /^\d/.test(call.sid ?? '');
  const found = nas.sessions.use(trapped ? undefined : call.sid, {
    nowMs: nas.clock.now(),
    idleTimeoutSeconds: switches.idleTimeoutSeconds,
    remoteAddress: nas.addressOf(call.http),
    checkAddress: switches.checkAddress,
  });
  if (typeof found === 'string') {
    const code = { unknown: 119, expired: switches.idleCode, kicked: 107, address: 150 }[found];
    return { ...refuse(code), headers: UNAUTHENTICATED };
  }
  // A session that was given a token must show it, as long as the protection against CSRF is on.
  if (switches.csrfProtection && found.token !== null && call.token !== found.token) {
    return { ...refuse(switches.csrfCode), headers: UNAUTHENTICATED };
  }
  return found;
}

function carriedOut(
  nas: NasCore,
  call: Call,
  rule: ApiRule,
  method: MethodRule,
  session: Session | null,
  record: RequestRecord,
  fault: FaultSpec | null,
): Outcome {
  const known = new Set([...Object.keys(method.parameters), ...GATEWAY_PARAMETERS]);
  record.unknownParameters = rule.strictNames === true ? record.parameterNames.filter((name) => !known.has(name)) : [];
  const refused = nas.switches.unknownParameters === 'refuse' ? record.unknownParameters : [];
  const reading = readParameters(call.parameters, method.parameters, refused);
  record.flags.push(...reading.remarks);
  if (!reading.ok) return refuse(reading.code, reading.errors);
  if (nas.recordValues) nas.decodedRequests.push(decodedOf(call, reading.values));
  if (fault?.kind === 'accept-nothing') return DONE;
  const methodCall = {
    call,
    session,
    values: reading.values,
    flag: (remark: string) => {
      record.flags.push(remark);
    },
  };
  const outcome = method.handle(fault?.kind === 'accept-other' ? withInstead(methodCall, fault.instead) : methodCall);
  return outcome.ok && rule.name === ABM_API ? bent(nas, call.method ?? '', outcome) : outcome;
}

function bent(nas: NasCore, method: string, outcome: Outcome & { ok: true }): Outcome {
  let data = applyProfile(method, outcome.data, nas.switches.payload);
  for (const mutate of nas.mutations.get(method) ?? []) data = mutate(copy(data));
  return { ...outcome, data };
}
