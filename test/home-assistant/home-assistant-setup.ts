// Turns a fresh Home Assistant into one with a user, a token and a connection to our broker.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openSocket } from './home-assistant-socket';
import { tryRun } from './processes';

/** Writes what Home Assistant reads at its first start: our port, a full log for MQTT, and no wizard. */
export async function writeConfiguration(folder: string, port: number): Promise<void> {
  const configuration = `homeassistant:
  name: Test
  latitude: 0
  longitude: 0
  elevation: 0
  unit_system: metric
  currency: EUR
  country: DE
  time_zone: Europe/Berlin
http:
  server_host: 127.0.0.1
  server_port: ${port}
api:
websocket_api:
config:
logger:
  default: warning
  logs:
    homeassistant.components.mqtt: debug
`;
  // All steps but the user's are done: core_config would start flows that want a network.
  const onboarding = {
    version: 4,
    minor_version: 1,
    key: 'onboarding',
    data: { done: ['core_config', 'analytics', 'integration'] },
  };
  await mkdir(join(folder, '.storage'), { recursive: true });
  await writeFile(join(folder, 'configuration.yaml'), configuration);
  await writeFile(join(folder, '.storage', 'onboarding'), JSON.stringify(onboarding));
  // Home Assistant running as another user than the one who made the folder must be able to write there.
  await tryRun('chmod', ['-R', 'u+rwX', folder]);
}

/** An HTTP request to Home Assistant; the answer's JSON, or null where it has no body. */
export async function request(
  url: string,
  options: {
    readonly method?: string;
    readonly token?: string;
    readonly json?: unknown;
    readonly form?: URLSearchParams;
  },
): Promise<unknown> {
  const headers: Record<string, string> = {};
  if (options.token !== undefined) headers.Authorization = `Bearer ${options.token}`;
  if (options.json !== undefined) headers['Content-Type'] = 'application/json';
  const body = options.form ?? (options.json === undefined ? null : JSON.stringify(options.json));
  const response = await fetch(url, { method: options.method ?? (body === null ? 'GET' : 'POST'), headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${new URL(url).pathname}: HTTP ${response.status} ${text.slice(0, 300)}`);
  return text === '' ? null : (JSON.parse(text) as unknown);
}

/** Makes the first user and answers a token that outlives the test. */
export async function onboard(baseUrl: string): Promise<string> {
  const clientId = `${baseUrl}/`;
  const user = { client_id: clientId, name: 'Test', username: 'test', password: 'acceptance', language: 'en' };
  const made = await request(`${baseUrl}/api/onboarding/users`, { json: user });
  const { auth_code: code } = z.looseObject({ auth_code: z.string() }).parse(made);
  const form = new URLSearchParams({ grant_type: 'authorization_code', code, client_id: clientId });
  const granted = await request(`${baseUrl}/auth/token`, { form });
  const { access_token: shortToken } = z.looseObject({ access_token: z.string() }).parse(granted);
  const socket = await openSocket(baseUrl, shortToken);
  try {
    const longToken = await socket.call('auth/long_lived_access_token', { client_name: 'acceptance', lifespan: 1 });
    // From 2026.11 a changed HTTP port is on trial and reverts after five minutes; earlier releases do not know this.
    await socket.call('http/config/promote').catch(() => null);
    return z.string().parse(longToken);
  } finally {
    socket.close();
  }
}

/** A field of a form, as far as we need to know it. */
interface FormField {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly required?: boolean | undefined;
  readonly default?: unknown;
  readonly description?: { readonly suggested_value?: unknown } | null | undefined;
  readonly schema?: FormField[] | undefined;
}

const formField: z.ZodType<FormField> = z.lazy(() =>
  z.looseObject({
    name: z.string().optional(),
    type: z.string().optional(),
    required: z.boolean().optional(),
    default: z.unknown().optional(),
    description: z.looseObject({ suggested_value: z.unknown().optional() }).nullish(),
    schema: z.array(formField).optional(),
  }),
);

const flowAnswer = z.looseObject({
  type: z.string(),
  flow_id: z.string().optional(),
  errors: z.record(z.string(), z.unknown()).nullish(),
  reason: z.string().optional(),
  data_schema: z.array(formField).nullish(),
});

/**
 * Answers for a form of any release: what we know by name, else what the form itself offers, and for a section
 * an object of its own fields.
 */
export function fillForm(
  fields: readonly FormField[],
  known: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const filled: Record<string, unknown> = {};
  for (const field of fields) {
    if (field.name === undefined) continue;
    const offered = known[field.name] ?? field.default ?? field.description?.suggested_value;
    if (field.type === 'expandable') filled[field.name] = fillForm(field.schema ?? [], known);
    else if (offered !== undefined && offered !== null) filled[field.name] = offered;
    else if (field.required === true) throw new Error(`a form wants "${field.name}", and nothing is known for it`);
  }
  return filled;
}

/** Walks through a flow's forms to its end. */
async function walk(
  baseUrl: string,
  token: string,
  path: string,
  start: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, unknown>>,
): Promise<void> {
  const url = `${baseUrl}/api/config/config_entries/${path}`;
  let answer = flowAnswer.parse(await request(url, { token, json: start }));
  for (let step = 0; answer.type === 'form' && step < 5; step += 1) {
    const errors = answer.errors ?? {};
    if (Object.keys(errors).length > 0) throw new Error(`Home Assistant refused a form: ${JSON.stringify(errors)}`);
    const json = fillForm(answer.data_schema ?? [], known);
    answer = flowAnswer.parse(await request(`${url}/${answer.flow_id ?? ''}`, { token, json }));
  }
  if (answer.type !== 'create_entry') {
    throw new Error(`a configuration flow ended as "${answer.type}" ${answer.reason ?? ''}`);
  }
}

/** The broker that Home Assistant is to use. */
export interface BrokerSettings {
  readonly port: number;
  readonly login?: { readonly username: string; readonly password: string };
  /** The discovery prefix; left out: Home Assistant's own default. */
  readonly prefix?: string;
}

/** The id of the MQTT integration's entry, or null before it exists. */
export async function mqttEntryId(baseUrl: string, token: string): Promise<string | null> {
  const listed = await request(`${baseUrl}/api/config/config_entries/entry?domain=mqtt`, { token });
  const entries = z.array(z.looseObject({ entry_id: z.string(), domain: z.string() })).parse(listed);
  return entries.find((entry) => entry.domain === 'mqtt')?.entry_id ?? null;
}

/** Adds the MQTT integration through its own forms, like a user. */
export async function addMqtt(baseUrl: string, token: string, broker: BrokerSettings): Promise<void> {
  const known = {
    broker: '127.0.0.1',
    port: broker.port,
    ...broker.login,
    // Required from 2026.11 on, without defaults in the form.
    set_client_cert: false,
    set_ca_cert: 'off',
    transport: 'tcp',
  };
  await walk(baseUrl, token, 'flow', { handler: 'mqtt', show_advanced_options: false }, known);
  if (broker.prefix === undefined) return;
  const handler = await mqttEntryId(baseUrl, token);
  await walk(baseUrl, token, 'options/flow', { handler }, { ...known, discovery_prefix: broker.prefix });
}
