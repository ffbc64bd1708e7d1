// From a name that a person chose to the letters that ids and topics may hold.

/** Letters that do not come apart into a base letter and a mark. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

const longestSlug = 40;

/** Names are in the attributes that Home Assistant records with each state, and it drops those over 16 kB. */
const longestName = 1000;

/**
 * An e-mail address, also one of another script or within a tenant that has no dot. The look back lets a match begin
 * at the beginning of a word only: a name of many thousand letters would else be searched again from each of them.
 */
const address = /(?<![^\s<>"(),;:])[^\s<>"(),;:]+[@＠][^\s<>"(),;:!?]+/gu;

/**
 * A task's name as it may be published: without control characters and halves of letters, with three stars for an
 * e-mail address, and not endless. Names are free text on the NAS, and an administrator's address has no place on a
 * broker.
 */
export function publicName(name: string): string {
  const safe = name
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(address, '***')
    .trim();
  return Array.from(safe).slice(0, longestName).join('').trim();
}

/** A name in `[a-z0-9_]`, at most 40 long; empty when nothing of it can be written so (emoji, other scripts). */
export function slugify(name: string): string {
  return name
    .toLowerCase()
    .replace(/[ßæœøđðłþı]/g, (letter) => letters[letter] ?? '')
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, longestSlug)
    .replace(/^_+|_+$/g, '');
}
