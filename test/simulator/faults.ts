// Faults on demand: which call they strike, how often, and what they do to it.

import { type Call } from './call-types';
import { type JsonObject } from './json';

/** What a fault does. Those with `when` may strike before the call is carried out (default) or after it. */
export type FaultKind =
  | { kind: 'html'; status?: number; when?: 'before' | 'after' }
  | { kind: 'truncated' }
  | { kind: 'empty'; when?: 'before' | 'after' }
  | { kind: 'text-plain' }
  | { kind: 'not-json' }
  | { kind: 'oversized'; bytes: number }
  | { kind: 'redirect'; status?: 301 | 302 | 307 | 308; location?: string }
  | { kind: 'delay'; ms: number }
  | { kind: 'hang'; when?: 'before' | 'after' }
  | { kind: 'reset'; when?: 'before' | 'after' }
  /** Resets a connection that has carried a request before: a keep-alive socket that died. */
  | { kind: 'reset-reused' }
  | { kind: 'code'; code: number; errors?: unknown; when?: 'before' | 'after' }
  /** Sends the answer byte by byte, `ms` apart. */
  | { kind: 'drip'; ms: number }
  | {
      kind: 'raw';
      status?: number;
      body: string;
      contentType?: string;
      headers?: Record<string, string>;
      when?: 'before' | 'after';
    }
  /** Says success and does nothing. */
  | { kind: 'accept-nothing' }
  /** Says success and keeps `instead` laid over what was sent (parameters by name; `task_info` member by member). */
  | { kind: 'accept-other'; instead: JsonObject };

/** A fault and the calls that it strikes. */
export type FaultSpec = FaultKind & {
  /** Default: every API. */
  api?: string;
  /** Default: every method. */
  method?: string;
  /** Strikes so often, then is gone. Default: until it is cleared. */
  times?: number;
  /** Lets so many matching calls pass first. */
  skip?: number;
  /** Strikes every n-th matching call. */
  every?: number;
};

/** A fault that was added. */
export interface FaultHandle {
  /** Calls that it has struck. */
  readonly struck: number;
  clear(): void;
}

interface ArmedFault {
  spec: FaultSpec;
  matched: number;
  struck: number;
}

/** The faults that are armed. */
export class Faults {
  private armed: ArmedFault[] = [];

  /** Arms a fault; of several that match a call, the first added strikes. */
  add(spec: FaultSpec): FaultHandle {
    const fault: ArmedFault = { spec, matched: 0, struck: 0 };
    this.armed.push(fault);
    return {
      get struck() {
        return fault.struck;
      },
      clear: () => {
        this.armed = this.armed.filter((other) => other !== fault);
      },
    };
  }

  /** Disarms all. */
  clear(): void {
    this.armed = [];
  }

  /** The fault that strikes this call, if any; counts it. */
  take(call: Call): FaultSpec | null {
    for (const fault of this.armed) {
      const { spec } = fault;
      if (spec.api !== undefined && spec.api !== call.api) continue;
      if (spec.method !== undefined && spec.method !== call.method) continue;
      if (spec.kind === 'reset-reused' && call.http.requestsBefore === 0) continue;
      if (spec.times !== undefined && fault.struck >= spec.times) continue;
      fault.matched += 1;
      if (fault.matched <= (spec.skip ?? 0)) continue;
      if (spec.every !== undefined && fault.matched % spec.every !== 0) continue;
      fault.struck += 1;
      return spec;
    }
    return null;
  }
}
