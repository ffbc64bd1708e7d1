// Keeps the NAS's own data beside an answer, so that both can be had from one call and the answer stays clean.

const rawData = new WeakMap<object, unknown>();

/** Remembers what the NAS answered, untouched, for as long as the answer lives. */
export function withRaw<Answer extends object>(answer: Answer, raw: unknown): Answer {
  rawData.set(answer, raw ?? null);
  return answer;
}

/**
 * The NAS's own `data` behind an answer of `ActiveBackupClient`, untouched. For a method that writes it is what the
 * write itself answered: mostly null, as Active Backup answers most actions without data, and null too where there was
 * nothing to send.
 */
export function rawOf(answer: object): unknown {
  return rawData.get(answer) ?? null;
}
