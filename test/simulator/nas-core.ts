// The simulated NAS without its network: state, switches, and everything that the APIs work on.

import { type Account, AutoBlock, TrustedDevices } from './account';
import { ABM_API, abmApi } from './abm-api';
import { authApi } from './auth-api';
import { type ApiRule, type HttpRequest } from './call-types';
import { type Clock, createRealClock } from './clock';
import { encryptionApi } from './encryption';
import { Engine } from './engine';
import { Faults } from './faults';
import { type DsmProfile, type SimulatorOptions } from './options';
import { createRandom } from './random';
import { type DecodedRequest, type RequestRecord } from './record';
import { loadSeedSample } from './seed-sample';
import { awkwardToken, SessionStore } from './sessions';
import { createStore, sortByTime, type Store } from './store';
import { defaultSwitches, type Switches } from './switches';
import { infoApi, systemApis } from './system-apis';
import { createTask } from './new-task';
import { type Canaries, type Task, type TaskSpec } from './task';

/** Bends the data of a method's answer. */
export type Mutation = (data: unknown) => unknown;

const REQUESTS_KEPT = 200_000;

const DEFAULT_CANARIES: Canaries = {
  tenantId: '11111111-2222-4333-8444-555555555555',
  adminEmail: 'admin@example.onmicrosoft.com',
  applicationId: '66666666-7777-4888-8999-000000000000',
};

/** The state of the NAS; `router.ts` lets calls act on it. */
export class NasCore {
  readonly clock: Clock;
  readonly timeZone: string;
  readonly dsm: DsmProfile;
  readonly canaries: Canaries;
  readonly switches: Switches;
  readonly store: Store = createStore();
  readonly engine: Engine;
  readonly sessions = new SessionStore();
  readonly devices = new TrustedDevices();
  readonly autoBlock: AutoBlock;
  readonly accounts: Account[];
  readonly faults = new Faults();
  readonly mutations = new Map<string, Mutation[]>();
  readonly rawAnswers = new Map<string, unknown>();
  readonly requests: RequestRecord[] = [];
  readonly decodedRequests: DecodedRequest[] = [];
  readonly recordValues: boolean;
  private readonly apis: ApiRule[];
  private bootMs: number;

  constructor(options: SimulatorOptions) {
    this.clock = options.clock ?? createRealClock();
    this.timeZone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.dsm = options.dsm ?? '7';
    this.canaries = { ...DEFAULT_CANARIES, ...options.canaries };
    const defaults = defaultSwitches();
    this.switches = {
      ...defaults,
      ...options.switches,
      codes: { ...defaults.codes, ...options.switches?.codes },
    };
    this.autoBlock = new AutoBlock({ enabled: true, attempts: 10, withinMinutes: 5, ...options.autoBlock });
    this.recordValues = options.recordValues ?? false;
    this.engine = new Engine(this.store, this.clock, createRandom(options.seed ?? 1), this.timeZone);
    this.accounts = [
      {
        username: options.username ?? 'backup-admin',
        password: options.password ?? awkwardToken(18),
        administrator: true,
        twoFactor: options.twoFactor ?? false,
        otp: options.otp ?? String(100_000 + Math.floor(Math.random() * 900_000)),
        refuseWith: null,
      },
    ];
    // A NAS that has been up for three days.
    this.bootMs = this.clock.now() - 3 * 24 * 3_600_000;
    this.apis = [infoApi(this), authApi(this), encryptionApi(this), ...systemApis(this), abmApi(this)];
    this.fill(options);
  }

  private fill(options: SimulatorOptions): void {
    if (options.sample === 'seed') {
      loadSeedSample(this.store);
      const own = this.store.tasks.get(1)?.setting;
      if (own !== undefined && options.canaries !== undefined) {
        Object.assign(own, {
          tenant_id: this.canaries.tenantId,
          application_id: this.canaries.applicationId,
          administrator_account_email: this.canaries.adminEmail,
        });
      }
    }
    const tasks = options.tasks ?? (options.sample === undefined ? 1 : 0);
    const specs: TaskSpec[] = typeof tasks === 'number' ? Array.from({ length: tasks }, () => ({})) : tasks;
    for (const spec of specs) this.addTask(spec);
    if (options.nextTaskId !== undefined) this.store.nextTaskId = options.nextTaskId;
  }

  /** Makes a task with its past. */
  addTask(spec: TaskSpec): Task {
    const task = createTask(spec.id ?? this.takeTaskId(), this.store.nextScheduleId, spec, this.canaries);
    this.store.nextScheduleId += 1;
    this.store.nextTaskId = Math.max(this.store.nextTaskId, task.id + 1);
    this.store.tasks.set(task.id, task);
    this.engine.relive(task, spec.history);
    sortByTime(this.store);
    return task;
  }

  /** Keeps the record of a request; a simulator that runs for weeks keeps the newest ones. */
  keepRecord(record: RequestRecord): void {
    this.requests.push(record);
    if (this.requests.length > REQUESTS_KEPT) this.requests.splice(0, REQUESTS_KEPT / 2);
  }

  /** The next free task id. */
  takeTaskId(): number {
    while (this.store.tasks.has(this.store.nextTaskId)) this.store.nextTaskId += 1;
    const id = this.store.nextTaskId;
    this.store.nextTaskId += 1;
    return id;
  }

  /** What the NAS believes the time is. */
  nowMs(): number {
    return this.clock.now() + this.switches.clockSkewSeconds * 1000;
  }

  /** Seconds since the last start of the NAS. */
  uptimeSeconds(): number {
    return Math.floor((this.clock.now() - this.bootMs) / 1000);
  }

  /** The address that the NAS sees a request come from. */
  addressOf(request: HttpRequest): string {
    return this.switches.clientAddress ?? request.remoteAddress;
  }

  /** APIs that discovery lists: the package's only while the package registers it. */
  listedApis(): ApiRule[] {
    return this.apis.filter((rule) => rule.name !== ABM_API || this.packageRegistered());
  }

  private packageRegistered(): boolean {
    const { packageState, stoppedAnswers } = this.switches;
    if (packageState === 'missing') return false;
    return packageState !== 'stopped' || stoppedAnswers !== 'gone';
  }

  /** Restarts the NAS: every session is gone, trusted devices and blocked addresses are not. */
  reboot(): void {
    this.sessions.clear();
    this.bootMs = this.clock.now();
  }

  /** Every secret by what it is: what a test searches logs and messages for. */
  secrets(): Record<string, string[]> {
    return {
      password: this.accounts.map((account) => account.password),
      otp: this.accounts.filter((account) => account.twoFactor).map((account) => account.otp),
      session: this.sessions.secrets(),
      device: this.devices.secrets(),
      tenant: [this.canaries.tenantId],
      email: [this.canaries.adminEmail],
      application: [this.canaries.applicationId],
    };
  }
}
