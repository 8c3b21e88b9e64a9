import type { FamilyColumnType, IntegerColumnType } from '../rewrite/column-type.js';

/** A type, or `what is wrong; what to do`; null: none of these. */
export type OtherType = FamilyColumnType | IntegerColumnType | { readonly problem: string } | null;

/** Types that no encrypted column can be, by name, each with what to do. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    'enum',
    'ENUM is sorted by the position of its values, which is lost when they are encrypted; declare varchar(n), or leave the column unprotected',
  ],
  [
    'set',
    'SET is a number and a list at once, of which encryption keeps only the list; declare varchar(n), or leave the column unprotected',
  ],
  [
    'bit',
    'BIT is a number in one place and bytes in another, of which encryption keeps only one; declare varbinary(n) or bigint unsigned, or leave the column unprotected',
  ],
  [
    'year',
    'YEAR takes and shows years in a way that no expression has on MariaDB; declare smallint, or leave the column unprotected',
  ],
  [
    'float',
    'FLOAT compares in another precision than it shows, which text can not carry; declare double or decimal(p,s), or leave the column unprotected',
  ],
  ['real', 'REAL is DOUBLE or FLOAT by the sql_mode; declare double'],
  ['vector', 'VECTOR has functions of its own, which encryption does not keep; leave the column unprotected'],
  ['uuid', 'UUID is known to MariaDB only; declare char(36), or leave the column unprotected'],
  ['inet4', 'INET4 is known to MariaDB only; declare varchar(15), or leave the column unprotected'],
  ['inet6', 'INET6 is known to MariaDB only; declare varchar(45), or leave the column unprotected'],
  ['nchar', 'NCHAR is CHAR of utf8mb3; declare char(n) with charset: utf8mb3'],
  ['nvarchar', 'NVARCHAR is VARCHAR of utf8mb3; declare varchar(n) with charset: utf8mb3'],
  ...'geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection'
    .split(' ')
    .map(
      (name) =>
        [
          name,
          `${name.toUpperCase()} has functions and indexes of its own, which encryption does not keep; leave the column unprotected`,
        ] as const,
    ),
]);

const DECIMAL_NAMES = new Set(['decimal', 'numeric', 'dec', 'fixed']);
const BARE = ['bool', 'boolean', 'date', 'json'];
const WITH_PRECISION = ['datetime', 'time', 'timestamp'];

/** What {@link otherColumnType} takes, as regular expressions of lower-case texts. */
export const OTHER_TYPE_FORMS: readonly string[] = [
  ...BARE,
  `(?:${WITH_PRECISION.join('|')})(?:\\s*\\(\\s*[0-6]\\s*\\))?`,
  `(?:${[...DECIMAL_NAMES].join('|')})(?:\\s*\\(\\s*\\d{1,3}(?:\\s*,\\s*\\d{1,3})?\\s*\\))?(?:\\s+unsigned|\\s+signed)?`,
  'double(?:\\s+precision)?',
];

/**
 * Types besides strings, bytes and integers, as the manual writes them.
 * @param size what stands in parentheses
 * @param words what stands behind
 *
 * https://dev.mysql.com/doc/refman/9.7/en/data-types.html
 */
export function otherColumnType(name: string, size: string | undefined, words: readonly string[]): OtherType {
  if (DECIMAL_NAMES.has(name)) return decimalType(size, words);
  if (name === 'double') return doubleType(size, words);
  const refused = REFUSED.get(name);
  if (refused !== undefined) return { problem: `can not be this one: ${refused}` };
  if (words.length > 0) return known(name) ? { problem: `has words after the type; write ${name}` } : null;
  switch (name) {
    case 'bool':
    case 'boolean':
      if (size !== undefined) return { problem: `takes no length; write ${name}` };
      return { kind: 'integer', base: 'tinyint', bits: 8, unsigned: false, displayWidth: 1 };
    case 'json':
      if (size !== undefined) return { problem: 'takes no length; write json' };
      return { kind: 'json' };
    case 'date':
      if (size !== undefined) return { problem: 'takes no length; write date' };
      return { kind: 'temporal', base: 'date', decimals: 0 };
    case 'datetime':
    case 'time':
    case 'timestamp':
      if (size !== undefined && !/^[0-6]$/.test(size)) {
        return { problem: `has a precision outside 0 to 6; write ${name}(n)` };
      }
      return name === 'datetime'
        ? { kind: 'temporal', base: 'datetime', decimals: Number(size ?? 0) }
        : { kind: name, decimals: Number(size ?? 0) };
    default:
      return null;
  }
}

function known(name: string): boolean {
  return BARE.includes(name) || WITH_PRECISION.includes(name);
}

function decimalType(size: string | undefined, words: readonly string[]): OtherType {
  if (words.includes('zerofill')) {
    return { problem: 'ZEROFILL is not supported; declare decimal(p,s) unsigned and pad in the application' };
  }
  if (words.length > 1 || (words.length === 1 && words[0] !== 'unsigned' && words[0] !== 'signed')) {
    return { problem: 'has words that are no part of a decimal type; write decimal(p,s) [unsigned]' };
  }
  const match = /^(\d{1,3})(?:\s*,\s*(\d{1,3}))?$/.exec(size ?? '10');
  const precision = Number(match?.[1] ?? 0);
  const scale = Number(match?.[2] ?? 0);
  if (match === null || precision < 1 || precision > 65 || scale > 30 || scale > precision) {
    return {
      problem: 'has digits that DECIMAL does not have; write decimal(p,s) with p to 65, s to 30 and to p',
    };
  }
  return { kind: 'decimal', precision, scale, unsigned: words[0] === 'unsigned' };
}

function doubleType(size: string | undefined, words: readonly string[]): OtherType {
  if (size !== undefined || words.some((word) => word !== 'precision') || words.length > 1) {
    return {
      problem: 'DOUBLE(m,d), UNSIGNED and ZEROFILL of it are deprecated, and not supported; write double',
    };
  }
  return { kind: 'double' };
}
