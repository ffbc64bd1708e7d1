// Sessions of the simulated NAS: ids, tokens, idle time, and the ways in which they end.

import { randomBytes } from 'node:crypto';

/** A session that a login opened. */
export interface Session {
  /** Counted from 1, in the order of logins: what the request record shows in place of the sid. */
  number: number;
  sid: string;
  /** Null when the login did not ask for a SynoToken. */
  token: string | null;
  account: string;
  administrator: boolean;
  /** Version of `SYNO.API.Auth` at login: on DSM 7 sessions below 7 may be refused writes. */
  authVersion: number;
  remoteAddress: string;
  lastUsedMs: number;
}

/** Why a sid does not hold. */
export type SessionProblem = 'unknown' | 'expired' | 'kicked' | 'address';

/** Base64url text that starts with a digit and holds `-` and `_`: clients that mishandle such sids are found out. */
export function awkwardToken(bytes: number): string {
  const text = randomBytes(bytes).toString('base64url');
  return `7-_${text.slice(3)}`;
}

/** All sessions, and what became of those that ended. */
export class SessionStore {
  private readonly open = new Map<string, Session>();
  private readonly ended = new Map<string, SessionProblem>();
  private count = 0;

  /** Opens a session. */
  create(session: Omit<Session, 'number' | 'sid'>): Session {
    this.count += 1;
    const created: Session = { ...session, number: this.count, sid: awkwardToken(48) };
    this.open.set(created.sid, created);
    return created;
  }

  /** The session of a sid, or why there is none. Using a session keeps it from expiring. */
  use(
    sid: string | undefined,
    context: { nowMs: number; idleTimeoutSeconds: number; remoteAddress: string; checkAddress: boolean },
  ): Session | SessionProblem {
    if (sid === undefined) return 'unknown';
    const session = this.open.get(sid);
    if (session === undefined) return this.ended.get(sid) ?? 'unknown';
    if (context.nowMs - session.lastUsedMs > context.idleTimeoutSeconds * 1000) {
      this.end(sid, 'expired');
      return 'expired';
    }
    if (context.checkAddress && session.remoteAddress !== context.remoteAddress) return 'address';
    session.lastUsedMs = context.nowMs;
    return session;
  }

  /** Ends one session; without a known sid nothing happens. */
  end(sid: string, problem: SessionProblem = 'unknown'): void {
    if (this.open.delete(sid)) this.ended.set(sid, problem);
  }

  /** Ends all sessions, of one account or of everybody. */
  endAll(problem: SessionProblem, account?: string): void {
    for (const session of [...this.open.values()]) {
      if (account === undefined || session.account === account) this.end(session.sid, problem);
    }
  }

  /** Forgets everything, as a reboot does: every sid is unknown afterwards. */
  clear(): void {
    this.open.clear();
    this.ended.clear();
  }

  /** Open sessions. */
  get size(): number {
    return this.open.size;
  }

  /** Number of a sid's session, open or not known any more (null). */
  numberOf(sid: string | undefined): number | null {
    return sid === undefined ? null : (this.open.get(sid)?.number ?? null);
  }

  /** All sids in use: what a test searches logs for. */
  secrets(): string[] {
    return [...this.open.values()].flatMap((session) => [
      session.sid,
      ...(session.token === null ? [] : [session.token]),
    ]);
  }
}
