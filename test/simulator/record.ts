// The record of requests: names and never values, so that tests can say what was asked and nothing secret is kept.

import { GATEWAY_PARAMETERS, SECRET_PARAMETERS } from './call';
import { type Call } from './call-types';
import { type ParameterValues } from './parameters';

/** One request; no value of a parameter is in it. */
export interface RequestRecord {
  index: number;
  /** The NAS's time, milliseconds since the epoch. */
  atMs: number;
  httpMethod: string;
  path: string;
  api: string | undefined;
  method: string | undefined;
  version: number | undefined;
  /** Names of the parameters, without those of the gateway (api, version, method, _sid, SynoToken). */
  parameterNames: string[];
  /** Parameters that the method does not know. */
  unknownParameters: string[];
  /** Names of parameters with secrets that were sent in the URL, and `value of …` for known secrets found anywhere in it. */
  secretsInUrl: string[];
  /** How the session was sent. */
  sidIn: 'cookie' | 'parameter' | null;
  tokenSent: boolean;
  /** Number of the session at that moment; null: none, or one that the NAS does not know. */
  session: number | null;
  socketId: number;
  remotePort: number;
  /** Requests that this connection carried before. */
  requestsBefore: number;
  /** Things that a careful client would not do. */
  flags: string[];
  /** The fault that struck, if one did. */
  fault: string | null;
  /** `ok`, DSM's code, `http <status>`, or null while unanswered. */
  result: string | null;
}

/** A call with its decoded values, for comparing clients; secrets are left out. */
export interface DecodedRequest {
  api: string;
  method: string;
  version: number;
  params: ParameterValues;
}

/** Makes the record of a call; `secrets` are values that may not be part of the URL, by what they are. */
export function recordOf(
  call: Call,
  context: { index: number; nowMs: number; session: number | null; secrets: Record<string, string[]> },
): RequestRecord {
  const url = decodeURIComponent(call.http.url.replaceAll('+', ' ').replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));
  const found = Object.entries(context.secrets)
    .filter(([, values]) => values.some((value) => value.length >= 4 && url.includes(value)))
    .map(([what]) => `value of ${what}`);
  return {
    index: context.index,
    atMs: context.nowMs,
    httpMethod: call.http.httpMethod,
    path: call.path,
    api: call.api,
    method: call.method,
    version: call.version,
    parameterNames: [...call.parameters.keys()].filter((name) => !GATEWAY_PARAMETERS.has(name)),
    unknownParameters: [],
    secretsInUrl: [...call.urlParameters.filter((name) => SECRET_PARAMETERS.has(name)), ...found],
    sidIn: call.sid === undefined ? null : call.parameters.has('_sid') ? 'parameter' : 'cookie',
    tokenSent: call.token !== undefined,
    session: context.session,
    socketId: call.http.socketId,
    remotePort: call.http.remotePort,
    requestsBefore: call.http.requestsBefore,
    flags: [],
    fault: null,
    result: null,
  };
}

/** The decoded values without the secrets among them. */
export function decodedOf(call: Call, values: ParameterValues): DecodedRequest {
  const params = Object.fromEntries(
    Object.entries(values).filter(([name]) => call.parameters.has(name) && !SECRET_PARAMETERS.has(name)),
  );
  return { api: call.api ?? '', method: call.method ?? '', version: call.version ?? 0, params };
}
