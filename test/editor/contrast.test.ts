// Every text of the dialogs and of the nodes on the canvas has the contrast that WCAG's level AA asks for.
import assert from 'node:assert/strict';
import type { FlowNode } from '../helpers/probe';
import { measureCanvas, measureTexts, tooFaint } from './contrast';
import { bareFlow, filledFlow, nodeNames } from './dialog-flow';
import { type EditorBench, startEditorBench } from './editor-bench';
import { type EditorPage } from './editor-page';
import { themesOf, versions } from './editor-versions';

/** A node of Node-RED's own, whose status is "disconnected" as the flow's broker is never connected. */
const coreNode: FlowNode = {
  id: 'core',
  type: 'mqtt in',
  z: 'tab',
  topic: 'a',
  broker: 'broker',
  x: 520,
  y: 480,
  wires: [[]],
};

for (const version of versions) {
  for (const theme of themesOf(version)) {
    describe(`The contrast in Node-RED ${version}, ${theme}`, function () {
      this.timeout(120_000);
      let bench: EditorBench;
      let editor: EditorPage;

      before(async () => {
        bench = await startEditorBench(version);
        editor = await bench.open(filledFlow(bench.node), theme);
      });

      after(() => bench.stop());

      it('is enough in every dialog', async () => {
        for (const name of nodeNames) {
          await editor.openNode(name);
          await editor.page.waitForLoadState('networkidle');
          const texts = await measureTexts(editor.page, '.active-backup-form');
          assert.ok(texts.length > 3, name);
          assert.deepEqual(tooFaint(texts), [], name);
          await editor.cancel();
        }
      });

      it('is enough in the list of tasks', async () => {
        await editor.openNode('cancel-backup');
        await editor.openTaskPanel();
        const texts = await measureTexts(editor.page, '.active-backup-panel');
        assert.ok(texts.length >= 6);
        assert.deepEqual(tooFaint(texts), []);
        await editor.page.keyboard.press('Escape');
        await editor.cancel();
      });

      it('is enough in the dialog of the connection, with a failed test in it', async () => {
        await editor.openConfig('active-backup-nas', bench.node.id);
        await editor.openSections();
        await editor.page.locator('#node-config-input-verifyCertificate').uncheck();
        await editor.page.fill('#node-config-input-password', 'not the password');
        await editor.page.locator('#active-backup-test').click();
        await editor.page.locator('#active-backup-test-result .fa-times').waitFor();
        // Away from the button: what Node-RED does below the pointer is its own.
        await editor.page.mouse.move(0, 0);
        const texts = await measureTexts(editor.page, '.active-backup-form');
        assert.ok(texts.length > 30);
        assert.deepEqual(tooFaint(texts), []);
        await editor.cancel();
      });

      it('is enough in the labels on the canvas; the line below a node is the one that Node-RED draws for its own', async () => {
        const unreachable = { ...bench.node, url: 'http://127.0.0.1:9' };
        await editor.page.close();
        editor = await bench.open([...bareFlow(unreachable), coreNode], theme);
        await editor.page.locator('.red-ui-flow-node-status-label', { hasText: 'unreachable' }).first().waitFor();
        const { labels, statuses } = await measureCanvas(editor.page);
        assert.ok(labels.length >= nodeNames.length);
        assert.deepEqual(tooFaint(labels), []);
        // Its colour and size are the editor's, the same for every package's nodes: nothing of ours may make it fainter.
        const looks = statuses.map(({ text, ...look }) => ({ isCore: text === 'disconnected', look }));
        const core = looks.find(({ isCore }) => isCore)?.look;
        assert.ok(core !== undefined && looks.length > 1);
        for (const { look } of looks) assert.deepEqual(look, core);
      });
    });
  }
}
