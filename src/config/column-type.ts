import type {
  BinaryBase,
  BinaryColumnType,
  ColumnType,
  IntegerBase,
  IntegerColumnType,
  StringBase,
  StringColumnType,
} from '../rewrite/column-type.js';
import { OTHER_TYPE_FORMS, otherColumnType } from './other-column-types.js';

export interface ColumnTypeOptions {
  readonly charset?: string | undefined;
  readonly collation?: string | undefined;
}

/** Which key of the column is wrong, and `what is wrong; what to do`. */
export interface ColumnTypeProblem {
  readonly key: 'type' | 'charset' | 'collation';
  readonly message: string;
}

export type ColumnTypeResult =
  | { readonly ok: true; readonly type: ColumnType }
  | { readonly ok: false; readonly problem: ColumnTypeProblem };

const STRINGS = new Map<string, { base: StringBase; max: number; sized: boolean }>([
  ['char', { base: 'char', max: 255, sized: true }],
  ['varchar', { base: 'varchar', max: 65_535, sized: true }],
  ['tinytext', { base: 'tinytext', max: 255, sized: false }],
  ['text', { base: 'text', max: 65_535, sized: false }],
  ['mediumtext', { base: 'mediumtext', max: 16_777_215, sized: false }],
  ['longtext', { base: 'longtext', max: 4_294_967_295, sized: false }],
]);

const BINARIES = new Map<string, { base: BinaryBase; max: number; sized: boolean }>([
  ['binary', { base: 'binary', max: 255, sized: true }],
  ['varbinary', { base: 'varbinary', max: 65_535, sized: true }],
  ['tinyblob', { base: 'tinyblob', max: 255, sized: false }],
  ['blob', { base: 'blob', max: 65_535, sized: false }],
  ['mediumblob', { base: 'mediumblob', max: 16_777_215, sized: false }],
  ['longblob', { base: 'longblob', max: 4_294_967_295, sized: false }],
]);

const INTEGERS = new Map<string, { base: IntegerBase; bits: IntegerColumnType['bits'] }>([
  ['tinyint', { base: 'tinyint', bits: 8 }],
  ['smallint', { base: 'smallint', bits: 16 }],
  ['mediumint', { base: 'mediumint', bits: 24 }],
  ['int', { base: 'int', bits: 32 }],
  ['integer', { base: 'int', bits: 32 }],
  ['bigint', { base: 'bigint', bits: 64 }],
]);

const sized = (types: ReadonlyMap<string, { readonly sized: boolean }>, isSized: boolean): string[] =>
  [...types].filter(([, type]) => type.sized === isSized).map(([name]) => name);

/**
 * What {@link parseColumnType} takes, as a pattern for editors, which have no flag that ignores case. Lengths are not
 * looked at.
 */
export const COLUMN_TYPE_PATTERN = `^\\s*(?:${[
  `(?:${[...sized(STRINGS, true), ...sized(BINARIES, true)].join('|')})\\s*\\(\\s*\\d{1,6}\\s*\\)`,
  ...sized(STRINGS, false),
  ...sized(BINARIES, false),
  `(?:${[...INTEGERS.keys()].join('|')})(?:\\s*\\(\\s*\\d{1,3}\\s*\\))?(?:\\s+unsigned|\\s+signed)?`,
  ...OTHER_TYPE_FORMS,
]
  .join('|')
  .replaceAll(/(?<!\\)[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)})\\s*$`;

/** What editors offer: one of each. */
export const COLUMN_TYPE_EXAMPLES: readonly string[] = [
  ...[...sized(STRINGS, true), ...sized(BINARIES, true)].map((name) => `${name}(255)`),
  ...sized(STRINGS, false),
  ...sized(BINARIES, false),
  ...[...INTEGERS.keys()].filter((name) => name !== 'integer').flatMap((name) => [name, `${name} unsigned`]),
  ...[
    'boolean',
    'decimal(10,2)',
    'double',
    'date',
    'datetime',
    'datetime(6)',
    'timestamp',
    'timestamp(6)',
    'json',
  ],
];

/** Bytes of the longest character. */
const CHARSETS = new Map([
  ['utf8mb4', 4],
  ['utf8mb3', 3],
  ['latin1', 1],
  ['ascii', 1],
]);

const SUPPORTED =
  'varchar(n), char(n), tinytext, text, mediumtext, longtext, varbinary(n), binary(n), tinyblob, blob, mediumblob, ' +
  'longblob, tinyint, smallint, mediumint, int or bigint [unsigned], boolean, decimal(p,s) [unsigned], double, date, ' +
  'datetime(n), time(n), timestamp(n) or json';

/**
 * The declared type of a column as the manual writes it (`varchar(255)`, `bigint unsigned`) with its character set
 * and collation, as a ColumnType. Anything else is a problem, never a guess: a column read as the wrong type would
 * be written in a form that no later version reads back.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/data-types.html
 */
