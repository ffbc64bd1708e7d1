// The words for a failed connection, free of anything secret.

/**
 * One plain sentence for an error of the MQTT client. Node.js gives an error without a message when several addresses
 * of one host failed, so its code stands in; what looks like an address with credentials is cut.
 */
export function brokerErrorText(error: unknown): string {
  if (!(error instanceof Error)) return 'The broker connection failed.';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const text = error.message === '' ? code : error.message;
  const safe = text.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"']*/gi, 'the broker');
  return safe === '' ? 'The broker connection failed.' : safe;
}
