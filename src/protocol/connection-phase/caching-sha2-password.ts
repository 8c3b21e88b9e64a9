import { constants, createHash, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { MalformedPacketError } from '../malformed-packet-error.js';

/*
 * caching_sha2_password, and the RSA exchange that sha256_password shares with it.
 *
 *   scramble: SHA256(password) XOR SHA256(SHA256(SHA256(password)), nonce); empty for an empty password
 *   server:   AuthMoreData 03: the scramble was right, OK follows
 *             AuthMoreData 04: not in the cache, full authentication
 *   client:   full authentication on TLS or a Unix socket: the password and a NUL in clear
 *             otherwise 02: asks for the public key, which comes as AuthMoreData in PEM; then the password and a NUL,
 *             XOR the nonce repeated, encrypted with RSA-OAEP (SHA-1)
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html
 */

export const CACHING_SHA2_PASSWORD = 'caching_sha2_password';
export const SHA256_PASSWORD = 'sha256_password';

/** Data of AuthMoreData: the fast path succeeded. */
export const FAST_AUTH_SUCCESS = 0x03;
/** Data of AuthMoreData: the whole password is wanted. */
export const PERFORM_FULL_AUTHENTICATION = 0x04;
/** The client's whole payload that asks caching_sha2_password for the public key. */
export const REQUEST_PUBLIC_KEY = 0x02;
/** The same for sha256_password. */
export const SHA256_REQUEST_PUBLIC_KEY = 0x01;

/**
 * XORs `data` with `nonce`, repeated as often as needed; applied twice it gives `data` again.
 * @returns a buffer of its own, which the caller wipes when it holds a password
 */
export function xorWithNonce(data: Uint8Array, nonce: Uint8Array): Buffer {
  if (nonce.length === 0) throw new RangeError('empty nonce');
  const result = Buffer.allocUnsafeSlow(data.length);
  for (let i = 0; i < data.length; i += 1) result[i] = (data[i] ?? 0) ^ (nonce[i % nonce.length] ?? 0);
  return result;
}

/** @param nonce 20 bytes, without the closing NUL */
export function scrambleCachingSha2(password: Uint8Array, nonce: Uint8Array): Buffer {
  if (password.length === 0) return Buffer.alloc(0);
  const first = createHash('sha256').update(password).digest();
  const second = createHash('sha256').update(first).digest();
  return xorWithNonce(first, createHash('sha256').update(second).update(nonce).digest());
}

/**
 * The client's answer to the public key.
 * @param passwordNul the password in clear with its closing NUL, as it would go over TLS
 * @param publicKey PEM, or a key made of it
 * @throws Error of node:crypto when the key is none or too short for the password
 */
export function encryptPassword(
  passwordNul: Uint8Array,
  nonce: Uint8Array,
  publicKey: KeyObject | string,
): Buffer {
  const masked = xorWithNonce(passwordNul, nonce);
  try {
    return publicEncrypt(
      { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      masked,
    );
  } finally {
    masked.fill(0);
  }
}

/**
 * What a client encrypted with {@link encryptPassword}: the password with its closing NUL, to be wiped after use.
 * @throws MalformedPacketError when it was not encrypted with the matching public key
 */
export function decryptPassword(
  encrypted: Uint8Array,
  nonce: Uint8Array,
  privateKey: KeyObject | string,
): Buffer {
  let masked: Buffer;
  try {
    masked = privateDecrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      encrypted,
    );
  } catch {
    throw new MalformedPacketError('password is not encrypted with our public key', 0);
  }
  const passwordNul = xorWithNonce(masked, nonce);
  masked.fill(0);
  return passwordNul;
}
