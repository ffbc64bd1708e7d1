// The ten services of Microsoft 365 that a task may protect: their names, their numbers, and what a task says of each.
import { bytesOf, countOf, decisive, fieldOf, numberOf, readNumber, readSwitch, sumKnown } from './readings';
import { type Reading, type ServiceName, type ServiceState } from './types';

interface ServiceRow {
  readonly name: ServiceName;
  /** `service_type` of `service_usage` and `service_list`. */
  readonly type: number;
  /** False where the number is a guess: 6, 7 and 8 belong to these three, in an order that no published answer shows. */
  readonly certain: boolean;
}

/** Every service, in the alphabetical order of the wire's field names. */
export const services: readonly ServiceRow[] = [
  { name: 'archive_mail', type: 4, certain: true },
  { name: 'calendar', type: 3, certain: true },
  { name: 'contact', type: 2, certain: true },
  { name: 'drive', type: 0, certain: true },
  { name: 'group_calendar', type: 7, certain: false },
  { name: 'group_mail', type: 6, certain: false },
  { name: 'mail', type: 1, certain: true },
  { name: 'mysite', type: 8, certain: false },
  { name: 'site', type: 5, certain: true },
  { name: 'teams', type: 9, certain: true },
];

/** The service of a `service_type`; null where the number is unknown or only guessed. */
export function serviceOfType(type: number): ServiceName | null {
  return services.find((service) => service.certain && service.type === type)?.name ?? null;
}

/** One service of a task, as read. */
export interface WireService {
  enabled: Reading;
  usedBytes: Reading;
  processed: Reading;
  warnings: Reading;
  errors: Reading;
  transferredBytes: Reading;
  status: Reading;
}

/** The services that a task names, by name. */
export type WireServices = Partial<Record<ServiceName, WireService>>;

function readService(task: Readonly<Record<string, unknown>>, name: ServiceName): WireService | null {
  const given = {
    enabled: fieldOf(task, `enable_${name}`),
    usedBytes: fieldOf(task, `${name}_used_storage`),
    processed: fieldOf(task, `processed_${name}`),
    warnings: fieldOf(task, `warning_${name}`),
    errors: fieldOf(task, `error_${name}`),
    transferredBytes: fieldOf(task, `transferred_size_${name}`),
    status: fieldOf(task, `status_${name}`),
  };
  if (Object.values(given).every((value) => value === undefined)) return null;
  return {
    enabled: readSwitch(given.enabled),
    usedBytes: readNumber(given.usedBytes),
    processed: readNumber(given.processed),
    warnings: readNumber(given.warnings),
    errors: readNumber(given.errors),
    transferredBytes: readNumber(given.transferredBytes),
    status: readNumber(given.status),
  };
}

/** The services of an element of `tasks`. Older packages know fewer of them; those are left out. */
export function readServices(task: Readonly<Record<string, unknown>>): WireServices {
  const found: WireServices = {};
  for (const { name } of services) {
    const service = readService(task, name);
    if (service !== null) found[name] = service;
  }
  return found;
}

/** One reading of every service that the task names. */
export function readingsOf(found: WireServices, key: keyof WireService): Reading[] {
  return services.flatMap(({ name }) => {
    const service = found[name];
    return service === undefined ? [] : [service[key]];
  });
}

/** `status_*` of every service that is not switched off. */
export function activeStatuses(found: WireServices): Reading[] {
  return services.flatMap(({ name }) => {
    const service = found[name];
    return service === undefined || service.enabled === 0 ? [] : [service.status];
  });
}

/** Totals over all services; null where no service tells. */
export interface ServiceSums {
  usedBytes: number | null;
  transferredBytes: number | null;
  processed: number | null;
  warnings: number | null;
  errors: number | null;
}

/** What the services of a task add up to. */
export function sumServices(found: WireServices): ServiceSums {
  return {
    usedBytes: sumKnown(readingsOf(found, 'usedBytes').map(bytesOf)),
    transferredBytes: sumKnown(readingsOf(found, 'transferredBytes').map(bytesOf)),
    processed: sumKnown(readingsOf(found, 'processed').map(countOf)),
    warnings: sumKnown(readingsOf(found, 'warnings').map(countOf)),
    errors: sumKnown(readingsOf(found, 'errors').map(countOf)),
  };
}

function enabledOf(reading: Reading): boolean | null {
  const number = numberOf(decisive(reading));
  return number === null ? null : number !== 0;
}

/** The services of a task for flows: numbers or null. */
export function serviceStates(found: WireServices): Partial<Record<ServiceName, ServiceState>> {
  const states: Partial<Record<ServiceName, ServiceState>> = {};
  for (const { name } of services) {
    const service = found[name];
    if (service === undefined) continue;
    states[name] = {
      enabled: enabledOf(service.enabled),
      usedBytes: bytesOf(service.usedBytes),
      processed: countOf(service.processed),
      warnings: countOf(service.warnings),
      errors: countOf(service.errors),
      transferredBytes: bytesOf(service.transferredBytes),
      status: numberOf(service.status),
    };
  }
  return states;
}
