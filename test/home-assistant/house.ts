// A whole house for the acceptance tests: simulated NAS, real Node-RED with the packed package, real Mosquitto, real Home Assistant.
import { type FlowNode } from '../helpers/probe';
import { startNodeRed, type NodeRedProcess } from '../helpers/node-red-process';
import { startSimulator, type Simulator, type TaskSpec } from '../simulator';
import { compareWithRegistry, entitiesWithoutState, readAnnounced, type AnnouncedDevice } from './announced';
import { watchBroker, type BrokerView, type SeenMessage } from './broker-view';
import { startHomeAssistant, type HomeAssistant } from './home-assistant';
import { startMosquitto, type Mosquitto } from './mosquitto';
import { waitUntil } from './processes';
import { type ReleaseName } from './releases';

/** The slug of the NAS in all topics and ids. */
export const slug = 'home';
/** The base topic of the NAS. */
export const base = `active-backup/${slug}`;

/** What the house is made of. */
export interface House {
  readonly broker: Mosquitto;
  readonly view: BrokerView;
  readonly nas: Simulator;
  readonly nodeRed: NodeRedProcess;
  readonly homeAssistant: HomeAssistant;
  /** The devices announced on the broker now. */
  announced(): Promise<AnnouncedDevice[]>;
  /** Waits until Home Assistant has registered exactly what is announced, and every enabled entity has a state. */
  settled(timeoutMs?: number): Promise<void>;
  /** The id of the entity with this unique id, `active_backup_<slug>_` left out. */
  entityId(key: string): Promise<string>;
  /** The state of the entity with this key; "missing" where there is none. */
  state(key: string): Promise<string>;
  /** Waits until the entity with this key has the state. */
  waitForState(key: string, state: string, timeoutMs?: number): Promise<void>;
  /** The states of all of MQTT's entities that are enabled: id → state. */
  allStates(): Promise<Map<string, string>>;
  /** Deploys the publisher anew, with the permission to run and cancel or without. */
  deploy(settings: { control: boolean }): Promise<void>;
  /** What has passed on our topics and on discovery topics since the message with this number. */
  ours(since?: number): SeenMessage[];
  close(): Promise<void>;
}

/** The three tasks of an ordinary house: fine by schedule, failing, never run. */
export const ordinaryTasks: TaskSpec[] = [
  { name: 'Tenant A', policy: 'scheduled', users: 5 },
  {
    name: 'Tenant B',
    policy: 'manual',
    history: [{ startedSecondsAgo: 7200, durationSeconds: 600, outcome: 'failed', taskErrorCode: -13 }],
  },
  { name: 'Tenant C', policy: 'manual', history: [] },
];

function flow(nas: Simulator, broker: Mosquitto, control: boolean): FlowNode[] {
  const { username, password } = nas;
  return [
    {
      id: 'nas',
      type: 'active-backup-nas',
      name: 'Home',
      url: nas.url,
      verifyCertificate: false,
      slug,
      timeZone: 'UTC',
      pollSeconds: 5,
      pollRunningSeconds: 1,
      timeoutSeconds: 5,
      allowChanges: true,
      credentials: { username, password },
    },
    {
      id: 'broker',
      type: 'mqtt-broker',
      name: '',
      broker: broker.host,
      port: String(broker.port),
      clientid: '',
      autoConnect: true,
      usetls: false,
      protocolVersion: '4',
      keepalive: '60',
      cleansession: true,
    },
    {
      id: 'publisher',
      type: 'active-backup-home-assistant',
      z: 'test-tab',
      name: '',
      nas: 'nas',
      broker: 'broker',
      control,
      discoveryPrefix: 'homeassistant',
      baseTopic: 'active-backup',
      removeOnDelete: false,
      wires: [[]],
    },
  ];
}

/** Builds the house; everything runs and is connected, and the flow is deployed, when this resolves. */
export async function buildHouse(release: ReleaseName, tasks: TaskSpec[] = ordinaryTasks): Promise<House> {
  const endings: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const broker = await startMosquitto();
    endings.push(() => broker.dispose());
    const view = await watchBroker(broker.urls.mqtt);
    endings.push(() => view.close());
    const homeAssistant = await startHomeAssistant({ release, brokerPort: broker.port });
    endings.push(() => homeAssistant.stop());
    const nas = await startSimulator({ tls: true, tasks });
    endings.push(() => nas.close());
    const nodeRed = await startNodeRed();
    endings.push(() => nodeRed.stop());
    const deploy = ({ control }: { control: boolean }): Promise<void> => nodeRed.deploy(flow(nas, broker, control));
    await deploy({ control: true });
    return { broker, view, nas, nodeRed, homeAssistant, deploy, ...questions(view, homeAssistant), close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Questions = Pick<House, 'announced' | 'settled' | 'entityId' | 'state' | 'waitForState' | 'allStates' | 'ours'>;

/** The questions that tests ask again and again. */
function questions(view: BrokerView, homeAssistant: HomeAssistant): Questions {
  const announced = async (): Promise<AnnouncedDevice[]> => readAnnounced(await view.retained());
  const find = async (key: string): Promise<string | null> => {
    const { entities } = await homeAssistant.registry();
    return entities.find((entity) => entity.uniqueId === `active_backup_${slug}_${key}`)?.entityId ?? null;
  };
  const state = async (key: string): Promise<string> => {
    const id = await find(key);
    return id === null ? 'missing' : ((await homeAssistant.states()).get(id)?.state ?? 'missing');
  };
  return {
    announced,
    settled: async (timeoutMs = 60_000) => {
      await waitUntil(
        `Home Assistant ${homeAssistant.version} to agree with the broker`,
        async () => {
          const now = await announced();
          if (now.length === 0) throw new Error('nothing is announced');
          const differences = compareWithRegistry(
            now,
            await homeAssistant.registry(),
            homeAssistant.release === 'oldest',
          );
          const silent = await entitiesWithoutState(homeAssistant);
          const reasons = [...differences, ...silent.map((id) => `${id} has no state`)];
          if (reasons.length > 0) throw new Error(reasons.slice(0, 10).join('; '));
          return true;
        },
        { timeoutMs, everyMs: 500 },
      );
    },
    entityId: async (key) => {
      const id = await find(key);
      if (id === null) throw new Error(`no entity ${key} is registered`);
      return id;
    },
    state,
    waitForState: async (key, wanted, timeoutMs = 60_000) => {
      const check = async (): Promise<boolean> => {
        const present = await state(key);
        if (present !== wanted) throw new Error(`it is ${present}`);
        return true;
      };
      await waitUntil(`${key} to be ${wanted}`, check, { timeoutMs });
    },
    allStates: async () => {
      const { entities } = await homeAssistant.registry();
      const states = await homeAssistant.states();
      const enabled = entities.filter((entity) => entity.disabledBy === null);
      return new Map(enabled.map(({ entityId }) => [entityId, states.get(entityId)?.state ?? 'missing']));
    },
    ours: (since = 0) =>
      view.messages
        .slice(since)
        .filter(({ topic }) => topic.startsWith(`${base}/`) || topic.startsWith('homeassistant/device/')),
  };
}
