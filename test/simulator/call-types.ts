// The shapes that pass between the HTTP front, the router and the methods.

import { type IncomingHttpHeaders } from 'node:http';
import { type JsonObject } from './json';
import { type ParameterRule, type ParameterValues } from './parameters';
import { type Session } from './sessions';

/** A request as the front read it. */
export interface HttpRequest {
  httpMethod: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  remoteAddress: string;
  remotePort: number;
  /** Number of the connection, counted from 1. */
  socketId: number;
  /** Requests that the connection carried before this one. */
  requestsBefore: number;
}

/** A call of the Web API; `undefined`: not sent. */
export interface Call {
  http: HttpRequest;
  path: string;
  /** The CGI of the path (`entry.cgi`), or null for any other path. */
  cgi: string | null;
  api: string | undefined;
  version: number | undefined;
  method: string | undefined;
  parameters: Map<string, string>;
  urlParameters: string[];
  sid: string | undefined;
  token: string | undefined;
}

/** What a method answers: data, or one of DSM's codes. */
export type Outcome =
  | { ok: true; data?: unknown; headers?: Record<string, string | string[]> }
  | { ok: false; code: number; errors?: unknown; headers?: Record<string, string | string[]> };

/** What a method is given when every check has passed. */
export interface MethodCall {
  call: Call;
  /** Null only where an API needs no session. */
  session: Session | null;
  values: ParameterValues;
  /** Adds a remark to the record of this request. */
  flag: (remark: string) => void;
}

/** One method of an API. */
export interface MethodRule {
  parameters: Record<string, ParameterRule>;
  /** Whether it changes something: a v6 session may be refused, a write may be told to go wrong. */
  writes?: boolean;
  /** Lowest and highest version that have it, where they differ from the API's. */
  minVersion?: number;
  maxVersion?: number;
  handle: (call: MethodCall) => Outcome;
}

/** One API of the NAS. */
export interface ApiRule {
  name: string;
  minVersion: number;
  maxVersion: number;
  /** `open`: no session needed. `session`: any account. `administrator`: members of administrators only. */
  access: 'open' | 'session' | 'administrator';
  /** How parameter values are written, as `SYNO.API.Info` tells it; absent: raw. */
  requestFormat?: 'JSON';
  /** Whether parameters that no method knows are refused. */
  strictNames?: boolean;
  methods: Record<string, MethodRule>;
}

/** A success without data. */
export const DONE: Outcome = { ok: true };

/** A success with data. */
export function answer(data: JsonObject): Outcome {
  return { ok: true, data };
}

/** A failure with one of DSM's codes. */
export function refuse(code: number, errors?: unknown): Outcome {
  return errors === undefined ? { ok: false, code } : { ok: false, code, errors };
}
