// One call of the Web API as it came over the wire, before anybody judged it.

import { type Call, type HttpRequest } from './call-types';

/** Parameters that belong to the gateway and not to a method. */
export const GATEWAY_PARAMETERS = new Set(['api', 'version', 'method', '_sid', 'SynoToken']);

/** Parameters whose values are secrets: they have no business in an URL. */
export const SECRET_PARAMETERS = new Set(['passwd', 'otp_code', '_sid', 'SynoToken', 'device_id']);

function cookie(request: HttpRequest, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=');
    if (key === name) return rest.join('=');
  }
  return undefined;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** Reads the query and a form body (which wins where both carry a name), the session and the token. */
export function parseCall(request: HttpRequest): Call {
  const url = new URL(request.url, 'http://nas');
  const parameters = new Map<string, string>(url.searchParams);
  const urlParameters = [...url.searchParams.keys()];
  if ((request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(request.body)) parameters.set(name, value);
  }
  const cgi = /^\/webapi\/([^/]+\.cgi)(?:\/([^/]+))?$/.exec(decodeURIComponent(url.pathname));
  const version = parameters.get('version');
  return {
    http: request,
    path: url.pathname,
    cgi: cgi?.[1] ?? null,
    api: parameters.get('api') ?? cgi?.[2],
    version: version !== undefined && /^\d+$/.test(version) ? Number(version) : undefined,
    method: parameters.get('method'),
    parameters,
    urlParameters,
    sid: parameters.get('_sid') ?? cookie(request, 'id'),
    token: parameters.get('SynoToken') ?? single(request.headers['x-syno-token']),
  };
}
