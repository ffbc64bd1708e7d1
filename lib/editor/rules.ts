// What the parameters take is the run time's own table; what the settings of the config nodes take is mirrored here.
import { fields } from '../active-backup/fields';
import { parseNasUrl } from '../dsm/url';

/** The part of a field that a dialog needs: the check, and what would be right. */
export interface Rule {
  readonly expected: string;
  /** Throws when the value is not what the parameter takes. */
  parse(value: unknown): unknown;
}

function seconds(least: number): Rule {
  return {
    expected: `a number of seconds from ${String(least)} to 86400`,
    parse(value) {
      const number = Number(value);
      if (!Number.isFinite(number) || number < least || number > 86_400) throw new RangeError('out of range');
      return number;
    },
  };
}

const hours: Rule = {
  expected: 'a number of hours from 0 to 87600',
  parse(value) {
    const number = Number(value);
    if (!Number.isFinite(number) || number < 0 || number > 87_600) throw new RangeError('out of range');
    return number;
  },
};

const address: Rule = {
  expected: 'an address such as https://nas.example:5001',
  parse(value) {
    const parsed = parseNasUrl(String(value));
    if (!parsed.ok) throw new RangeError(parsed.problem);
    return parsed.url;
  },
};

/** A rule that a pattern decides. */
function pattern(expected: string, form: RegExp): Rule {
  return {
    expected,
    parse(value) {
      if (typeof value !== 'string' || !form.test(value)) throw new RangeError(`not ${expected}`);
      return value;
    },
  };
}

const zone: Rule = {
  expected: 'an IANA time zone such as Europe/Berlin',
  parse: (value) => new Intl.DateTimeFormat('en', { timeZone: String(value).trim() }),
};

/** Rules of the fields of the connection and of the publisher, as the run time reads them. */
export const settingRules = {
  url: address,
  slug: pattern('one to 64 of the characters a-z, 0-9 and _', /^\s*(?!.*_task_\d+(?:_|\s*$))[a-z0-9_]{1,64}\s*$/),
  timeZone: zone,
  certificateSha256: pattern('a SHA-256 fingerprint of 64 hexadecimal digits', /^[\s:]*(?:[0-9a-f][\s:]*){64}$/i),
  pollSeconds: seconds(5),
  pollRunningSeconds: seconds(1),
  timeoutSeconds: seconds(1),
  hours,
  topicPart: pattern('a topic without spaces and wildcards', /^\s*[^+#\s\p{Cc}]{1,200}\s*$/u),
};

export { fields };
