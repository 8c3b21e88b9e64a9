import { type Cipher, createCipheriv } from 'node:crypto';
import { foldKey } from './fold-key.js';
import type { TenantKey } from './key-provider.js';

const CIPHER = 'aes-128-ecb';
const BLOCK = 16;

/**
 * Encrypts as `AES_ENCRYPT(value, key)` of both servers does in its default mode: AES-128-ECB with the folded key and
 * the padding of PKCS #7. For the constants of one statement: the key lies in it until `dispose`.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/encryption-functions.html#function_aes-encrypt
 */
export class ConstantCipher {
  readonly kind = 'inline';
  #cipher: Cipher | null;

  /** @param key stays the caller's */
  constructor(key: TenantKey) {
    const folded = foldKey(key.bytes, BLOCK);
    // Without padding of its own one context serves any number of values: blocks don't depend on each other.
    this.#cipher = createCipheriv(CIPHER, folded, null).setAutoPadding(false);
    folded.fill(0);
  }

  encrypt(plaintext: Buffer): Buffer {
    const padding = BLOCK - (plaintext.length % BLOCK);
    const padded = Buffer.alloc(plaintext.length + padding, padding);
    plaintext.copy(padded);
    const ciphertext = this.#cipher?.update(padded);
    padded.fill(0);
    if (ciphertext === undefined) throw new Error('a cipher was used after it was disposed of');
    return ciphertext;
  }

  /** OpenSSL overwrites its copy of the key. May be called again. */
  dispose(): void {
    this.#cipher?.final();
    this.#cipher = null;
  }
}
