// What an entity of the catalogue is: one row of data.

/** Home Assistant platforms in use. Number and select are not among them: a slip there deletes versions. */
export type Platform = 'sensor' | 'binary_sensor' | 'event' | 'button';

/**
 * On which topics an entity's availability rests. The connectivity entities must outlive what they report; all others
 * have the rule that the document states for them.
 */
export type AvailabilityRule = 'publisher and NAS' | 'publisher' | 'always';

/** Where a row's value comes from, or where its press goes. */
export type EntityTopic = 'state' | 'status' | 'nas' | 'event' | 'run' | 'cancel' | 'refresh';

/** When a row is offered at all. */
export type EntityCondition = 'always' | 'commands allowed' | 'not continuous or manual';

/** One entity. Its `key` is part of the unique id and of the component id: it never changes. */
export interface EntityRow {
  key: string;
  platform: Platform;
  name: string;
  topic: EntityTopic;
  /** Path of the value in the state's JSON; the key itself when absent. */
  value?: string;
  enabled: boolean;
  deviceClass?: string;
  stateClass?: 'measurement';
  unit?: string;
  /** Decimals shown. */
  precision?: number;
  /** Sensors and binary sensors may only be diagnostic: Home Assistant refuses `config` there. */
  category?: 'diagnostic';
  /** The words of an enum sensor. */
  options?: readonly string[];
  eventTypes?: readonly string[];
  icon?: string;
  /** Default `publisher and NAS`. */
  availability?: AvailabilityRule;
  /** Default `always`. */
  condition?: EntityCondition;
  /** True where the task's attributes hang on this entity. */
  attributes?: boolean;
}

const count = { platform: 'sensor', topic: 'state', stateClass: 'measurement' } as const;

/** A count: no unit, since its text would be shown raw. */
export function countRow(row: Pick<EntityRow, 'key' | 'name' | 'enabled'> & Partial<EntityRow>): EntityRow {
  return { ...count, ...row };
}

/** A binary sensor that reads `ON` and `OFF`. */
export function flagRow(
  row: Pick<EntityRow, 'key' | 'name' | 'enabled' | 'deviceClass'> & Partial<EntityRow>,
): EntityRow {
  return { platform: 'binary_sensor', topic: 'state', ...row };
}

/** A moment: Home Assistant wants ISO 8601 with an offset, and neither unit nor state class. */
export function momentRow(row: Pick<EntityRow, 'key' | 'name' | 'enabled'> & Partial<EntityRow>): EntityRow {
  return { platform: 'sensor', topic: 'state', deviceClass: 'timestamp', ...row };
}

/** An amount of data. What is stored can shrink, so it is a measurement and never a total. */
export function sizeRow(
  row: Pick<EntityRow, 'key' | 'name' | 'enabled' | 'value' | 'unit'> & Partial<EntityRow>,
): EntityRow {
  return { ...count, deviceClass: 'data_size', precision: 2, ...row };
}

/** A word of a list. An enum may have neither unit nor state class. */
export function wordRow(row: Pick<EntityRow, 'key' | 'name' | 'enabled' | 'options'> & Partial<EntityRow>): EntityRow {
  return { platform: 'sensor', topic: 'state', deviceClass: 'enum', ...row };
}
