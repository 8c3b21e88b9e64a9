import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseColumnType } from '../../src/config/column-type.js';
import { interpolate } from '../../src/config/interpolate.js';
import { parseDuration, parseSize } from '../../src/config/units.js';

describe('parseSize', () => {
  it.each<[string, number | undefined]>([
    ['0', 0],
    ['1024', 1024],
    ['64MiB', 67_108_864],
    ['64 MiB', 67_108_864],
    ['1.5KiB', 1536],
    ['2GB', 2_000_000_000],
    ['1kB', 1000],
    ['0.3KiB', undefined],
    ['64mib', undefined],
    ['-1', undefined],
    ['1e9', undefined],
    ['', undefined],
    ['MiB', undefined],
  ])('%s → %s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });
});

describe('parseDuration', () => {
  it.each<[string, number | undefined]>([
    ['8', 8],
    ['8s', 8],
    ['500ms', 0.5],
    ['8h', 28_800],
    ['2d', 172_800],
    ['1.5m', 90],
    ['1w', undefined],
    ['8 S', undefined],
  ])('%s → %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });
});

describe('interpolate', () => {
  it.each<[string, string]>([
    ['plain', 'plain'],
    [`\${A}`, 'a'],
    [`x\${A}\${B}y`, `xa\${A}y`],
    [`$\${A}`, `\${A}`],
    [`$$\${A}`, `$\${A}`],
    ['$A $$ {A} $', '$A $$ {A} $'],
    [`\${EMPTY}`, ''],
  ])('%s → %s', (text, value) => {
    expect(interpolate(text, { A: 'a', B: `\${A}`, EMPTY: '' })).toMatchObject({ ok: true, value });
  });

  it.each([
    [`\${MISSING}`, 'needs the environment variable MISSING, which is not set; set it'],
    [`\${constructor}`, 'needs the environment variable constructor, which is not set; set it'],
    [`\${}`, `has \${…} that names no environment variable; write \${NAME}, or $\${ for the two characters`],
    [
      `\${A B}`,
      `has \${…} that names no environment variable; write \${NAME}, or $\${ for the two characters`,
    ],
    [`\${A`, `has \${ without a closing brace; write \${NAME}, or $\${ for the two characters`],
  ])('%s: %s', (text, message) => {
    expect(interpolate(text, { A: 'a' })).toEqual({ ok: false, message });
  });

  it('gives any text back when it was escaped, and any value as it is', () => {
    const pieces = fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ' ') });
    fc.assert(
      fc.property(pieces, fc.string(), (text, value) => {
        expect(
          interpolate(
            text.replaceAll(`\${`, () => `$\${`),
            {},
          ),
        ).toMatchObject({ ok: true, value: text });
        expect(interpolate(`<\${V}>`, { V: value })).toMatchObject({ ok: true, value: `<${value}>` });
      }),
    );
  });
});

