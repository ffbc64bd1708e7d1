// What becomes of names that people give: published, and as parts of ids.
import assert from 'node:assert/strict';
import { documents } from '../../../lib/home-assistant/discovery';
import { publicName } from '../../../lib/home-assistant/slug';
import { taskSlugs } from '../../../lib/home-assistant/task-slugs';
import { topicsFor } from '../../../lib/home-assistant/topics';
import type { Task } from '../../../lib/active-backup/types';
import { settings, snapshot, task } from './fixtures';

const chosen = { ...settings(), commandsAllowed: true };

/** Suggested entity ids that more than one entity has. */
function sharedIds(tasks: Task[]): string[] {
  const seen = new Set<string>();
  const shared: string[] = [];
  for (const { components } of documents(topicsFor(chosen), chosen, snapshot(tasks)).values()) {
    for (const { default_entity_id: id } of Object.values(components)) {
      if (seen.has(String(id))) shared.push(String(id));
      seen.add(String(id));
    }
  }
  return shared;
}

const everyService = Object.fromEntries(
  [
    'drive',
    'mail',
    'archive_mail',
    'calendar',
    'contact',
    'site',
    'mysite',
    'teams',
    'group_mail',
    'group_calendar',
  ].map((name) => [name, task().services.drive!]),
);

const called = (...names: string[]): Task[] =>
  names.map((name, index) => task({ id: index + 1, name, services: everyService }));

describe('the name of a task', () => {
  it('is published without e-mail addresses, in whatever script and however they are written', () => {
    for (const [name, shown] of [
      ['admin@müller.de', '***'],
      ['jürgen@example.com', '***'],
      ["o'brien@example.com", '***'],
      ['x@例え.jp', '***'],
      ['admin＠contoso.com', '***'],
      ['a@b@c.de', '***'],
      ['admin@contoso', '***'],
      ['of admin@contoso.onmicrosoft.com!', 'of ***!'],
      ['Müller <info@a.b-c.co.uk>, nightly', 'Müller <***>, nightly'],
      ['Backup @ home', 'Backup @ home'],
    ] as const) {
      assert.equal(publicName(name), shown, name);
    }
  });

  it('is published, however long it is: a search that grew with the square of it would take minutes', () => {
    for (const part of ['a', '@', 'a@', 'a!', '@!', 'a b', 'a@b ']) {
      assert.ok(publicName(part.repeat(1_000_000 / part.length)).length <= 1000);
    }
  });

  it('is published as whole letters, and at most 1,000 of them', () => {
    assert.equal(publicName('A\ud83d'), 'A\ufffd');
    assert.equal(publicName('\udc00B'), '\ufffdB');
    assert.equal(publicName('🙂'.repeat(1001)), '🙂'.repeat(1000));
    assert.equal(publicName(`${'x'.repeat(999)} y`), 'x'.repeat(999));
  });
});

describe('suggested entity ids', () => {
  it('are one each where a name looks like another with its id', () => {
    assert.deepEqual(sharedIds(called('Sales 3', 'Sales', 'Sales', 'Sales 3 3', 'Sales 3')), []);
    assert.deepEqual(sharedIds(called('Sales', 'Sales 3', 'Sales')), []);
  });

  it('are one each where a name looks like another with a service, or like an entity of the package', () => {
    assert.deepEqual(sharedIds(called('Sales', 'Sales mail', 'Sales archive', 'Sales group', 'time zone')), []);
    assert.deepEqual(sharedIds(called('Sales archive mail', 'Sales archive', 'Sales mail', 'Sales')), []);
  });

  it('of an older task stay when a newer one comes', () => {
    const names = ['Sales mail', 'Sales', 'Sales 3', 'Sales', 'time zone', '🙂', 'task 6'];
    const all = names.map((name, index) => ({ id: index + 1, name }));
    const slugs = taskSlugs(all);
    for (let count = 1; count < all.length; count += 1) {
      for (const [id, slug] of taskSlugs(all.slice(0, count))) assert.equal(slugs.get(id), slug);
    }
    assert.equal(slugs.get(1), 'sales_mail');
  });
});
