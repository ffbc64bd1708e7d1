// Puts the blueprints and the dashboard of examples/home-assistant into a running Home Assistant, as its user does.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { rootFolder } from '../helpers/cache-folder';
import { type HomeAssistant } from './home-assistant';
import { installHomeAssistant } from './install';
import { run } from './processes';

const folder = join(rootFolder, 'examples', 'home-assistant');

/** The blueprints by the names of their files. */
export const blueprints = ['backup-needs-attention', 'no-good-backup-for'] as const;

/** One of the blueprints. */
export type BlueprintName = (typeof blueprints)[number];

const pathOf = (name: BlueprintName): string => `active-backup/${name}.yaml`;

const card = z.looseObject({ type: z.string(), content: z.string().optional() });
const dashboardShape = z.looseObject({
  views: z.array(z.looseObject({ cards: z.array(card) })),
});

/** A card of the dashboard. */
export type Card = z.infer<typeof card>;

/** A notification in Home Assistant's own list. */
export interface Notification {
  readonly title: string | null;
  readonly message: string;
}

/** Home Assistant keeps automations that come through its API only where its configuration includes their file. */
async function admitAutomations(homeAssistant: HomeAssistant): Promise<void> {
  const { root } = await installHomeAssistant(homeAssistant.release);
  const told = z.looseObject({ config_dir: z.string() }).parse(await homeAssistant.api('/api/config'));
  const configuration = join(root, told.config_dir);
  await writeFile(join(configuration, 'automations.yaml'), '[]\n');
  await appendFile(join(configuration, 'configuration.yaml'), 'automation: !include automations.yaml\n');
}

/**
 * Saves the blueprints, and makes ready for automations.
 * @throws Error with Home Assistant's reason when it does not take one.
 */
export async function bringBlueprints(homeAssistant: HomeAssistant): Promise<void> {
  await admitAutomations(homeAssistant);
  for (const name of blueprints) {
    const yaml = await readFile(join(folder, `${name}.yaml`), 'utf8');
    await homeAssistant.call('blueprint/save', { domain: 'automation', path: pathOf(name), yaml });
  }
}

/** Makes an automation of a blueprint; resolves when Home Assistant runs it. The answer is its entity's id. */
export async function addAutomation(
  homeAssistant: HomeAssistant,
  id: string,
  blueprint: BlueprintName,
  input: Readonly<Record<string, unknown>>,
): Promise<string> {
  const settings = { alias: id, use_blueprint: { path: pathOf(blueprint), input } };
  await homeAssistant.api(`/api/config/automation/config/${id}`, settings);
  const entityId = `automation.${id}`;
  await homeAssistant.waitFor(entityId, async () => (await homeAssistant.states()).get(entityId)?.attributes.id === id);
  return entityId;
}

/** Runs an automation as if its trigger had come: its conditions count. Resolves when its actions have run. */
export async function trigger(homeAssistant: HomeAssistant, entityId: string): Promise<void> {
  await homeAssistant.callService('automation', 'trigger', { entity_id: entityId, skip_condition: false });
}

/** The notifications that are shown now, by their ids. */
export async function notifications(homeAssistant: HomeAssistant): Promise<Map<string, Notification>> {
  const shape = z.looseObject({ notification_id: z.string(), title: z.string().nullish(), message: z.string() });
  const listed = z.array(shape).parse(await homeAssistant.call('persistent_notification/get'));
  return new Map(
    listed.map(({ notification_id: id, title, message }) => [id, { title: title ?? null, message }] as const),
  );
}

/** Renders a template as Home Assistant does it for a card. */
export async function render(homeAssistant: HomeAssistant, template: string): Promise<string> {
  const response = await fetch(`${homeAssistant.baseUrl}/api/template`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${homeAssistant.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ template }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`a template does not render: ${text}`);
  return text;
}

/** Makes a dashboard of the example, and answers its cards as Home Assistant keeps them. */
export async function bringDashboard(homeAssistant: HomeAssistant, urlPath: string): Promise<Card[]> {
  const [program, ...args] = (await installHomeAssistant(homeAssistant.release)).python;
  // The browser turns YAML into JSON; here it is the library that Home Assistant itself reads YAML with.
  const convert = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))';
  const input = await readFile(join(folder, 'dashboard.yaml'), 'utf8');
  const config = JSON.parse(await run(program, [...args, '-c', convert], { input })) as unknown;
  const settings = {
    url_path: urlPath,
    title: 'Backups',
    mode: 'storage',
    show_in_sidebar: true,
    require_admin: false,
  };
  await homeAssistant.call('lovelace/dashboards/create', settings);
  await homeAssistant.call('lovelace/config/save', { url_path: urlPath, config });
  const kept = await homeAssistant.call('lovelace/config', { url_path: urlPath });
  const { views } = dashboardShape.parse(kept);
  return views.flatMap(({ cards }) => cards);
}
