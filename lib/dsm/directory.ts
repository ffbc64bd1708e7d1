// Which APIs a NAS offers, where and in which versions: SYNO.API.Info, asked by name and only for what is needed.
import { missingApiError } from './codes';
import type { RequestFormat } from './encoding';
import { isRecord } from './envelope';
import { DsmError } from './errors';
import type { Reply } from './gateway';

/** Where an API lives and which versions it understands, both ends included. */
export interface ApiEntry {
  path: string;
  minVersion: number;
  maxVersion: number;
  requestFormat: RequestFormat;
}

/** Asks SYNO.API.Info for these names. */
export type AskInfo = (names: readonly string[], signal: AbortSignal | undefined) => Promise<Reply>;

function readVersion(value: unknown): number | null {
  const version = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value;
  return typeof version === 'number' && Number.isInteger(version) && version >= 0 ? version : null;
}

/**
 * A path is used as given (DSM 5 pads it with dozens of underscores, DSM 6 has `auth.cgi`), as long as it stays below
 * `/webapi/`: a damaged or hostile answer must not choose where a password goes.
 */
function readPath(value: unknown): string | null {
  return typeof value === 'string' && /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(value) ? value : null;
}

/**
 * Reads one element of the list.
 * @returns null when it cannot be used
 */
export function readApiEntry(value: unknown): ApiEntry | null {
  if (!isRecord(value)) return null;
  const path = readPath(value.path);
  const minVersion = readVersion(value.minVersion);
  const maxVersion = readVersion(value.maxVersion);
  if (path === null || minVersion === null || maxVersion === null) return null;
  return { path, minVersion, maxVersion, requestFormat: value.requestFormat === 'JSON' ? 'JSON' : 'raw' };
}

/** The part of a NAS's list of APIs that was needed so far. What is missing is asked again each time: packages come back. */
export class ApiDirectory {
  readonly #entries = new Map<string, ApiEntry>();
  readonly #foreseen: ReadonlySet<string>;
  readonly #askInfo: AskInfo;
  readonly #host: string;

  /** @param foreseen names that will be needed; they are asked for together with the first one */
  constructor(options: { askInfo: AskInfo; foreseen: readonly string[]; host: string }) {
    this.#askInfo = options.askInfo;
    this.#foreseen = new Set(options.foreseen);
    this.#host = options.host;
  }

  /** Whether the entry is known without asking. */
  knows(api: string): boolean {
    return this.#entries.has(api);
  }

  /**
   * The entry of an API, asked for where it is not known.
   * @throws DsmError PACKAGE_UNAVAILABLE or NOT_SUPPORTED when the NAS does not list it; INVALID_RESPONSE; transport
   */
  async find(api: string, signal?: AbortSignal): Promise<ApiEntry> {
    const known = this.#entries.get(api);
    if (known !== undefined) return known;
    const names = [...new Set([api, ...this.#foreseen])].filter((name) => !this.#entries.has(name));
    const reply = await this.#askInfo(names, signal);
    if (!reply.success || !isRecord(reply.data)) throw this.#unreadable();
    for (const name of names) {
      const entry = readApiEntry(reply.data[name]);
      if (entry !== null) this.#entries.set(name, entry);
    }
    const found = this.#entries.get(api);
    if (found !== undefined) return found;
    throw reply.data[api] === undefined ? missingApiError(api) : this.#unreadable();
  }

  /** Forgets an API, or all, so that it is asked for again: after an update, paths and versions may have changed. */
  forget(api?: string): void {
    if (api === undefined) this.#entries.clear();
    else this.#entries.delete(api);
  }

  #unreadable(): DsmError {
    const text = `${this.#host} gave a list of its APIs that cannot be read. Is this the address of DSM?`;
    return new DsmError('INVALID_RESPONSE', text, { outcome: 'not_sent' });
  }
}
