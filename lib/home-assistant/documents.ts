// From catalogue rows to the device documents of MQTT discovery (Home Assistant 2024.11 and later).
import type { EntityRow } from './entity';

/** A component of a device document. */
export type Component = Readonly<Record<string, unknown>> & { readonly platform: string };

/** Availability topics and how several of them are taken together. */
export interface Availability {
  availability?: readonly { readonly topic: string }[];
  availability_mode?: 'all';
}

/** A device document. */
export interface DeviceDocument extends Availability {
  device: Readonly<Record<string, unknown>>;
  origin: Readonly<Record<string, unknown>>;
  components: Readonly<Record<string, Component>>;
}

/** The topics behind a row's topic names. */
export interface DeviceTopics {
  status: string;
  nas: string;
  state: string;
  event: string;
  attributes?: string;
  run?: string;
  cancel?: string;
  refresh?: string;
}

/** What is the same for every entity of a device. */
export interface DeviceIdentity {
  /** Beginning of every unique id. */
  objectId: string;
  /** Beginning of every suggested entity id, after the platform. */
  entityIdBase: string;
  topics: DeviceTopics;
}

/**
 * The availability of a document's entities, said once for all of them: repeated in each it would be a third of the
 * document. The default mode, `latest`, would let one topic speak over the other.
 */
export function sharedAvailability(topics: Pick<DeviceTopics, 'status' | 'nas'>): Availability {
  return { availability: [{ topic: topics.status }, { topic: topics.nas }], availability_mode: 'all' };
}

/** What an entity has in place of the document's availability: an empty list makes it always available. */
function ownAvailability(row: EntityRow, topics: DeviceTopics): Availability {
  switch (row.availability ?? 'publisher and NAS') {
    case 'always':
      return { availability: [] };
    case 'publisher':
      return { availability: [{ topic: topics.status }] };
    case 'publisher and NAS':
      return {};
  }
}

function source(row: EntityRow, topics: DeviceTopics): Record<string, unknown> {
  if (row.platform === 'button') return { command_topic: topics[row.topic], payload_press: 'PRESS' };
  if (row.platform === 'event') return { state_topic: topics.event, event_types: row.eventTypes };
  if (row.topic === 'status' || row.topic === 'nas') {
    return { state_topic: topics[row.topic], payload_on: 'online', payload_off: 'offline' };
  }
  // Nothing but a plain look-up: every key is always there, so no template can warn.
  return { state_topic: topics.state, value_template: `{{ value_json.${row.value ?? row.key} }}` };
}

/** The component of a row. Absent options are left out: JSON has no undefined. */
export function componentOf(row: EntityRow, { objectId, entityIdBase, topics }: DeviceIdentity): Component {
  return {
    platform: row.platform,
    unique_id: `${objectId}_${row.key}`,
    // Home Assistant 2025.10 and later take it once, when the entity is first seen. The older `object_id` is warned of.
    default_entity_id: `${row.platform}.${entityIdBase}_${row.key}`,
    name: row.name,
    ...source(row, topics),
    ...ownAvailability(row, topics),
    ...(row.deviceClass === undefined ? {} : { device_class: row.deviceClass }),
    ...(row.stateClass === undefined ? {} : { state_class: row.stateClass }),
    ...(row.unit === undefined ? {} : { unit_of_measurement: row.unit }),
    ...(row.precision === undefined ? {} : { suggested_display_precision: row.precision }),
    ...(row.options === undefined ? {} : { options: row.options }),
    ...(row.category === undefined ? {} : { entity_category: row.category }),
    ...(row.icon === undefined ? {} : { icon: row.icon }),
    ...(row.attributes === true ? { json_attributes_topic: topics.attributes } : {}),
    ...(row.enabled ? {} : { enabled_by_default: false }),
    // Before 2026.6 a `qos` at the document's root was accepted and not applied.
    qos: 1,
  };
}

/** The components of a device, keyed by the rows' keys. */
export function componentsOf(rows: readonly EntityRow[], identity: DeviceIdentity): Record<string, Component> {
  return Object.fromEntries(rows.map((row) => [row.key, componentOf(row, identity)]));
}

/** The components that a document announces: id → platform. What only names its platform is a removal. */
export function announcedComponents(document: DeviceDocument): Map<string, string> {
  return new Map(
    Object.entries(document.components)
      .filter(([, component]) => Object.keys(component).length > 1)
      .map(([id, { platform }]) => [id, platform]),
  );
}

/**
 * The document to publish when Home Assistant may still know the components `known`. Leaving a component out does not
 * remove it: it must first be reduced to its platform. A component that changed its platform is removed under the old
 * one first, and announced by the next document.
 */
export function withRemovals(document: DeviceDocument, known: ReadonlyMap<string, string>): DeviceDocument {
  const components: Record<string, Component> = { ...document.components };
  for (const [id, platform] of known) {
    if (document.components[id]?.platform !== platform) components[id] = { platform };
  }
  return { ...document, components };
}
