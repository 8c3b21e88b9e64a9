import { createPublicKey, type KeyObject } from 'node:crypto';
import { ProxyError } from '../../errors.js';
import { BufferWriter } from '../../protocol/buffer-writer.js';
import { decodeAuthMoreData, encodeAuthMoreData } from '../../protocol/connection-phase/auth-more-data.js';
import { decryptPassword, encryptPassword } from '../../protocol/connection-phase/caching-sha2-password.js';
import { ErrorNumber } from '../../protocol/constants/error-numbers.js';
import { ERR_HEADER } from '../../protocol/resultset/err-packet.js';
import type { Leg } from '../leg.js';
import { LoginError, LoginRefusedError } from './login-error.js';
import type { LoginKeyPair } from './login-key-pair.js';

/** Shortest RSA ciphertext that a server's key gives (1024 bits): shorter packets are something else. */
const MINIMUM_CIPHERTEXT = 128;

/** What the exchange of passwords needs besides the legs. */
export interface PasswordExchangeKeys {
  /** Ours, for clients without TLS. */
  readonly loginKeyPair: LoginKeyPair;
  /** The server's, pinned by `backend.serverPublicKey`; `null`: the one that the server sends is taken. */
  readonly serverPublicKey: KeyObject | null;
}

/**
 * Full authentication of caching_sha2_password, and all of sha256_password's: the password itself travels, in a form
 * that depends on whether the leg is secure. Takes it from the client in its leg's form and gives it to the server in
 * the other leg's (protocol-notes 2). The server has asked; its verdict comes next.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html
 *
 * @param keyRequest the payload byte that asks for a public key, on both legs
 * @param nonce 20 bytes of the latest AuthSwitchRequest, or the greeting's
 */
export async function exchangePassword(
  client: Leg,
  backend: Leg,
  keyRequest: number,
  nonce: Buffer,
  keys: PasswordExchangeKeys,
): Promise<void> {
  const answer = await client.readPayload();
  if (answer.length === 1 && answer[0] === keyRequest) {
    const passwordNul = await readEncryptedPassword(client, nonce, keys.loginKeyPair);
    await givePassword(backend, passwordNul, keyRequest, nonce, keys.serverPublicKey);
  } else if (client.isSecure || isEmptyPassword(answer)) {
    await givePassword(backend, answer, keyRequest, nonce, keys.serverPublicKey);
  } else if (answer.length >= MINIMUM_CIPHERTEXT && !backend.isSecure) {
    // A client that pins the database's own key, towards a leg where just this is expected.
    backend.writePayload(answer);
  } else {
    answer.fill(0);
    throw new LoginError(
      ErrorNumber.ER_SECURE_TRANSPORT_REQUIRED,
      'tenantcrypt takes no password in clear, or encrypted with a key of its own choice, on a connection without ' +
        'TLS; connect with TLS, or let the client ask for the public key',
    );
  }
}

/** sha256_password's answer for an empty password is its NUL alone, on any leg. */
function isEmptyPassword(answer: Buffer): boolean {
  return answer.length === 1 && answer[0] === 0;
}

/** Gives our public key to the client and decrypts what comes. @returns the password with its NUL */
async function readEncryptedPassword(
  client: Leg,
  nonce: Buffer,
  loginKeyPair: LoginKeyPair,
): Promise<Buffer> {
  const { publicKeyPem, privateKey } = await loginKeyPair.get();
  const writer = new BufferWriter();
  encodeAuthMoreData(writer, publicKeyPem);
  client.writePayload(writer.view());
  const encrypted = await client.readPayload();
  return client.decode(() => decryptPassword(encrypted, nonce, privateKey));
}

/** Sends the password on and wipes it. */
async function givePassword(
  backend: Leg,
  passwordNul: Buffer,
  keyRequest: number,
  nonce: Buffer,
  pinned: KeyObject | null,
): Promise<void> {
  try {
    if (backend.isSecure || isEmptyPassword(passwordNul)) {
      await backend.writeSecret(passwordNul);
    } else {
      const publicKey = pinned ?? (await askForPublicKey(backend, keyRequest));
      backend.writePayload(encryptWith(publicKey, passwordNul, nonce));
    }
  } finally {
    passwordNul.fill(0);
  }
}

async function askForPublicKey(backend: Leg, keyRequest: number): Promise<KeyObject> {
  backend.writePayload(Buffer.of(keyRequest));
  const payload = await backend.readPayload();
  if (payload[0] === ERR_HEADER) throw new LoginRefusedError(payload);
  const pem = backend.decode(() => decodeAuthMoreData(payload));
  try {
    return createPublicKey({ key: pem, format: 'pem' });
  } catch (error) {
    throw noPublicKeyError(error);
  }
}

function encryptWith(publicKey: KeyObject, passwordNul: Buffer, nonce: Buffer): Buffer {
  try {
    return encryptPassword(passwordNul, nonce, publicKey);
  } catch (error) {
    throw noPublicKeyError(error);
  }
}

function noPublicKeyError(cause: unknown): ProxyError {
  return new ProxyError(
    'TC_BACKEND',
    "the password can't be encrypted with the database's public key; use TLS to the database (backend.tls.mode)",
    { cause },
  );
}
