// A connection's short id for topics and entity ids: made once, from its name or its host. Pure.

/** A text as small letters, digits and underscores; empty when nothing of it remains. */
export function toSlug(source: string): string {
  return source
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return '';
  }
}

/** Ids of the tasks of a NAS `a` begin with `a_task_1`: no other NAS's short id may look so. */
function unlikeTask(slug: string): string {
  return slug.replace(/_task_(?=\d+(?:_|$))/g, '_task');
}

/** The short id of a new connection: from the name, else the host, else "nas", with a number where it is taken. */
export function makeSlug(name: string, url: string, taken: ReadonlySet<string>): string {
  const isReference = name.startsWith('$');
  const base = unlikeTask((isReference ? '' : toSlug(name)) || toSlug(hostOf(url)) || 'nas');
  if (!taken.has(base)) return base;
  const numbered = (number: number): string => unlikeTask(`${base}_${String(number)}`);
  let number = 2;
  while (taken.has(numbered(number))) number += 1;
  return numbered(number);
}
