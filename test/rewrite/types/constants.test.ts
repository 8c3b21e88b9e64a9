import { describe, expect, it } from 'vitest';
import { parseColumnType } from '../../../src/config/column-type.js';
import { ProxyError } from '../../../src/errors.js';
import { canonicalConstant, checkValue } from '../../../src/rewrite/declared-value.js';
import { parseSqlMode } from '../../../src/rewrite/dialect.js';
import type { ProtectedColumn } from '../../../src/rewrite/protected-table.js';
import type { ConstantValue } from '../../../src/rewrite/types/checked-value.js';

function column(declared: string): ProtectedColumn {
  const parsed = parseColumnType(declared);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return { logical: 'c', physical: 'p', type: parsed.type, equality: 'exact' };
}

const text = (value: string): ConstantValue => ({ kind: 'text', bytes: Buffer.from(value) });
const number = (value: string): ConstantValue => ({ kind: 'number', text: value });
const temporal = (value: string): ConstantValue => ({ kind: 'temporal', text: value });

interface Session {
  readonly server?: 'mysql' | 'mariadb';
  readonly mode?: string;
  readonly lenient?: boolean;
  readonly reports?: boolean;
}

/** What is stored, the error's number and text, or the code of a refusal. */
function stored(declared: string, value: ConstantValue, session: Session = {}): string {
  const { server = 'mysql', mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE' } = session;
  const origin = { schema: 'shop', table: 'users', server, sqlMode: parseSqlMode(mode) } as const;
  try {
    const result = checkValue(column(declared), value, {
      lenient: session.lenient ?? false,
      reports: session.reports ?? false,
      utf8: true,
      utf8mb3: false,
      row: 3,
      origin,
    });
    if (result.kind === 'unfit')
      return `${result.error.errno} ${result.error.sqlState} ${result.error.message}`;
    if (result.kind === 'asWritten') return 'as written';
    const said = (session.reports === true ? (result.warnings ?? []) : []).map(
      ({ level, message }) => `; ${level}: ${message}`,
    );
    return `${result.bytes}${said.join('')}`;
  } catch (error) {
    if (error instanceof ProxyError) return error.code;
    throw error;
  }
}

function canonical(declared: string, value: ConstantValue): string | null {
  const result = canonicalConstant(column(declared), value);
  if (result === null) return null;
  return result.kind === 'asWritten' ? 'as written' : result.bytes.toString();
}

describe('a constant on its way into a column', () => {
  it.each<[string, ConstantValue, string]>([
    ['decimal(10,2)', number('12.5'), '12.50'],
    ['decimal(10,2)', number('-.005'), '-0.01'],
    ['decimal(10,2)', number('-0.004'), '0.00'],
    ['decimal(10,2)', text(' 1e2 '), '100.00'],
    ['decimal(10,2)', number('1.00000000000000000000000000000000001e0'), '1.00'],
    ['decimal(10,2)', number('1.25e+1'), '12.50'],
    ['decimal(10,2)', number('99999999.995'), "1264 22003 Out of range value for column 'c' at row 3"],
    ['decimal(10,2) unsigned', number('-0.001'), "1264 22003 Out of range value for column 'c' at row 3"],
    ['decimal(10,2)', text('12abc'), "1366 HY000 Incorrect decimal value: '12abc' for column 'c' at row 3"],
    ['decimal(10,2)', temporal('2024-01-31'), 'TC_UNSUPPORTED_SQL'],
    ['decimal(10,2)', text('1e400'), 'TC_UNSUPPORTED_SQL'],
    ['decimal(65,30)', number('1'), `1.${'0'.repeat(30)}`],
    ['decimal(5,5)', number('0.5'), '0.50000'],
    ['decimal(5,5)', number('1'), "1264 22003 Out of range value for column 'c' at row 3"],
    ['double', number('1e15'), '1e15'],
    ['double', number('123456789012345678'), '1.2345678901234568e17'],
    ['double', text('-0'), '-0'],
    ['double', number('-0.0'), '0'],
    ['double', number('1e-15'), '0.000000000000001'],
    ['double', number('1e-16'), '1e-16'],
    ['double', text('1e309'), "1264 22003 Out of range value for column 'c' at row 3"],
    ['double', text('x'), "1366 HY000 Incorrect DOUBLE value: 'x' for column 'c' at row 3"],
    ['date', text('2024-1-5'), '2024-01-05'],
    ['date', number('20240131'), '2024-01-31'],
    ['date', number('2.0240131e+7'), '2024-01-31'],
    ['date', text('2024-12-31 23:59:59.5'), '2025-01-01'],
    ['date', temporal('2024-01-31 10:00:00'), '2024-01-31'],
    ['date', text('2023-02-29'), "1292 22007 Incorrect date value: '2023-02-29' for column 'c' at row 3"],
    ['date', text('0000-00-00'), "1292 22007 Incorrect date value: '0000-00-00' for column 'c' at row 3"],
    ['date', text('24-01-31'), 'TC_UNSUPPORTED_SQL'],
    ['date', temporal('10:00:00'), 'TC_UNSUPPORTED_SQL'],
    ['datetime', text('2024-01-31'), '2024-01-31 00:00:00'],
    ['datetime', text('2024-01-31 10:00:00.4999995'), '2024-01-31 10:00:01'],
    ['datetime(3)', text('2024-01-31T10:00'), '2024-01-31 10:00:00.000'],
    ['datetime(3)', text('1999-12-31 23:59:59.9995'), '2000-01-01 00:00:00.000'],
    ['datetime(6)', text('2024-01-31 10:00:00.1234567'), '2024-01-31 10:00:00.123457'],
    ['datetime', text('9999-12-31 23:59:59.5'), 'TC_UNSUPPORTED_SQL'],
    ['datetime', text('2024-01-31 10:00:00+02:00'), 'TC_UNSUPPORTED_SQL'],
    [
      'datetime',
      text('2024-01-31T10:00:00Z'),
      "1292 22007 Incorrect datetime value: '2024-01-31T10:00:00Z' for column 'c' at row 3",
    ],
    ['boolean', number('2'), '2'],
    ['boolean', number('128'), "1264 22003 Out of range value for column 'c' at row 3"],
  ])('%s takes %j', (declared, value, expected) => {
    expect(stored(declared, value)).toBe(expected);
  });

  it.each<[string, ConstantValue, Session, string]>([
    [
      'decimal(10,2)',
      text('12abc'),
      { server: 'mariadb' },
      "1265 01000 Data truncated for column 'c' at row 3",
    ],
    [
      'decimal(10,2)',
      text('abc'),
      { server: 'mariadb' },
      "1366 22007 Incorrect decimal value: 'abc' for column `shop`.`users`.`c` at row 3",
    ],
    [
      'double',
      text('abc'),
      { server: 'mariadb' },
      "1366 22007 Incorrect double value: 'abc' for column `shop`.`users`.`c` at row 3",
    ],
    ['double', text('-0'), { server: 'mariadb' }, '0'],
    ['date', text('2024-01-31 23:59:59.9'), { server: 'mariadb' }, '2024-01-31'],
    ['datetime', text('2024-01-31 23:59:59.9'), { server: 'mariadb' }, '2024-01-31 23:59:59'],
    [
      'datetime',
      text('2024-01-31 23:59:59.9'),
      { server: 'mariadb', mode: 'TIME_ROUND_FRACTIONAL' },
      '2024-02-01 00:00:00',
    ],
    [
      'date',
      text('2024-01-31 23:59:59.9'),
      { server: 'mariadb', mode: 'TIME_ROUND_FRACTIONAL' },
      '2024-01-31',
    ],
    ['datetime', text('2024-01-31 23:59:59.9'), { mode: 'TIME_TRUNCATE_FRACTIONAL' }, '2024-01-31 23:59:59'],
    [
      'date',
      text('abc'),
      { server: 'mariadb' },
      "1292 22007 Incorrect date value: 'abc' for column `shop`.`users`.`c` at row 3",
    ],
    ['date', text('0000-00-00'), { mode: 'STRICT_TRANS_TABLES' }, 'TC_UNSUPPORTED_SQL'],
    ['date', text('2024-00-10'), { mode: 'STRICT_TRANS_TABLES' }, 'TC_UNSUPPORTED_SQL'],
    ['date', text('2024-02-31'), { mode: 'STRICT_TRANS_TABLES,ALLOW_INVALID_DATES' }, 'TC_UNSUPPORTED_SQL'],
    ['date', text('2024-02-31'), { lenient: true }, 'TC_UNSUPPORTED_SQL'],
    ['decimal(10,2)', text('abc'), { lenient: true }, 'TC_UNSUPPORTED_SQL'],
    ['decimal(10,2)', number('1.239'), { lenient: true }, '1.24'],
  ])('%s takes %j under %j', (declared, value, session, expected) => {
    expect(stored(declared, value, session)).toBe(expected);
  });
});

describe('a constant that a column is compared with by ciphertext', () => {
  it.each<[string, ConstantValue, string | null]>([
    ['decimal(10,2)', number('12.5'), '12.50'],
    ['decimal(10,2)', text('012.500'), '12.50'],
    ['decimal(10,2)', number('1.25e1'), '12.50'],
    ['decimal(10,2)', number('12.501'), null],
    ['decimal(10,2)', text(' 12.5'), null],
    ['decimal(10,2)', text('x'), null],
    ['decimal(10,2)', number('-0'), '0.00'],
    ['decimal(20,4)', text('12.5'), null],
    ['decimal(20,4)', number('12.5'), '12.5000'],
    ['decimal(20,4)', number('12.5e0'), null],
    ['double', number('30'), '30'],
    ['double', text('3e1'), '30'],
    ['double', number('0'), null],
    ['double', text('-0'), null],
    ['date', text('2024-01-31'), '2024-01-31'],
    ['date', text('2024-01-31 00:00:00'), '2024-01-31'],
    ['date', text('2024-01-31 00:00:01'), null],
    ['date', temporal('2024-01-31'), '2024-01-31'],
    ['date', text('2024-1-31'), null],
    ['date', text('2024-02-30'), null],
    ['date', number('20240131'), null],
    ['datetime(3)', text('2024-01-31'), '2024-01-31 00:00:00.000'],
    ['datetime(3)', text('2024-01-31 10:00:00.1'), '2024-01-31 10:00:00.100'],
    ['datetime(3)', text('2024-01-31 10:00:00.1230'), '2024-01-31 10:00:00.123'],
    ['datetime(3)', text('2024-01-31 10:00:00.1234'), null],
    ['datetime', text('2024-01-31T10:00:00'), null],
    ['boolean', text('01'), '1'],
  ])('%s = %j', (declared, value, expected) => {
    expect(canonical(declared, value)).toBe(expected);
  });
});

describe('what is left of a value that does not fit, and what the server says of it', () => {
  const cut = "; Warning: Data truncated for column 'c' at row 3";
  const note = "; Note: Data truncated for column 'c' at row 3";
  const beyond = "; Warning: Out of range value for column 'c' at row 3";
  it.each<[string, ConstantValue, string, Session?]>([
    ['varchar(3)', text('abcdé'), `abc${cut}`],
    ['varchar(3)', text('äöüß'), `äöü${cut}`],
    ['varchar(3)', text('abc  '), `abc${note}`],
    ['varchar(3)', number('12345'), `123${cut}`],
    ['char(3)', text('abc  '), 'abc'],
    ['char(3)', text('abcd'), `abc${cut}`],
    ['varbinary(3)', text('abcd'), `abc${cut}`],
    ['tinyint', number('300'), `127${beyond}`],
    ['tinyint', text('-300'), `-128${beyond}`],
    ['tinyint', text('12.7abc'), `13${cut}`],
    ['tinyint', text('300abc'), `127${beyond}`],
    ['tinyint', text(''), "0; Warning: Incorrect integer value: '' for column 'c' at row 3"],
    ['tinyint', text('1 2'), `1${cut}`],
    ['tinyint', text(' 12 '), '12'],
    ['tinyint', text(' 12 '), `12${note}`, { server: 'mariadb' }],
    ['bigint unsigned', number('-1'), `0${beyond}`],
    ['decimal(5,2)', number('12345'), `999.99${beyond}`],
    ['decimal(5,2)', text('12.345abc'), `12.35${note}${note}`],
    ['decimal(5,2)', text('12.345abc'), `12.35${cut}${note}`, { server: 'mariadb' }],
    ['decimal(5,2) unsigned', number('-1'), `0.00${beyond}`],
    ['double', text('1e400'), `1.7976931348623157e308${beyond}`],
    ['double', text('1.5abc'), `1.5${cut}`, { server: 'mariadb' }],
    ['date', text('2024-01-31 10:00:00'), `2024-01-31${note}`, { server: 'mariadb' }],
  ])('%s of %o', (declared, value, expected, session) => {
    expect(stored(declared, value, { lenient: true, reports: true, ...session })).toBe(expected);
  });

  it.each<[string, ConstantValue, Session]>([
    ['tinyint', text('1ex'), { lenient: true, reports: true }],
    ['varchar(3)', text('abcd'), { lenient: true }],
    ['tinytext', text('é'.repeat(200)), { lenient: true, reports: true }],
    ['varbinary(3)', text('äöü'), { lenient: true, reports: true }],
    ['date', text('no date'), { lenient: true, reports: true }],
  ])('%s of %o is refused', (declared, value, session) => {
    expect(stored(declared, value, session)).toContain('TC_UNSUPPORTED_SQL');
  });

  it.each<[string, ConstantValue, string]>([
    ['decimal(5,2)', number('1.239'), `1.24${note}`],
    [
      'date',
      text('2024-01-31 10:00:00'),
      "2024-01-31; Note: Incorrect date value: '2024-01-31 10:00:00' for column 'c' at row 3",
    ],
    ['date', text('2024-01-31 23:59:59.9'), '2024-02-01'],
  ])('%s of %o is noted under strict sql_mode too', (declared, value, expected) => {
    expect(stored(declared, value, { reports: true })).toBe(expected);
  });
});
