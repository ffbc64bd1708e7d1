// Builds the package: all code in one file, a small file per node that Node-RED loads, and beside it what Node-RED looks
// for there (HTML, texts, icons: a root icons/ folder would not be found), and the editor's shared code in resources/.
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const finished = join(root, 'dist');
/** Built aside and then put in place at once, so that whoever packs or starts meanwhile never finds half of it. */
const dist = join(root, '.cache', `dist-${process.pid}`);
const sources = join(root, 'nodes');
const names = readdirSync(sources)
  .filter((name) => name.endsWith('.html'))
  .map((name) => basename(name, '.html'));

/** The nodes are written as CommonJS modules; as plain imports they need no wrapper in the bundle. */
const nodesAsModules = {
  name: 'nodes as modules',
  setup(build) {
    build.onLoad({ filter: /[\\/]nodes[\\/][^\\/]+\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/^export = /m, 'export default '),
      loader: 'ts',
    }));
  },
};

/** A style sheet is imported as its minified text. */
const sheetsAsText = {
  name: 'style sheets as text',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true });
      return { contents: code, loader: 'text' };
    });
  },
};

/** One bundle, because what the nodes share (the deployed NASes, the sessions) must be there once. */
async function bundleCode() {
  const entry = [
    ...names.map((name, index) => `import node${index} from './nodes/${name}';`),
    `export const nodes = { ${names.map((name, index) => `'${name}': node${index}`).join(', ')} };`,
    "export * from './lib/dsm';",
    "export * from './lib/active-backup';",
  ];
  await esbuild.build({
    stdin: { contents: entry.join('\n'), resolveDir: root, loader: 'ts' },
    outfile: join(dist, 'active-backup.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    charset: 'utf8',
    minify: true,
    plugins: [nodesAsModules],
    logLevel: 'warning',
  });
  for (const name of names) {
    writeFileSync(
      join(dist, 'nodes', `${name}.js`),
      `module.exports = require('../active-backup.js').nodes['${name}'];\n`,
    );
  }
}

/** An editor file without its indentation; the registration stays literal, as the Flow Library reads it. */
async function compactHtml(html) {
  const registration = /(<script type="text\/javascript">)([\s\S]*?)(<\/script>)/;
  const [, open, script, close] = registration.exec(html);
  const { code } = await esbuild.transform(script, { minifyWhitespace: true, charset: 'utf8' });
  return html
    .replace(registration, () => `${open}\n${code}${close}`)
    .replace(/>\s+</g, '>\n<')
    .replace(/\n\s+/g, '\n');
}

async function copyEditorFiles() {
  for (const name of names) {
    const html = readFileSync(join(sources, `${name}.html`), 'utf8');
    writeFileSync(join(dist, 'nodes', `${name}.html`), await compactHtml(html));
  }
  for (const language of readdirSync(join(sources, 'locales'))) {
    const from = join(sources, 'locales', language);
    const to = join(dist, 'nodes', 'locales', language);
    mkdirSync(to, { recursive: true });
    for (const file of readdirSync(from)) {
      const text = readFileSync(join(from, file), 'utf8');
      const compact = file.endsWith('.json') ? JSON.stringify(JSON.parse(text)) : text.replace(/<!--.*?-->\n/g, '');
      writeFileSync(join(to, file), compact);
    }
  }
  cpSync(join(root, 'icons'), join(dist, 'nodes', 'icons'), { recursive: true });
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'nodes'), { recursive: true });
await Promise.all([
  bundleCode(),
  copyEditorFiles(),
  esbuild.build({
    entryPoints: [join(root, 'lib', 'editor', 'editor.ts')],
    outfile: join(root, 'resources', 'editor.js'),
    bundle: true,
    format: 'iife',
    globalName: 'ActiveBackupEditor',
    target: 'es2020',
    charset: 'utf8',
    minify: true,
    plugins: [sheetsAsText],
    logLevel: 'warning',
  }),
]);
rmSync(finished, { recursive: true, force: true });
renameSync(dist, finished);
