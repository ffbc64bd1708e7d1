// One file per NAS in the user directory for what must outlive a restart: Node-RED's default context does not.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMemory, type MemoryStore, type NasMemory } from '../monitor';

/** Where the files of all NASes lie. */
export function memoryFolder(userDir: string): string {
  return join(userDir, 'active-backup-m365');
}

/**
 * The memory of one NAS as `<userDir>/active-backup-m365/<slug>.json`, replaced atomically and readable by its owner
 * only. A file that is damaged or cannot be read is set aside under another name and said, never deleted; where nothing can be written, one
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
        // What cannot be read now must not be replaced either.
        if (!isMissing(error)) setAside('could not be read');
        return null;
      }
      const memory = parse(text);
      if (!memory) setAside('could not be understood');
      return memory;
    },
    save(memory: NasMemory): void {
      const text = JSON.stringify(memory);
      if (text === written) return;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        replaceFile(file, text);
        written = text;
        warned = false;
      } catch {
        if (!warned)
          warn(`What must be remembered of this NAS cannot be written to ${file}; a restart will forget it.`);
        warned = true;
      }
    },
  };
}

/**
 * Replaces a file so that at any moment, also after a power cut, it holds either the old text or the new one. The
 * temporary file has one name only, so that kills leave no heap of them.
 */
function replaceFile(file: string, text: string): void {
  const temporary = `${file}.tmp`;
  try {
    const handle = openSync(temporary, 'w', 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
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
