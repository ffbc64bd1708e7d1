// How the entity ids of a NAS's tasks are told apart.
import type { EntityRow } from './entity';
import { packageEntities, packageServiceEntities } from './package-entities';
import { serviceNames } from './services';
import { publicName, slugify } from './slug';
import { taskEntities, taskServiceEntities } from './task-entities';

const ofTask = [...taskEntities, ...serviceNames.flatMap(taskServiceEntities)];
const ofPackage = [...packageEntities, ...serviceNames.flatMap(packageServiceEntities)];

/** What may stand before the key of a task's entity so that a key of `rows` comes of it: `mail` in `mail_problem`. */
function beginnings(rows: readonly EntityRow[]): Set<string> {
  const found = new Set<string>();
  for (const { platform, key } of rows) {
    for (const own of ofTask) {
      if (own.platform === platform && key.endsWith(`_${own.key}`)) found.add(key.slice(0, -own.key.length - 1));
    }
  }
  return found;
}

/** A task with one of these slugs would have the id of an entity of the package. */
const reserved = beginnings(ofPackage);
/** Of two tasks called `Sales` and `Sales mail`, the one's `mail_problem` would be the other's `problem`. */
const endings = beginnings(ofTask);

/**
 * A slug for each task, from its name, so that no two entities suggest one id. Names that leave nothing, or something
 * that a task with a lower id has, get the id: so a new task never changes the slug of an older one.
 */
export function taskSlugs(tasks: readonly { id: number; name: string }[]): Map<number, string> {
  const taken = new Set(reserved);
  const slugs = new Map<number, string>();
  const withEndings = (slug: string): string[] => [slug, ...[...endings].map((ending) => `${slug}_${ending}`)];
  const given = new Set<string>();
  const isFree = (slug: string): boolean => !taken.has(slug) && !withEndings(slug).some((each) => given.has(each));
  for (const { id, name } of [...tasks].sort((a, b) => a.id - b.id)) {
    const plain = slugify(publicName(name));
    const wanted = plain === '' ? `task_${id}` : plain;
    let slug = wanted;
    for (let count = 1; !isFree(slug); count += 1) slug = count === 1 ? `${wanted}_${id}` : `${wanted}_${id}_${count}`;
    for (const each of withEndings(slug)) taken.add(each);
    given.add(slug);
    slugs.set(id, slug);
  }
  return slugs;
}
