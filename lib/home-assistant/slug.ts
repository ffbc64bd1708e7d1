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

/**
 * A task's name as it may be published: without control characters, and with three stars for an e-mail address. Names
 * are free text on the NAS, and an administrator's address has no place on a broker.
 */
export function publicName(name: string): string {
  return name
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '***')
    .trim();
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

/**
 * A slug for each task, from its name. Names that leave nothing, or the same as a task with a lower id, get the id:
 * so a new task never changes the slug of an older one.
 */
export function taskSlugs(tasks: readonly { id: number; name: string }[]): Map<number, string> {
  const taken = new Set<string>();
  const slugs = new Map<number, string>();
  for (const { id, name } of [...tasks].sort((a, b) => a.id - b.id)) {
    const plain = slugify(publicName(name));
    const wanted = plain === '' ? `task_${id}` : plain;
    const slug = taken.has(wanted) ? `${wanted}_${id}` : wanted;
    taken.add(slug);
    slugs.set(id, slug);
  }
  return slugs;
}
