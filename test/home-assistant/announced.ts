// What a broker's retained discovery documents announce, and how Home Assistant's registry differs from it.
import { z } from 'zod';
import { type HomeAssistant } from './home-assistant';
import { type Registry } from './registry';

const component = z.looseObject({
  platform: z.string(),
  unique_id: z.string().optional(),
  name: z.string().nullish(),
  entity_category: z.string().optional(),
  enabled_by_default: z.boolean().optional(),
});

const deviceDocument = z.looseObject({
  device: z.looseObject({
    identifiers: z.union([z.string(), z.array(z.string())]),
    name: z.string(),
    via_device: z.string().optional(),
  }),
  components: z.record(z.string(), component),
});

/** One announced entity, in the words of {@link Registry}. */
export interface AnnouncedEntity {
  readonly uniqueId: string;
  readonly platform: string;
  readonly category: string | null;
  readonly enabled: boolean;
  readonly name: string | null;
}

/** One announced device with its entities. */
export interface AnnouncedDevice {
  readonly topic: string;
  readonly identifier: string;
  readonly name: string;
  readonly parent: string | null;
  readonly entities: readonly AnnouncedEntity[];
}

/** Reads the device documents among retained messages. A component with nothing but its platform is a removal. */
export function readAnnounced(retained: ReadonlyMap<string, string>, prefix = 'homeassistant'): AnnouncedDevice[] {
  return [...retained]
    .filter(([topic, payload]) => topic.startsWith(`${prefix}/device/`) && topic.endsWith('/config') && payload !== '')
    .map(([topic, payload]) => {
      const { device, components } = deviceDocument.parse(JSON.parse(payload));
      const [identifier = ''] = typeof device.identifiers === 'string' ? [device.identifiers] : device.identifiers;
      const entities = Object.values(components).flatMap((each) => {
        if (each.unique_id === undefined) return [];
        return [
          {
            uniqueId: each.unique_id,
            platform: each.platform,
            category: each.entity_category ?? null,
            enabled: each.enabled_by_default ?? true,
            name: each.name ?? null,
          },
        ];
      });
      return { topic, identifier, name: device.name, parent: device.via_device ?? null, entities };
    });
}

/**
 * Compares what is announced with what is registered; an empty answer means that they agree in everything.
 * `keepsDisabled`: before 2026.5 Home Assistant keeps entities that are off in its registry when they are removed.
 */
export function compareWithRegistry(
  announced: readonly AnnouncedDevice[],
  registry: Registry,
  keepsDisabled = false,
): string[] {
  const differences: string[] = [];
  const expect = (what: string, actual: unknown, expected: unknown): void => {
    if (actual !== expected) differences.push(`${what}: ${String(actual)} instead of ${String(expected)}`);
  };
  const idOf = (identifier: string): string | null =>
    registry.devices.find((device) => device.identifiers.includes(identifier))?.id ?? null;
  for (const device of announced) {
    const registered = registry.devices.find((each) => each.identifiers.includes(device.identifier));
    if (registered === undefined) {
      differences.push(`device ${device.identifier} is not registered`);
      continue;
    }
    expect(`${device.identifier} name`, registered.name, device.name);
    expect(`${device.identifier} parent`, registered.viaDeviceId, device.parent === null ? null : idOf(device.parent));
    for (const entity of device.entities) {
      const found = registry.entities.find((each) => each.uniqueId === entity.uniqueId);
      if (found === undefined) {
        differences.push(`entity ${entity.uniqueId} is not registered`);
        continue;
      }
      expect(`${entity.uniqueId} platform`, found.platform, entity.platform);
      expect(`${entity.uniqueId} category`, found.category, entity.category);
      expect(`${entity.uniqueId} disabled by`, found.disabledBy, entity.enabled ? null : 'integration');
      expect(`${entity.uniqueId} name`, found.name, entity.name);
      expect(`${entity.uniqueId} device`, found.deviceId, registered.id);
    }
  }
  const identifiers = new Set(announced.map((device) => device.identifier));
  const uniqueIds = new Set(announced.flatMap((device) => device.entities.map((entity) => entity.uniqueId)));
  for (const device of registry.devices) {
    if (!device.identifiers.some((identifier) => identifiers.has(identifier))) {
      differences.push(
        `device ${device.identifiers.join()} (${device.name ?? 'no name'}) is registered but not announced`,
      );
    }
  }
  for (const entity of registry.entities) {
    const mayStay = keepsDisabled && entity.disabledBy !== null;
    if (!uniqueIds.has(entity.uniqueId) && !mayStay)
      differences.push(`${entity.entityId} is registered but not announced`);
  }
  return differences;
}

/**
 * Enabled entities that have no state, or that say `unavailable`. A button and an event have the state `unknown`
 * until they are used, which is right.
 */
export async function entitiesWithoutState(homeAssistant: HomeAssistant): Promise<string[]> {
  const { entities } = await homeAssistant.registry();
  const states = await homeAssistant.states();
  return entities
    .filter((entity) => entity.disabledBy === null)
    .filter((entity) => (states.get(entity.entityId)?.state ?? 'unavailable') === 'unavailable')
    .map((entity) => entity.entityId);
}
