// The example flows as somebody meets them who imports one: no node is flagged, and Deploy asks no questions.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../helpers/cache-folder';
import { type EditorBench, startEditorBench } from './editor-bench';
import { type EditorPage } from './editor-page';
import { versions } from './editor-versions';

const folder = join(rootFolder, 'examples');
const examples = readdirSync(folder).filter((name) => name.endsWith('.json'));

for (const version of versions) {
  describe(`The examples in the editor of Node-RED ${version}`, function () {
    this.timeout(120_000);
    let bench: EditorBench;
    let editor: EditorPage;

    before(async () => {
      bench = await startEditorBench(version);
      editor = await bench.open([]);
    });

    after(() => bench.stop());

    for (const name of examples) {
      it(`${name.replace('.json', '')}: every node is set up properly`, async () => {
        const flow = readFileSync(join(folder, name), 'utf8');
        const flagged = await editor.page.evaluate(`(() => {
          const imported = RED.nodes.import(${flow}, { generateIds: true, addFlow: true }).nodes;
          return imported.filter((node) => node.valid === false).map((node) => [node.type, ...node.validationErrors.map(String)]);
        })()`);
        assert.deepEqual(flagged, []);
        assert.deepEqual(editor.complaints, []);
      });
    }
  });
}
