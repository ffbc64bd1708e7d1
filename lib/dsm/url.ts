// Reads the address of a NAS as a person types it.

/** A NAS's address, taken apart. */
export interface NasUrl {
  /** Scheme, host and port without a trailing slash: `https://nas.example:5001`. */
  origin: string;
  /** Path prefix of a reverse proxy without a trailing slash; mostly empty. */
  basePath: string;
  /** `host:port` as messages may name it; the port is left out where it is the scheme's own. */
  host: string;
  /** Whether the connection is encrypted. */
  secure: boolean;
}

/** An address that was understood, or one sentence on what is wrong with it. It never repeats what was typed. */
export type NasUrlResult = { ok: true; url: NasUrl } | { ok: false; problem: string };

const EXAMPLE = 'for example https://nas.example:5001';

function problem(text: string): NasUrlResult {
  return { ok: false, problem: `${text}, ${EXAMPLE}.` };
}

/**
 * Understands `http://` and `https://` addresses, with a port and a path prefix where needed. What a browser shows
 * after `#` is dropped, as DSM's own pages add it. User names in the address and query strings are refused: both tend
 * to hold secrets, and addresses are printed in logs.
 */
export function parseNasUrl(text: string): NasUrlResult {
  const trimmed = text.trim();
  if (trimmed === '') return problem('The address of the NAS is missing');
  if (!/^https?:\/\//i.test(trimmed)) return problem('The address of the NAS must begin with https:// or http://');
  let parsed: URL;
  try {
    parsed = new URL(trimmed);
  } catch {
    return problem('The address of the NAS cannot be read; it needs a host and, where it is not the usual one, a port');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return problem('The address of the NAS may not contain a user name or password; they have fields of their own');
  }
  if (parsed.search !== '') return problem('The address of the NAS may not contain a question mark');
  return {
    ok: true,
    url: {
      origin: parsed.origin,
      basePath: parsed.pathname.replace(/\/+$/, ''),
      host: parsed.host,
      secure: parsed.protocol === 'https:',
    },
  };
}
