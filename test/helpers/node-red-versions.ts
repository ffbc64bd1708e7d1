// Finds or installs the Node-RED and Node.js versions that the package promises to work with.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, rootFolder } from './cache-folder';

export type NodeRedVersion = '4.0' | '4.1' | '5';
export type NodeVersion = '20' | '22' | '24';

/** Installs one package of the registry into a cache folder of its own, unless it is there already. */
function installed(name: string, range: string, sign: string): string {
  const folder = cacheFolder('versions', `${name}-${range}`);
  const found = join(folder, 'node_modules', name, sign);
  if (!existsSync(found)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', '--ignore-scripts', `${name}@${range}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return found;
}

/** The start script of a Node-RED version; 4.1 is the development dependency, others are installed when first asked for. */
export function nodeRedScript(version: NodeRedVersion): string {
  if (version === '4.1') return join(rootFolder, 'node_modules', 'node-red', 'red.js');
  return installed('node-red', version, 'red.js');
}

/** The binary of a Node.js version: the running one when it fits, else the registry's build for this machine. */
export function nodeBinary(version: NodeVersion): string {
  if (process.versions.node.startsWith(`${version}.`)) return process.execPath;
  return installed(`node-${process.platform}-${process.arch}`, version, join('bin', 'node'));
}
