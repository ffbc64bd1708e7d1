// Finds a Python that fits a Home Assistant release, wherever a developer's or a CI machine keeps one.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from './debian';
import { tryRun } from './processes';
import { type HomeAssistantRelease } from './releases';

/** Whether the interpreter runs, has the wanted version, and can make virtual environments. */
async function fits(python: string, wanted: HomeAssistantRelease['python']): Promise<boolean> {
  const answer = await tryRun(python, ['-c', 'import ensurepip, sys; print(*sys.version_info[:3])']);
  const [major, minor, patch] = (answer ?? '').trim().split(' ').map(Number);
  return major === 3 && minor === wanted.minor && patch !== undefined && patch >= wanted.leastPatch;
}

/** The interpreters of this minor version that pyenv has, newest patch first. */
async function pyenvPythons(minor: number): Promise<string[]> {
  const folder = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(folder)) return [];
  const found = (await readdir(folder)).filter((name) => name.startsWith(`3.${minor}.`));
  const byPatch = found.sort((one, other) => Number(other.split('.')[2]) - Number(one.split('.')[2]));
  return byPatch.map((name) => join(folder, name, 'bin', 'python3'));
}

/** The interpreter of this minor version that uv knows or can fetch. */
async function uvPython(minor: number): Promise<string | null> {
  if (findProgram('uv') === null) return null;
  const known = await tryRun('uv', ['python', 'find', `3.${minor}`]);
  if (known !== null) return known.trim();
  if ((await tryRun('uv', ['python', 'install', `3.${minor}`])) === null) return null;
  return (await tryRun('uv', ['python', 'find', `3.${minor}`]))?.trim() ?? null;
}

/** The first Python that fits: on the PATH, from pyenv, from uv. Null where the machine has none. */
export async function findPython(wanted: HomeAssistantRelease['python']): Promise<string | null> {
  const name = `python3.${wanted.minor}`;
  const onPath = (process.env.PATH ?? '').split(':').map((folder) => join(folder, name));
  for (const python of [...onPath.filter((path) => existsSync(path)), ...(await pyenvPythons(wanted.minor))]) {
    if (await fits(python, wanted)) return python;
  }
  const fromUv = await uvPython(wanted.minor);
  return fromUv !== null && (await fits(fromUv, wanted)) ? fromUv : null;
}
