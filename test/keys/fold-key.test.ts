import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldKey, keyWeakness } from '../../src/keys/fold-key.js';

function encrypt(key: Buffer, text: string): string {
  const cipher = createCipheriv('aes-128-ecb', key, null);
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    .toString('hex')
    .toUpperCase();
}

describe('foldKey', () => {
  it('leaves a key of the size as it is and fills a shorter one with zeroes', () => {
    expect(foldKey(Buffer.from('0123456789abcdef'), 16).toString()).toBe('0123456789abcdef');
    expect(foldKey(Buffer.from('ab'), 4)).toEqual(Buffer.from([0x61, 0x62, 0, 0]));
  });

  it('XORs what is beyond the size onto the start', () => {
    expect(foldKey(Buffer.from([1, 2, 3, 4, 5]), 2)).toEqual(Buffer.from([1 ^ 3 ^ 5, 2 ^ 4]));
  });

  // HEX(AES_ENCRYPT('alice@example.com', <key>)) of MariaDB 10.11.19.
  it.each([
    [Buffer.from('k'), '55FFE43B4ECA54AF0557D69507C7BE03F84C08402898EE40647FCDBE173EF699'],
    [Buffer.from('0123456789abcdef'), '8E34510ED22D660D45C2AAD4C4A74D15922AF644325418F3F56A21439692ED41'],
    [Buffer.from('0123456789abcdefX'), 'FA3FF03CD549AA75D6FDBEEF28CC615B5C208772E95D9435141B09B0368A66C1'],
    [
      Buffer.from('8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab9159f51fd0297e236d'),
      '63E903637DBF0A3265D800F87E1277AF5D78DC8166F11F149BA6ADC103D7ED9F',
    ],
    [
      Buffer.from('00FF10203040506070809001020304050607ABCDEF', 'hex'),
      '56C3A44CF3264C84E9198A77689E875DCC686EC3D2BD7C5CA2D81E6D6B269AF1',
    ],
  ])("gives the server's ciphertext with the key %s", (key, ciphertext) => {
    expect(encrypt(foldKey(key, 16), 'alice@example.com')).toBe(ciphertext);
  });

  it('is linear: folding a concatenation on a block border is the XOR of both', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.uint8Array({ maxLength: 100 }),
        (first, rest) => {
          const whole = foldKey(Buffer.concat([first, rest]), 16);
          const parts = foldKey(rest, 16).map((byte, i) => byte ^ (first[i] as number));
          expect(whole).toEqual(Buffer.from(parts));
        },
      ),
    );
  });
});

describe('keyWeakness', () => {
  it.each<[string, Buffer, RegExp | undefined]>([
    ['random bytes', Buffer.from('8f14e45fceea167a5a36dedd4bea2543', 'hex'), undefined],
    ['equal halves', Buffer.from('0123456789abcdef'.repeat(2)), /folds to zeroes/],
    [
      '64 hexadecimal digits',
      Buffer.from('8f14e45fceea167a5a36dedd4bea2543'.repeat(2).replace(/3$/, '4')),
      /format: hex/,
    ],
    ['short', Buffer.from('secret'), /shorter than 16/],
    ['a line break', Buffer.from('0123456789abcdef\n'), /line break/],
  ])('%s', (_, bytes, expected) => {
    const weakness = keyWeakness(bytes, 16);
    if (expected === undefined) expect(weakness).toBeUndefined();
    else expect(weakness).toMatch(expected);
  });
});
