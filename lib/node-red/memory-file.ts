// One file per NAS in the user directory for what must outlive a restart: Node-RED's default context does not.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMemory, type MemoryStore, type NasMemory } from '../monitor';

/** Where the files of all NASes lie. */
export function memoryFolder(userDir: string): string {
  return join(userDir, 'active-backup-m365');
}

/**
 * The memory of one NAS as `<userDir>/active-backup-m365/<slug>.json`, replaced atomically and readable by its owner
 * only. A damaged file is set aside under another name and said, never deleted; where nothing can be written, one
 * warning is given and the nodes work without.
 */
export function memoryFile(userDir: string, slug: string, warn: (text: string) => void): MemoryStore {
  const folder = memoryFolder(userDir);
  const file = join(folder, `${slug}.json`);
  let written: string | null = null;
  let warned = false;

  const setAside = (why: string): void => {
    const aside = join(folder, `${slug}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}.json`);
    try {
      renameSync(file, aside);
      warn(`What was remembered of this NAS ${why}; the file was set aside as ${aside}.`);
    } catch {
      warn(`What was remembered of this NAS ${why}, and ${file} could not be set aside.`);
    }
  };

  return {
    load(): NasMemory | null {
      let text: string;
      try {
        text = readFileSync(file, 'utf8');
      } catch (error) {
        if (!isMissing(error)) warn(`What is remembered of this NAS could not be read from ${file}.`);
        return null;
      }
      const memory = parse(text);
      if (!memory) setAside('could not be understood');
      return memory;
    },
    save(memory: NasMemory): void {
      const text = JSON.stringify(memory);
      if (text === written) return;
      const temporary = `${file}.${process.pid}.tmp`;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(temporary, text, { mode: 0o600 });
        renameSync(temporary, file);
        written = text;
        warned = false;
      } catch {
        rmSync(temporary, { force: true });
        if (!warned)
          warn(`What must be remembered of this NAS cannot be written to ${file}; a restart will forget it.`);
        warned = true;
      }
    },
  };
}

function parse(text: string): NasMemory | null {
  try {
    return readMemory(JSON.parse(text));
  } catch {
    return null;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
