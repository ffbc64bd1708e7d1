// Builds the package: TypeScript to dist/, and beside it what Node-RED looks for next to each compiled node
// (HTML, locales, icons: a root icons/ folder would not be found), and the editor's shared code to resources/.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const tsc = join(require.resolve('typescript/package.json'), '..', 'bin', 'tsc');

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit', cwd: root });

const nodes = join(root, 'dist', 'nodes');
for (const name of readdirSync(join(root, 'nodes'))) {
  if (name.endsWith('.html')) cpSync(join(root, 'nodes', name), join(nodes, name));
}
cpSync(join(root, 'nodes', 'locales'), join(nodes, 'locales'), { recursive: true });
cpSync(join(root, 'icons'), join(nodes, 'icons'), { recursive: true });

mkdirSync(join(root, 'resources'), { recursive: true });
await esbuild.build({
  entryPoints: [join(root, 'lib', 'editor', 'editor.ts')],
  outfile: join(root, 'resources', 'editor.js'),
  bundle: true,
  format: 'iife',
  globalName: 'ActiveBackupEditor',
  target: 'es2020',
  minify: true,
  logLevel: 'warning',
});
