// What a Home Assistant that likes our messages never writes to its log.

/** Each pattern is the start or the heart of a complaint about discovery, a state or a template; wording after it varies. */
export const forbiddenLogPatterns: readonly RegExp[] = [
  /Received message on illegal discovery topic/,
  /Unable to parse JSON/,
  /Invalid MQTT device discovery payload/,
  /Unable to parse origin information/,
  /Error .*when processing MQTT discovery message/,
  /Received a conflicting MQTT discovery message/,
  /No device components to cleanup/,
  /Template variable (warning|error)/,
  /Error parsing value for/,
  /Exception raised while (rendering|updating)/,
  /Invalid state message/,
  /Ignoring invalid option/,
  /No matching payload found/,
  /does not generate unique IDs/,
  /which is impossible considering device class/,
  /State attributes for .* exceed maximum size/,
  /Erroneous JSON|JSON result was not a dictionary/,
  /Error adding entit/,
  /deprecated option/,
  /is using native unit of measurement .* which is not a valid unit/,
  /Invalid event type|No valid JSON event payload/,
];

/** Lines of what Home Assistant prints at debug level before it judges a message; they quote payloads as they are. */
const quotesPayload = /\bDEBUG\b/;

/** The lines of a log that complain about us. */
export function findForbiddenLines(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => !quotesPayload.test(line) && forbiddenLogPatterns.some((pattern) => pattern.test(line)));
}
