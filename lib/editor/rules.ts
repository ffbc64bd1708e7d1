// What the parameters of the nodes take: the run time's own table, and the few parameters that only nodes have.
import { fields } from '../active-backup/fields';

/** The part of a field that a dialog needs: the check, and what would be right. */
export interface Rule {
  readonly expected: string;
  /** Throws when the value is not what the parameter takes. */
  parse(value: unknown): unknown;
}

function whole(least: number, most: number): Rule {
  return {
    expected: `a whole number from ${String(least)} to ${String(most)}`,
    parse(value) {
      if (!/^\d{1,15}$/.test(String(value))) throw new RangeError('not a whole number');
      const number = Number(value);
      if (number < least || number > most) throw new RangeError('out of range');
      return number;
    },
  };
}

function decimal(least: number, most: number): Rule {
  return {
    expected: `a number from ${String(least)} to ${String(most)}`,
    parse(value) {
      if (!/^\d{1,9}(\.\d{1,6})?$/.test(String(value))) throw new RangeError('not a number');
      const number = Number(value);
      if (number < least || number > most) throw new RangeError('out of range');
      return number;
    },
  };
}

const flag: Rule = fields.includeAccount;

const connectionAddress: Rule = {
  expected: 'an address such as https://nas.example:5001',
  parse(value) {
    const address = new URL(String(value));
    const plain = /^https?:$/.test(address.protocol) && address.username === '' && address.password === '';
    if (!plain || address.hostname === '') throw new RangeError('not an address of a NAS');
    return address;
  },
};

const shortId: Rule = {
  expected: 'small letters, digits and underscores',
  parse(value) {
    if (!/^[a-z0-9_]{1,64}$/.test(String(value))) throw new RangeError('not a short id');
    return value;
  },
};

const zone: Rule = {
  expected: 'an IANA time zone such as Europe/Berlin',
  parse(value) {
    return new Intl.DateTimeFormat('en', { timeZone: String(value) });
  },
};

const topicPart: Rule = {
  expected: 'an MQTT topic without wildcards, and no slash at its ends',
  parse(value) {
    if (!/^[^/#+\s][^#+\s]*$/.test(String(value)) || String(value).endsWith('/')) throw new RangeError('not a topic');
    return value;
  },
};

/** Rules of node parameters that never reach the NAS, so the client's table does not know them. */
export const nodeRules = {
  flag,
  maxEntries: whole(1, 1_000_000),
  waitSeconds: whole(1, 31_536_000),
};

/** Rules of the fields of the connection and of the publisher; numbers may be left to an environment variable. */
export const settingRules = {
  url: connectionAddress,
  slug: shortId,
  timeZone: zone,
  pollSeconds: whole(5, 86_400),
  pollRunningSeconds: whole(1, 3_600),
  timeoutSeconds: whole(1, 600),
  limitHours: decimal(0.1, 87_600),
  graceHours: decimal(0, 87_600),
  topicPart,
};

export { fields };
