// The rules for one component (one future entity) of a device document.
import { type Context, isObject, type JsonObject, parseObject, shown } from './lint-context';
import {
  blockedAttributes,
  entityCategories,
  limits,
  otherDeviceClasses,
  platformKeys,
  requiredKeys,
  sensorClasses,
  stateClasses,
} from './lint-tables';
import { renderTemplate } from './lint-template';

/** What surrounds a component. */
export interface Surroundings {
  readonly root: JsonObject;
  readonly deviceName: string | null;
  /** Document and component id, to tell where an id was used before. */
  readonly place: string;
  readonly context: Context;
  readonly report: (message: string) => void;
}

/** Options that a component inherits from the root where it does not set them itself. */
const sharedOptions = [
  'availability',
  'availability_mode',
  'availability_template',
  'availability_topic',
  'payload_available',
  'payload_not_available',
];

/** Writes the base of `~` into the topics of a component. */
function expandBase(component: JsonObject): JsonObject {
  const base = component['~'];
  if (typeof base !== 'string') return component;
  const expand = (value: unknown): unknown =>
    typeof value === 'string' ? value.replace(/^~/, base).replace(/~$/, base) : value;
  return Object.fromEntries(
    Object.entries(component).map(([key, value]) => [key, key.endsWith('topic') ? expand(value) : value]),
  );
}

function lintIdentity(
  component: JsonObject,
  platform: string,
  { deviceName, place, context, report }: Surroundings,
): void {
  const { unique_id: uniqueId, default_entity_id: entityId, name, entity_category: category } = component;
  const used = (ids: Map<string, string>, id: string, what: string): void => {
    const before = ids.get(id);
    if (before !== undefined && before !== place) report(`${what} "${id}" is that of ${before} too`);
    ids.set(id, place);
  };
  if (typeof uniqueId !== 'string' || uniqueId === '') report('has no unique_id');
  else used(context.uniqueIds, uniqueId, 'unique_id');
  if (entityId !== undefined) {
    if (typeof entityId !== 'string' || !/^[a-z_]+\.[a-z0-9_]+$/.test(entityId))
      report('default_entity_id is no entity id');
    else {
      if (!entityId.startsWith(`${platform}.`)) report(`default_entity_id is not in the domain ${platform}`);
      used(context.entityIds, entityId, 'default_entity_id');
    }
  }
  if (name === undefined || name === '') report('has no name (null: the name of the device)');
  if (typeof name === 'string' && deviceName !== null && name.toLowerCase().startsWith(deviceName.toLowerCase())) {
    report('its name starts with the name of the device');
  }
  if (category !== undefined && entityCategories.get(platform)?.has(shown(category)) !== true) {
    report(`a ${platform} may not have the entity_category "${shown(category)}"`);
  }
}

function lintSensorClass(component: JsonObject, report: Surroundings['report']): void {
  const { device_class: deviceClass, state_class: stateClass, unit_of_measurement: unit, options } = component;
  const known = typeof deviceClass === 'string' ? sensorClasses.get(deviceClass) : undefined;
  if (deviceClass !== undefined && deviceClass !== null && known === undefined) {
    report(`device_class "${shown(deviceClass)}" is not in the table of sensor classes`);
  }
  if (known?.value === 'option') {
    const list: unknown[] = Array.isArray(options) ? options : [];
    if (list.length === 0 || list.some((option) => typeof option !== 'string'))
      report('an enum without a list of options');
    if (new Set(list).size !== list.length) report('an option comes twice');
  } else if (options !== undefined) report('options belong to the device class enum');
  if (stateClass !== undefined) {
    const allowed = known === undefined ? [...stateClasses] : known.stateClasses;
    if (!allowed.includes(shown(stateClass)))
      report(`state_class "${shown(stateClass)}" does not fit the device class`);
  }
  if (known !== undefined) {
    if (unit !== undefined && !known.units.includes(shown(unit)))
      report(`unit "${shown(unit)}" does not fit the device class`);
    if (unit === undefined && known.units.length > 0) report('has no unit_of_measurement');
  }
}

/** Whether a sensor's state has to be a number. */
function isNumeric(component: JsonObject): boolean {
  const { device_class: deviceClass, state_class: stateClass, unit_of_measurement: unit } = component;
  const known = typeof deviceClass === 'string' ? sensorClasses.get(deviceClass) : undefined;
  if (known !== undefined) return known.value === 'number';
  return stateClass !== undefined || unit !== undefined || component.suggested_display_precision !== undefined;
}

const isoWithOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

function lintSensorState(component: JsonObject, state: string): string | null {
  // "None" is what Jinja makes of null; Home Assistant shows it as unknown.
  if (state === 'None') return null;
  if (state.length > limits.stateCharacters) return `a state of ${state.length} characters`;
  if (component.device_class === 'enum') {
    const options: unknown[] = Array.isArray(component.options) ? component.options : [];
    return options.includes(state) ? null : `state "${state}" is not among the options`;
  }
  if (component.device_class === 'timestamp') {
    const valid = isoWithOffset.test(state) && !Number.isNaN(Date.parse(state));
    return valid ? null : `state "${state}" is no ISO 8601 time with an offset`;
  }
  if (!isNumeric(component)) return null;
  return state !== '' && Number.isFinite(Number(state)) ? null : `state "${state}" is not a number`;
}

