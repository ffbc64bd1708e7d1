// A monitor on the simulated NAS, both on one clock that a test drives.
import { ActiveBackupClient, type Limits } from '../../../lib/active-backup';
import { createDsmSession, type DsmSession } from '../../../lib/dsm';
import { createMonitor, type MonitorSettings, type PollingMonitor } from '../../../lib/monitor';
import { createVirtualClock, startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { DrivenScheduler, turns } from './driven-scheduler';
import { TextStore } from './support';

type Client = Parameters<typeof createMonitor>[0]['client'];

/** The NAS, the time and the memory: what outlives a process of Node-RED. */
export interface World {
  nas: Simulator;
  scheduler: DrivenScheduler;
  store: TextStore;
  client: Client;
  session: DsmSession;
  timeZone: string;
  close(): Promise<void>;
}

/** A simulated NAS on a clock that stands at `startMs`. */
export async function startWorld(startMs: number, options: SimulatorOptions & { limits?: Limits }): Promise<World> {
  const { limits = {}, ...simulator } = options;
  const timeZone = options.timeZone ?? 'Europe/Berlin';
  const nas = await startSimulator({ clock: createVirtualClock(startMs), ...simulator, timeZone });
  const now = (): number => nas.clock.now();
  const session = createDsmSession({ url: nas.url, username: nas.username, password: nas.password, now });
  const plain = new ActiveBackupClient({ session, now, timeZone, limits, pause: () => Promise.resolve() });
  const busy = { calls: 0 };
  const client = counted(plain, busy);
  const settle = async (): Promise<void> => {
    do {
      while (busy.calls > 0) await new Promise((resolve) => setImmediate(resolve));
      await turns(2);
    } while (busy.calls > 0);
  };
  const close = async (): Promise<void> => {
    await session.close();
    await nas.close();
  };
  return {
    nas,
    scheduler: new DrivenScheduler(nas.clock, settle),
    store: new TextStore(),
    client,
    session,
    timeZone,
    close,
  };
}

/** The client with a count of the calls under way: the clock may only move when there is none. */
function counted(client: Client, busy: { calls: number }): Client {
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...given: unknown[]): Promise<unknown> => {
        busy.calls += 1;
        try {
          return (await Reflect.apply(member, target, given)) as unknown;
        } finally {
          busy.calls -= 1;
        }
      };
    },
  });
}

/** A process of Node-RED that begins now: a monitor over what the one before left. */
export function startProcess(world: World, changes: Partial<MonitorSettings> = {}): PollingMonitor {
  const { client, scheduler, timeZone } = world;
  return createMonitor({
    client,
    settings: { nas: 'office', pollSeconds: 60, pollRunningSeconds: 10, timeZone, limits: {}, ...changes },
    store: world.store,
    scheduler,
    random: () => 0.5,
    log: () => undefined,
  });
}
