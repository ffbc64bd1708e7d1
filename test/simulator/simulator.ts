// `startSimulator`: a simulated NAS on a port, and the handle with which a test drives and questions it.

import { createCertificate, type Certificate } from './certificate';
import { controlHandler } from './control';
import { type Account } from './account';
import { type Clock } from './clock';
import { type Faults } from './faults';
import { HttpFront } from './http-front';
import { copy } from './json';
import { type Mutation, NasCore } from './nas-core';
import { type SimulatorOptions } from './options';
import { type DecodedRequest, type RequestRecord } from './record';
import { type LedgerEntry } from './runs';
import { type Switches } from './switches';
import { type TaskSpec } from './task';
import { TaskHandle } from './task-handle';

/** A running simulated NAS. */
export class Simulator {
  private constructor(
    /** The state behind; for what the handle does not offer. */
    readonly core: NasCore,
    readonly host: string,
    readonly port: number,
    private readonly certificate: Certificate | null,
    private readonly front: HttpFront,
  ) {}

  /** Starts one; see `startSimulator`. */
  static async start(options: SimulatorOptions): Promise<Simulator> {
    const core = new NasCore(options);
    const certificate = options.tls === true ? await createCertificate() : null;
    const host = options.host ?? '127.0.0.1';
    const holder: { simulator?: Simulator } = {};
    const control = options.control === true ? controlHandler(() => holder.simulator) : null;
    const front = new HttpFront(core, certificate, control);
    const port = await front.listen(options.port ?? 0, host);
    holder.simulator = new Simulator(core, host, port, certificate, front);
    return holder.simulator;
  }

  /** Address without a trailing slash. */
  get url(): string {
    return `${this.certificate === null ? 'http' : 'https'}://${this.host}:${this.port}`;
  }
  get username(): string {
    return this.account.username;
  }
  get password(): string {
    return this.account.password;
  }
  /** The code that is right, for an account with two factors. */
  get otp(): string {
    return this.account.otp;
  }
  /** PEM of the certificate; empty without TLS. */
  get certificatePem(): string {
    return this.certificate?.certificatePem ?? '';
  }
  /** SHA-256 of the certificate, upper-case hexadecimal with colons; empty without TLS. */
  get fingerprint(): string {
    return this.certificate?.fingerprint ?? '';
  }
  get clock(): Clock {
    return this.core.clock;
  }
  /** The account of `username`; its members may be changed at any time. */
  get account(): Account {
    return this.core.accounts[0]!;
  }
  /** Everything that may be switched at any time. */
  get switches(): Switches {
    return this.core.switches;
  }
  get faults(): Faults {
    return this.core.faults;
  }

  /** Handles of all tasks. */
  tasks(): TaskHandle[] {
    this.core.engine.catchUp();
    return [...this.core.store.tasks.keys()].map((id) => new TaskHandle(this.core, id));
  }
  /** The handle of one task; throws when there is none. */
  task(id: number): TaskHandle {
    this.core.engine.catchUp();
    if (!this.core.store.tasks.has(id)) throw new Error(`The simulated NAS has no task ${id}.`);
    return new TaskHandle(this.core, id);
  }
  /** Makes a task. */
  addTask(spec: TaskSpec = {}): TaskHandle {
    return new TaskHandle(this.core, this.core.addTask(spec).id);
  }
  /** Every run as it really was, oldest first. */
  ledger(): LedgerEntry[] {
    this.core.engine.catchUp();
    return copy(this.core.store.ledger);
  }

  /** Every request since the start or the last `clearRequests`, without values. */
  get requests(): RequestRecord[] {
    return this.core.requests;
  }
  /** Decoded values of each call that passed the checks, if `recordValues` is on. */
  get decodedRequests(): DecodedRequest[] {
    return this.core.decodedRequests;
  }
  /** How many requests named this method. */
  count(method: string): number {
    return this.core.requests.filter((request) => request.method === method).length;
  }
  /** Forgets the requests so far. */
  clearRequests(): void {
    this.core.requests.length = 0;
    this.core.decodedRequests.length = 0;
  }
  /** Every secret that exists now: password, code, sids, tokens, device tokens, tenant, e-mail, application. */
  secrets(): string[] {
    return Object.values(this.core.secrets()).flat();
  }
  get openSessions(): number {
    return this.core.sessions.size;
  }
  get openConnections(): number {
    return this.front.openConnections;
  }
  /** Failed logins that auto block counts. */
  get loginFailures(): number {
    return this.core.autoBlock.failures;
  }

  /** Bends the data of a method's answers until the returned function is called. */
  mutate(method: string, mutation: Mutation): () => void {
    const { mutations } = this.core;
    mutations.set(method, [...(mutations.get(method) ?? []), mutation]);
    return () => {
      mutations.set(
        method,
        (mutations.get(method) ?? []).filter((other) => other !== mutation),
      );
    };
  }
  /** Answers a method's good calls with this body (a string is sent as it is); null ends it. */
  answerWith(method: string, body: unknown): void {
    if (body === null) this.core.rawAnswers.delete(method);
    else this.core.rawAnswers.set(method, body);
  }

  /** Restarts the NAS: sessions are gone (119), connections are cut. */
  reboot(): void {
    this.core.reboot();
    this.front.cutConnections();
  }
  stopPackage(): void {
    this.switches.packageState = 'stopped';
  }
  startPackage(): void {
    this.switches.packageState = 'running';
  }
  /** Ends all sessions as a second login would (107). */
  kickSessions(): void {
    this.core.sessions.endAll('kicked');
  }
  /** Ends all sessions as idle time would (106, or 119 by switch). */
  expireSessions(): void {
    this.core.sessions.endAll('expired');
  }
  /** Lets the NAS see another address of its clients (150 for present sessions); null: the real one. */
  changeAddress(address: string | null): void {
    this.switches.clientAddress = address;
  }
  /** Lifts every block of an address and forgets failed logins. */
  unblock(): void {
    this.core.autoBlock.clear();
  }
  /** Revokes all trusted devices. */
  revokeDevices(): void {
    this.core.devices.revokeAll();
  }

  /** Stops listening; the state stays. */
  async goAway(): Promise<void> {
    await this.front.close();
  }
  /** Listens again on the same port. */
  async comeBack(): Promise<void> {
    await this.front.listen(this.port, this.host);
  }
  /** Ends it. */
  async close(): Promise<void> {
    await this.front.close();
  }
}

/** Starts a simulated NAS; it listens when the promise resolves. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  return Simulator.start(options);
}
