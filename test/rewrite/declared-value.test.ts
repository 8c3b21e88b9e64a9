import { describe, expect, it } from 'vitest';
import { ProxyError } from '../../src/errors.js';
import type { ColumnType } from '../../src/rewrite/column-type.js';
import { type ConstantValue, canonicalConstant, checkValue } from '../../src/rewrite/declared-value.js';
import { parseSqlMode } from '../../src/rewrite/dialect.js';
import type { ProtectedColumn } from '../../src/rewrite/protected-table.js';

const column = (type: ColumnType): ProtectedColumn => ({
  logical: 'c',
  physical: 'p',
  type,
  equality: 'exact',
});
const varchar = (length: number, charset = 'utf8mb4'): ProtectedColumn =>
  column({ kind: 'string', base: 'varchar', length, charset, collation: undefined });
const TINYTEXT = column({
  kind: 'string',
  base: 'tinytext',
  length: 255,
  charset: 'utf8mb4',
  collation: undefined,
});
const INT = column({ kind: 'integer', base: 'int', bits: 32, unsigned: false });
const TINY = column({ kind: 'integer', base: 'tinyint', bits: 8, unsigned: true });
const BINARY = column({ kind: 'binary', base: 'varbinary', length: 3 });
const text = (value: string, encoding: BufferEncoding = 'utf8'): ConstantValue => ({
  kind: 'text',
  bytes: Buffer.from(value, encoding),
});
const number = (value: string): ConstantValue => ({ kind: 'number', text: value });
const bytes = (...values: number[]): ConstantValue => ({ kind: 'bytes', bytes: Buffer.from(values) });

const ORIGIN = { schema: 'shop', table: 'users', server: 'mysql', sqlMode: parseSqlMode('') } as const;

/** What is stored, `as written`, or the error's number or code. */
function stored(
  target: ProtectedColumn,
  value: ConstantValue,
  more: { utf8?: boolean; utf8mb3?: boolean; lenient?: boolean } = {},
): string | number {
  try {
    const result = checkValue(target, value, {
      utf8: true,
      utf8mb3: false,
      lenient: false,
      reports: false,
      row: 1,
      origin: ORIGIN,
      ...more,
    });
    if (result.kind === 'unfit') return result.error.errno;
    return result.kind === 'asWritten' ? 'as written' : result.bytes.toString();
  } catch (error) {
    if (error instanceof ProxyError) return error.code;
    throw error;
  }
}

