// A connection that was set up in the editor and is not deployed yet: what is asked with the password that was typed.

/** What Node-RED shows in place of a stored secret. */
export const storedSecret = '__PWRD__';

/** A secret that was typed; undefined where there is none, or where only the runtime knows it. */
export function typedSecret(value: unknown): string | undefined {
  return typeof value !== 'string' || value === '' || value === storedSecret ? undefined : value;
}

/** The fields of a connection as the test of it takes them. */
export interface DraftConnection {
  id: string;
  url: string;
  tls: string;
  /** As it is stored: perhaps as text, or as an environment variable. */
  verifyCertificate: unknown;
  certificateSha256: string;
  timeoutSeconds: string;
  username: string;
  password: string | undefined;
  deviceToken: string | undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/**
 * The connection as it stands in the editor, when it was changed since the last deploy; null otherwise: then what is
 * deployed is asked. Node-RED forgets a typed password when it has deployed it. Without one the run time uses the
 * stored one, and refuses that for another address; a connection without any cannot be asked.
 */
export function draftOf(
  node: ({ readonly id: string } & Readonly<Record<string, unknown>>) | null | undefined,
): DraftConnection | null {
  const credentials = (node?.credentials ?? {}) as Readonly<Record<string, unknown>>;
  const password = typedSecret(credentials.password);
  if (node === null || node === undefined) return null;
  if (password === undefined && !(node.changed === true && credentials.has_password === true)) return null;
  return {
    id: node.id,
    url: textOf(node.url),
    tls: textOf(node.tls),
    verifyCertificate: node.verifyCertificate ?? true,
    certificateSha256: textOf(node.certificateSha256),
    timeoutSeconds: textOf(node.timeoutSeconds),
    username: textOf(credentials.username),
    password,
    deviceToken: typedSecret(credentials.deviceToken),
  };
}
