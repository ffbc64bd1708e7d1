// A plain client for the tests of the simulated NAS: node:http and node:https alone, nothing of lib.

import http from 'node:http';
import https from 'node:https';

/** An HTTP answer; `json` is undefined when the body is none. */
export interface PlainAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
  json: Envelope;
}

/** The envelope of the Web API, with data as loose as a test needs it. */
export interface Envelope {
  success?: boolean;
  data?: Data;
  error?: { code: number; errors?: Data };
}

/** Data whose members a test looks into. */
export interface Data {
  [key: string]: unknown;
  tasks?: Data[];
  logs?: Data[];
  task_logs?: Data[];
  users?: Data[];
  event_log?: Data[];
  task_info?: Data;
  sid?: string;
  synotoken?: string;
  device_id?: string;
  did?: string;
}

/** How to send a request. */
export interface SendOptions {
  httpMethod?: 'GET' | 'POST' | 'PUT';
  headers?: Record<string, string>;
  agent?: http.Agent;
  contentType?: string;
}

/** Sends one request. */
export async function send(url: string, body = '', options: SendOptions = {}): Promise<PlainAnswer> {
  const secure = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(url, {
      method: options.httpMethod ?? (body === '' ? 'GET' : 'POST'),
      agent: options.agent ?? false,
      ...(secure ? { rejectUnauthorized: false } : {}),
      headers: {
        ...(body === '' ? {} : { 'Content-Type': options.contentType ?? 'application/x-www-form-urlencoded' }),
        ...options.headers,
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, json: parse(text) });
      });
    });
    request.end(body);
  });
}

function parse(text: string): Envelope {
  try {
    return JSON.parse(text) as Envelope;
  } catch {
    return {};
  }
}

type Parameters = Record<string, string | number | boolean | object>;

function form(parameters: Parameters): string {
  const texts = Object.entries(parameters).map(([name, value]): [string, string] => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return new URLSearchParams(texts).toString();
}

interface Served {
  url: string;
  username: string;
  password: string;
}

/** Posts a call to entry.cgi. */
export async function call(
  nas: Served,
  api: string,
  method: string,
  version: number,
  parameters: Parameters = {},
  options: SendOptions & { path?: string } = {},
): Promise<PlainAnswer> {
  const body = form({ api, method, version, ...parameters });
  return send(`${nas.url}/webapi/${options.path ?? 'entry.cgi'}`, body, options);
}

/** Posts a login. */
export async function login(nas: Served, parameters: Parameters = {}, version = 7, path?: string) {
  const credentials = { account: nas.username, passwd: nas.password, enable_syno_token: 'yes', ...parameters };
  return call(nas, 'SYNO.API.Auth', 'login', version, credentials, path === undefined ? {} : { path });
}

/** A session of the package's API. */
export interface PlainSession {
  sid: string;
  headers: Record<string, string>;
  abm: (method: string, parameters?: Parameters, options?: SendOptions) => Promise<PlainAnswer>;
  /** The row of `list_tasks` of a task. */
  row: (id?: number) => Promise<Data>;
}

/** Logs in and gives a way to call the package. */
export async function openSession(nas: Served, parameters: Parameters = {}, version = 7): Promise<PlainSession> {
  const { json } = await login(nas, parameters, version);
  const sid = json.data?.sid ?? '';
  const token = json.data?.synotoken;
  const headers = { Cookie: `id=${sid}`, ...(token === undefined ? {} : { 'X-SYNO-TOKEN': token }) };
  const abm: PlainSession['abm'] = (method, own = {}, options = {}) =>
    call(nas, 'SYNO.ActiveBackupOffice365', method, 1, own, {
      ...options,
      headers: { ...headers, ...options.headers },
    });
  return {
    sid,
    headers,
    abm,
    row: async (id = 1) => {
      const answer = await abm('list_tasks');
      const row = answer.json.data?.tasks?.find((task) => task.task_id === id);
      if (row === undefined) throw new Error(`no task ${id} in ${answer.body.slice(0, 200)}`);
      return row;
    },
  };
}