describe('checkValue', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['007', '7'],
    ['3.4', '3'],
    ['3.5', '4'],
    ['-3.5', '-4'],
    ['2.5', '3'],
    ['2.5e0', '2'],
    ['3.5e0', '4'],
    ['25e-1', '2'],
    ['-2.5e0', '-2'],
    ['2.51e0', '3'],
    ['1e3', '1000'],
    ['.5', '1'],
    ['.4', '0'],
    ['1e-9', '0'],
    ['2147483647', '2147483647'],
    ['2147483647.4', '2147483647'],
  ])('the number %s into INT is %s', (value, expected) => {
    expect(stored(INT, number(value))).toBe(expected);
  });

  it.each([
    [INT, number('2147483648'), 1264],
    [INT, number('-2147483649'), 1264],
    [INT, number('2147483647.5'), 1264],
    [INT, number('1e300'), 1264],
    [TINY, number('-1'), 1264],
    [TINY, number('256'), 1264],
    [INT, text('abc'), 1366],
    [INT, text(''), 1366],
    [INT, text('12abc'), 1265],
    [INT, text(' 12 '), '12'],
    [INT, text('2.5'), '3'],
    [INT, text('2.5e0'), '3'],
    [INT, text('1e400'), 1264],
    [INT, bytes(0x41), 1366],
    [varchar(3), text('abc'), 'as written'],
    [varchar(3), text('äöü'), 'as written'],
    [varchar(3), text('😀😀😀'), 'as written'],
    [varchar(3), text('abcd'), 1406],
    [varchar(3), text('abc  '), 'abc'],
    [varchar(3), text('abc d'), 1406],
    [varchar(3), number('1234'), 1406],
    [varchar(3), bytes(0xff), 1366],
    [varchar(3), bytes(0xc3, 0xa9), 'as written'],
    [varchar(3, 'latin1'), bytes(0xff), 'as written'],
    [TINYTEXT, text('é'.repeat(127)), 'as written'],
    [TINYTEXT, text('é'.repeat(128)), 1406],
    [BINARY, text('é'), 'as written'],
    [BINARY, text('éé'), 1406],
    [BINARY, bytes(1, 2, 3, 4), 1406],
  ] as [ProtectedColumn, ConstantValue, string | number][])('%#', (target, value, expected) => {
    expect(stored(target, value)).toBe(expected);
  });

  it('text of another character set than utf8 counts one character a byte', () => {
    expect(stored(varchar(3), text('\xe9\xa9\xbf', 'latin1'), { utf8: false, utf8mb3: false })).toBe(
      'as written',
    );
    expect(stored(varchar(3), text('\xa9\xa9\xa9\xa9', 'latin1'), { utf8: false, utf8mb3: false })).toBe(
      1406,
    );
    expect(stored(TINYTEXT, text('\xe9'.repeat(128), 'latin1'), { utf8: false, utf8mb3: false })).toBe(1406);
  });

  it('utf8mb3 has no characters beyond U+FFFF', () => {
    expect(stored(varchar(3), text('é€'), { utf8mb3: true })).toBe('as written');
    expect(stored(varchar(3), text('a😀'), { utf8mb3: true })).toBe(1366);
    expect(stored(varchar(3), text('a😀'))).toBe('as written');
  });

  it('where the server would cut, it is refused', () => {
    for (const [target, value] of [
      [INT, text('12abc')],
      [TINY, number('300')],
      [varchar(1), text('ab')],
    ] as const) {
      expect(stored(target, value, { lenient: true })).toBe('TC_UNSUPPORTED_SQL');
    }
  });

  it.each([
    [varchar(1), text('secret'), '22001', "Data too long for column 'c' at row 7"],
    [INT, text('abc'), 'HY000', "Incorrect integer value: 'abc' for column 'c' at row 7"],
    [INT, text('zoë'), 'HY000', "Incorrect integer value: 'zoë' for column 'c' at row 7"],
    [
      INT,
      text('x'.repeat(300)),
      'HY000',
      `Incorrect integer value: '${'x'.repeat(128)}' for column 'c' at row 7`,
    ],
    [
      varchar(9),
      bytes(0x61, 0xff, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67),
      'HY000',
      "Incorrect string value: '\\xFFbcdef...' for column 'c' at row 7",
    ],
  ])('the error has MySQL’s words', (target, value, sqlState, message) => {
    const options = { utf8: true, utf8mb3: false, lenient: false, reports: false, row: 7, origin: ORIGIN };
    expect(checkValue(target, value, options)).toMatchObject({ error: { sqlState, message } });
  });

  it('and MariaDB’s', () => {
    const options = {
      utf8: true,
      utf8mb3: false,
      lenient: false,
      reports: false,
      row: 7,
      origin: { ...ORIGIN, server: 'mariadb' },
    } as const;
    expect(checkValue(INT, text('x'.repeat(300)), options)).toMatchObject({
      error: {
        errno: 1366,
        sqlState: '22007',
        message: `Incorrect integer value: '${'x'.repeat(125)}...' for column \`shop\`.\`users\`.\`c\` at row 7`,
      },
    });
  });
});

describe('canonicalConstant', () => {
  it.each([
    [number('030'), '30'],
    [number('30.0'), '30'],
    [number('30.00'), '30'],
    [text('030'), '30'],
    [text(' 30 '), '30'],
    [number('-0'), '0'],
    [bytes(0x1e), '30'],
    [number('30.5'), null],
    [text('30abc'), null],
    [number('3e1'), null],
    [text(''), null],
    [bytes(1, 2, 3, 4, 5, 6, 7, 8, 9), null],
  ] as [ConstantValue, string | null][])('%#', (value, expected) => {
    const canonical = canonicalConstant(INT, value);
    expect(canonical?.kind === 'text' ? canonical.bytes.toString() : canonical).toBe(expected);
  });
});
