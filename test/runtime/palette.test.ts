// The packed package in a real Node-RED: everything loads, and the editor gets what it asks for.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Endings } from '../helpers/endings';
import { rootFolder } from '../helpers/cache-folder';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { readManifest } from '../helpers/packed-package';

interface NodeSet {
  id: string;
  module: string;
  name: string;
  types: string[];
  enabled: boolean;
  err?: string;
}

const manifest = readManifest();
const names = Object.keys(manifest['node-red'].nodes);

describe('the packed package in Node-RED', function () {
  this.timeout(60_000);
  const endings = new Endings();
  let nodeRed: NodeRedProcess;
  let editorHtml: string;

  before(async () => {
    nodeRed = endings.add(await startNodeRed(), (one) => one.stop());
    editorHtml = (await nodeRed.admin.request('nodes', { headers: { accept: 'text/html' } })).text;
  });
  after(() => endings.all());

  it('loads without a warning, an error or a deprecation in the log', () => {
    assert.deepEqual(nodeRed.complaints(), []);
  });

  it('registers every node type', async () => {
    const sets = ((await nodeRed.admin.request('nodes')).json as NodeSet[]).filter(
      (set) => set.module === manifest.name,
    );
    assert.deepEqual(
      sets.map(({ name, types, enabled, err }) => ({ name, types, enabled, err })),
      names.map((name) => ({ name, types: [`active-backup-${name}`], enabled: true, err: undefined })),
    );
  });

  it('serves the icon of every node, not a stock one in its place', async () => {
    const icons = [
      ...editorHtml.matchAll(/registerType\(\s*['"](active-backup-[a-z-]+)['"][\s\S]*?icon:\s*['"]([^'"]+)['"]/g),
    ];
    const ours = icons.filter(([, , icon]) => icon?.endsWith('.svg'));
    assert.ok(ours.length >= names.length - 1, `${ours.length} icons`);
    const list = (await nodeRed.admin.request('icons')).json as Record<string, string[]>;
    for (const [, type, icon] of ours) {
      assert.ok(list[manifest.name]?.includes(basename(icon ?? '')), `${type ?? ''}: ${icon ?? ''}`);
      const answer = await nodeRed.admin.request(`icons/${manifest.name}/${icon ?? ''}`);
      assert.equal(answer.status, 200);
      assert.match(answer.headers.get('content-type') ?? '', /svg/);
      assert.match(answer.text, /<svg/);
    }
  });

  it('serves the help of every node', () => {
    for (const name of names) {
      const help = new RegExp(`data-help-name="active-backup-${name}"[^>]*>([\\s\\S]*?)</script>`).exec(editorHtml);
      assert.ok((help?.[1] ?? '').trim().length > 100, name);
    }
  });

  it('serves the texts of every node', async () => {
    for (const name of names) {
      const answer = await nodeRed.admin.request(`locales/${manifest.name}/${name}?lng=en-US`);
      assert.ok(Object.keys(answer.json as object).length > 0, name);
    }
  });

  it('serves the code that the dialogs share', async () => {
    const answer = await nodeRed.admin.request(`resources/${manifest.name}/editor.js`);
    assert.equal(answer.status, 200);
    assert.match(answer.text, /ActiveBackupEditor/);
  });

  it('offers its example flows in the import menu', async () => {
    const answer = await nodeRed.admin.request(`library/examples/flows/${manifest.name}`);
    const offered = (answer.json as ({ fn: string } | string)[]).flatMap((one) =>
      typeof one === 'string' ? [] : [one.fn],
    );
    const shipped = readdirSync(join(rootFolder, 'examples'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => basename(name, '.json'));
    assert.ok(shipped.length > 0);
    assert.deepEqual(offered.sort(), shipped.sort());
  });
});
