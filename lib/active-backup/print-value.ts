// How a value that somebody gave is shown in an error message: short, on one line, whatever it is.

const longestText = 40;
const mostElements = 5;

function printText(text: string): string {
  const short = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  // JSON escapes quotes and C0 controls; the rest of the invisible ones could still turn a log line around.
  return JSON.stringify(short).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value as one short line for a message. Never throws, never runs code of the value's own. */
export function printValue(value: unknown): string {
  if (typeof value === 'string') return printText(value);
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (typeof value === 'bigint') return 'a bigint';
  if (Array.isArray(value)) {
    const shown = value.slice(0, mostElements).map((element: unknown) => {
      if (Array.isArray(element)) return 'an array';
      return printValue(element);
    });
    return `[${shown.join(', ')}${value.length > mostElements ? ', …' : ''}]`;
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
