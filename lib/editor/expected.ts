// What a rule expects in the user's language. The rules word it in English, in a few forms with the limits in them, so
// that dialog and run time have the limits from one place. Pure.

/** The forms, with the key of the text that says the same; named groups fill its places. */
const forms: readonly { form: RegExp; key: string }[] = [
  { form: /^true or false$/, key: 'expected.flag' },
  { form: /^a whole number from (?<least>\d+) to (?<most>\d+)$/, key: 'expected.range' },
  {
    form: /^a whole number from (?<least>\d+) to (?<most>\d+) \(0 = once a day\)$/,
    key: 'expected.rangeOnce',
  },
  {
    form: /^a whole number from (?<least>\d+) to (?<most>\d+) \(0 = all versions\)$/,
    key: 'expected.rangeVersions',
  },
  { form: /^a text of (?:at most|1 to) (?<most>\d+) characters without control characters$/, key: 'expected.text' },
  { form: /^one of (?<words>.+)$/, key: 'expected.oneOf' },
  { form: /^(?<words>continuous, manual or scheduled) /, key: 'expected.oneOf' },
  { form: /^a task id: a whole number/, key: 'expected.taskNumber' },
  { form: /^a task id \(/, key: 'expected.task' },
  { form: /^a list of at least one day/, key: 'expected.days' },
  { form: /^a shared folder's name/, key: 'expected.sharedFolder' },
  { form: /^a path below/, key: 'expected.path' },
  { form: /^an e-mail address$/, key: 'expected.address' },
  { form: /^a number of seconds from (?<least>\d+) to (?<most>\d+)$/, key: 'expected.seconds' },
  { form: /^an address such as (?<example>\S+)$/, key: 'expected.url' },
  { form: /^one to 64 of the characters/, key: 'expected.slug' },
  { form: /^an IANA time zone such as (?<example>\S+)$/, key: 'expected.timeZone' },
  { form: /^a SHA-256 fingerprint/, key: 'expected.fingerprint' },
  { form: /^a topic without/, key: 'expected.topic' },
];

/** The key of the text for a rule's wording and what fills its places; null where no form fits. */
export function expectedText(expected: string): { key: string; values: Record<string, string> } | null {
  for (const { form, key } of forms) {
    const match = form.exec(expected);
    if (match !== null) return { key, values: { ...match.groups } };
  }
  return null;
}
