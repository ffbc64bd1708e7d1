// This package's own version, as its package.json says; the build puts it into the code.
import { version } from '../../package.json';

/** The version, e.g. `1.2.3`. */
export function packageVersion(): string {
  return version;
}
