// Writes docs/mqtt.md: every topic, JSON key, event and entity, from the tables that the publisher itself uses.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { EntityRow } from '../lib/home-assistant/entity';
import { packageEventTypes, taskEventTypes } from '../lib/home-assistant/event-types';
import { packageEventKeys, taskEventKeys } from '../lib/home-assistant/events';
import { packageEntities, packageServiceEntities } from '../lib/home-assistant/package-entities';
import { packageKeys } from '../lib/home-assistant/package-state';
import { serviceLabels, serviceNames } from '../lib/home-assistant/services';
import { taskEntities, taskServiceEntities } from '../lib/home-assistant/task-entities';
import { attributeKeys, serviceKeys, taskKeys } from '../lib/home-assistant/task-state';

/** Where the page stands. */
export const mqttDocsFile = join(__dirname, '..', 'docs', 'mqtt.md');

const escape = (text: string): string => text.replace(/\|/g, '\\|');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function keyTable(keys: readonly { key: string; meaning: string }[]): string {
  return table(
    ['key', 'meaning'],
    keys.map(({ key, meaning }) => [`\`${key}\``, meaning]),
  );
}

const conditions = {
  always: '',
  'commands allowed': 'where commands are allowed',
  'not continuous or manual': 'scheduled tasks',
};

/** A table of entities, as the README shows it too. */
export function entityTable(rows: readonly EntityRow[]): string {
  return table(
    ['entity', 'platform', 'class', 'unit', 'on by default', 'key'],
    rows.map((row) => {
      const condition = conditions[row.condition ?? 'always'];
      return [
        condition === '' ? row.name : `${row.name} (${condition})`,
        row.category === undefined ? row.platform : `${row.platform}, ${row.category}`,
        row.deviceClass ?? '',
        row.unit ?? '',
        row.enabled ? 'yes' : '',
        `\`${row.key}\``,
      ];
    }),
  );
}

const types = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function page(): string {
  const services = serviceNames.map((name) => `\`${name}\` (${serviceLabels[name]})`).join(', ');
  return `# MQTT topics

<!-- Written by scripts/mqtt-docs.ts from the publisher's own tables. Do not edit by hand. -->

What the publisher node puts on a broker, for Home Assistant and for everybody else. \`P\` is the base topic and the
slug of the NAS: \`active-backup/<slug>\` unless you chose another base topic. \`<id>\` is the number that the NAS gave the
task; it stays the same when the task is renamed. All messages have QoS 1. Times are ISO 8601 in UTC, sizes are bytes
unless a key says otherwise, and \`null\` means unknown. No e-mail address, tenant or log text is ever published; names
are cut at 1,000 characters.

${table(
  ['topic', 'retained', 'payload'],
  [
    ['`P/status`', 'yes, last will', '`online` or `offline`: this publisher'],
    ['`P/nas`', 'yes', '`online` or `offline`: the NAS'],
    ['`P/state`', 'yes', 'JSON of the package'],
    ['`P/task/<id>/state`', 'yes', 'JSON of the task'],
    ['`P/task/<id>/attributes`', 'yes', 'small JSON about its last result'],
    ['`P/event`', 'no', 'JSON with `event_type`: something happened to the package, or a command ended'],
    ['`P/task/<id>/event`', 'no', 'JSON with `event_type`: something happened to the task; its state went out before'],
    ['`P/cmd/refresh`', 'no', '`PRESS`: ask the NAS now'],
    ['`P/task/<id>/cmd/run`', 'no', '`PRESS`: run the backup'],
    ['`P/task/<id>/cmd/cancel`', 'no', '`PRESS`: cancel the run'],
    ['`homeassistant/device/active_backup_<slug>/config`', 'yes', 'device document of the package'],
    ['`homeassistant/device/active_backup_<slug>_task_<id>/config`', 'yes', 'device document of a task'],
  ],
)}

States are current while both \`P/status\` and \`P/nas\` say \`online\`. A message is sent when something changed, after
each reconnect, and after Home Assistant's birth message (\`online\` on \`homeassistant/status\` or, with another discovery
prefix, on \`<prefix>/status\` too); nothing is sent merely because the NAS was polled. When a task is gone, its retained
topics are emptied.

Only one publisher writes to these topics: a second one of the same NAS on the same broker, with the same base topic or
discovery prefix, is refused with \`NOT_CONFIGURED\`.

## State of the package: \`P/state\`

${keyTable(packageKeys)}

## State of a task: \`P/task/<id>/state\`

Every key is always there.

${keyTable(taskKeys)}

\`services\` has an object for each of ${services}:

${keyTable(serviceKeys)}

While a run is under way, all but \`used_gb\` are still those of the last finished run, and null where the task was not
seen between two runs since that one ended.

## Attributes of a task: \`P/task/<id>/attributes\`

${keyTable(attributeKeys)}

They change once a run: while one is under way, they are still those of the last finished run, and null where the task
was not seen between two runs since that one ended.

## Events

Never retained. While the broker is away, also before the first connection, the latest of each type and task is kept, and
all of them are sent in order when it is there.
Tasks with continuous backup send no \`started\` and \`success\`: they would come many times a day.

On \`P/task/<id>/event\`: ${types(taskEventTypes)}.

${keyTable(taskEventKeys)}

On \`P/event\`: ${types(packageEventTypes)}.

${keyTable(packageEventKeys)}

## Commands

\`run\` and \`cancel\` are carried out where both *control* on the publisher and *allow changes* on the NAS are on; else
no button is offered, and what comes on these topics is refused with \`READ_ONLY\`. \`refresh\` is always allowed. Publish \`PRESS\` without retain: a retained command would be
carried out at each reconnect, so it is discarded and cleared. Presses of one button within two seconds of one that was
accepted are one press; of \`refresh\`, within ten seconds.
How a command ended is an event on \`P/event\`: \`command_done\`, \`command_refused\` or \`command_failed\` with a \`code\`.
Schedules, retention, workers, deleting and relinking are never offered over MQTT.

## Entities in Home Assistant

Home Assistant 2024.11 or later makes a device of the package and one of each task, with these entities. Those that are
off by default can be enabled on the device's page.

### Package

${entityTable(packageEntities)}

For each service that at least one task backs up, shown here for OneDrive:

${entityTable(packageServiceEntities('drive'))}

### Task

${entityTable(taskEntities)}

For each service that the task backs up, shown here for OneDrive; they stay until the NAS says that the service is
switched off:

${entityTable(taskServiceEntities('drive'))}

## Without Home Assistant

Discovery can be switched off on the publisher: then only topics under \`P\` are used, and documents that an earlier run
left are removed.
`;
}

/** The page, formatted as the repository's other files are. */
export async function mqttDocs(): Promise<string> {
  return format(page(), { ...(await resolveConfig(mqttDocsFile)), parser: 'markdown' });
}

async function main(): Promise<void> {
  writeFileSync(mqttDocsFile, await mqttDocs());
}

if (require.main === module) void main();
