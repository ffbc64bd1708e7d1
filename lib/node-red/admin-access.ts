// Who may use an admin endpoint: whoever Node-RED lets, with an answer that tells "log in" from "not allowed", and
// never another web page.
import type { NodeAPI } from 'node-red';

/** What an endpoint needs of an express request and response. */
export interface AdminRequest {
  params: Record<string, string | undefined>;
  headers: Record<string, string | string[] | undefined>;
  body?: unknown;
  /** Set by Node-RED when somebody is logged in, or when it lets anybody in. */
  user?: { anonymous?: boolean };
}
export interface AdminResponse {
  status(code: number): AdminResponse;
  set(name: string, value: string): AdminResponse;
  json(body: unknown): void;
}
type Middleware = (request: AdminRequest, response: AdminResponse, next: () => void) => void;

/**
 * Lets only those pass who have every one of these permissions. Node-RED answers 401 also to somebody who is logged in
 * and not allowed; here that is 403, or a script would go on logging in.
 */
export function allowed(RED: NodeAPI, ...permissions: string[]): Middleware[] {
  const tellApart: Middleware = (request, response, next) => {
    const setStatus = response.status.bind(response);
    response.status = (code) => {
      const known = request.user !== undefined && request.user.anonymous !== true;
      return setStatus(code === 401 && known ? 403 : code);
    };
    next();
  };
  return [tellApart, ...permissions.map((permission) => RED.auth.needsPermission(permission) as Middleware)];
}

/**
 * Whether another web page sent a request: Node-RED up to 4.1 lets every page call its API (CORS `*`). Browsers say
 * so in `Sec-Fetch-Site`, which no page can forge; where it is missing (plain HTTP), the origin must be this host.
 */
export function isForeign({ headers }: Pick<AdminRequest, 'headers'>): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (typeof site === 'string') return site !== 'same-origin' && site !== 'none';
  if (typeof origin !== 'string') return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
