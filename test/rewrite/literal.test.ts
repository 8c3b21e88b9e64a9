import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decimalText,
  decodeBit,
  decodeHex,
  decodeIdentifier,
  decodeString,
  decodeUserVariableName,
  encodeStringLiteral,
  integerText,
} from '../../src/rewrite/literal.js';
import { mysql, tokensOf } from './lexing.js';

function within(literal: string | Buffer): [Buffer, number, number] {
  const bytes = typeof literal === 'string' ? Buffer.from(literal, 'latin1') : literal;
  return [Buffer.concat([Buffer.from("x'"), bytes, Buffer.from("'x")]), 2, 2 + bytes.length];
}

describe('decodeString', () => {
  test.each<[string, string]>([
    ["''", ''],
    ["'a'", 'a'],
    ["'a''b'", "a'b"],
    ["''''", "'"],
    ['"a""b"', 'a"b'],
    ['\'a""b\'', 'a""b'],
    ["N'a'", 'a'],
    ["n'a''b'", "a'b"],
    ["'\\0\\'\\\"\\b\\n\\r\\t\\Z\\\\'", '\0\'"\b\n\r\t\x1a\\'],
    ["'\\%\\_'", '\\%\\_'],
    ["'\\x\\B\\N'", 'xBN'],
    ["'\\''''", "''"],
    ["'\xc3\xa9'", '\xc3\xa9'],
    ["'\0'", '\0'],
  ])('%j', (literal, expected) => {
    expect(decodeString(...within(literal), mysql()).toString('latin1')).toBe(expected);
  });

  test('NO_BACKSLASH_ESCAPES', () => {
    const server = mysql({ sqlMode: 'NO_BACKSLASH_ESCAPES' });
    expect(decodeString(...within("'a\\nb\\'"), server).toString()).toBe('a\\nb\\');
  });
});

describe('names', () => {
  test.each<[string, string]>([
    ['abc', 'abc'],
    ['`a``b`', 'a`b'],
    ['`a\\b`', 'a\\b'],
    ['"a""b"', 'a"b'],
    ['k\xc3\xbc', 'kü'],
    ['`k\xc3\xbc`', 'kü'],
  ])('%s', (token, expected) => {
    expect(decodeIdentifier(...within(token), mysql())).toBe(expected);
  });

  test('in other character sets', () => {
    expect(decodeIdentifier(...within('k\xfc'), mysql({ charset: 'latin1' }))).toBe('kü');
    expect(decodeIdentifier(...within('\xc6'), mysql({ charset: 'cp1251' }))).toBe('Ж');
    // no decoder: a name that equals no table's
    expect(decodeIdentifier(...within('k\xfc'), mysql({ charset: 'armscii8' }))).toBe('k\ufffd');
    expect(decodeIdentifier(...within('users'), mysql({ charset: 'armscii8' }))).toBe('users');
  });

  test.each<[string, string]>([
    ['@a', 'a'],
    ['@a.b$c', 'a.b$c'],
    ['@', ''],
    ["@'a''b'", "a'b"],
    ["@'__t\\c_key'", '__tc_key'],
    ['@"a"', 'a'],
    ['@`a``b`', 'a`b'],
    ['@`__t\xc3\xa7_key`', '__tç_key'],
  ])('%s', (token, expected) => {
    expect(decodeUserVariableName(...within(token), mysql())).toBe(expected);
  });

  test('ANSI_QUOTES: a double-quoted variable is a name, without escapes', () => {
    expect(decodeUserVariableName(...within('@"a\\n"'), mysql({ sqlMode: 'ANSI_QUOTES' }))).toBe('a\\n');
    expect(decodeUserVariableName(...within('@"a\\n"'), mysql())).toBe('a\n');
  });
});

describe('numbers, hexadecimal and bit literals', () => {
  test.each<[string, string]>([
    ["X'4142'", '4142'],
    ["x'aF'", 'af'],
    ["X''", ''],
    ['0x4142', '4142'],
    ['0xABC', '0abc'],
  ])('%s', (literal, hex) => {
    expect(decodeHex(...within(literal)).toString('hex')).toBe(hex);
  });

  test.each<[string, string]>([
    ["b'1'", '01'],
    ["B'100000001'", '0101'],
    ["b''", ''],
    ['0b11111111', 'ff'],
    ['0b0000000000', '0000'],
  ])('%s', (literal, hex) => {
    expect(decodeBit(...within(literal)).toString('hex')).toBe(hex);
  });

  test('texts', () => {
    expect(integerText(...within('18446744073709551616'))).toBe('18446744073709551616');
    expect(decimalText(...within('.5'))).toBe('.5');
    expect(decimalText(...within('1e-3'))).toBe('1e-3');
  });
});

describe('encodeStringLiteral', () => {
  test.each<[string, string]>([
    ['', "''"],
    ['abc', "'abc'"],
    ["O'Neil", "'O''Neil'"],
    ['a"b', "'a\"b'"],
    ['a\\b', "_utf8mb4 X'615c62'"],
    ['a\nb', "_utf8mb4 X'610a62'"],
    ['ü', "_utf8mb4 X'c3bc'"],
    ['\x7f', "_utf8mb4 X'7f'"],
  ])('%j', (text, expected) => {
    expect(encodeStringLiteral(Buffer.from(text)).toString('latin1')).toBe(expected);
  });

  test('is read back as the same bytes in every sql_mode and character set', () => {
    const modes = ['', 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES', 'ANSI,NO_BACKSLASH_ESCAPES'];
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = Buffer.from(text, 'utf8');
        const literal = encodeStringLiteral(bytes);
        for (const sqlMode of modes) {
          const server = mysql({ sqlMode, charset: 'latin1' });
          const tokens = tokensOf(literal, server);
          const start = literal[0] === 0x5f ? '_utf8mb4 '.length : 0;
          expect(tokens).toHaveLength(start === 0 ? 1 : 2);
          const read =
            start === 0
              ? decodeString(literal, 0, literal.length, server)
              : decodeHex(literal, start, literal.length);
          expect(read.equals(bytes)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