export function parseColumnType(text: string, options: ColumnTypeOptions = {}): ColumnTypeResult {
  const listed = /^(enum|set)\s*\(/i.exec(text.trim());
  const match = /^([a-z][a-z0-9]*)\s*(?:\(\s*([^()]*?)\s*\))?((?:\s+[a-z0-9_]+)*)$/.exec(
    listed?.[1]?.toLowerCase() ?? text.trim().toLowerCase(),
  );
  if (match === null) return bad('type', `is no column type; write one of ${SUPPORTED}`);
  const name = match[1] as string;
  const size = match[2];
  const words = (match[3] ?? '').trim().split(/\s+/).filter(Boolean);

  const string = STRINGS.get(name);
  if (string !== undefined) {
    const length = readLength(name, string, size, words);
    return typeof length === 'number' ? stringType(string.base, length, options) : length;
  }
  if (options.charset !== undefined || options.collation !== undefined) {
    const key = options.charset !== undefined ? 'charset' : 'collation';
    return bad(key, `only string types have a ${key}; remove it, or declare char, varchar or a text type`);
  }
  const binary = BINARIES.get(name);
  if (binary !== undefined) {
    const length = readLength(name, binary, size, words);
    if (typeof length !== 'number') return length;
    const type: BinaryColumnType = { kind: 'binary', base: binary.base, length };
    return { ok: true, type };
  }
  const integer = INTEGERS.get(name);
  if (integer !== undefined) return integerType(integer, size, words);
  const other = otherColumnType(name, size, words);
  if (other !== null) return 'problem' in other ? bad('type', other.problem) : { ok: true, type: other };
  return bad('type', `is no type that tenantcrypt knows; write one of ${SUPPORTED}`);
}

function stringType(base: StringBase, length: number, options: ColumnTypeOptions): ColumnTypeResult {
  const collation = options.collation?.toLowerCase();
  const charset = options.charset?.toLowerCase() ?? collation?.split('_')[0] ?? 'utf8mb4';
  const width = CHARSETS.get(charset);
  if (width === undefined) {
    const known = [...CHARSETS.keys()].join(', ');
    return bad(
      options.charset === undefined ? 'collation' : 'charset',
      `this character set is not supported yet; use one of ${known}`,
    );
  }
  if (collation !== undefined && !new RegExp(`^${charset}_[a-z0-9_]+$`).test(collation)) {
    return bad(
      'collation',
      `is no collation of ${charset}; name one that starts with ${charset}_, or change charset`,
    );
  }
  if (base === 'varchar' && length * width > 65_535) {
    const max = Math.floor(65_535 / width);
    return bad(
      'type',
      `is longer than a VARCHAR of ${charset} can be; at most varchar(${max}), or use mediumtext`,
    );
  }
  const type: StringColumnType = { kind: 'string', base, length, charset, collation };
  return { ok: true, type };
}

function integerType(
  integer: { base: IntegerBase; bits: IntegerColumnType['bits'] },
  size: string | undefined,
  words: readonly string[],
): ColumnTypeResult {
  if (size !== undefined && !/^\d{1,3}$/.test(size)) {
    return bad('type', `has a display width that is no number; write ${integer.base} [unsigned]`);
  }
  if (words.includes('zerofill')) {
    return bad(
      'type',
      `ZEROFILL is not supported yet; declare it as ${integer.base} unsigned and pad in the application`,
    );
  }
  if (words.length > 1 || (words.length === 1 && words[0] !== 'unsigned' && words[0] !== 'signed')) {
    return bad('type', `has words that are no part of an integer type; write ${integer.base} [unsigned]`);
  }
  const unsigned = words[0] === 'unsigned';
  // The one width that both servers keep, for drivers that take it for BOOLEAN.
  const isBoolean = integer.base === 'tinyint' && Number(size) === 1 && !unsigned;
  const type: IntegerColumnType = { kind: 'integer', ...integer, unsigned };
  return { ok: true, type: isBoolean ? { ...type, displayWidth: 1 } : type };
}

function readLength(
  name: string,
  spec: { max: number; sized: boolean },
  size: string | undefined,
  words: readonly string[],
): number | ColumnTypeResult {
  if (words.length > 0) {
    const what = STRINGS.has(name)
      ? '; give character set and collation by the keys charset and collation'
      : '';
    return bad('type', `has words after the type${what === '' ? '; remove them' : what}`);
  }
  if (!spec.sized) {
    return size === undefined
      ? spec.max
      : bad('type', `${name.toUpperCase()} takes no length here; write ${name}`);
  }
  if (size === undefined) return bad('type', `needs a length; write ${name}(n) as the table declares it`);
  const length = /^\d{1,6}$/.test(size) ? Number(size) : 0;
  if (length < 1 || length > spec.max)
    return bad('type', `has a length outside 1 to ${spec.max}; write ${name}(n)`);
  return length;
}

function bad(key: ColumnTypeProblem['key'], message: string): ColumnTypeResult & { ok: false } {
  return { ok: false, problem: { key, message } };
}
