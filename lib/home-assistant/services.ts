// The services of Microsoft 365 as users know them.
import type { ServiceName, ServiceState } from '../active-backup/types';

/** Every service, in the order in which entities and keys appear. */
export const serviceLabels: Readonly<Record<ServiceName, string>> = {
  drive: 'OneDrive',
  mail: 'Mail',
  archive_mail: 'Archive mail',
  calendar: 'Calendar',
  contact: 'Contacts',
  site: 'SharePoint sites',
  mysite: 'Personal sites',
  teams: 'Teams',
  group_mail: 'Group mail',
  group_calendar: 'Group calendar',
};

/** Their names, in that order. */
export const serviceNames = Object.keys(serviceLabels) as ServiceName[];

/** A service of which the NAS told nothing. */
export const unknownService: ServiceState = {
  enabled: null,
  usedBytes: null,
  processed: null,
  warnings: null,
  errors: null,
  transferredBytes: null,
  status: null,
};
