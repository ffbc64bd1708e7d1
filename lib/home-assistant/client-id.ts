// The id under which a publisher connects.
import { createHash } from 'node:crypto';

/**
 * A client id of our own, the same at each start, so that a broker that still holds a dead connection gives it up. It
 * has 22 characters: MQTT 3.1 brokers may refuse more than 23.
 * @param slug the NAS's
 * @param instance what tells this publisher from any other in the world, for example host name and node id; only a
 *   hash of it is used
 */
export function clientIdFor(slug: string, instance: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([slug, instance]))
    .digest('hex')
    .slice(0, 8);
  return `active_backup_${hash}`;
}
