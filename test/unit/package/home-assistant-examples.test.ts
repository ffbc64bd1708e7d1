// The files in examples/home-assistant: small, no flows, and with entity ids that the publisher's entities really get.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageEntities, packageServiceEntities } from '../../../lib/home-assistant/package-entities';
import { serviceNames } from '../../../lib/home-assistant/services';
import { slugify } from '../../../lib/home-assistant/slug';
import { taskEntities, taskServiceEntities } from '../../../lib/home-assistant/task-entities';
import { packageObjectId, taskObjectId } from '../../../lib/home-assistant/topics';
import { type EntityRow } from '../../../lib/home-assistant/entity';
import { rootFolder } from '../../helpers/cache-folder';

/** The package has a limit of its own; this is what these files may take of it. */
const largestBytes = 8_000;

const folder = join(rootFolder, 'examples', 'home-assistant');
const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

/** Home Assistant makes entity ids of what we suggest (2025.10 and later), or of the entity's name. */
const namings: Record<string, (row: EntityRow) => string> = {
  'as suggested': ({ key, platform }) => `${platform}.active_backup_home_tenant_a_${key}`,
  'after their names': ({ name, platform }) => `${platform}.m365_backup_tenant_a_${slugify(name)}`,
};

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found]) => found ?? '');
}

/** A search for entities in a template, and what is put at its place to find others of the same device. */
interface Search {
  readonly pattern: RegExp;
  readonly others: readonly { readonly prefix: string; readonly end: string }[];
}

const searches: Search[] = files.flatMap(({ text }) =>
  text
    .split(/(?=set this = '|select\('search', ')/)
    .slice(1)
    .flatMap((part) => {
      const [, pattern] = /^(?:set this = |select\('search', )'([^']+)'/.exec(part) ?? [];
      assert.ok(pattern !== undefined, part);
      const found = part.matchAll(/('binary_' ~ )?id \| regex_replace\(this, '(\w+)'\)/g);
      const others = [...found].map(([, flag, end]) => ({
        prefix: flag === undefined ? '' : 'binary_',
        end: end ?? '',
      }));
      return [{ pattern: new RegExp(pattern), others }];
    }),
);

describe('the examples for Home Assistant', () => {
  it('are YAML only, as Node-RED offers each JSON file as a flow, and small', () => {
    assert.deepEqual(
      files.map(({ name }) => name).filter((name) => !name.endsWith('.yaml')),
      [],
    );
    const size = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    assert.ok(size < largestBytes, `${size} bytes`);
  });

  it('are blueprints for the oldest supported Home Assistant, and a dashboard without custom cards', () => {
    const blueprints = files.filter(({ text }) => text.startsWith('blueprint:\n'));
    assert.deepEqual(
      blueprints.map(({ name }) => name),
      ['backup-needs-attention.yaml', 'no-good-backup-for.yaml'],
    );
    for (const { name, text } of blueprints) assert.match(text, /min_version: 2024\.11\.0/, name);
    for (const { name, text } of files) assert.doesNotMatch(text, /custom:/, name);
  });

  it('tell a task from the package and from what is not ours by the frozen ids of the devices', () => {
    const tests = files.flatMap(({ text }) => matches(text, /is search\("([^"]+)"\)/g));
    assert.ok(tests.length > 0);
    for (const search of tests) {
      assert.match(`{('mqtt', '${taskObjectId('home', 12)}')}`, new RegExp(search));
      assert.doesNotMatch(`{('mqtt', '${packageObjectId('home')}')}`, new RegExp(search));
    }
    for (const start of files.flatMap(({ text }) => matches(text, /if "'(\w+)" in device_attr/g))) {
      assert.ok(packageObjectId('home').startsWith(start), start);
    }
  });

  it('search for tasks and for packages, and find other entities from there', () => {
    assert.equal(searches.length, 4);
    assert.ok(searches.flatMap(({ others }) => others).length >= 9);
  });

  for (const [naming, idOf] of Object.entries(namings)) {
    for (const more of ['', '_2']) {
      it(`find what they name, where ids are made ${naming} and end in "${more}"`, () => {
        const taskRows = [...taskEntities, ...serviceNames.flatMap(taskServiceEntities)];
        const packageRows = [...packageEntities, ...serviceNames.flatMap(packageServiceEntities)];
        const devices = [taskRows, packageRows].map((rows) => rows.map((row) => idOf(row) + more));
        for (const { pattern, others } of searches) {
          const found = devices.flatMap((ids) => ids.filter((id) => pattern.test(id)).map((id) => ({ id, ids })));
          assert.equal(found.length, 1, `${pattern.source} finds ${found.map(({ id }) => id).join(', ')}`);
          for (const { id, ids } of found) {
            const made = others.map(({ prefix, end }) => prefix + id.replace(pattern, end));
            assert.deepEqual(
              made.filter((other) => !ids.includes(other)),
              [],
            );
          }
        }
      });
    }
  }
});
