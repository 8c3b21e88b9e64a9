import { createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ConstantCipher } from '../../src/keys/constant-cipher.js';
import { foldKey } from '../../src/keys/fold-key.js';
import { TenantKey } from '../../src/keys/key-provider.js';

const keyOf = (text: string): TenantKey => new TenantKey(Buffer.from(text), '1');

// SELECT HEX(AES_ENCRYPT('…', 'a key')) on MySQL 9.7 and MariaDB 10.11.
it.each([
  ['', 16],
  ['fifteen letters', 16],
  ['sixteen letters.', 32],
  ['é😀', 16],
])('%j becomes as many bytes as AES_ENCRYPT gives', (text, length) => {
  const cipher = new ConstantCipher(keyOf('a key'));
  expect(cipher.encrypt(Buffer.from(text)).length).toBe(length);
  cipher.dispose();
});

it('is decrypted by AES-128-ECB with the folded key', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.string({ minLength: 1 }), (bytes, key) => {
      const tenantKey = keyOf(key);
      const cipher = new ConstantCipher(tenantKey);
      const some = cipher.encrypt(Buffer.from(bytes));
      const again = cipher.encrypt(Buffer.from(bytes));
      cipher.dispose();
      const decipher = createDecipheriv('aes-128-ecb', foldKey(tenantKey.bytes, 16), null);
      expect(Buffer.concat([decipher.update(some), decipher.final()])).toEqual(Buffer.from(bytes));
      expect(again).toEqual(some);
    }),
  );
});

it('takes a key and leaves it alone, and is of no use once it is disposed of', () => {
  const key = keyOf('a key');
  const cipher = new ConstantCipher(key);
  cipher.dispose();
  cipher.dispose();
  expect(key.bytes.toString()).toBe('a key');
  expect(() => cipher.encrypt(Buffer.from('x'))).toThrow('disposed');
});
