// Ten connections with the same wrong account must not log in ten times: their credential blocks are one.
import { parseNasUrl, type CredentialBlock, type CredentialBlockStore } from '../dsm';

const groups = new Map<string, Set<CredentialBlockStore>>();

/** The stores of all connections to one address and account. */
function groupOf(url: string, username: string): { key: string; stores: Set<CredentialBlockStore> } {
  const parsed = parseNasUrl(url);
  const key = JSON.stringify([parsed.ok ? parsed.url.origin : url, username]);
  const stores = groups.get(key) ?? new Set<CredentialBlockStore>();
  groups.set(key, stores);
  return { key, stores };
}

/**
 * A store that reads and writes the blocks of every connection to the same address and account. `leave` takes `own`
 * out again.
 */
export function shareBlocks(
  url: string,
  username: string,
  own: CredentialBlockStore,
): CredentialBlockStore & { leave: () => void } {
  const { key, stores } = groupOf(url, username);
  stores.add(own);
  return {
    load: () => [...stores].map((store) => store.load()).find((block) => block !== null) ?? null,
    save: (block: CredentialBlock | null) => {
      for (const store of stores) store.save(block);
    },
    leave: () => {
      stores.delete(own);
      if (stores.size === 0) groups.delete(key);
    },
  };
}
