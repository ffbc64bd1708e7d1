// Where the demo finds the package and keeps its files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The work tree's root. */
export const rootFolder = join(__dirname, '..', '..');

/** The one ignored folder of the demo's files; a test uses another, so that it never meets a demo that runs. */
export const demoFolder = process.env.DEMO_FOLDER ?? join(rootFolder, '.demo');

/** The package's name, scope included. */
export const packageName = (JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8')) as { name: string })
  .name;