function lintEventPayload(component: JsonObject, payload: string): string | null {
  const types: unknown[] = Array.isArray(component.event_types) ? component.event_types : [];
  const event = parseObject(payload);
  if (event === null) return 'an event that is no JSON object';
  return types.includes(event.event_type) ? null : `event_type "${shown(event.event_type)}" is not among event_types`;
}

function lintState(component: JsonObject, platform: string, payload: string): string | null {
  if (payload === '') return null;
  const template = component.value_template;
  let state = payload;
  try {
    if (typeof template === 'string') state = renderTemplate(template, payload);
  } catch (error) {
    return `its template ${error instanceof Error ? error.message : String(error)}`;
  }
  if (platform === 'sensor') return lintSensorState(component, state);
  if (platform === 'event') return lintEventPayload(component, state);
  if (platform !== 'binary_sensor') return null;
  const { payload_on: on = 'ON', payload_off: off = 'OFF' } = component;
  return state === on || state === off || state === 'None' ? null : `state "${state}" is neither on nor off`;
}

function lintAttributes(payload: string): string | null {
  if (payload === '') return null;
  const attributes = parseObject(payload);
  if (attributes === null) return 'its attributes are no JSON object';
  if (Buffer.byteLength(payload) > limits.attributeBytes) return 'its attributes are more than the recorder stores';
  const dropped = Object.keys(attributes).filter((key) => blockedAttributes.has(key));
  return dropped.length === 0 ? null : `its attributes ${dropped.join(', ')} are dropped`;
}

function lintAvailability(component: JsonObject, { root, context, report }: Surroundings): void {
  const shared = Object.fromEntries(sharedOptions.map((key) => [key, component[key] ?? root[key]]));
  const { availability, availability_mode: mode, availability_topic: single } = shared;
  if (availability !== undefined && single !== undefined) report('has both availability and availability_topic');
  if (mode !== undefined && !['all', 'any', 'latest'].includes(shown(mode))) report('has an unknown availability_mode');
  if (availability === undefined) return;
  if (!Array.isArray(availability)) {
    report('availability is no list');
    return;
  }
  const entries: unknown[] = availability;
  // Without a mode the last message wins, so a reachable NAS would hide a lost publisher.
  if (entries.length > 1 && mode !== 'all') report('has several availability topics without the mode "all"');
  for (const entry of entries) {
    if (!isObject(entry) || typeof entry.topic !== 'string') {
      report('has an availability without a topic');
      continue;
    }
    const {
      payload_available: on = 'online',
      payload_not_available: off = 'offline',
      value_template: template,
    } = entry;
    for (const payload of samplesOf(context, entry.topic)) {
      // Emptied, when everything is taken off the broker: Home Assistant passes over it.
      if (payload === '') continue;
      const value = typeof template === 'string' ? renderTemplate(template, payload) : payload;
      if (value !== on && value !== off) report(`availability "${value}" is neither available nor not`);
    }
  }
}

function samplesOf(context: Context, topic: unknown): readonly string[] {
  const seen = typeof topic === 'string' ? context.samples.get(topic) : undefined;
  return seen === undefined ? [] : typeof seen === 'string' ? [seen] : seen;
}

/** Judges one component and every payload that was seen on its topics. */
export function lintComponent(written: JsonObject, surroundings: Surroundings): void {
  const { context, report } = surroundings;
  const component = expandBase(written);
  const platform = shown(component.platform);
  const keys = platformKeys.get(platform);
  if (keys === undefined) {
    report(`has the platform "${platform}", which is not in the table`);
    return;
  }
  // A component with nothing but its platform asks Home Assistant to remove the entity.
  if (Object.keys(component).length === 1) return;
  for (const key of Object.keys(component).filter((each) => !keys.has(each))) report(`has the unknown key "${key}"`);
  if ('object_id' in component) report('uses object_id, which Home Assistant warns about or ignores');
  for (const key of requiredKeys.get(platform) ?? []) {
    if (component[key] === undefined && surroundings.root[key] === undefined) report(`has no ${key}`);
  }
  for (const [key, value] of Object.entries(component)) {
    const usable = typeof value === 'string' && value !== '' && !/[+#]/.test(value);
    if (key.endsWith('_topic') && !usable) report(`${key} is no topic to publish on`);
  }
  if (component.retain === true) report('would make Home Assistant retain commands');
  lintIdentity(component, platform, surroundings);
  lintAvailability(component, surroundings);
  const deviceClass = component.device_class;
  if (platform === 'sensor') lintSensorClass(component, report);
  else if (deviceClass !== undefined && otherDeviceClasses.get(platform)?.has(shown(deviceClass)) !== true) {
    report(`a ${platform} has no device_class "${shown(deviceClass)}"`);
  }
  if (platform === 'event' && (!Array.isArray(component.event_types) || component.event_types.length === 0)) {
    report('has no event_types');
  }
  const found = [
    ...samplesOf(context, component.state_topic ?? surroundings.root.state_topic).map((payload) =>
      lintState(component, platform, payload),
    ),
    ...samplesOf(context, component.json_attributes_topic).map(lintAttributes),
  ];
  for (const problem of new Set(found)) if (problem !== null) report(problem);
}
