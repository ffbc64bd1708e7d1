// Replaces everything personal in a NAS's answer, the same text always by the same stand-in, so that a person can
// attach the answer to a bug report and it still shows how things hang together.

/** Texts under these names are the API's own words and not a person's. */
const ownWords = new Set(['date', 'week_day', 'visibility', 'version', 'status', 'path', 'requestFormat']);

/** Text that is only digits and separators: dates, lists of days, numbers as text. */
const plainNumbers = /^[\d\s,./:-]*$/;

/** Makes one replacer; it keeps its stand-ins between calls. */
export function createAnonymizer(): (value: unknown) => unknown {
  const standIns = new Map<string, string>();

  const standInFor = (text: string): string => {
    const known = standIns.get(text);
    if (known !== undefined) return known;
    const number = standIns.size + 1;
    const made = text.includes('@') ? `person${number}@example.invalid` : `text-${number}`;
    standIns.set(text, made);
    return made;
  };

  const replace = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((entry) => replace(entry, name));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replace(entry, key)]));
    }
    if (typeof value !== 'string' || value === '' || ownWords.has(name)) return value;
    // A long number may be a telephone number or an account; a date or a list of days is not.
    return plainNumbers.test(value) && value.length <= 20 ? value : standInFor(value);
  };

  return (value) => replace(value, '');
}
