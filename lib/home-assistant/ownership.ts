// Which discovery documents on a shared broker are this NAS's own.
import { announcedComponents, type Component, type DeviceDocument } from './documents';
import { originName } from './discovery';
import { packageObjectId, type Topics } from './topics';

/** A document that an earlier run of this package left on the broker. */
export interface OwnDocument {
  topic: string;
  /** Null: the package's. */
  taskId: number | null;
  components: Map<string, string>;
  payload: string;
}

/**
 * The document at `topic` if it is this NAS's own, else null. The origin must be this package, the object id exactly
 * this slug's, and the device must hang where ours do: the package of a NAS with the slug `a_task_1` has the object id
 * that task 1 of a NAS with the slug `a` would have.
 */
export function ownDocument(topics: Topics, slug: string, topic: string, payload: string): OwnDocument | null {
  if (topics.discovery === null) return null;
  const document = readDocument(payload);
  if (document?.origin.name !== originName) return null;
  const parent = document.device.via_device;
  const components = announcedComponents(document);
  if (topic === topics.discovery.packageDocument) {
    return parent === undefined ? { topic, taskId: null, components, payload } : null;
  }
  const id = /_task_(0|[1-9]\d{0,15})\/config$/.exec(topic)?.[1];
  if (id === undefined || topic !== topics.discovery.taskDocument(Number(id))) return null;
  return parent === packageObjectId(slug) ? { topic, taskId: Number(id), components, payload } : null;
}

/** Anybody's document, or null for what is none: other publishers write to the same topics. */
function readDocument(payload: string): DeviceDocument | null {
  let document: unknown;
  try {
    document = JSON.parse(payload);
  } catch {
    return null;
  }
  if (!isObject(document)) return null;
  const { device, origin, components } = document;
  if (!isObject(device) || !isObject(origin) || !isObject(components)) return null;
  const readable = Object.entries(components).filter((entry): entry is [string, Component] => isComponent(entry[1]));
  return { device, origin, components: Object.fromEntries(readable) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isComponent(value: unknown): value is Component {
  return isObject(value) && typeof value.platform === 'string';
}
