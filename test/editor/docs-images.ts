// Takes the pictures of the README: the demo's flow at work and two dialogs. npx tsx test/editor/docs-images.ts
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBroker } from '../../scripts/start/broker';
import { rootFolder } from '../helpers/cache-folder';
import { startNodeRed } from '../helpers/node-red-process';
import type { FlowNode } from '../helpers/probe';
import { ledToTest } from '../runtime/nas-flow';
import { livelyTasks, startSimulator } from '../simulator';
import { startBrowser } from '../helpers/browser';
import { filledFlow } from './dialog-flow';
import { connectionTo } from './editor-nas';
import { EditorPage } from './editor-page';
import { nodeOf } from './editor-versions';

const folder = join(rootFolder, 'docs', 'images');
const version = '5';

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const nas = await startSimulator({ tls: true, tasks: livelyTasks() });
  const broker = await startBroker();
  const nodeRed = await startNodeRed({ version, nodeBinary: nodeOf(version) });
  const browser = await startBrowser({ width: 1000, height: 800 });
  try {
    const demo = JSON.parse(readFileSync(join(rootFolder, 'scripts', 'start', 'flow.json'), 'utf8')) as FlowNode[];
    const flow = ledToTest(demo, nas, broker.url);
    await nodeRed.admin.deploy(
      flow.map((node) => (node.id === 'demo-nas' ? { ...node, allowChanges: true } : node)),
      'full',
    );
    let editor = await EditorPage.open(browser.context, nodeRed.url);
    await editor.page.evaluate(`RED.actions.invoke('core:toggle-sidebar')`);
    for (const button of ['demo-read-button', 'demo-run-button', 'demo-refresh-button']) {
      await nodeRed.admin.request(`inject/${button}`, { method: 'POST', body: {} });
    }
    // Every node of ours says how it is doing.
    await editor.page.waitForFunction(
      `[...document.querySelectorAll('.red-ui-flow-node-status-label')].filter((one) => one.textContent !== '').length >= 4`,
    );
    await editor.page.screenshot({ path: join(folder, 'flow.png') });
    await editor.page.close();

    const connection = { ...connectionTo(nas), certificateSha256: nas.fingerprint, url: nas.url };
    await nodeRed.admin.deploy(filledFlow(connection), 'full');
    editor = await EditorPage.open(browser.context, nodeRed.url);
    await editor.page.setViewportSize({ width: 1280, height: 860 });
    const tray = editor.page.locator('.red-ui-tray').last();
    await editor.openNode('set-schedule');
    await editor.page.waitForLoadState('networkidle');
    await tray.screenshot({ path: join(folder, 'dialog-set-schedule.png') });
    await editor.cancel();
    await editor.openConfig('active-backup-nas', connection.id);
    await editor.page.locator('#active-backup-test').click();
    await editor.page.locator('#active-backup-test-result', { hasText: 'backup tasks' }).waitFor();
    await editor.page.mouse.move(0, 0);
    // The simulated NAS's own port would say nothing to a reader.
    await editor.page.evaluate(`document.querySelector('#node-config-input-url').value = 'https://nas.example:5001'`);
    await tray.screenshot({ path: join(folder, 'dialog-nas.png') });
  } finally {
    await browser.close();
    await nodeRed.stop();
    await broker.close();
    await nas.close();
  }
}

void main();
