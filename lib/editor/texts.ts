// Texts that all dialogs share. Node-RED keeps one catalog per node file; the shared ones stand in the connection's.

const sharedCatalog = '@nas-flows/node-red-active-backup-m365/nas';

/** The text of a key in the user's language. `values` fill the places written as `__name__`. */
export function text(key: string, values?: Record<string, string | number>): string {
  return RED._(`${sharedCatalog}:${key}`, values);
}

/** The language of the editor as a tag that Intl takes. */
export function language(): string {
  const tag = RED.i18n.lang();
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? 'en-US';
  } catch {
    return 'en-US';
  }
}
