// Replaces everything personal in a NAS's answer, the same text always by the same stand-in, so that a person can
// attach the answer to a bug report and it still shows how things hang together.

/** Texts that are the API's own words, by the field they stand in; anything else in that field is replaced too. */
const ownWords: Readonly<Record<string, RegExp>> = {
  date: /^\d{1,4}\/\d{1,2}\/\d{1,2}$/,
  week_day: /^\d(,\d)*$/,
  visibility: /^(Private|Public)$/i,
  version: /^[\d.-]{1,24}$/,
  status: /^[a-z_]{1,20}$/,
};

/** A number as text, which some versions send. A telephone number begins with 0 or +, or stands in a field for names. */
const numberText = /^-?(0|[1-9]\d{0,19})(\.\d+)?$/;
const personalField = /name|user|account|mail|phone|tenant|address|host|descri|label|title|owner|domain|path|url/i;

/** A key that may be a field's name; a key of any other form is a person's or an object's. */
const fieldName = /^[a-z][a-z0-9_]{0,63}$/i;
const guid = /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;
const mailAddress = /^[^\s@]+@[^\s@]+$/;

/** Makes one replacer; it keeps its stand-ins between calls. */
export function createAnonymizer(): (value: unknown) => unknown {
  const standIns = new Map<string, string>();

  const standInFor = (text: string): string => {
    const known = standIns.get(text);
    if (known !== undefined) return known;
    const number = standIns.size + 1;
    const made = mailAddress.test(text) ? `person${number}@example.invalid` : `text-${number}`;
    standIns.set(text, made);
    return made;
  };

  const replaceText = (text: string, field: string): string => {
    if (text === '' || ownWords[field]?.test(text) === true) return text;
    return numberText.test(text) && !personalField.test(field) ? text : standInFor(text);
  };

  const replace = (value: unknown, field: string): unknown => {
    if (Array.isArray(value)) return value.map((entry) => replace(entry, field));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, entry]) => {
          const safe = fieldName.test(key) && !guid.test(key) ? key : standInFor(key);
          return [safe, replace(entry, key)];
        }),
      );
    }
    return typeof value === 'string' ? replaceText(value, field) : value;
  };

  return (value) => replace(value, '');
}
