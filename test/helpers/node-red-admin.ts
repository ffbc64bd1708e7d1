// Node-RED's admin API, as the editor uses it.
import type { FlowNode } from './probe';

/** What an admin request answered. */
export interface AdminAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, or undefined where it is none. */
  json: unknown;
}

/** One request of the admin API. */
export interface AdminRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
}

/** A client of the admin API of one Node-RED. */
export class AdminApi {
  /** Bearer token that goes with each request; see {@link login}. */
  token: string | null = null;

  constructor(
    /** The editor's address, with a slash at its end. */
    readonly url: string,
  ) {}

  /** Sends a request to a path relative to the editor's address. */
  async request(path: string, { method = 'GET', body, headers = {} }: AdminRequest = {}): Promise<AdminAnswer> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    return { status: response.status, headers: response.headers, text, json };
  }

  /** Logs in as a user of `adminAuth` and keeps the token. */
  async login(username: string, password: string, scope = '*'): Promise<void> {
    const answer = await this.request('auth/token', {
      method: 'POST',
      body: { client_id: 'node-red-editor', grant_type: 'password', scope, username, password },
    });
    if (answer.status !== 200) throw new Error(`The login was answered ${answer.status}: ${answer.text}`);
    this.token = (answer.json as { access_token: string }).access_token;
  }

  /** The flows as they are deployed, without credentials. */
  async flows(): Promise<FlowNode[]> {
    const answer = await this.request('flows', { headers: { 'Node-RED-API-Version': 'v2' } });
    return (answer.json as { flows: FlowNode[] }).flows;
  }

  /** Deploys the flows; credentials travel in their nodes. */
  async deploy(flows: readonly FlowNode[], type: 'full' | 'flows' | 'nodes'): Promise<void> {
    const answer = await this.request('flows', {
      method: 'POST',
      headers: { 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': type },
      body: { flows },
    });
    if (answer.status !== 200) throw new Error(`The deploy was answered ${answer.status}: ${answer.text}`);
  }
}
