// Installs the pinned Home Assistant releases into a cache outside the checkout, once, and tells where they are.
// As a program it installs all of them (or those that are named) and prints the seconds that each step took.
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../helpers/cache-folder';
import { makeChroot, refreshNetworkFiles, requireProgram } from './debian';
import { run } from './processes';
import { findPython } from './python';
import { releaseNames, releases, type HomeAssistantRelease, type ReleaseName } from './releases';

/** An installed Home Assistant and how to start it. */
export interface Installation {
  readonly release: ReleaseName;
  readonly version: string;
  /** The start of every command line, up to the Python interpreter. */
  readonly python: readonly [string, ...string[]];
  /** The folder that the program sees as `/`; empty when it runs in no chroot. Its files lie below it. */
  readonly root: string;
}

/** Tells a person what is going on. */
export type Progress = (line: string) => void;

/** What a finished installation was made of; another recipe makes it anew. */
function recipeOf(release: HomeAssistantRelease): string {
  return JSON.stringify({ version: release.version, with: release.requirements, companions: release.companions });
}

async function timed<T>(progress: Progress, step: string, work: () => Promise<T>): Promise<T> {
  const startMs = Date.now();
  const result = await work();
  progress(`  ${step}: ${((Date.now() - startMs) / 1000).toFixed(1)} s`);
  return result;
}

/** Fills the virtual environment whose folder is `environment` as seen after `enter` (empty, or into the chroot). */
async function fill(
  release: HomeAssistantRelease,
  enter: readonly string[],
  root: string,
  environment: string,
  python: string,
  progress: Progress,
): Promise<void> {
  const inside = async (...command: string[]): Promise<string> => {
    const [program = '', ...args] = [...enter, ...command];
    return run(program, args, { env: { ...process.env, UV_NO_PROGRESS: '1' } });
  };
  const interpreter = `${environment}/bin/python`;
  const install = async (...what: string[]): Promise<void> => {
    await inside(`${environment}/bin/uv`, 'pip', 'install', '--no-cache', '--python', interpreter, ...what);
  };
  await timed(progress, 'virtual environment', async () => {
    await inside(python, '-m', 'venv', '--clear', environment);
    // uv turns minutes of installing into seconds.
    await inside(interpreter, '-m', 'pip', 'install', '--quiet', 'uv');
  });
  await timed(progress, `homeassistant ${release.version}`, () =>
    install(`homeassistant==${release.version}`, ...release.requirements),
  );
  const library = join(root, environment, 'lib');
  const pythonFolder = (await readdir(library)).find((name) => name.startsWith('python3')) ?? '';
  const constraints = `${environment}/lib/${pythonFolder}/site-packages/homeassistant/package_constraints.txt`;
  await timed(progress, 'front end and companions', () => install('-c', constraints, ...release.companions));
}

/** Where the parts of an installation lie, whether it is there or not. */
function layout(release: HomeAssistantRelease): { folder: string; environment: string; chroot: string; done: string } {
  const folder = cacheFolder(`home-assistant-${release.version}`);
  return { folder, environment: join(folder, 'venv'), chroot: join(folder, 'chroot'), done: join(folder, 'installed') };
}

/** The environment's path inside the chroot. */
const environmentInChroot = '/opt/ha';

/**
 * Makes sure that a release is installed and answers how to start it. A finished installation is used as it is.
 * @throws Error that tells what the machine lacks.
 */
export async function installHomeAssistant(
  name: ReleaseName,
  progress: Progress = () => undefined,
): Promise<Installation> {
  const release: HomeAssistantRelease = releases[name];
  const { folder, environment, chroot, done } = layout(release);
  const installation = (): Installation => {
    const inChroot = existsSync(chroot);
    return {
      release: name,
      version: release.version,
      python: inChroot ? ['chroot', chroot, `${environmentInChroot}/bin/python`] : [join(environment, 'bin', 'python')],
      root: inChroot ? chroot : '',
    };
  };
  const finished = existsSync(done) && (await readFile(done, 'utf8')) === recipeOf(release);
  if (finished) {
    if (existsSync(chroot)) await refreshNetworkFiles(chroot);
    return installation();
  }
  progress(`Home Assistant ${release.version} → ${folder}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const python = await findPython(release.python);
  if (python !== null) {
    await fill(release, [], '', environment, python, progress);
  } else if (release.debianSuite !== null) {
    const suite = release.debianSuite;
    await timed(progress, `Debian ${suite} chroot`, () => makeChroot(chroot, suite));
    await fill(release, ['chroot', chroot], chroot, environmentInChroot, 'python3', progress);
  } else {
    const wanted = `Python 3.${release.python.minor} (at least 3.${release.python.minor}.${release.python.leastPatch})`;
    throw new Error(
      `Home Assistant ${release.version} needs ${wanted} with venv. Found none as python3.${release.python.minor} on the ` +
        `PATH, in pyenv's versions, or through uv. Try "pyenv install 3.${release.python.minor}" or ` +
        `"uv python install 3.${release.python.minor}".`,
    );
  }
  await writeFile(done, recipeOf(release));
  return installation();
}

async function main(): Promise<void> {
  const named = process.argv.slice(2);
  const chosen = releaseNames.filter((name) => named.length === 0 || named.includes(name));
  const log: Progress = (line) => console.log(line);
  for (const program of ['mosquitto', 'mosquitto_passwd', 'chromium']) {
    await timed(log, program, () => requireProgram(program));
  }
  for (const name of chosen) {
    const installation = await timed(log, `${name} ready`, () => installHomeAssistant(name, log));
    console.log(`${installation.version}: ${installation.python.join(' ')} -m homeassistant`);
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
