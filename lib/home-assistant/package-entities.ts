// The catalogue of the package's device: one row per entity.
import type { ServiceName } from '../active-backup/types';
import { countRow, flagRow, sizeRow, wordRow, type EntityRow } from './entity';
import { packageEventTypes } from './event-types';
import { lastErrorWords } from './package-state';
import { serviceLabels } from './services';

const diagnostic = { category: 'diagnostic' } as const;

/** The package's own entities. */
export const packageEntities: readonly EntityRow[] = [
  flagRow({
    key: 'publisher',
    name: 'Publisher',
    topic: 'status',
    deviceClass: 'connectivity',
    availability: 'always',
    enabled: true,
    ...diagnostic,
  }),
  flagRow({
    key: 'nas',
    name: 'NAS connection',
    topic: 'nas',
    deviceClass: 'connectivity',
    availability: 'publisher',
    enabled: true,
    ...diagnostic,
  }),
  flagRow({ key: 'problem', name: 'Problem', deviceClass: 'problem', enabled: true }),
  countRow({ key: 'tasks', name: 'Tasks', icon: 'mdi:format-list-checks', enabled: true, ...diagnostic }),
  countRow({ key: 'tasks_running', name: 'Running tasks', icon: 'mdi:progress-upload', enabled: true }),
  countRow({ key: 'tasks_failing', name: 'Tasks with problems', icon: 'mdi:alert-outline', enabled: true }),
  sizeRow({
    key: 'used_storage',
    name: 'Used storage',
    value: 'used_gb',
    unit: 'GB',
    icon: 'mdi:database',
    enabled: true,
  }),
  countRow({
    key: 'protected_objects',
    name: 'Protected objects',
    icon: 'mdi:shield-account',
    enabled: true,
    ...diagnostic,
  }),
  countRow({
    key: 'protected_users',
    name: 'Protected users',
    icon: 'mdi:account-multiple',
    enabled: false,
    ...diagnostic,
  }),
  countRow({ key: 'protected_sites', name: 'Protected sites', icon: 'mdi:web', enabled: false, ...diagnostic }),
  countRow({
    key: 'protected_teams',
    name: 'Protected teams',
    icon: 'mdi:account-group',
    enabled: false,
    ...diagnostic,
  }),
  countRow({ key: 'workers', name: 'Backup workers', icon: 'mdi:cog-transfer', enabled: false, ...diagnostic }),
  countRow({ key: 'event_workers', name: 'Event workers', icon: 'mdi:cog-sync', enabled: false, ...diagnostic }),
  {
    key: 'package_version',
    platform: 'sensor',
    name: 'Package version',
    topic: 'state',
    icon: 'mdi:package-variant',
    enabled: false,
    ...diagnostic,
  },
  wordRow({
    key: 'last_error',
    name: 'Last error',
    options: lastErrorWords,
    icon: 'mdi:lan-disconnect',
    availability: 'publisher',
    enabled: true,
    ...diagnostic,
  }),
  flagRow({ key: 'task_list_lost', name: 'Task list lost', deviceClass: 'problem', enabled: false, ...diagnostic }),
  flagRow({
    key: 'time_zone_problem',
    name: 'Time zone problem',
    deviceClass: 'problem',
    enabled: false,
    ...diagnostic,
  }),
  {
    key: 'activity',
    platform: 'event',
    name: 'Activity',
    topic: 'event',
    eventTypes: packageEventTypes,
    icon: 'mdi:timeline-text-outline',
    // The loss of the NAS is told in the very moment in which the NAS's availability goes.
    availability: 'publisher',
    enabled: true,
    ...diagnostic,
  },
  {
    key: 'refresh',
    platform: 'button',
    name: 'Refresh',
    topic: 'refresh',
    icon: 'mdi:refresh',
    // Most wanted when the NAS seems to be away.
    availability: 'publisher',
    enabled: true,
    ...diagnostic,
  },
];

/** What the package stores of a service that at least one task backs up. */
export function packageServiceEntities(service: ServiceName): EntityRow[] {
  return [
    sizeRow({
      key: `used_${service}`,
      name: `${serviceLabels[service]} used storage`,
      value: `services.${service}.used_gb`,
      unit: 'GB',
      enabled: false,
      ...diagnostic,
    }),
  ];
}
