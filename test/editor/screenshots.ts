// Takes a picture of every dialog in Node-RED 4.1 and 5, bare and filled, at two widths, in every theme and language, and
// says what stands over an edge: npm run screenshots [-- FOLDER [NODE,NODE…]]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startNodeRed } from '../helpers/node-red-process';
import { rootFolder } from '../helpers/cache-folder';
import { type NodeRedVersion } from '../helpers/node-red-versions';
import { startBrowser } from '../helpers/browser';
import { bareFlow, filledFlow, nodeNames } from './dialog-flow';
import { EditorPage } from './editor-page';
import { connectionTo, startEditorNas } from './editor-nas';
import { nodeOf, themesOf } from './editor-versions';

const folder = process.argv[2] ?? join(rootFolder, '.cache', 'screenshots');
const only = process.argv[3]?.split(',');
const languages = ['en-US', 'de'];

/** Height of the window, pixels; a dialog that needs more of it gets more. */
const leastHeight = 700;

async function photograph(version: NodeRedVersion): Promise<void> {
  const nas = await startEditorNas();
  const node = connectionTo(nas);
  const nodeRed = await startNodeRed({ version, nodeBinary: nodeOf(version) });
  try {
    for (const [kind, flow] of [
      ['bare', bareFlow(node)],
      ['filled', filledFlow(node)],
    ] as const) {
      await nodeRed.admin.deploy(flow, 'full');
      for (const language of languages)
        for (const theme of themesOf(version))
          for (const width of [800, 1280]) {
            const browser = await startBrowser({ width, height: leastHeight, language });
            const editor = await EditorPage.open(browser.context, nodeRed.url, theme);
            const picture = async (name: string): Promise<void> => {
              await editor.page.setViewportSize({ width, height: leastHeight + (await editor.hiddenHeight()) });
              await editor.page.screenshot({
                path: join(folder, `${version}-${name}-${kind}-${width}-${theme}-${language}.png`),
              });
              await editor.page.setViewportSize({ width, height: leastHeight });
            };
            if (only === undefined) await picture('flow');
            for (const name of nodeNames) {
              if (only !== undefined && !only.includes(name)) continue;
              await editor.openNode(name);
              await editor.page.waitForLoadState('networkidle');
              await picture(name);
              const over = await editor.overflowing();
              if (over.length > 0) console.log(`${version} ${name} ${kind} ${width} ${theme}: ${over.join(', ')}`);
              await editor.cancel();
            }
            if (only === undefined || only.includes('nas')) {
              await editor.openConfig('active-backup-nas', node.id);
              await editor.openSections();
              await picture('nas');
              const over = await editor.overflowing();
              if (over.length > 0) console.log(`${version} nas ${kind} ${width} ${theme}: ${over.join(', ')}`);
              await editor.cancel();
            }
            for (const complaint of editor.complaints)
              console.log(`${version} ${kind} ${width} ${theme}: ${complaint}`);
            await browser.close();
          }
    }
  } finally {
    await nodeRed.stop();
    await nas.close();
  }
}

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const version of ['4.1', '5'] as const) await photograph(version);
}

void main();
