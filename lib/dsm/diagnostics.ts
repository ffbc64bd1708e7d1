// What a message may say about an answer that could not be read: enough to find the cause, nothing that is private.

const MAX_EXCERPT = 120;

/** Drops what may be a secret or personal: addresses with an @, URLs, and long runs of characters without a space. */
function scrub(text: string): string {
  return text
    .replace(/\S+@\S+/g, '…')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…')
    .replace(/[^\s<>]{20,}/g, '…')
    .replace(/\S*\d\S*\d\S*\d\S*\d\S*/g, '…');
}

function shorten(text: string): string {
  const plain = scrub(text.replace(/[^\P{C}\n]/gu, ' ').replace(/\s+/g, ' ')).trim();
  return plain.length > MAX_EXCERPT ? `${plain.slice(0, MAX_EXCERPT - 1)}…` : plain;
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
 */
export function describeBody(body: string): string {
  const text = body.trimStart();
  if (text === '') return 'an empty answer';
  if (/^[{["]/.test(text)) return `JSON that is cut off or damaged (${body.length} characters)`;
  const words = text.startsWith('<') ? shorten(htmlWords(text)) : shorten(text.slice(0, 1000));
  const kind = text.startsWith('<') ? 'a web page' : 'text';
  return words === '' ? kind : `${kind} ("${words}")`;
}
