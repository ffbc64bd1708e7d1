// Where test tiers keep what is slow to get (Node-RED and Node.js versions, the unpacked package) from one run to the next.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The work tree's root. */
export const rootFolder = join(__dirname, '..', '..');

/** A folder of the given name inside the cache (`ABM_CACHE`, else a folder of the user's own cache), made if missing. */
export function cacheFolder(...names: string[]): string {
  const base = process.env.ABM_CACHE ?? join(homedir(), '.cache', 'nas-flows-m365');
  const folder = join(base, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}
