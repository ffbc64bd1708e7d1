// Home Assistant's registry of entities and devices, as far as MQTT filled it.
import { z } from 'zod';

/** An entity that MQTT registered. */
export interface RegisteredEntity {
  readonly entityId: string;
  /** The domain of the entity id: sensor, binary_sensor, button, event … */
  readonly platform: string;
  readonly uniqueId: string;
  readonly deviceId: string | null;
  /** null: enabled; "integration": announced as off by default; "user": switched off by hand. */
  readonly disabledBy: string | null;
  readonly category: string | null;
  /** The name as announced, without the device's name. */
  readonly name: string | null;
}

/** A device that MQTT registered. */
export interface RegisteredDevice {
  readonly id: string;
  readonly identifiers: readonly string[];
  readonly name: string | null;
  /** The id of the parent device. */
  readonly viaDeviceId: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly swVersion: string | null;
  readonly configurationUrl: string | null;
}

/** Everything that MQTT registered. */
export interface Registry {
  readonly entities: readonly RegisteredEntity[];
  readonly devices: readonly RegisteredDevice[];
}

const text = z.string().nullish();

const entityList = z.array(
  z.looseObject({
    entity_id: z.string(),
    unique_id: z.union([z.string(), z.number()]),
    platform: z.string(),
    device_id: text,
    disabled_by: text,
    entity_category: text,
    original_name: text,
  }),
);

// From 2026.9 child devices are listed too, with fewer fields.
const deviceList = z.array(
  z.looseObject({
    id: z.string(),
    identifiers: z.array(z.array(z.union([z.string(), z.number()]))).nullish(),
    name: text,
    via_device_id: text,
    manufacturer: text,
    model: text,
    sw_version: text,
    configuration_url: text,
  }),
);

/** Reads the answers of `config/entity_registry/list` and `config/device_registry/list`. */
export function readRegistry(entityAnswer: unknown, deviceAnswer: unknown): Registry {
  const entities = entityList
    .parse(entityAnswer)
    .filter((entity) => entity.platform === 'mqtt')
    .map((entity) => ({
      entityId: entity.entity_id,
      platform: entity.entity_id.split('.')[0] ?? '',
      uniqueId: String(entity.unique_id),
      deviceId: entity.device_id ?? null,
      disabledBy: entity.disabled_by ?? null,
      category: entity.entity_category ?? null,
      name: entity.original_name ?? null,
    }));
  const devices = deviceList.parse(deviceAnswer).flatMap((device) => {
    const identifiers = (device.identifiers ?? []).filter(([domain]) => domain === 'mqtt').map(([, id]) => String(id));
    if (identifiers.length === 0) return [];
    return [
      {
        id: device.id,
        identifiers,
        name: device.name ?? null,
        viaDeviceId: device.via_device_id ?? null,
        manufacturer: device.manufacturer ?? null,
        model: device.model ?? null,
        swVersion: device.sw_version ?? null,
        configurationUrl: device.configuration_url ?? null,
      },
    ];
  });
  return { entities, devices };
}
