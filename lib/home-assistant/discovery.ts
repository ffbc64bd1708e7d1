// From a snapshot to the device documents: the package's first, then a task's each.
import type { ServiceName, Task } from '../active-backup/types';
import type { Snapshot } from '../monitor/types';
import { componentsOf, sharedAvailability, type DeviceDocument } from './documents';
import type { EntityRow } from './entity';
import { packageEntities, packageServiceEntities } from './package-entities';
import { serviceNames } from './services';
import { publicName, slugify } from './slug';
import { taskEntities, taskServiceEntities } from './task-entities';
import { taskSlugs } from './task-slugs';
import { packageObjectId, taskObjectId, type Topics } from './topics';

/** This package, as Home Assistant names the source of a document. */
export const originName = '@nas-flows/node-red-active-backup-m365';
const supportUrl = 'https://github.com/nas-flows/node-red-active-backup-m365';
const manufacturer = 'Synology';

/** What the documents need to know beside the snapshot. */
export interface DiscoverySettings {
  slug: string;
  nasName: string;
  /** Address of DSM, for the "Visit" link. Credentials in it are dropped. */
  nasUrl: string;
  /** This package's version. */
  version: string;
  /** Whether the run and cancel buttons are offered. */
  commandsAllowed: boolean;
}

/**
 * The page of Active Backup on the NAS, or null where the address is none that Home Assistant takes. User name,
 * password and query are cut: a broker's retained messages are read by many.
 */
export function visitUrl(nasUrl: string): string | null {
  let url: URL;
  try {
    url = new URL(nasUrl);
  } catch {
    return null;
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  return `${url.origin}${url.pathname}?launchApp=SYNO.SDS.ActiveBackupOffice365.Instance`;
}

const noServices: ReadonlySet<ServiceName> = new Set();

function enabledServices(tasks: readonly Task[], kept = noServices): ServiceName[] {
  return serviceNames.filter(
    (service) => kept.has(service) || tasks.some((task) => task.services[service]?.enabled === true),
  );
}

function isOffered(row: EntityRow, task: Task | null, settings: DiscoverySettings): boolean {
  switch (row.condition ?? 'always') {
    case 'always':
      return true;
    case 'commands allowed':
      return settings.commandsAllowed;
    case 'not continuous or manual':
      return task?.policy !== 'continuous' && task?.policy !== 'manual';
  }
}

function origin(settings: DiscoverySettings): Record<string, unknown> {
  return { name: originName, sw_version: settings.version, support_url: supportUrl };
}

function link(settings: DiscoverySettings): Record<string, unknown> {
  const url = visitUrl(settings.nasUrl);
  return url === null ? {} : { configuration_url: url };
}

/**
 * The package's document. Before the first good poll (`snapshot` null) it lacks what only the NAS can tell.
 * @param keptServices offered beside those of the tasks
 */
export function packageDocument(
  topics: Topics,
  settings: DiscoverySettings,
  snapshot: Snapshot | null,
  keptServices = noServices,
): DeviceDocument {
  const objectId = packageObjectId(settings.slug);
  const services = enabledServices(snapshot?.tasks ?? [], keptServices);
  const rows = [...packageEntities, ...services.flatMap(packageServiceEntities)];
  const version = snapshot?.packageVersion ?? null;
  return {
    device: {
      identifiers: [objectId],
      name: `${publicName(settings.nasName) || settings.slug} M365 backup`,
      manufacturer,
      model: 'Active Backup for Microsoft 365',
      model_id: 'ActiveBackup-Office365',
      ...(version === null ? {} : { sw_version: version }),
      ...link(settings),
    },
    origin: origin(settings),
    ...sharedAvailability(topics),
    components: componentsOf(rows, { objectId, entityIdBase: objectId, topics }),
  };
}

/** A task's document. `nameSlug` is the task's name as an entity id may hold it. */
export function taskDocument(
  topics: Topics,
  settings: DiscoverySettings,
  task: Task,
  nameSlug: string,
): DeviceDocument {
  const objectId = taskObjectId(settings.slug, task.id);
  const rows = [...taskEntities, ...enabledServices([task]).flatMap(taskServiceEntities)];
  return {
    device: {
      identifiers: [objectId],
      name: `M365 backup ${publicName(task.name) || `task ${task.id}`}`,
      manufacturer,
      model: 'Backup task',
      via_device: packageObjectId(settings.slug),
      ...link(settings),
    },
    origin: origin(settings),
    ...sharedAvailability(topics),
    components: componentsOf(
      rows.filter((row) => isOffered(row, task, settings)),
      {
        objectId,
        entityIdBase: `${packageObjectId(settings.slug)}_${nameSlug}`,
        topics: { ...topics.task(task.id), status: topics.status, nas: topics.nas },
      },
    ),
  };
}

/** Every document of a snapshot by its topic, the package's first. Empty without discovery. */
export function documents(
  topics: Topics,
  settings: DiscoverySettings,
  snapshot: Snapshot | null,
  keptServices = noServices,
): Map<string, DeviceDocument> {
  const found = new Map<string, DeviceDocument>();
  if (topics.discovery === null) return found;
  found.set(topics.discovery.packageDocument, packageDocument(topics, settings, snapshot, keptServices));
  const tasks = snapshot?.tasks ?? [];
  const slugs = taskSlugs(tasks);
  for (const task of tasks) {
    const nameSlug = slugs.get(task.id) ?? slugify(task.name);
    found.set(topics.discovery.taskDocument(task.id), taskDocument(topics, settings, task, nameSlug));
  }
  return found;
}
