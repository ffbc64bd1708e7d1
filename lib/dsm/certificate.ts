// Looks at the certificate of a NAS, so that a person can compare its fingerprint and pin it.
import { isIP } from 'node:net';
import * as tls from 'node:tls';
import { DsmError } from './errors';
import { networkError } from './network-errors';
import { parseNasUrl } from './url';

/** What a person needs to recognise a certificate. */
export interface CertificateFacts {
  /** SHA-256 of the certificate: 64 lower-case hexadecimal digits. */
  fingerprintSha256: string;
  subject: string | null;
  issuer: string | null;
  /** Milliseconds since the epoch, or null where the certificate does not say it readably. */
  validFromMs: number | null;
  validToMs: number | null;
  /** Whether this machine trusts it without any pin. */
  trusted: boolean;
}

/** A SHA-256 fingerprint as people write it (colons, spaces, capitals) → 64 lower-case digits; null when it is none. */
export function normalizeFingerprint(text: string): string | null {
  const digits = text.replace(/[\s:]/g, '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : null;
}

/** The normalised SHA-256 fingerprint of a peer's certificate; empty when it showed none. */
export function fingerprintOf(certificate: Partial<tls.PeerCertificate>): string {
  return normalizeFingerprint(certificate.fingerprint256 ?? '') ?? '';
}

function timeOf(text: string | undefined): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}

function nameOf(name: { CN?: string | string[] } | undefined): string | null {
  const common = name?.CN;
  return (Array.isArray(common) ? common.join(', ') : common) ?? null;
}

function factsOf(socket: tls.TLSSocket): CertificateFacts {
  const certificate: Partial<tls.PeerCertificate> = socket.getPeerCertificate();
  return {
    fingerprintSha256: fingerprintOf(certificate),
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    validFromMs: timeOf(certificate.valid_from),
    validToMs: timeOf(certificate.valid_to),
    trusted: socket.authorized,
  };
}

/**
 * Asks a NAS for its certificate. The handshake is all that happens: no request and no credential is sent, so an
 * untrusted certificate may be looked at.
 * @throws DsmError UNREACHABLE, TIMEOUT, TLS or ABORTED
 */
export function readCertificate(
  address: string,
  options: { timeoutMs: number; tls?: tls.ConnectionOptions; signal?: AbortSignal },
): Promise<CertificateFacts> {
  const parsed = parseNasUrl(address);
  if (!parsed.ok) return Promise.reject(new DsmError('UNREACHABLE', parsed.problem, { outcome: 'not_sent' }));
  const { url } = parsed;
  if (!url.secure) {
    const text = `${url.host} is addressed with http://, where there is no certificate.`;
    return Promise.reject(new DsmError('TLS', text, { outcome: 'not_sent' }));
  }
  const { hostname, port } = new URL(url.origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      ...options.tls,
      host,
      port: port === '' ? 443 : Number(port),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: false,
    });
    const finish = (settle: () => void): void => {
      clearTimeout(deadline);
      options.signal?.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error').on('error', () => undefined);
      socket.destroy();
      settle();
    };
    const fail = (code: string): void => finish(() => reject(networkError(url.host, code, false)));
    const onAbort = (): void =>
      finish(() => reject(new DsmError('ABORTED', 'The request was given up.', { outcome: 'not_sent' })));
    const deadline = setTimeout(() => fail('ETIMEDOUT'), options.timeoutMs);
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? ''));
    socket.once('secureConnect', () => {
      const facts = factsOf(socket);
      finish(() => resolve(facts));
    });
    if (options.signal?.aborted === true) onAbort();
    else options.signal?.addEventListener('abort', onAbort, { once: true });
  });
}
