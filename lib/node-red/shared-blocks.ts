// Ten connections with the same wrong account must not log in ten times: what one of them was refused holds for all.
import {
  credentialFingerprint,
  type CredentialBlock,
  type CredentialBlockStore,
  type CredentialIdentity,
} from '../dsm';

/** A connection's store as its session sees it: its own, and behind it those of the same address and account. */
export interface SharedBlocks extends CredentialBlockStore {
  /** Takes over what the others were refused, so that a restart without them remembers it too. */
  adopt: () => void;
  /** Takes the connection's own store out again. */
  leave: () => void;
}

const groups = new Map<string, Set<CredentialBlockStore>>();

/**
 * Shares blocks between all connections to one address and account. A block counts for those with the same password
 * and token only: a connection with another wrong password neither lifts nor loses one.
 * @param identity the connection's credentials now; pairing changes them
 * @param own where the connection itself remembers
 */
export function shareBlocks(identity: () => CredentialIdentity, own: CredentialBlockStore): SharedBlocks {
  const { address, username } = identity();
  const key = JSON.stringify([address, username.toLowerCase()]);
  const stores = groups.get(key) ?? new Set<CredentialBlockStore>();
  groups.set(key, stores.add(own));
  const isOurs = fingerprintCheck(identity);

  const load = (): CredentialBlock | null => {
    const blocks = [own, ...stores].map((store) => store.load());
    return blocks.find((block) => block !== null && isOurs(block)) ?? own.load();
  };
  return {
    load,
    save: (block) => {
      const lifted = block === null ? load() : null;
      own.save(block);
      for (const store of stores) {
        const present = store.load();
        if (block !== null && present === null) store.save(block);
        if (lifted !== null && present?.fingerprint === lifted.fingerprint) store.save(null);
      }
    },
    adopt: () => {
      const block = load();
      if (block !== null && own.load() === null) own.save(block);
    },
    leave: () => {
      stores.delete(own);
      if (stores.size === 0 && groups.get(key) === stores) groups.delete(key);
    },
  };
}

/** Compares fingerprints. They are slow to make on purpose, and blocks are looked at before every call. */
function fingerprintCheck(identity: () => CredentialIdentity): (block: CredentialBlock) => boolean {
  const known = new Map<string, string>();
  let of = '';
  return ({ salt, fingerprint }) => {
    const present = identity();
    const credentials = JSON.stringify([present.password, present.deviceToken]);
    if (credentials !== of || known.size > 20) known.clear();
    of = credentials;
    const ours = known.get(salt) ?? credentialFingerprint(present, salt);
    known.set(salt, ours);
    return ours === fingerprint;
  };
}
