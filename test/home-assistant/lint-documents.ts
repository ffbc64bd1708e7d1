// Judges discovery documents as strictly as Home Assistant would, and says what Home Assistant would drop silently.
// Only the long forms of keys are known here: our documents do not use the abbreviations.
import { lintComponent } from './lint-component';
import { isObject, parseObject, type Context, type JsonObject, type Samples } from './lint-context';
import { deviceKeys, limits, originKeys, rootKeys } from './lint-tables';

/** A discovery message as published. An empty payload is a removal and always right. */
export interface PublishedDocument {
  readonly topic: string;
  readonly payload: string;
}

/** One thing that Home Assistant would refuse, warn about or silently drop. */
export interface Problem {
  readonly topic: string;
  /** The component's id; null: the document as a whole, or a state. */
  readonly component: string | null;
  readonly message: string;
}

const discoveryTopic = /^[^/+#]+(?:\/[^/+#]+)*\/device\/(?:[a-zA-Z0-9_-]+\/)?[a-zA-Z0-9_-]+\/config$/;
const somethingLikeAnEmail = /[\w.+-]+@[\w-]+\.[\w.-]+/;

function unknownKeys(object: JsonObject, known: ReadonlySet<string>): string[] {
  return Object.keys(object).filter((key) => !known.has(key));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function identifiersOf(device: JsonObject): string[] {
  const { identifiers } = device;
  const list: unknown[] = Array.isArray(identifiers) ? identifiers : [identifiers];
  return list.flatMap((each) => textOf(each) ?? []);
}

function lintDevice(device: unknown, context: Context, report: (message: string) => void): void {
  if (!isObject(device)) {
    report('has no "device"');
    return;
  }
  for (const key of unknownKeys(device, deviceKeys)) report(`device has the unknown key "${key}"`);
  const identifiers = identifiersOf(device);
  if (identifiers.length === 0 && !Array.isArray(device.connections)) report('device has no identifier');
  if (textOf(device.name) === null) report('device has no name');
  const { via_device: parent, configuration_url: url } = device;
  if (parent !== undefined) {
    if (typeof parent !== 'string') report('via_device is not a text');
    else if (identifiers.includes(parent)) report('device is its own parent');
    // An unknown parent becomes an empty placeholder device in Home Assistant.
    else if (!context.identifiers.has(parent)) report(`via_device "${parent}" was not announced before`);
  }
  if (url !== undefined) {
    const address = typeof url === 'string' && URL.canParse(url) ? new URL(url) : null;
    if (address === null || !['http:', 'https:', 'homeassistant:'].includes(address.protocol)) {
      report('configuration_url is no http, https or homeassistant address');
    } else if (address.username !== '' || address.password !== '') report('configuration_url carries credentials');
  }
  for (const identifier of identifiers) context.identifiers.add(identifier);
}

function lintOrigin(origin: unknown, report: (message: string) => void): void {
  if (!isObject(origin) || textOf(origin.name) === null) report('has no "origin" with a name');
  if (isObject(origin)) {
    for (const key of unknownKeys(origin, originKeys)) report(`origin has the unknown key "${key}"`);
  }
}

function lintDocument(document: PublishedDocument, context: Context): Problem[] {
  const { topic, payload } = document;
  const problems: Problem[] = [];
  const reportFor = (component: string | null) => (message: string) => problems.push({ topic, component, message });
  const report = reportFor(null);
  if (!discoveryTopic.test(topic)) report('is no discovery topic of a device');
  if (payload === '') return problems;
  if (Buffer.byteLength(payload) >= limits.documentBytes) {
    report(`has ${Buffer.byteLength(payload)} bytes, ${limits.documentBytes} are too many`);
  }
  if (somethingLikeAnEmail.test(payload)) report('contains something like an e-mail address');
  const root = parseObject(payload);
  if (root === null) {
    report('is no JSON object');
    return problems;
  }
  for (const key of unknownKeys(root, rootKeys)) report(`has the key "${key}" at its root, so all of it is refused`);
  lintDevice(root.device, context, report);
  lintOrigin(root.origin, report);
  if (!isObject(root.components)) {
    report('has no "components"');
    return problems;
  }
  const deviceName = isObject(root.device) ? textOf(root.device.name) : null;
  for (const [id, component] of Object.entries(root.components)) {
    const tell = reportFor(id);
    if (!/^[a-z0-9_]+$/.test(id)) tell('its id has other characters than a-z, 0-9 and _');
    if (!isObject(component)) tell('is no object');
    else lintComponent(component, { root, deviceName, place: `${topic} ${id}`, context, report: tell });
  }
  return problems;
}

/**
 * Judges documents in the order of their publishing, with the payloads that were seen on the topics they name.
 * A topic may come more than once. An empty answer means that Home Assistant 2024.11 and later take all of it.
 */
export function lintDocuments(documents: readonly PublishedDocument[], samples: Samples = new Map()): Problem[] {
  const context: Context = { samples, uniqueIds: new Map(), entityIds: new Map(), identifiers: new Set() };
  const problems = documents.flatMap((document) => lintDocument(document, context));
  for (const [topic, seen] of samples) {
    for (const payload of typeof seen === 'string' ? [seen] : seen) {
      if (!somethingLikeAnEmail.test(payload)) continue;
      problems.push({ topic, component: null, message: 'contains something like an e-mail address' });
    }
  }
  return problems;
}
