// The errors that talking to a DSM Web API can end in, each with a code that flows may rely on.

/** What can go wrong between us and a NAS, whatever package is asked. */
export type DsmErrorCode =
  | 'AUTH_FAILED'
  | 'OTP_REQUIRED'
  | 'IP_BLOCKED'
  | 'PERMISSION_DENIED'
  | 'PACKAGE_UNAVAILABLE'
  | 'NOT_SUPPORTED'
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'TLS'
  | 'INVALID_RESPONSE'
  | 'SESSION_LOST'
  | 'BUSY'
  | 'NAS_ERROR'
  | 'ABORTED';

/**
 * What is known of a request that failed: it never left this machine (`not_sent`), the NAS answered and refused it
 * (`refused`), or it may have been carried out (`unknown`). Only the first two may be tried again without a look at
 * the NAS.
 */
export type Outcome = 'not_sent' | 'refused' | 'unknown';

/** The plain copy of an error's facts: Node-RED 4.0's Catch node keeps nothing but `cause`. */
export interface ErrorCause<Code extends string = string> {
  code: Code;
  /** The number that DSM answered, where it answered one. */
  dsmCode?: number;
  outcome?: Outcome;
}

/** An error with a stable code. Its message is one plain sentence and never holds a secret or a URL with one. */
export abstract class CodedError<Code extends string = string> extends Error {
  /** Written out in each class: the name of a bundled and minified class says nothing. */
  abstract override readonly name: string;
  readonly code: Code;
  override readonly cause: ErrorCause<Code>;

  constructor(code: Code, message: string, facts: { dsmCode?: number; outcome?: Outcome } = {}) {
    super(message);
    this.code = code;
    this.cause = { code, ...facts };
  }
}

/** A failure of transport, session or API, before anything of the package's own meaning. */
export class DsmError extends CodedError<DsmErrorCode> {
  override readonly name = 'DsmError';
}

/** Whether `error` is one of ours, with a code. */
export function isCodedError(error: unknown): error is CodedError {
  return error instanceof CodedError;
}
