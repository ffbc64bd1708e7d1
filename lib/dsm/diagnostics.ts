// What a message may say about an answer that could not be read: enough to find the cause, nothing that is private.

const MAX_EXCERPT = 120;
/** Shorter values than this are words like `yes`; to look for them would only tear the text apart. */
const SHORTEST_SECRET = 3;

/** What may be quoted: plain words of a usual length, and numbers as short as an HTTP status. */
const PLAIN_WORD = /^[("']?(\p{L}{1,15}|\d{1,3})[)"']?[.,:;!?]*$/u;

/**
 * Keeps plain words and drops everything that could be a secret, an address, an id or a name of something: a page may
 * repeat what was sent to it.
 */
function quotable(text: string, known: readonly string[]): string {
  let cleared = text;
  for (const value of [...known].sort((one, other) => other.length - one.length)) {
    if (value.length >= SHORTEST_SECRET) cleared = cleared.replaceAll(value, ' … ');
  }
  const words = cleared.split(/[\s\p{C}]+/u).filter((word) => word !== '');
  const plain = words.map((word) => (PLAIN_WORD.test(word) ? word : '…')).join(' ');
  const joined = plain.replace(/…( …)+/g, '…').replace(/^…$/, '');
  return joined.length > MAX_EXCERPT ? `${joined.slice(0, MAX_EXCERPT - 1)}…` : joined;
}

/** The title of an HTML page, else the first words of its text. Only the head of a long page is looked at. */
function htmlWords(body: string): string {
  const head = body.slice(0, 4000);
  const title = /<title[^>]*>([^<]*)/i.exec(head)?.[1];
  return title ?? head.replace(/<(script|style)[\s\S]*?(<\/\1>|$)/gi, ' ').replace(/<[^>]*(>|$)/g, ' ');
}

/**
 * Says in a few words what a body is that should have been an API answer. Text that begins like JSON is never quoted:
 * it is a cut-off answer and may hold names, ids or tokens.
 * @param known values that were sent along, which the answer may repeat
 */
export function describeBody(body: string, known: readonly string[] = []): string {
  const text = body.trimStart();
  if (text === '') return 'an empty answer';
  if (/^[{["]/.test(text)) return `JSON that is cut off or damaged (${body.length} characters)`;
  const page = text.startsWith('<');
  const words = quotable(page ? htmlWords(text) : text.slice(0, 1000), known);
  const kind = page ? 'a web page' : 'text';
  return words === '' ? kind : `${kind} ("${words}")`;
}
