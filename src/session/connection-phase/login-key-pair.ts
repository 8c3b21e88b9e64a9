import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** As the servers' own. */
const MODULUS_BITS = 2048;

export interface RsaKeyPair {
  /** PEM, as a client gets it. */
  readonly publicKeyPem: Buffer;
  readonly privateKey: KeyObject;
}

/**
 * The key with which clients without TLS encrypt their passwords for us. Made when the first one asks, since most
 * never do, and kept in memory only: a client that pins the database's own key must use TLS or pin none.
 */
export class LoginKeyPair {
  #pair: Promise<RsaKeyPair> | null = null;

  async get(): Promise<RsaKeyPair> {
    this.#pair ??= make();
    try {
      return await this.#pair;
    } catch (error) {
      this.#pair = null;
      throw error;
    }
  }
}

async function make(): Promise<RsaKeyPair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS });
  return { publicKeyPem: Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })), privateKey };
}
