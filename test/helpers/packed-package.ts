// The package as a user gets it: packed by npm and unpacked again, so that no test can lean on a file that is not shipped.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rootFolder } from './cache-folder';

/** The parts of package.json that tests look at. */
export interface Manifest {
  name: string;
  version: string;
  main?: string;
  license?: string;
  repository?: { url?: string };
  bugs?: { url?: string };
  keywords?: string[];
  engines?: { node?: string };
  files?: string[];
  dependencies?: Record<string, string>;
  'node-red': { version?: string; nodes: Record<string, string> };
}

/** package.json of the work tree. */
export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8')) as Manifest;
}

/** npm without its question for a newer npm, which may take long where there is no network. */
export const quietNpm = { ...process.env, npm_config_update_notifier: 'false' };

let packed: string | undefined;

/**
 * Packs the package once per process and gives the tarball's path.
 * @throws Error when the package was not built.
 */
export function packPackage(): string {
  if (packed === undefined) {
    for (const file of Object.values(readManifest()['node-red'].nodes)) {
      if (!existsSync(join(rootFolder, file))) throw new Error(`${file} is missing: run "npm run build" first.`);
    }
    const folder = mkdtempSync(join(tmpdir(), 'packed-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
      cwd: rootFolder,
      env: quietNpm,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    if (tarball === undefined) throw new Error('npm pack gave no tarball.');
    packed = join(folder, tarball);
  }
  return packed;
}

let unpacked: string | undefined;

/**
 * A `node_modules` folder that holds the unpacked tarball and, as links, its runtime dependencies from the work tree:
 * what an installation gives, without a network and at once. Made once per process.
 */
export function unpackedModules(): string {
  if (unpacked === undefined) {
    const manifest = readManifest();
    const tarball = packPackage();
    const modules = join(dirname(tarball), 'node_modules');
    const folder = join(modules, manifest.name);
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      const link = join(modules, dependency);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(rootFolder, 'node_modules', dependency), link, 'junction');
    }
    unpacked = modules;
  }
  return unpacked;
}