describe('parseColumnType', () => {
  it.each([
    [
      'varchar(255)',
      { kind: 'string', base: 'varchar', length: 255, charset: 'utf8mb4', collation: undefined },
    ],
    [
      ' VARCHAR ( 255 ) ',
      { kind: 'string', base: 'varchar', length: 255, charset: 'utf8mb4', collation: undefined },
    ],
    ['char(3)', { kind: 'string', base: 'char', length: 3, charset: 'utf8mb4', collation: undefined }],
    ['text', { kind: 'string', base: 'text', length: 65_535, charset: 'utf8mb4', collation: undefined }],
    [
      'longtext',
      { kind: 'string', base: 'longtext', length: 4_294_967_295, charset: 'utf8mb4', collation: undefined },
    ],
    ['varbinary(16)', { kind: 'binary', base: 'varbinary', length: 16 }],
    ['mediumblob', { kind: 'binary', base: 'mediumblob', length: 16_777_215 }],
    ['int', { kind: 'integer', base: 'int', bits: 32, unsigned: false }],
    ['INTEGER', { kind: 'integer', base: 'int', bits: 32, unsigned: false }],
    ['int(11) unsigned', { kind: 'integer', base: 'int', bits: 32, unsigned: true }],
    ['bigint(20) unsigned', { kind: 'integer', base: 'bigint', bits: 64, unsigned: true }],
    ['mediumint signed', { kind: 'integer', base: 'mediumint', bits: 24, unsigned: false }],
    ['boolean', { kind: 'integer', base: 'tinyint', bits: 8, unsigned: false, displayWidth: 1 }],
    ['TINYINT(1)', { kind: 'integer', base: 'tinyint', bits: 8, unsigned: false, displayWidth: 1 }],
    ['tinyint(4)', { kind: 'integer', base: 'tinyint', bits: 8, unsigned: false }],
    ['decimal(10,2)', { kind: 'decimal', precision: 10, scale: 2, unsigned: false }],
    ['NUMERIC(5 , 5) unsigned', { kind: 'decimal', precision: 5, scale: 5, unsigned: true }],
    ['dec', { kind: 'decimal', precision: 10, scale: 0, unsigned: false }],
    ['double precision', { kind: 'double' }],
    ['JSON', { kind: 'json' }],
    ['date', { kind: 'temporal', base: 'date', decimals: 0 }],
    ['datetime', { kind: 'temporal', base: 'datetime', decimals: 0 }],
    ['datetime(6)', { kind: 'temporal', base: 'datetime', decimals: 6 }],
    ['time(3)', { kind: 'time', decimals: 3 }],
    ['timestamp', { kind: 'timestamp', decimals: 0 }],
    ['TIMESTAMP(3)', { kind: 'timestamp', decimals: 3 }],
  ])('%s', (text, type) => {
    expect(parseColumnType(text)).toEqual({ ok: true, type });
  });

  it.each([
    [{ collation: 'utf8mb4_0900_BIN' }, { charset: 'utf8mb4', collation: 'utf8mb4_0900_bin' }],
    [{ collation: 'latin1_swedish_ci' }, { charset: 'latin1', collation: 'latin1_swedish_ci' }],
    [{ charset: 'ascii' }, { charset: 'ascii', collation: undefined }],
  ])('strings with %j', (options, expected) => {
    const result = parseColumnType('varchar(9)', options);
    expect(result.ok && result.type).toMatchObject(expected);
  });

  it.each<[string, { charset?: string; collation?: string }, string, string]>([
    ['varchar', {}, 'type', 'needs a length'],
    ['varchar(0)', {}, 'type', 'length outside 1 to 65535'],
    ['varchar(70000)', {}, 'type', 'length outside 1 to 65535'],
    ['varchar(20000)', {}, 'type', 'at most varchar(16383)'],
    ['char(256)', {}, 'type', 'length outside 1 to 255'],
    ['text(100)', {}, 'type', 'TEXT takes no length'],
    ['varchar(9) character set latin1', {}, 'type', 'by the keys charset and collation'],
    ['int unsigned zerofill', {}, 'type', 'ZEROFILL is not supported yet'],
    ['int auto', {}, 'type', 'no part of an integer type'],
    ['decimal(66,2)', {}, 'type', 'p to 65'],
    ['decimal(5,6)', {}, 'type', 's to 30 and to p'],
    ['decimal(10,2) zerofill', {}, 'type', 'ZEROFILL is not supported'],
    ['decimal(10,2) auto', {}, 'type', 'no part of a decimal type'],
    ['decimal(10,2)', { charset: 'utf8mb4' }, 'charset', 'only string types have a charset'],
    ['date(3)', {}, 'type', 'takes no length'],
    ['datetime(7)', {}, 'type', 'precision outside 0 to 6'],
    ['datetime(6) not null', {}, 'type', 'has words after the type'],
    ['double(10,2)', {}, 'type', 'deprecated'],
    ['double unsigned', {}, 'type', 'deprecated'],
    ["enum('a','b')", {}, 'type', 'ENUM is sorted by the position'],
    ["SET ('a')", {}, 'type', 'SET is a number and a list'],
    ['timestamp(7)', {}, 'type', 'precision outside 0 to 6'],
    ['time(7)', {}, 'type', 'precision outside 0 to 6'],
    ['year', {}, 'type', 'declare smallint'],
    ['float', {}, 'type', 'declare double'],
    ['bit(8)', {}, 'type', 'BIT is a number in one place'],
    ['point', {}, 'type', 'POINT has functions'],
    ['json(5)', {}, 'type', 'takes no length'],
    ['strign', {}, 'type', 'is no type that tenantcrypt knows'],
    ['varchar(1);drop', {}, 'type', 'is no column type'],
    ['varchar(9)', { charset: 'gbk' }, 'charset', 'not supported yet'],
    ['varchar(9)', { collation: 'binary' }, 'collation', 'not supported yet'],
    ['varchar(9)', { charset: 'latin1', collation: 'utf8mb4_bin' }, 'collation', 'is no collation of latin1'],
    ['blob', { charset: 'utf8mb4' }, 'charset', 'only string types have a charset'],
    ['int', { collation: 'utf8mb4_bin' }, 'collation', 'only string types have a collation'],
  ])('%s %j: %s %s', (text, options, key, message) => {
    const result = parseColumnType(text, options);
    expect(result.ok ? undefined : result.problem.key).toBe(key);
    expect(result.ok ? undefined : result.problem.message).toContain(message);
  });
});
