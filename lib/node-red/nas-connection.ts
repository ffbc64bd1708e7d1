// One NAS as the nodes use it: session, client, poll loop and memory, made from a config node's settings.
import type { AgentOptions } from 'node:https';
import { ActiveBackupClient } from '../active-backup';
import { createDsmSession, parseNasUrl, Secret, type DsmRequestRecord, type DsmSession } from '../dsm';
import { createMonitor, systemScheduler, type PollingMonitor } from '../monitor';
import { memoryFile } from './memory-file';
import type { NasSettings } from './nas-settings';
import { shareBlocks, type SharedBlocks } from './shared-blocks';

/** The name that two-factor device tokens are bound to: constant, or DSM refuses the token. */
export const deviceName = 'Node-RED Active Backup for Microsoft 365';

/** As many as a support bundle holds. */
const bundledRequests = 200;

/** Asked for in one request at the first login. */
const usedApis = ['SYNO.ActiveBackupOffice365', 'SYNO.Core.Package', 'SYNO.DSM.Info'];

/** The credentials of a config node as Node-RED keeps them. */
export interface NasCredentials {
  username: string;
  password: string;
  deviceToken: string;
}

/** Who logs in, with secrets that no log, error or inspection can print. */
export interface NasLogin {
  username: string;
  password: Secret;
  /** The token of this device, where the account's second factor was given once; else null. */
  deviceToken: Secret | null;
}

/** What a connection needs of Node-RED. */
export interface ConnectionHost {
  userDir: string;
  log: (level: 'info' | 'warn', text: string) => void;
}

/** A NAS in use. */
export class NasConnection {
  readonly session: DsmSession;
  readonly client: ActiveBackupClient;
  readonly monitor: PollingMonitor;
  /** The last requests, without values. */
  readonly requests: DsmRequestRecord[] = [];
  private readonly closing = new AbortController();
  private readonly blocks: SharedBlocks;

  constructor(
    readonly settings: NasSettings,
    private login: NasLogin,
    tls: AgentOptions,
    host: ConnectionHost,
  ) {
    const store = memoryFile(host.userDir, settings.slug, (text) => host.log('warn', text));
    const parsed = parseNasUrl(settings.url);
    const address = parsed.ok ? `${parsed.url.origin}${parsed.url.basePath}` : settings.url;
    const identity = () => ({
      address,
      username: this.login.username,
      password: this.login.password.reveal(),
      deviceToken: this.login.deviceToken?.reveal() ?? '',
    });
    this.blocks = shareBlocks(identity, {
      load: () => this.monitor.remembered.credentialBlock,
      save: (credentialBlock) => void this.monitor.updateMemory((memory) => ({ ...memory, credentialBlock })),
    });
    this.session = createDsmSession({
      url: settings.url,
      username: login.username,
      password: login.password.reveal(),
      deviceName,
      tls,
      timeoutMs: settings.timeoutSeconds * 1000,
      ...(login.deviceToken === null ? {} : { deviceToken: login.deviceToken.reveal() }),
      ...(settings.certificateSha256 === null ? {} : { pinnedSha256: settings.certificateSha256 }),
      apis: usedApis,
      onRequest: (record) => {
        this.requests.push(record);
        if (this.requests.length > bundledRequests) this.requests.shift();
      },
      blocks: this.blocks,
    });
    this.client = new ActiveBackupClient({
      session: this.session,
      timeZone: settings.timeZone,
      limits: settings.limits,
      allowChanges: settings.allowChanges,
    });
    this.monitor = createMonitor({
      client: this.client,
      settings: {
        nas: settings.slug,
        pollSeconds: settings.pollSeconds,
        pollRunningSeconds: settings.pollRunningSeconds,
        timeZone: settings.timeZone,
        limits: settings.limits,
        watchSettings: settings.watchSettings,
      },
      store,
      scheduler: systemScheduler,
      random: Math.random,
      log: host.log,
    });
    this.blocks.adopt();
  }

  /** Fires when the connection is being closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /**
   * Makes the NAS trust this Node-RED with a two-factor code of the moment; the session goes on with that login.
   * @returns the device token, to be kept as a credential
   * @throws DsmError as `DsmSession.pairDevice`
   */
  async pair(otp: string): Promise<Secret> {
    const deviceToken = new Secret(await this.session.pairDevice(otp, this.closed));
    this.login = { ...this.login, deviceToken };
    this.monitor.poke();
    return deviceToken;
  }

  /** Ends everything under way with ABORTED and logs out. Never throws. */
  async close(): Promise<void> {
    this.closing.abort();
    this.blocks.leave();
    this.monitor.close();
    await this.session.close();
  }
}
