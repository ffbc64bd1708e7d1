// Remembers that a NAS refused these credentials, so that nothing logs in with them again and blocks the whole machine.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { endsLogins } from './codes';
import { isRecord } from './envelope';
import { DsmError } from './errors';
import type { CredentialBlock, CredentialBlockStore } from './types';

/** What identifies credentials; any change makes them new ones. */
export interface CredentialIdentity {
  address: string;
  username: string;
  password: string;
  deviceToken: string;
}

/** A salted scrypt hash of the credentials, base64. It tells whether they changed and gives none of them away. */
export function credentialFingerprint(identity: CredentialIdentity, salt: string): string {
  const { address, username, password, deviceToken } = identity;
  return scryptSync(JSON.stringify([address, username, password, deviceToken]), salt, 32).toString('base64');
}

/** A store that forgets with the process. */
export function memoryBlockStore(): CredentialBlockStore {
  let block: CredentialBlock | null = null;
  return {
    load: () => block,
    save: (next) => {
      block = next;
    },
  };
}

/** Stores are files that people may edit: what they hold is looked at before it is believed. */
function isBlock(value: unknown): value is CredentialBlock {
  return isRecord(value) && ['salt', 'fingerprint', 'code', 'message'].every((key) => typeof value[key] === 'string');
}

/** The error that a blocked call ends in: the first caller's, without a request. */
export function blockError(block: CredentialBlock): DsmError {
  const dsmCode = block.dsmCode === null ? {} : { dsmCode: block.dsmCode };
  return new DsmError(block.code, block.message, { ...dsmCode, outcome: 'not_sent' });
}

/** The lockout guard of one session. */
export class CredentialGuard {
  readonly #store: CredentialBlockStore;
  readonly #identity: () => CredentialIdentity;
  readonly #now: () => number;
  /** The last fingerprint that was computed: scrypt is slow on purpose, and blocks are looked at before every call. */
  #known: { salt: string; fingerprint: string } | null = null;
  /** A block of our own, and whether the store took it. */
  #own: { block: CredentialBlock; stored: boolean } | null = null;

  constructor(options: { store: CredentialBlockStore; identity: () => CredentialIdentity; now: () => number }) {
    this.#store = options.store;
    this.#identity = options.identity;
    this.#now = options.now;
  }

  /**
   * The block on these credentials, or null. The store decides where it can be read: several sessions share it, and
   * when one of them is unblocked all are. A block of other credentials there lifts nothing here.
   */
  get block(): CredentialBlock | null {
    const stored = this.#load();
    if (stored === 'unreadable') return this.#own?.block ?? null;
    if (stored === null) {
      if (this.#own?.stored === true) this.#own = null;
      return this.#own?.block ?? null;
    }
    return this.#isOurs(stored) ? stored : (this.#own?.block ?? null);
  }

  /** Remembers a login's error where logging in again could do harm. */
  learn(error: unknown): void {
    if (!(error instanceof DsmError)) return;
    const { dsmCode } = error.cause;
    if (dsmCode === undefined || !endsLogins(dsmCode)) return;
    const salt = randomBytes(16).toString('base64');
    const fingerprint = this.#fingerprint(salt);
    const block = { salt, fingerprint, code: error.code, dsmCode, message: error.message, atMs: this.#now() };
    this.#own = { block, stored: this.#save(block) };
  }

  /** Forgets the block, here and in the store. */
  clear(): void {
    this.#own = null;
    this.#save(null);
  }

  /** To be called when the credentials changed. */
  forgetFingerprint(): void {
    this.#known = null;
  }

  #fingerprint(salt: string): string {
    if (this.#known?.salt !== salt) {
      this.#known = { salt, fingerprint: credentialFingerprint(this.#identity(), salt) };
    }
    return this.#known.fingerprint;
  }

  #isOurs(block: CredentialBlock): boolean {
    const ours = Buffer.from(this.#fingerprint(block.salt));
    const theirs = Buffer.from(block.fingerprint);
    return ours.length === theirs.length && timingSafeEqual(ours, theirs);
  }

  /** A store that fails must not cause a login: what this process knows still holds. */
  #load(): CredentialBlock | null | 'unreadable' {
    try {
      const stored = this.#store.load();
      return stored === null || isBlock(stored) ? stored : 'unreadable';
    } catch {
      return 'unreadable';
    }
  }

  #save(block: CredentialBlock | null): boolean {
    try {
      this.#store.save(block);
      return true;
    } catch {
      return false;
    }
  }
}
