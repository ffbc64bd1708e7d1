// What the errors of sockets and TLS mean to a person, as a table.
import { DsmError, type DsmErrorCode, type Outcome } from './errors';

interface Meaning {
  code: DsmErrorCode;
  /** The sentence after "host:port". */
  sentence: string;
  /** True where the failure itself proves that no request can have arrived. */
  neverSent?: boolean;
}

const UNTRUSTED: Meaning = {
  code: 'TLS',
  sentence:
    'shows a certificate that is not trusted here (DSM makes its own at first). Give its CA certificate in the TLS ' +
    'settings, pin its fingerprint, or turn "Verify certificate" off.',
  neverSent: true,
};

const NOT_FOUND: Meaning = {
  code: 'UNREACHABLE',
  sentence: 'cannot be found: its name has no address. Check the name and the DNS of this machine.',
  neverSent: true,
};

const NO_ROUTE: Meaning = {
  code: 'UNREACHABLE',
  sentence: 'cannot be reached: there is no way to its network. Is the NAS switched on and on this network?',
  neverSent: true,
};

const NOT_TLS: Meaning = {
  code: 'TLS',
  sentence: 'does not speak TLS as expected. Does the port belong to https (DSM: 5001), or should it be http://?',
  neverSent: true,
};

const CUT: Meaning = {
  code: 'UNREACHABLE',
  sentence: 'closed the connection before it had answered.',
};

/** By the codes that Node.js and OpenSSL give. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: {
    code: 'UNREACHABLE',
    sentence: 'refuses connections. Check the port, and whether DSM is running.',
    neverSent: true,
  },
  ENOTFOUND: NOT_FOUND,
  EAI_AGAIN: NOT_FOUND,
  EAI_FAIL: NOT_FOUND,
  EHOSTUNREACH: NO_ROUTE,
  EHOSTDOWN: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  ENETDOWN: NO_ROUTE,
  EADDRNOTAVAIL: NO_ROUTE,
  ETIMEDOUT: { code: 'TIMEOUT', sentence: 'did not answer in time.' },
  ECONNRESET: CUT,
  EPIPE: CUT,
  ECONNABORTED: CUT,
  ERR_BAD_RESPONSE: CUT,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID: {
    code: 'TLS',
    sentence: 'shows a certificate for another name. Use the name that the certificate holds, or pin its fingerprint.',
    neverSent: true,
  },
  CERT_HAS_EXPIRED: {
    code: 'TLS',
    sentence: 'shows a certificate that has expired. Renew it in DSM (Control Panel, Security, Certificate).',
    neverSent: true,
  },
  CERT_NOT_YET_VALID: {
    code: 'TLS',
    sentence: 'shows a certificate that is not valid yet. Compare the clocks of the NAS and this machine.',
    neverSent: true,
  },
  EPROTO: NOT_TLS,
  CERTIFICATE_PIN_MISMATCH: {
    code: 'TLS',
    sentence:
      'shows another certificate than the pinned one. If the certificate was renewed, pin the new fingerprint; if not, ' +
      'somebody may stand between this machine and the NAS.',
    neverSent: true,
  },
};

function meaningOf(errorCode: string): Meaning {
  const known = MEANINGS[errorCode];
  if (known !== undefined) return known;
  if (/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_)/.test(errorCode)) return NOT_TLS;
  if (/^(CERT_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))/.test(errorCode)) return UNTRUSTED;
  if (errorCode.startsWith('HPE_') || errorCode.startsWith('Z_')) {
    return { code: 'INVALID_RESPONSE', sentence: 'did not answer in proper HTTP.' };
  }
  return { code: 'UNREACHABLE', sentence: 'cannot be reached.' };
}

/**
 * The error for a connection that failed. Only the code of the original is used: its text may repeat what was sent.
 * @param sent whether the request had been handed to an open connection
 */
export function networkError(host: string, errorCode: string, sent: boolean): DsmError {
  const meaning = meaningOf(errorCode);
  const outcome: Outcome = sent && meaning.neverSent !== true ? 'unknown' : 'not_sent';
  const named = /^[A-Z][A-Z0-9_]{1,59}$/.test(errorCode) ? ` (${errorCode})` : '';
  return new DsmError(meaning.code, `${host} ${meaning.sentence}${named}`, { outcome });
}
