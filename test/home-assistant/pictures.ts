// Photographs Home Assistant's own pages with a real browser, in its light and its dark theme.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Page } from 'playwright-core';
import { startBrowser } from '../helpers/browser';
import { requireProgram } from './debian';
import { type HomeAssistant } from './home-assistant';
import { type RegisteredDevice } from './registry';

/** Home Assistant's two themes. */
export type Scheme = 'light' | 'dark';

/** A picture to take. */
export interface Picture {
  readonly device: RegisteredDevice;
  readonly scheme: Scheme;
  /** The PNG to write. */
  readonly file: string;
}

/** Size of the browser window in CSS pixels: wide enough for two columns of cards and tall enough for a task. */
const window = { width: 1400, height: 1400 };

/** The signed-in state that the front end keeps in the browser. */
function signIn(homeAssistant: HomeAssistant): string {
  const tokens = {
    access_token: homeAssistant.token,
    token_type: 'Bearer',
    expires_in: 1800,
    hassUrl: homeAssistant.baseUrl,
    clientId: `${homeAssistant.baseUrl}/`,
    expires: Date.now() + 24 * 3600 * 1000,
    refresh_token: '',
  };
  return `localStorage.setItem('hassTokens', ${JSON.stringify(JSON.stringify(tokens))});`;
}

/** The page's title and its cards, without the side bar and the empty rest. */
async function contentOf(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const margin = 16;
  const cards = await page.locator('ha-card').all();
  const boxes = (await Promise.all(cards.map((card) => card.boundingBox()))).filter((box) => box !== null);
  if (boxes.length === 0) throw new Error('The page shows no card.');
  const x = Math.min(...boxes.map((box) => box.x)) - margin;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + margin;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + margin;
  return { x, y: 0, width: right - x, height: Math.min(bottom, window.height) };
}

/** Takes pictures of device pages, one browser per theme. */
export async function photograph(homeAssistant: HomeAssistant, pictures: readonly Picture[]): Promise<void> {
  const executablePath = await requireProgram('chromium');
  for (const scheme of ['light', 'dark'] as const) {
    const wanted = pictures.filter((picture) => picture.scheme === scheme);
    if (wanted.length === 0) continue;
    const browser = await startBrowser({ executablePath, colorScheme: scheme, language: 'en-GB', ...window });
    try {
      await browser.context.addInitScript({ content: signIn(homeAssistant) });
      for (const { device, file } of wanted) {
        await mkdir(dirname(file), { recursive: true });
        const page = await browser.context.newPage();
        await page.goto(`${homeAssistant.baseUrl}/config/devices/device/${device.id}`, {
          waitUntil: 'domcontentloaded',
        });
        const name = page.getByText(device.name ?? '', { exact: false }).first();
        await name.waitFor({ timeout: 90_000 });
        // The cards slide in and icons arrive after the name is there; there is no event for "drawn".
        await page.waitForTimeout(4000);
        await page.screenshot({ path: file, clip: await contentOf(page) });
      }
    } finally {
      await browser.close();
    }
  }
}
