// Home Assistant's rules for MQTT device discovery, as tables: what its schemas accept, class by class and key by key.

/** Keys that a device document may have at its root. Any other refuses the whole document. */
export const rootKeys: ReadonlySet<string> = new Set([
  'device',
  'origin',
  'components',
  'availability',
  'availability_mode',
  'availability_template',
  'availability_topic',
  'payload_available',
  'payload_not_available',
  'state_topic',
  'command_topic',
  'qos',
  'encoding',
]);

/** Keys of `device`. */
export const deviceKeys: ReadonlySet<string> = new Set([
  'identifiers',
  'connections',
  'manufacturer',
  'model',
  'model_id',
  'name',
  'hw_version',
  'sw_version',
  'serial_number',
  'via_device',
  'suggested_area',
  'configuration_url',
]);

/** Keys of `origin`. */
export const originKeys: ReadonlySet<string> = new Set(['name', 'sw_version', 'support_url']);

/** Keys that every component may have. */
const commonKeys = [
  '~',
  'platform',
  'unique_id',
  'default_entity_id',
  'name',
  'icon',
  'entity_category',
  'enabled_by_default',
  'device_class',
  'availability',
  'availability_mode',
  'availability_template',
  'availability_topic',
  'payload_available',
  'payload_not_available',
  'json_attributes_topic',
  'json_attributes_template',
  'qos',
  'encoding',
];

const readingKeys = ['state_topic', 'value_template', 'expire_after', 'force_update'];

/** Keys of each platform that this package may use. Home Assistant drops others silently, so a typing error is never told. */
export const platformKeys: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    sensor: [
      ...readingKeys,
      'options',
      'state_class',
      'unit_of_measurement',
      'suggested_display_precision',
      'last_reset_value_template',
    ],
    binary_sensor: [...readingKeys, 'payload_on', 'payload_off', 'off_delay'],
    event: ['state_topic', 'value_template', 'event_types'],
    button: ['command_topic', 'command_template', 'payload_press', 'retain'],
  }).map(([platform, keys]) => [platform, new Set([...commonKeys, ...keys])]),
);

/** Keys without which a platform refuses the component. */
export const requiredKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ['sensor', ['state_topic']],
  ['binary_sensor', ['state_topic']],
  ['event', ['state_topic', 'event_types']],
  ['button', ['command_topic']],
]);

/** What Home Assistant accepts beside a sensor's device class. */
export interface SensorClass {
  /** Units; empty: no unit is allowed. */
  readonly units: readonly string[];
  readonly stateClasses: readonly string[];
  readonly value: 'number' | 'timestamp' | 'option';
}

/** The sensor classes that this package may use; another one belongs in this table before it is used. */
export const sensorClasses: ReadonlyMap<string, SensorClass> = new Map<string, SensorClass>([
  [
    'data_size',
    {
      units: [
        ...['bit', 'kbit', 'Mbit', 'Gbit'],
        ...['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'],
        ...['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'],
      ],
      stateClasses: ['measurement', 'total', 'total_increasing'],
      value: 'number',
    },
  ],
  [
    'data_rate',
    {
      units: ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'B/s', 'kB/s', 'MB/s', 'GB/s', 'KiB/s', 'MiB/s', 'GiB/s'],
      stateClasses: ['measurement'],
      value: 'number',
    },
  ],
  [
    'duration',
    {
      units: ['d', 'h', 'min', 's', 'ms'],
      stateClasses: ['measurement', 'total', 'total_increasing'],
      value: 'number',
    },
  ],
  ['timestamp', { units: [], stateClasses: [], value: 'timestamp' }],
  ['enum', { units: [], stateClasses: [], value: 'option' }],
]);

/** State classes of a sensor without a device class. */
export const stateClasses: ReadonlySet<string> = new Set(['measurement', 'total', 'total_increasing']);

/** Device classes of the other platforms, as far as they make sense for backups. */
export const otherDeviceClasses: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['binary_sensor', new Set(['problem', 'running', 'connectivity', 'update', 'power', 'safety'])],
  ['button', new Set(['identify', 'restart', 'update'])],
  ['event', new Set(['button', 'doorbell', 'motion'])],
]);

/** Entity categories by platform: sensors of both kinds refuse `config`. */
export const entityCategories: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['sensor', new Set(['diagnostic'])],
  ['binary_sensor', new Set(['diagnostic'])],
  ['event', new Set(['diagnostic'])],
  ['button', new Set(['diagnostic', 'config'])],
]);

/** Names that Home Assistant drops from a JSON of attributes. */
export const blockedAttributes: ReadonlySet<string> = new Set([
  'assumed_state',
  'available',
  'device_class',
  'device_info',
  'entity_category',
  'entity_id',
  'entity_picture',
  'entity_registry_enabled_default',
  'extra_state_attributes',
  'force_update',
  'friendly_name',
  'icon',
  'name',
  'should_poll',
  'state',
  'supported_features',
  'unique_id',
  'unit_of_measurement',
]);

/** Limits, each with the reason for it. */
export const limits = {
  /** Longer states are dropped with an error. */
  stateCharacters: 255,
  /** The recorder does not store more. */
  attributeBytes: 16_384,
  /** Small brokers in the cloud take 128 kB; half of that leaves room. */
  documentBytes: 60_000,
} as const;
