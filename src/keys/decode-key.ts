import { ProxyError } from '../errors.js';

/** How the stored text becomes key bytes. `text`: its UTF-8 bytes, exactly as `AES_ENCRYPT(value, '<text>')` uses them. */
export type KeyFormat = 'text' | 'hex' | 'base64';

/**
 * The key's bytes, in memory of their own. `where` names the place for the message. Throws TC_KEY_UNAVAILABLE for a
 * key that is empty or not of the format: AES_ENCRYPT would take an empty key without a word.
 */
export function decodeKey(stored: string, format: KeyFormat, where: string): Buffer {
  const bytes = decode(stored, format);
  if (bytes === undefined) {
    throw new ProxyError(
      'TC_KEY_UNAVAILABLE',
      `${where} is not in the format ${format}; correct it, or keys.format in the configuration`,
    );
  }
  if (bytes.length === 0) {
    throw new ProxyError('TC_KEY_UNAVAILABLE', `${where} is empty; store a key there`);
  }
  // Buffer.from takes small buffers from a pool that is never wiped.
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  bytes.fill(0);
  return own;
}

function decode(stored: string, format: KeyFormat): Buffer | undefined {
  if (format === 'text') return Buffer.from(stored, 'utf8');
  const trimmed = stored.trim();
  const valid =
    format === 'hex'
      ? /^(?:[0-9a-fA-F]{2})*$/
      : /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  return valid.test(trimmed) ? Buffer.from(trimmed, format) : undefined;
}
