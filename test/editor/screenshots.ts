// Takes a picture of every dialog, bare and filled, at two widths, light and dark: npx tsx test/editor/screenshots.ts <folder>
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startNodeRed } from '../helpers/node-red-process';
import { type NodeRedVersion } from '../helpers/node-red-versions';
import { startBrowser } from '../helpers/browser';
import { bareFlow, filledFlow, nodeNames } from './dialog-flow';
import { EditorPage } from './editor-page';
import { connectionTo, startEditorNas } from './editor-nas';
import { nodeOf, themesOf } from './editor-versions';

const folder = process.argv[2] ?? process.env.SCREENSHOTS ?? '.cache/screenshots';
const only = process.argv[3]?.split(',');
const version = (process.env.NODE_RED_VERSION ?? '4.1') as NodeRedVersion;
const themes = themesOf(version);
const languages = (process.env.LANGUAGES ?? 'en-US').split(',');

/** Height of the window, pixels; a dialog that needs more of it gets more. */
const leastHeight = 700;

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
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
        for (const theme of themes)
          for (const width of [800, 1280]) {
            const browser = await startBrowser({ width, height: leastHeight, language });
            const editor = await EditorPage.open(browser.context, nodeRed.url, theme);
            const picture = async (name: string): Promise<void> => {
              await editor.page.setViewportSize({ width, height: leastHeight + (await editor.hiddenHeight()) });
              await editor.page.screenshot({ path: join(folder, `${name}-${kind}-${width}-${theme}-${language}.png`) });
              await editor.page.setViewportSize({ width, height: leastHeight });
            };
            if (only === undefined) await picture('flow');
            for (const name of nodeNames) {
              if (only !== undefined && !only.includes(name)) continue;
              await editor.openNode(name);
              await editor.page.waitForLoadState('networkidle');
              await picture(name);
              const over = await editor.overflowing();
              if (over.length > 0) console.log(`${name} ${kind} ${width} ${theme}: ${over.join(', ')}`);
              await editor.cancel();
            }
            if (only === undefined || only.includes('nas')) {
              await editor.openConfig('active-backup-nas', node.id);
              await editor.openSections();
              await picture('nas');
              const over = await editor.overflowing();
              if (over.length > 0) console.log(`nas ${kind} ${width} ${theme}: ${over.join(', ')}`);
              await editor.cancel();
            }
            for (const complaint of editor.complaints) console.log(`${kind} ${width} ${theme}: ${complaint}`);
            await browser.close();
          }
    }
  } finally {
    await nodeRed.stop();
    await nas.close();
  }
}

void main();
