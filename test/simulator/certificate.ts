// The self-signed certificate of a simulated NAS, as DSM has one by default.

import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate and its key, both PEM. */
export interface Certificate {
  certificatePem: string;
  keyPem: string;
  /** SHA-256 of the certificate, upper-case hexadecimal with colons. */
  fingerprint: string;
}

/** Makes a new certificate for this machine's loopback names. */
export async function createCertificate(): Promise<Certificate> {
  const pems = await generate([{ name: 'commonName', value: 'synology' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 24 * 3_600_000),
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return {
    certificatePem: pems.cert,
    keyPem: pems.private,
    fingerprint: new X509Certificate(pems.cert).fingerprint256,
  };
}
