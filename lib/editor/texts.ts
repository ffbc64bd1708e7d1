// Texts that all dialogs share. Node-RED keeps one catalog per node file; the shared ones stand in the connection's.

const sharedCatalog = '@nas-flows/node-red-active-backup-m365/nas';

/** The text of a key in the user's language. `values` fill the places written as `__name__`. */
export function text(key: string, values?: Record<string, string | number>): string {
  return RED._(`${sharedCatalog}:${key}`, values);
}

const fallback = 'en-US';

function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? fallback;
  } catch {
    return fallback;
  }
}

/** The language of the editor as a tag that Intl takes. */
export function language(): string {
  return canonical(RED.i18n.lang());
}

/** The user's language with its country. Node-RED leaves the country out, and says en-US where it lacks the language. */
export function locale(): string {
  const [spoken, own] = [language(), canonical(navigator.language)];
  return spoken === fallback || own.split('-')[0] === spoken.split('-')[0] ? own : spoken;
}
