// The services that the package protects: their keys on the wire and their numbers.

/** The key of a service in the column names of `list_tasks`. */
export type ServiceKey = (typeof SERVICES)[number]['key'];

/** What a service's objects are: accounts of users, or groups, sites, teams. */
export type ObjectKind = 'user' | 'group' | 'mysite' | 'site' | 'team';

/**
 * One line a service, in the order in which the package lists `service_usage`. `counted`: has `processed_`, `error_`,
 * `warning_`, `status_` and `transferred_size_` columns (all but my site). `total`: the column of `list_task_logs`.
 */
export const SERVICES = [
  { key: 'drive', number: 0, counted: true, kind: 'user', text: 'OneDrive', total: 'total_drive_count' },
  { key: 'mail', number: 1, counted: true, kind: 'user', text: 'mail', total: 'total_mail_count' },
  {
    key: 'archive_mail',
    number: 4,
    counted: true,
    kind: 'user',
    text: 'archive mail',
    total: 'total_archive_mail_count',
  },
  { key: 'contact', number: 2, counted: true, kind: 'user', text: 'contacts', total: 'total_contact_count' },
  { key: 'calendar', number: 3, counted: true, kind: 'user', text: 'calendar', total: 'total_calendar_count' },
  { key: 'site', number: 5, counted: true, kind: 'site', text: 'site', total: 'total_site_count' },
  { key: 'mysite', number: 8, counted: false, kind: 'mysite', text: 'my site', total: null },
  { key: 'group_mail', number: 6, counted: true, kind: 'group', text: 'group mail', total: null },
  { key: 'group_calendar', number: 7, counted: true, kind: 'group', text: 'group calendar', total: null },
  { key: 'teams', number: 9, counted: true, kind: 'team', text: 'team', total: null },
] as const;

/** The number of `users[].type` of an object; those of groups and my sites are a guess. */
export const OBJECT_TYPE: Record<ObjectKind, number> = { user: 0, site: 1, group: 2, mysite: 3, team: 4 };

/** A value for each service. */
export function forEachService<T>(value: (key: ServiceKey) => T): Record<ServiceKey, T> {
  return Object.fromEntries(SERVICES.map((service) => [service.key, value(service.key)])) as Record<ServiceKey, T>;
}
