// What Debian gives this harness: its packages, and a chroot with a newer Python than the machine has.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run, tryRun } from './processes';

/** The Debian package of each program that the acceptance tests start. */
const packageOfProgram: Readonly<Record<string, string>> = {
  mosquitto: 'mosquitto',
  mosquitto_passwd: 'mosquitto',
  chromium: 'chromium',
  debootstrap: 'debootstrap',
};

/** Where programs lie that are not on an ordinary user's PATH. */
const moreFolders = ['/usr/sbin', '/sbin', '/usr/local/sbin'];

/** The full path of a program, or null where the machine has none. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(':'), ...moreFolders];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/**
 * The full path of a program, installed with apt-get first when it is missing and we are root.
 * @throws Error that names the package to install.
 */
export async function requireProgram(name: string): Promise<string> {
  const found = findProgram(name);
  if (found !== null) return found;
  const debianPackage = packageOfProgram[name] ?? name;
  if (process.getuid?.() === 0 && findProgram('apt-get') !== null) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = ['install', '-y', '--no-install-recommends', debianPackage];
    // Package lists may be absent or stale, so they are fetched only where installing without that fails.
    try {
      await run('apt-get', install, { env });
    } catch {
      await run('apt-get', ['update'], { env });
      await run('apt-get', install, { env });
    }
    const installed = findProgram(name);
    if (installed !== null) return installed;
  }
  throw new Error(`${name} is missing: install the package "${debianPackage}" (as root it is installed automatically)`);
}

/** The mirror that this machine's own apt uses for Debian's main archive, or null where there is none. */
async function debianMirror(): Promise<string | null> {
  const targets = await tryRun('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']);
  const addresses = (targets ?? '').split('\n').map((line) => line.trim());
  return addresses.find((address) => /\/debian\/?$/.test(address)) ?? null;
}

/** Copies a file to the same path inside the chroot; a file that the machine lacks is skipped. */
async function copyInto(root: string, path: string): Promise<void> {
  if (!existsSync(path)) return;
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { force: true });
  await copyFile(path, target);
}

/** Files that a program in the chroot needs for the network: names, the clients' own settings, certificates. */
function networkFiles(): string[] {
  const home = process.env.HOME ?? '/root';
  const named = ['SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE', 'PIP_CONFIG_FILE', 'UV_CONFIG_FILE'];
  return [
    '/etc/resolv.conf',
    '/etc/hosts',
    '/etc/pip.conf',
    '/etc/uv/uv.toml',
    join(home, '.config/pip/pip.conf'),
    join(home, '.config/uv/uv.toml'),
    '/etc/ssl/certs/ca-certificates.crt',
    ...named.map((name) => process.env[name] ?? ''),
  ].filter((path) => path.startsWith('/'));
}

/**
 * Makes a small Debian of the given suite with Python and a compiler in `root`. An unfinished one is made anew.
 * @throws Error when this is impossible here, with what would be needed.
 */
export async function makeChroot(root: string, suite: string): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error(`a Debian ${suite} chroot can be made by root only`);
  const mirror = await debianMirror();
  if (mirror === null) throw new Error(`no Debian mirror is configured in apt, so no ${suite} chroot can be made`);
  const debootstrap = await requireProgram('debootstrap');
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  const packages = 'python3,python3-venv,python3-dev,g++,ca-certificates';
  // With merged /usr the extraction of these packages fails. An older debootstrap does not know the suite by
  // name; the script of the development suite fits all of them.
  const script = '/usr/share/debootstrap/scripts/sid';
  const flags = ['--variant=minbase', '--no-merged-usr', `--include=${packages}`];
  await run(debootstrap, [...flags, suite, root, mirror, script]);
  await refreshNetworkFiles(root);
}

/** Brings the chroot's network settings up to those of the machine; they differ from one machine to the next. */
export async function refreshNetworkFiles(root: string): Promise<void> {
  for (const path of networkFiles()) await copyInto(root, path);
}
