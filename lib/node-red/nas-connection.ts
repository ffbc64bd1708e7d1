// One NAS as the nodes use it: session, client, poll loop and memory, made from a config node's settings.
import type { AgentOptions } from 'node:https';
import { ActiveBackupClient } from '../active-backup';
import { createDsmSession, type DsmRequestRecord, type DsmSession } from '../dsm';
import { createMonitor, systemScheduler, type PollingMonitor } from '../monitor';
import { memoryFile } from './memory-file';
import type { NasSettings } from './nas-settings';
import { shareBlocks } from './shared-blocks';

/** The name that two-factor device tokens are bound to: constant, or DSM refuses the token. */
export const deviceName = 'Node-RED Active Backup for Microsoft 365';

/** As many as a support bundle holds. */
const bundledRequests = 200;

/** Asked for in one request at the first login. */
const usedApis = ['SYNO.ActiveBackupOffice365', 'SYNO.Core.Package', 'SYNO.DSM.Info'];

/** The secrets of a config node. */
export interface NasCredentials {
  username: string;
  password: string;
  deviceToken: string;
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
  private readonly blocks: ReturnType<typeof shareBlocks>;

  constructor(
    readonly settings: NasSettings,
    credentials: NasCredentials,
    tls: AgentOptions,
    host: ConnectionHost,
  ) {
    const store = memoryFile(host.userDir, settings.slug, (text) => host.log('warn', text));
    this.blocks = shareBlocks(settings.url, credentials.username, {
      load: () => this.monitor.remembered.credentialBlock,
      save: (credentialBlock) => void this.monitor.updateMemory((memory) => ({ ...memory, credentialBlock })),
    });
    this.session = createDsmSession({
      url: settings.url,
      username: credentials.username,
      password: credentials.password,
      deviceName,
      tls,
      timeoutMs: settings.timeoutSeconds * 1000,
      ...(credentials.deviceToken === '' ? {} : { deviceToken: credentials.deviceToken }),
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
      },
      store,
      scheduler: systemScheduler,
      random: Math.random,
      log: host.log,
    });
  }

  /** Fires when the connection is being closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Ends everything under way with ABORTED and logs out. Never throws. */
  async close(): Promise<void> {
    this.closing.abort();
    this.blocks.leave();
    this.monitor.close();
    await this.session.close();
  }
}
