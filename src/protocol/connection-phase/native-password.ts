import { createHash } from 'node:crypto';
import { xorWithNonce } from './caching-sha2-password.js';

/*
 * mysql_native_password: SHA1(password) XOR SHA1(nonce, SHA1(SHA1(password))); empty for an empty password.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_authentication_methods_native_password_authentication.html
 */

export const NATIVE_PASSWORD = 'mysql_native_password';

/** @param nonce 20 bytes, without the closing NUL */
export function scrambleNative(password: Uint8Array, nonce: Uint8Array): Buffer {
  if (password.length === 0) return Buffer.alloc(0);
  const first = createHash('sha1').update(password).digest();
  const second = createHash('sha1').update(first).digest();
  return xorWithNonce(first, createHash('sha1').update(nonce).update(second).digest());
}
