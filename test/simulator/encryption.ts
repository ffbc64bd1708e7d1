// `SYNO.API.Encryption`: the key with which clients on plain HTTP hide their login, and the way back.

import {
  constants,
  createDecipheriv,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto';
import { answer, type ApiRule } from './call-types';
import { isObject } from './json';
import { type NasCore } from './nas-core';

const CIPHER_KEY = '__cIpHeRtExT';
const CIPHER_TOKEN = '__cIpHeRtOkEn';
/** The known client sends a pass phrase of 501 bytes, the most that fits into 4096 bits. */
const KEY_BITS = 4096;

let keyPair: { publicKey: KeyObject; privateKey: KeyObject } | null = null;

/** The key is made when somebody first asks: that takes a second or more. */
function keys(): { publicKey: KeyObject; privateKey: KeyObject } {
  keyPair ??= generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
  return keyPair;
}

/** The API on this NAS. */
export function encryptionApi(nas: NasCore): ApiRule {
  return {
    name: 'SYNO.API.Encryption',
    minVersion: 1,
    maxVersion: 1,
    access: 'open',
    methods: {
      getinfo: {
        parameters: { format: { type: 'raw', default: null } },
        handle: () =>
          answer({
            cipherkey: CIPHER_KEY,
            ciphertoken: CIPHER_TOKEN,
            public_key: Buffer.from(keys().publicKey.export({ format: 'jwk' }).n ?? '', 'base64url').toString('hex'),
            server_time: Math.floor(nas.nowMs() / 1000),
          }),
      },
    },
  };
}

/** RSA PKCS#1 v1.5 by hand: newer Node.js versions refuse that padding for decryption. */
function decryptPassphrase(encrypted: Buffer): Buffer {
  const block = privateDecrypt({ key: keys().privateKey, padding: constants.RSA_NO_PADDING }, encrypted);
  return block.subarray(block.indexOf(0, 2) + 1);
}

/** AES-256-CBC with OpenSSL's salted MD5 key derivation. */
function decryptText(encrypted: Buffer, passphrase: Buffer): string {
  const salt = encrypted.subarray(8, 16);
  const material: Buffer[] = [];
  let last: Buffer = Buffer.alloc(0);
  while (Buffer.concat(material).length < 48) {
    last = createHash('md5')
      .update(Buffer.concat([last, passphrase, salt]))
      .digest();
    material.push(last);
  }
  const derived = Buffer.concat(material);
  const decipher = createDecipheriv('aes-256-cbc', derived.subarray(0, 32), derived.subarray(32, 48));
  return Buffer.concat([decipher.update(encrypted.subarray(16)), decipher.final()]).toString('utf8');
}

/** The login fields that came encrypted; none when there were none or they cannot be read. */
export function decryptFields(parameters: ReadonlyMap<string, string>): Map<string, string> {
  const text = parameters.get(CIPHER_KEY);
  if (text === undefined || keyPair === null) return new Map();
  try {
    const parcel: unknown = JSON.parse(text);
    if (!isObject(parcel)) return new Map();
    const passphrase = decryptPassphrase(Buffer.from(String(parcel.rsa), 'base64'));
    return new Map(new URLSearchParams(decryptText(Buffer.from(String(parcel.aes), 'base64'), passphrase)));
  } catch {
    return new Map();
  }
}
