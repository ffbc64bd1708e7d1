// The texts: every key that is used exists in every language, none is left over, and the help keeps Node-RED's order.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { parameters } from '../../../lib/editor/parameters';
import { catalogOf, htmlOf, languages, nodeNames, readText, templateOf } from './node-files';

const shared = '@nas-flows/node-red-active-backup-m365/nas:';

/** The keys that a node's HTML uses from its own catalog and from the shared one. */
function keysInHtml(node: string): { own: Set<string>; shared: Set<string> } {
  const found = { own: new Set<string>(), shared: new Set<string>() };
  const html = htmlOf(node) + templateOf(node);
  for (const [, value = ''] of html.matchAll(/data-i18n="([^"]+)"/g)) {
    for (const part of value.split(';')) {
      const key = part.replace(/^\[[^\]]+\]/, '');
      if (key.startsWith(shared)) found.shared.add(key.slice(shared.length));
      else if (!key.startsWith('node-red:')) found.own.add(key);
    }
  }
  if (html.includes('ActiveBackupEditor.title')) found.own.add('title');
  for (const [, first = '', second = ''] of html.matchAll(/this\._\([^()]*\? '([^']+)' : '([^']+)'\)/g)) {
    found.own.add(first).add(second);
  }
  return found;
}

/** Every text literal in the shared code: keys stand in tables there too, so any literal may be one. */
function literalsInCode(): { all: Set<string>; calls: Set<string> } {
  const found = { all: new Set<string>(), calls: new Set<string>() };
  for (const file of readdirSync(`${__dirname}/../../../lib/editor`).filter((name) => name.endsWith('.ts'))) {
    const code = readText('lib', 'editor', file);
    for (const [, literal = ''] of code.matchAll(/'([a-zA-Z0-9]+(?:\.[a-zA-Z0-9_]+)+)'/g)) found.all.add(literal);
    for (const [, key = ''] of code.matchAll(/\btext\('([^']+)'/g)) found.calls.add(key);
    for (const [, key = ''] of code.matchAll(/\b(?:key|otherwise): '([^']+)'/g)) found.calls.add(key);
  }
  return found;
}

const code = literalsInCode();

/** Node-RED itself asks for the label of the category. */
const askedByNodeRed = ['palette.label.active_backup'];

describe('the texts of the editor', () => {
  it('are complete in every language that there is', () => {
    for (const language of languages) {
      for (const node of nodeNames) {
        assert.deepEqual(
          [...catalogOf(language, node).keys()],
          [...catalogOf('en-US', node).keys()],
          `${language} ${node}`,
        );
      }
    }
  });

  it('fill the same places in every language', () => {
    const places = (text: string | undefined): string[] => (text?.match(/__\w+?__/g) ?? []).sort();
    for (const language of languages) {
      for (const node of nodeNames) {
        const english = catalogOf('en-US', node);
        for (const [key, text] of catalogOf(language, node)) {
          assert.deepEqual(places(text), places(english.get(key)), `${language} ${node} ${key}`);
        }
      }
    }
  });

  for (const node of nodeNames) {
    it(`have every key that ${node}.html uses`, () => {
      const used = keysInHtml(node);
      const own = catalogOf('en-US', node);
      const common = catalogOf('en-US', 'nas');
      assert.deepEqual(
        [...used.own].filter((key) => !own.has(key)),
        [],
      );
      assert.deepEqual(
        [...used.shared].filter((key) => !common.has(key)),
        [],
      );
    });

    it(`have no key for ${node} that nothing uses`, () => {
      const used = keysInHtml(node).own;
      if (node === 'nas') {
        for (const other of nodeNames) for (const key of keysInHtml(other).shared) used.add(key);
        for (const key of code.all) used.add(key);
      }
      assert.deepEqual(
        [...catalogOf('en-US', node).keys()].filter((key) => !used.has(key) && !askedByNodeRed.includes(key)),
        [],
      );
    });
  }

  it('have every key that the shared code asks for', () => {
    const common = catalogOf('en-US', 'nas');
    assert.deepEqual(
      [...code.calls].filter((key) => !common.has(key)),
      [],
    );
    assert.ok(code.calls.size > 60);
  });

  it('are never empty', () => {
    for (const language of languages) {
      for (const node of nodeNames) {
        for (const [key, text] of catalogOf(language, node))
          assert.notEqual(text.trim(), '', `${language} ${node} ${key}`);
      }
    }
  });
});

describe('the help', () => {
  for (const language of languages) {
    for (const node of nodeNames) {
      describe(`of ${node} in ${language}`, () => {
        const file = readText('nodes', 'locales', language, `${node}.html`);
        const match = /<script type="text\/markdown" data-help-name="([^"]+)">\n([\s\S]*)\n<\/script>/.exec(file);
        const help = match?.[2] ?? '';

        it('belongs to its node', () => assert.equal(match?.[1], `active-backup-${node}`));

        it("keeps Node-RED's order: summary, inputs, outputs, details, references", () => {
          const headings = [...help.matchAll(/^### (.+)$/gm)].map((found) => found[1]);
          const english = ['Inputs', 'Outputs', 'Details', 'References'];
          const german = ['Eingangsdaten', 'Ausgangsdaten', 'Details', 'Referenzen'];
          assert.deepEqual(headings, language === 'de' ? german : english);
          assert.match(help, /^[A-ZÄÖÜ]/);
        });

        it('is not indented, which would make code blocks of it, and uses no bold or italics', () => {
          assert.doesNotMatch(help, /^ /m);
          assert.doesNotMatch(help.replace(/`[^`]*`/g, ''), /\*|__/);
        });

        it('has property lists that the editor can read: a second colon would break the line', () => {
          for (const line of help.split('\n').filter((each) => each.startsWith(':'))) {
            assert.match(line, /^: [^:()]+ \([^:()]+\) : [^:]+$/, line);
          }
        });
      });
    }
  }

  it('lists every parameter of each node', () => {
    for (const language of languages) {
      for (const [node, rows] of Object.entries(parameters)) {
        const help = readText('nodes', 'locales', language, `${node}.html`);
        for (const name of Object.keys(rows))
          assert.ok(help.includes(`: payload.${name} (`), `${language} ${node} ${name}`);
      }
    }
  });
});
