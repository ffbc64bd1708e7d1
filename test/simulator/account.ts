// The accounts of the simulated NAS, two-factor and the devices it trusts, and the block of addresses.

import { awkwardToken } from './sessions';

/** An account that may log in. */
export interface Account {
  username: string;
  password: string;
  administrator: boolean;
  /** Whether a login needs a code or a trusted device. */
  twoFactor: boolean;
  /** The code that is right. */
  otp: string;
  /** Code with which every login of the account is refused (401, 402, 406, 408–411 …); null: none. */
  refuseWith: number | null;
}

/** Tokens of trusted devices. A token holds for the account and the device name that it was given for. */
export class TrustedDevices {
  private readonly tokens = new Map<string, { account: string; deviceName: string }>();

  /** Trusts a device and gives its token. */
  trust(account: string, deviceName: string): string {
    const token = awkwardToken(64);
    this.tokens.set(token, { account, deviceName });
    return token;
  }

  /** Whether the token was given for this account and this device name. */
  knows(token: string | undefined, account: string, deviceName: string): boolean {
    const device = token === undefined ? undefined : this.tokens.get(token);
    return device?.account === account && device.deviceName === deviceName;
  }

  /** Whether a device of this name is trusted already. */
  hasName(account: string, deviceName: string): boolean {
    return [...this.tokens.values()].some((device) => device.account === account && device.deviceName === deviceName);
  }

  /** Revokes every device. */
  revokeAll(): void {
    this.tokens.clear();
  }

  /** All tokens: what a test searches logs for. */
  secrets(): string[] {
    return [...this.tokens.keys()];
  }
}

/** DSM's auto block: too many failed logins from one address, and the address stays out. */
export class AutoBlock {
  private readonly failuresMs = new Map<string, number[]>();
  private readonly blocked = new Set<string>();

  constructor(readonly rule: { enabled: boolean; attempts: number; withinMinutes: number }) {}

  /** Whether the address is blocked. */
  blocks(address: string): boolean {
    return this.blocked.has(address);
  }

  /** Counts a failed login. */
  countFailure(address: string, nowMs: number): void {
    const sinceMs = nowMs - this.rule.withinMinutes * 60_000;
    const recent = [...(this.failuresMs.get(address) ?? []).filter((atMs) => atMs >= sinceMs), nowMs];
    this.failuresMs.set(address, recent);
    if (this.rule.enabled && recent.length >= this.rule.attempts) this.blocked.add(address);
  }

  /** Failed logins of all addresses that still count. */
  get failures(): number {
    return [...this.failuresMs.values()].reduce((total, times) => total + times.length, 0);
  }

  /** Blocks an address by hand. */
  block(address: string): void {
    this.blocked.add(address);
  }

  /** Lets everybody in again. */
  clear(): void {
    this.failuresMs.clear();
    this.blocked.clear();
  }
}
