// What the whole package stores and protects, from the parts of `list_tasks` that are not about one task.
import { bytesOf, fieldOf, numberOf, readNumber, recordOf, sumKnown } from './readings';
import { serviceOfType } from './services';
import { type PackageState } from './types';

/** `users[].type`. 2 and 3 were never seen (groups and personal sites, presumably) and count in the total only. */
const objectTypes = { user: 0, site: 1, team: 4 } as const;

function readServiceUsage(list: unknown): PackageState['serviceUsage'] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((element: unknown) => {
    const usage = recordOf(element);
    const serviceType = usage === null ? null : numberOf(readNumber(fieldOf(usage, 'service_type')));
    if (usage === null || serviceType === null) return [];
    const usedBytes = bytesOf(readNumber(fieldOf(usage, 'storage_usage')));
    return [{ serviceType, service: serviceOfType(serviceType), usedBytes }];
  });
}

/** Counts of protected objects; by type only where the NAS gives types (packages of 2020 do not). */
function readObjects(list: unknown): PackageState['objects'] {
  if (!Array.isArray(list)) return { total: null, users: null, sites: null, teams: null };
  const counts = new Map<number | null, number>();
  for (const element of list as unknown[]) {
    const object = recordOf(element);
    const type = object === null ? null : numberOf(readNumber(fieldOf(object, 'type')));
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const typed = !counts.has(null);
  const count = (type: number): number | null => (typed ? (counts.get(type) ?? 0) : null);
  return {
    total: list.length,
    users: count(objectTypes.user),
    sites: count(objectTypes.site),
    teams: count(objectTypes.team),
  };
}

/** The package's state out of the answer to `list_tasks`. */
export function readPackage(answer: Readonly<Record<string, unknown>>): PackageState {
  const serviceUsage = readServiceUsage(fieldOf(answer, 'service_usage'));
  return {
    usedBytes: sumKnown(serviceUsage.map(({ usedBytes }) => usedBytes)),
    serviceUsage,
    objects: readObjects(fieldOf(answer, 'users')),
  };
}
