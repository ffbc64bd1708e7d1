// The editor file of each node: what Node-RED and the Flow Library read from it, and what the dialog must have.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parameters } from '../../../lib/editor/parameters';
import { htmlOf, nodeNames, readText, registrationOf, root, templateOf } from './node-files';

const placed = nodeNames.filter((name) => name !== 'nas');

/** Visible text: what remains of a template without its tags. */
function visibleText(template: string): string {
  return template.replace(/<[^>]*>/g, ' ').trim();
}

describe('the editor files of the nodes', () => {
  it('exist for all fourteen nodes', () => {
    assert.equal(nodeNames.length, 14);
  });

  for (const name of nodeNames) {
    describe(name, () => {
      const registration = registrationOf(name);
      const template = templateOf(name);

      it('registers its type literally, so that the Flow Library can read it', () => {
        assert.equal(registration.type, `active-backup-${name}`);
        assert.deepEqual(registration.irregular, []);
        const wanted =
          name === 'nas' ? ['category', 'color', 'icon'] : ['category', 'color', 'icon', 'inputs', 'outputs'];
        for (const member of wanted) assert.notEqual(registration.literals.get(member), undefined, member);
      });

      it('loads the shared code itself, because an installation at run time loads the files side by side', () => {
        const before = htmlOf(name).split('<script type=')[0] ?? '';
        assert.match(
          before,
          /^<script src="resources\/@nas-flows\/node-red-active-backup-m365\/editor\.js"><\/script>/,
        );
      });

      it('has an icon of the one size', () => {
        const icon = String(registration.literals.get('icon'));
        const path = join(root, 'icons', icon);
        assert.ok(existsSync(path), icon);
        assert.match(readText('icons', icon), /^<svg [^>]*width="40" height="60" viewBox="0 0 40 60">/);
      });

      it('has no visible text of its own', () => {
        assert.equal(visibleText(template), '');
        const fixed = [...template.matchAll(/(?:title|aria-label|placeholder)="([^"]*)"/g)].map(
          (match) => match[1] ?? '',
        );
        assert.deepEqual(
          fixed.filter((value) => /[a-z]/i.test(value)),
          [],
        );
      });

      it('has a label for each field, and each id once', () => {
        const ids = [...template.matchAll(/ id="([^"]+)"/g)].map((match) => match[1] ?? '');
        assert.equal(new Set(ids).size, ids.length);
        const labelled = new Set([...template.matchAll(/<label for="([^"]+)"/g)].map((match) => match[1]));
        const fields = [...template.matchAll(/<(?:input|select)\b[^>]*>/g)]
          .map((match) => match[0])
          .filter((tag) => !tag.includes('type="hidden"'))
          .map((tag) => / id="([^"]+)"/.exec(tag)?.[1]);
        for (const field of fields) assert.ok(field !== undefined && labelled.has(field), field);
        for (const target of labelled) assert.ok(target !== undefined && ids.includes(target), target);
      });

      it('has a field for each property and credential, or its own code stores it', () => {
        const prefix = name === 'nas' ? 'node-config-input-' : 'node-input-';
        const own = ['limits', 'tasks', 'events'];
        for (const property of [...registration.defaults.keys(), ...registration.credentials]) {
          if (!own.includes(property)) assert.ok(template.includes(`id="${prefix}${property}"`), property);
        }
      });

      it('has no property name that Node-RED keeps for itself', () => {
        const kept = ['id', 'type', 'wires', 'inputs', 'outputs', 'status', 'x', 'y', 'z'];
        assert.deepEqual(
          [...registration.defaults.keys()].filter((property) => kept.includes(property)),
          [],
        );
      });
    });
  }

  for (const [name, rows] of Object.entries(parameters)) {
    it(`stores each parameter of ${name} as a value and a type that starts with the message`, () => {
      const { defaults } = registrationOf(name);
      for (const parameter of Object.keys(rows)) {
        assert.equal(defaults.get(parameter)?.get('value'), '', parameter);
        assert.equal(defaults.get(`${parameter}Type`)?.get('value'), 'payload', parameter);
      }
      const typed = [...defaults.keys()].filter((property) => property.endsWith('Type'));
      assert.deepEqual(typed.map((property) => property.slice(0, -4)).sort(), Object.keys(rows).sort());
    });
  }

  it('offers no property for the confirmations of a deletion', () => {
    const properties = [...registrationOf('delete-task').defaults.keys()];
    assert.deepEqual(
      properties.filter((property) => property.startsWith('confirm')),
      [],
    );
  });

  it('gives all nodes on the palette one category and one colour', () => {
    const registrations = placed.map(registrationOf);
    assert.equal(new Set(registrations.map((one) => one.literals.get('color'))).size, 1);
    assert.deepEqual([...new Set(registrations.map((one) => one.literals.get('category')))], ['active backup']);
    assert.equal(new Set(registrations.map((one) => one.literals.get('icon'))).size, placed.length);
  });
});
