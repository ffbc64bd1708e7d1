// The browser of the tests: the system's Chromium with a profile of its own and without talk to the outside.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';

export interface BrowserOptions {
  width?: number;
  height?: number;
  /** What the browser says the user prefers; the editor follows it. */
  language?: string;
  /** What the browser says of the user's theme. */
  colorScheme?: 'light' | 'dark';
  /** The binary; without it the one that `CHROMIUM` names, else Debian's. */
  executablePath?: string;
}

/** A browser and what its pages complained about. */
export interface TestBrowser {
  context: BrowserContext;
  close(): Promise<void>;
}

/** Starts Chromium. */
export async function startBrowser(options: BrowserOptions = {}): Promise<TestBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.executablePath ?? process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    locale: options.language ?? 'en-US',
    timezoneId: 'Europe/Berlin',
    colorScheme: options.colorScheme ?? 'light',
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    context,
    close: async () => {
      await context.close();
      // Its last files may still be on their way to the disk.
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
