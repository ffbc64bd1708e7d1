// What the package promises in package.json and in its tarball: the checks of Node-RED's Flow Library that need no network, and more.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rootFolder } from '../../helpers/cache-folder';
import { quietNpm, readManifest } from '../../helpers/packed-package';

interface PackedFile {
  path: string;
  size: number;
}

/** Stated once here, so that a larger package is a decision. */
const largestUnpackedBytes = 400_000;

const manifest = readManifest();
const nodeFiles = Object.values(manifest['node-red'].nodes);

/** Files that run nowhere in a user's Node-RED. */
const notShipped =
  /^(test|scripts|bench|\.ci|\.github|node_modules|lib|nodes)\/|\.test\.|tsconfig|eslint|\.tsbuildinfo$/;

const imageFile = /\.(png|svg|jpe?g|gif|webp)$/;

function packedFiles(): PackedFile[] {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: rootFolder,
    env: quietNpm,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [report] = JSON.parse(output) as { files: PackedFile[] }[];
  assert.ok(report !== undefined);
  return report.files;
}

/** The types that an editor file registers; it must do so literally, as the Flow Library reads the file without running it. */
function registeredTypes(html: string): { type: string; config: boolean }[] {
  return [...html.matchAll(/RED\.nodes\.registerType\(\s*(['"])([^'"]+)\1\s*,\s*\{/g)].map((match) => {
    const after = html.slice(match.index);
    return { type: match[2] ?? '', config: /category:\s*['"]config['"]/.test(after.slice(0, 400)) };
  });
}

function editorFiles(): string[] {
  return readdirSync(join(rootFolder, 'nodes')).filter((name) => name.endsWith('.html'));
}

function exampleFlows(): { name: string; text: string }[] {
  const folder = join(rootFolder, 'examples');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

describe('package.json, as the Flow Library reads it', () => {
  it('P01: has a licence, and its text', () => {
    assert.equal(manifest.license, 'MIT');
    assert.ok(existsSync(join(rootFolder, 'LICENSE')));
  });

  it('P03: says where the code and the bugs are', () => {
    assert.match(manifest.repository?.url ?? '', /^git\+https:\/\/.+\.git$/);
    assert.match(manifest.bugs?.url ?? '', /^https:\/\//);
  });

  it('P04: has a scoped name', () => {
    assert.match(manifest.name, /^@[a-z0-9-]+\/node-red-[a-z0-9-]+$/);
  });

  it('P05: has the keyword node-red', () => {
    const keywords = manifest.keywords ?? [];
    assert.ok(keywords.includes('node-red'));
    assert.ok(keywords.includes('home-assistant'));
  });

  it('P06: takes Node-RED 4.0 and every later one', () => {
    assert.equal(manifest['node-red'].version, '>=4.0.0');
  });

  it('P07: takes the Node.js that the newest Node-RED asks for', () => {
    assert.equal(manifest.engines?.node, '>=20');
  });

  it('D01: has at most six runtime dependencies', () => {
    const dependencies = Object.keys(manifest.dependencies ?? {});
    assert.ok(dependencies.length <= 6, dependencies.join(', '));
  });

  it('lists a runtime file for each editor file, the config node first', () => {
    const names = editorFiles().map((name) => basename(name, '.html'));
    assert.deepEqual([...names].sort(), Object.keys(manifest['node-red'].nodes).sort());
    assert.equal(Object.keys(manifest['node-red'].nodes)[0], 'nas');
    for (const [name, file] of Object.entries(manifest['node-red'].nodes)) assert.equal(file, `dist/nodes/${name}.js`);
  });

  it('registers one type per editor file, literally, with the family prefix', () => {
    for (const file of editorFiles()) {
      const types = registeredTypes(readFileSync(join(rootFolder, 'nodes', file), 'utf8')).map((one) => one.type);
      assert.deepEqual(types, [`active-backup-${basename(file, '.html')}`], file);
    }
  });

  it('N02: has an example flow for every node type', () => {
    const examples = exampleFlows();
    for (const { name, text } of examples) assert.ok(Array.isArray(JSON.parse(text)), `${name} is no array`);
    const used = new Set(
      examples.flatMap(({ text }) => (JSON.parse(text) as { type: string }[]).map((node) => node.type)),
    );
    const missing = editorFiles()
      .flatMap((file) => registeredTypes(readFileSync(join(rootFolder, 'nodes', file), 'utf8')))
      .filter((node) => !node.config && !used.has(node.type))
      .map((node) => node.type);
    assert.deepEqual(missing, []);
  });

  it('locks its dependencies without the address of any registry', () => {
    const lock = readFileSync(join(rootFolder, 'package-lock.json'), 'utf8');
    assert.doesNotMatch(lock, /"resolved":\s*"https?:/);
    assert.doesNotMatch(lock, /https?:\/\/registry/);
    const settings = join(rootFolder, '.npmrc');
    if (existsSync(settings)) assert.doesNotMatch(readFileSync(settings, 'utf8'), /https?:/);
  });
});

describe('the tarball', function () {
  this.timeout(60_000);
  let files: PackedFile[];
  before(() => {
    for (const file of nodeFiles) assert.ok(existsSync(join(rootFolder, file)), `${file} is missing: npm run build`);
    files = packedFiles();
  });

  it('holds what a user needs', () => {
    const paths = new Set(files.map((file) => file.path));
    const wanted = [
      'package.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'resources/editor.js',
      ...nodeFiles,
      ...nodeFiles.map((file) => file.replace(/\.js$/, '.html')),
      ...Object.keys(manifest['node-red'].nodes).flatMap((name) => [
        `dist/nodes/locales/en-US/${name}.json`,
        `dist/nodes/locales/en-US/${name}.html`,
      ]),
    ];
    assert.deepEqual(
      wanted.filter((path) => !paths.has(path)),
      [],
    );
    assert.ok([...paths].some((path) => /^examples\/.+\.json$/.test(path)));
    assert.ok([...paths].some((path) => /^dist\/nodes\/icons\/.+\.svg$/.test(path)));
  });

  it('holds nothing else: no tests, no sources, no settings of tools', () => {
    assert.deepEqual(
      files.map((file) => file.path).filter((path) => notShipped.test(path)),
      [],
    );
  });

  it('is under 400 kB unpacked without images', () => {
    const size = files.filter((file) => !imageFile.test(file.path)).reduce((sum, file) => sum + file.size, 0);
    assert.ok(size < largestUnpackedBytes, `${size} bytes`);
  });
});

describe('the package as a library, without Node-RED', () => {
  it('gives a client and a session, and errors keep their names in the bundle', () => {
    const script = `
      const { ActiveBackupClient, ActiveBackupError, DsmError, createDsmSession } = require(process.argv[1]);
      const session = createDsmSession({ url: 'https://nas.example:5001', username: 'a', password: 'b' });
      const client = new ActiveBackupClient({ session });
      client.setWorkerCount({}).catch((error) => {
        const plain = new DsmError('TIMEOUT', 'late');
        console.log(JSON.stringify([typeof client.getTasks, error.name, error.code, plain.name, error instanceof ActiveBackupError]));
      });
    `;
    const main = join(rootFolder, manifest.main ?? '');
    const run = spawnSync(process.execPath, ['-e', script, main], { encoding: 'utf8', timeout: 20_000 });
    assert.equal(run.stderr, '');
    assert.deepEqual(JSON.parse(run.stdout), ['function', 'ActiveBackupError', 'INVALID_INPUT', 'DsmError', true]);
  });
});

describe('loading the package', () => {
  it('registers every type and does not load the MQTT client: only a publisher needs it', () => {
    const script = `
      const types = [];
      const route = () => undefined;
      const RED = {
        nodes: { registerType: (type) => types.push(type), getNode: () => null, createNode: route, eachNode: route },
        httpAdmin: { get: route, post: route, put: route, delete: route, use: route },
        auth: { needsPermission: () => route },
        events: { on: route, once: route, off: route, removeListener: route },
        hooks: { add: route, remove: route },
        log: { info: route, warn: route, error: route, debug: route, trace: route },
        settings: { userDir: process.cwd() },
        util: {},
        comms: { publish: route },
        version: () => '4.1.0',
        _: (key) => key,
      };
      for (const file of JSON.parse(process.argv[1])) {
        const loaded = require(file);
        (loaded.default ?? loaded)(RED);
      }
      const mqtt = Object.keys(require.cache).filter((file) => /node_modules[\\\\/](mqtt|mqtt-packet)[\\\\/]/.test(file));
      console.log(JSON.stringify({ types, mqtt }));
    `;
    const files = JSON.stringify(nodeFiles.map((file) => join(rootFolder, file)));
    const run = spawnSync(process.execPath, ['-e', script, files], { encoding: 'utf8', timeout: 20_000 });
    assert.equal(run.status, 0, run.stderr);
    assert.equal(run.stderr, '');
    const { types, mqtt } = JSON.parse(run.stdout) as { types: string[]; mqtt: string[] };
    assert.deepEqual(
      types.sort(),
      Object.keys(manifest['node-red'].nodes)
        .map((name) => `active-backup-${name}`)
        .sort(),
    );
    assert.deepEqual(mqtt, []);
  });
});
