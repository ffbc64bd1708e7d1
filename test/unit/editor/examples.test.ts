// The example flows: importable, complete, without a secret, and with properties that the nodes really have.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeNames, registrationOf, root } from './node-files';

interface ExampleNode {
  id: string;
  type: string;
  z?: string;
  wires?: string[][];
  [property: string]: unknown;
}

const folder = join(root, 'examples');
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({ name, nodes: JSON.parse(readFileSync(join(folder, name), 'utf8')) as ExampleNode[] }));

const ofNode = ['id', 'type', 'z', 'x', 'y', 'wires'];

function isOurs(node: ExampleNode): boolean {
  return node.type.startsWith('active-backup-');
}

describe('the example flows', () => {
  it('show every node', () => {
    const shown = new Set(examples.flatMap(({ nodes }) => nodes.map((node) => node.type)));
    assert.deepEqual(
      nodeNames.filter((name) => !shown.has(`active-backup-${name}`)),
      [],
    );
  });

  it('can all be imported into one Node-RED: no id comes twice', () => {
    const ids = examples.flatMap(({ nodes }) => nodes.map((node) => node.id));
    assert.equal(new Set(ids).size, ids.length);
  });

  for (const { name, nodes } of examples) {
    describe(name, () => {
      it('is a list with a comment, a connection and a debug node', () => {
        assert.ok(Array.isArray(nodes));
        for (const type of ['comment', 'active-backup-nas', 'debug']) {
          assert.ok(
            nodes.some((node) => node.type === type),
            type,
          );
        }
      });

      it('refers only to nodes of its own', () => {
        const ids = new Set(nodes.map((node) => node.id));
        for (const node of nodes) {
          for (const target of (node.wires ?? []).flat())
            assert.ok(ids.has(target), `${node.type} is wired to ${target}`);
          if (node.z !== undefined) assert.ok(ids.has(node.z));
          if (isOurs(node) && node.type !== 'active-backup-nas') assert.ok(ids.has(String(node.nas)), node.type);
        }
      });

      it('sets only properties that exist, and none that merely repeats its default', () => {
        for (const node of nodes.filter(isOurs)) {
          const { defaults } = registrationOf(node.type.replace('active-backup-', ''));
          for (const [property, value] of Object.entries(node).filter(([name]) => !ofNode.includes(name))) {
            const details = defaults.get(property);
            assert.ok(details !== undefined, `${node.type} has no ${property}`);
            assert.notDeepEqual(value, details.get('value'), `${node.type} ${property}`);
          }
        }
      });

      it('holds no credentials and depends on no environment', () => {
        const text = JSON.stringify(nodes);
        assert.doesNotMatch(text, /credentials|password|\$\{|"env"/);
      });

      it('has as many outputs wired as its nodes have', () => {
        for (const node of nodes.filter(isOurs)) {
          const outputs = registrationOf(node.type.replace('active-backup-', '')).literals.get('outputs');
          if (outputs !== undefined) assert.equal(node.wires?.length, outputs, node.type);
        }
      });
    });
  }
});
