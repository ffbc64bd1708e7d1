// The memory's file: replaced as a whole, set aside when damaged, and done without where nothing can be written.
import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import { emptyMemory, type NasMemory } from '../../../lib/monitor';
import { memoryFile, memoryFolder } from '../../../lib/node-red/memory-file';

/** A memory that differs by a number. */
function memory(emptySinceMs: number): NasMemory {
  return { ...emptyMemory(), emptySinceMs };
}

describe('memory file', () => {
  let userDir: string;
  let warnings: string[];
  const store = (): ReturnType<typeof memoryFile> => memoryFile(userDir, 'office', (text) => warnings.push(text));
  const folder = (): string => memoryFolder(userDir);
  const file = (): string => join(folder(), 'office.json');

  beforeEach(() => {
    userDir = mkdtempSync(join(tmpdir(), 'memory-file-'));
    warnings = [];
  });
  afterEach(() => {
    rmSync(userDir, { recursive: true, force: true });
  });

  it('knows nothing at first, without a word', () => {
    assert.equal(store().load(), null);
    assert.deepEqual(warnings, []);
  });

  it('gives back what was saved, in one file that only its owner may read', () => {
    store().save(memory(1));
    store().save(memory(2));
    assert.deepEqual(store().load(), memory(2));
    assert.deepEqual(readdirSync(folder()), ['office.json']);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
    assert.equal(statSync(folder()).mode & 0o777, 0o700);
  });

  it('does not touch the disk when nothing changed', () => {
    const one = store();
    one.save(memory(1));
    const before = statSync(file(), { bigint: true });
    one.save(memory(1));
    assert.equal(statSync(file(), { bigint: true }).ino, before.ino);
    assert.equal(statSync(file(), { bigint: true }).mtimeNs, before.mtimeNs);
  });

  const damages: { title: string; text: string }[] = [
    { title: 'truncated', text: '{"version":1,"tas' },
    { title: 'empty', text: '' },
    { title: 'zeros', text: '\0'.repeat(500) },
    { title: 'other JSON', text: '[1,2]' },
    { title: 'of a version that is not known', text: '{"version":99,"tasks":{}}' },
  ];
  for (const { title, text } of damages) {
    it(`sets a file aside that is ${title}, says so once, and keeps it`, () => {
      mkdirSync(folder(), { recursive: true });
      writeFileSync(file(), text);
      const one = store();
      assert.equal(one.load(), null);
      assert.equal(warnings.length, 1);
      const aside = readdirSync(folder()).find((name) => name.startsWith('office.damaged-'));
      assert.ok(aside !== undefined && warnings[0]!.includes(aside));
      assert.equal(readFileSync(join(folder(), aside), 'utf8'), text);
      one.save(memory(3));
      assert.deepEqual(store().load(), memory(3));
      assert.equal(warnings.length, 1);
    });
  }

  it('sets aside what cannot even be read, instead of writing over it', () => {
    mkdirSync(folder(), { recursive: true });
    // A loop of links fails to be read for everybody, root included.
    symlinkSync('office.json', file());
    const one = store();
    assert.equal(one.load(), null);
    assert.equal(warnings.length, 1);
    one.save(memory(4));
    assert.deepEqual(store().load(), memory(4));
  });

  it('warns once where nothing can be written, and again when that comes back', () => {
    // A file in the folder's place: no user may write into it.
    writeFileSync(folder(), '');
    const one = store();
    assert.equal(one.load(), null);
    for (let number = 0; number < 5; number += 1) one.save(memory(number));
    const written = warnings.filter((text) => text.includes('cannot be written'));
    assert.equal(written.length, 1);
    rmSync(folder());
    one.save(memory(9));
    assert.deepEqual(store().load(), memory(9));
  });

  it('warns once in a read-only directory, and leaves the old memory readable', function () {
    if (process.getuid?.() === 0) this.skip();
    store().save(memory(1));
    chmodSync(folder(), 0o500);
    try {
      const one = store();
      one.save(memory(2));
      one.save(memory(3));
      assert.equal(warnings.length, 1);
      assert.deepEqual(store().load(), memory(1));
    } finally {
      chmodSync(folder(), 0o700);
    }
  });

  it('holds the old or the new memory whenever the process is killed, and leaves no heap of files', async function () {
    this.timeout(60_000);
    for (let kill = 0; kill < 4; kill += 1) {
      const writer = fork(join(__dirname, 'memory-writer.ts'), [userDir], {
        execArgv: ['--import', 'tsx'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      await new Promise((resolve) => writer.once('message', resolve));
      await new Promise((resolve) => setTimeout(resolve, 5 * kill));
      writer.kill('SIGKILL');
      await new Promise((resolve) => writer.once('exit', resolve));
      const read = store().load();
      assert.ok((read?.emptySinceMs ?? 0) > 0);
      assert.equal(read?.watchers.length, 2000, 'as a whole');
    }
    assert.deepEqual(warnings, []);
    assert.ok(readdirSync(folder()).length <= 2);
  });
});
