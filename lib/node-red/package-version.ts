// This package's own version, as its package.json says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asObject } from './config-values';

/** The version, e.g. `1.2.3`. */
export function packageVersion(): string {
  // From dist/lib/node-red, and from lib/node-red where tests run the sources.
  for (const up of ['../../..', '../..']) {
    try {
      const file: unknown = JSON.parse(readFileSync(join(__dirname, up, 'package.json'), 'utf8'));
      const version = asObject(file)?.version;
      if (typeof version === 'string') return version;
    } catch {
      continue;
    }
  }
  return '0.0.0';
}
