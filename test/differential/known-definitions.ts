import type { Server } from './statement-file.js';
import type { Column } from './wire-client.js';

/*
 * Fields of column definitions that may differ, each in one way and for one reason. What no rule explains field by field
 * is a failure.
 */

interface KnownField {
  readonly field: keyof Column;
  readonly server?: Server;
  readonly holds: (plain: Column, ours: Column) => boolean;
  readonly reason: string;
}

const INTEGERS: ReadonlySet<number> = new Set([1, 2, 3, 8, 9]);
/** The same, FLOAT, DOUBLE, NEWDECIMAL. */
const NUMBERS: ReadonlySet<number> = new Set([...INTEGERS, 4, 5, 246]);
const BINARY_FLAG = 128;
/** Of MariaDB's temporary table of a GROUP BY. */
const GROUP_FLAG = 32_768;
/** NOT_FIXED_DEC */
const NOT_FIXED: ReadonlySet<number> = new Set([31, 39]);

const [TIMESTAMP, DATETIME] = [7, 12];
const TIMESTAMP_REASON =
  'what is made of a protected TIMESTAMP has the type of a DATETIME: no expression has that of TIMESTAMP';
const [LONG, LONGLONG] = [3, 8];
const [JSON_TYPE, NEWDECIMAL, VAR_STRING, STRING] = [245, 246, 253, 254];
/** TINY_BLOB, MEDIUM_BLOB, LONG_BLOB, BLOB, VAR_STRING, STRING */
const STRINGS: ReadonlySet<number> = new Set([249, 250, 251, 252, VAR_STRING, STRING]);
const BLOBS: ReadonlySet<number> = new Set([249, 250, 251, 252]);
const [NOT_NULL_FLAG, UNSIGNED_FLAG] = [1, 32];
const BLOB_FLAG = 16;
const PART_KEY_FLAG = 16_384;
/** Bytes: temporary tables have longer ones as TEXT. */
const SHORT_TEXT = 512 * 4;
/** NOT_NULL, PRI_KEY, UNIQUE_KEY, MULTIPLE_KEY, AUTO_INCREMENT, NO_DEFAULT_VALUE, PART_KEY */
const KEY_FLAGS = 0x1 | 0x2 | 0x4 | 0x8 | 0x200 | 0x1000 | 0x4000;
/** Their definitions pass as they come. */
const UNPROTECTED: ReadonlySet<string> = new Set(['orders', 'notes']);
/** Characters that a BIGINT may have more than a TINYINT. */
const WIDER = 20;

const isExpression = ({ schema, orgTable }: Column): boolean => schema === '' && orgTable === '';
const onlyIn = (plain: Column, ours: Column, bits: number): boolean =>
  ((plain.flags ^ ours.flags) & ~bits) === 0;

/** Protected integers of the judge's tables. */
const PROTECTED_INTEGER = /\b(?:age|level|score|pin|active)\b/i;

/**
 * Whether an expression may be made of what the proxy does not know the type of: a column of a UNION or a recursive
 * table, which is named like a column; a function without protected integers in its text; a window function of MySQL.
 */
const isOfOtherTables = (name: string): boolean =>
  !name.includes('(') || !PROTECTED_INTEGER.test(name) || /\bOVER\b/i.test(name);

const UNKNOWN = 'it is made of columns that are not protected, whose types the proxy does not know';
const TEMPORARY = 'filled in another way where the plan has a temporary table';

const KNOWN_FIELDS: readonly KnownField[] = [
  {
    field: 'flags',
    holds: (plain, ours) =>
      NUMBERS.has(plain.type) && NUMBERS.has(ours.type) && onlyIn(plain, ours, BINARY_FLAG | GROUP_FLAG),
    reason: `BINARY_FLAG of a number: ${TEMPORARY}`,
  },
  {
    field: 'flags',
    holds: (plain, ours) =>
      isExpression(plain) &&
      plain.type === ours.type &&
      (plain.type === NEWDECIMAL || plain.type === VAR_STRING) &&
      onlyIn(plain, ours, BINARY_FLAG | UNSIGNED_FLAG),
    reason: 'what is made of a protected DECIMAL UNSIGNED is signed',
  },
  {
    field: 'flags',
    server: 'mariadb',
    holds: (plain, ours) => onlyIn(plain, ours, GROUP_FLAG),
    reason: `GROUP_FLAG: ${TEMPORARY}`,
  },
  {
    field: 'flags',
    holds: (plain, ours) =>
      onlyIn(plain, ours, BINARY_FLAG | GROUP_FLAG | KEY_FLAGS) &&
      (plain.flags & ~ours.flags & KEY_FLAGS & ~NOT_NULL_FLAG) === 0,
    reason: `keys of a column that the plain table's server leaves out: ${TEMPORARY}`,
  },
  {
    field: 'flags',
    holds: (plain, ours) =>
      [plain.orgTable, ours.orgTable].some((table) => UNPROTECTED.has(table)) &&
      onlyIn(plain, ours, BINARY_FLAG | GROUP_FLAG | KEY_FLAGS),
    reason: `keys of a column of a table that is not protected: ${TEMPORARY}`,
  },
  {
    field: 'flags',
    server: 'mariadb',
    holds: (plain, ours) =>
      onlyIn(plain, ours, PART_KEY_FLAG | GROUP_FLAG | (BINARY_FLAG * Number(NUMBERS.has(plain.type)))),
    reason: `PART_KEY_FLAG of what is no key: ${TEMPORARY}`,
  },
  {
    field: 'flags',
    holds: (plain, ours) =>
      isExpression(plain) && NUMBERS.has(plain.type) && onlyIn(plain, ours, BINARY_FLAG | KEY_FLAGS),
    reason: 'flags of a minimum or maximum that is read from an index',
  },
  ...(['length', 'type', 'flags'] as const).map((field) => ({
    field,
    holds: (plain: Column, ours: Column) =>
      isExpression(plain) &&
      [plain, ours].every(({ type, length }) => STRINGS.has(type) && length > SHORT_TEXT) &&
      onlyIn(plain, ours, BLOB_FLAG),
    reason: `a string of more than 512 characters is a TEXT in a temporary table: ${TEMPORARY}`,
  })),
  ...(['schema', 'table', 'orgTable', 'orgName'] as const).map((field) => ({
    field,
    server: 'mariadb' as const,
    holds: (plain: Column) => plain.schema === '' && plain.table === '' && plain.orgTable === '',
    reason: `origin of a grouped column that the plain table's server leaves out: ${TEMPORARY}`,
  })),
  {
    field: 'orgTable',
    server: 'mariadb',
    holds: (plain, ours) => plain.orgTable === '' && plain.table === ours.table && ours.orgTable !== '',
    reason: `org_table of a column that the plain table's server leaves out: ${TEMPORARY}`,
  },
  {
    field: 'schema',
    holds: (plain, ours) => plain.schema === '' && plain.table !== '' && plain.table === ours.table,
    reason: `schema of a column that the plain table's server leaves out: ${TEMPORARY}`,
  },
  {
    // Plain tables, in another order of joins: … FROM orders STRAIGHT_JOIN notes … GROUP BY notes.text, orders.id WITH ROLLUP.
    field: 'orgTable',
    server: 'mariadb',
    holds: (plain, ours) =>
      ours.orgTable === '' && UNPROTECTED.has(plain.orgTable) && plain.table === ours.table,
    reason: `org_table of a grouped column that our server leaves out: ${TEMPORARY}`,
  },
  {
    // A derived table of orders, sorted by a column of itself, and by one of a table that it is joined with.
    field: 'orgTable',
    server: 'mariadb',
    holds: (plain, ours) =>
      plain.orgTable === plain.table && plain.table === ours.table && UNPROTECTED.has(ours.orgTable),
    reason: `org_table of a derived table's column, its alias or its table: ${TEMPORARY}`,
  },
  {
    field: 'orgTable',
    holds: (plain, ours) =>
      plain.orgTable !== '' &&
      ours.orgTable !== '' &&
      plain.table === ours.table &&
      plain.table !== plain.orgTable,
    reason: `org_table of a derived table's column, its alias or its table: ${TEMPORARY}`,
  },
  {
    field: 'schema',
    holds: (plain, ours) =>
      ours.schema === '' && ours.table === plain.table && UNPROTECTED.has(ours.orgTable),
    reason: `schema of a column of a table that is not protected: ${TEMPORARY}`,
  },
  ...(['orgName', 'charset', 'length', 'flags', 'decimals'] as const).map((field) => ({
    field,
    server: 'mysql' as const,
    holds: (plain: Column, ours: Column) => plain.type === JSON_TYPE && ours.type === JSON_TYPE,
    reason: `character set, length, flags and org_name of a JSON value: ${TEMPORARY}`,
  })),
  ...(['type', 'length'] as const).map((field) => ({
    field,
    holds: (plain: Column, ours: Column) =>
      isExpression(plain) &&
      isExpression(ours) &&
      INTEGERS.has(plain.type) &&
      ours.type === NEWDECIMAL &&
      isOfOtherTables(plain.name),
    reason: `a protected INT UNSIGNED beside a signed integer makes a DECIMAL: ${UNKNOWN}`,
  })),
  {
    field: 'type',
    holds: (plain, ours) =>
      isExpression(plain) &&
      isExpression(ours) &&
      INTEGERS.has(plain.type) &&
      (ours.type === LONGLONG || ours.type === LONG) &&
      isOfOtherTables(plain.name),
    reason: `an integer is a BIGINT: ${UNKNOWN}`,
  },
  {
    field: 'type',
    holds: (plain, ours) =>
      isExpression(plain) &&
      isExpression(ours) &&
      INTEGERS.has(ours.type) &&
      (plain.type === LONGLONG || plain.type === LONG),
    reason: `an integer is wider on the plain table: ${TEMPORARY}`,
  },
  {
    field: 'length',
    holds: (plain, ours) =>
      isExpression(plain) && isExpression(ours) && INTEGERS.has(plain.type) && INTEGERS.has(ours.type),
    reason: 'an integer in a copy is as long as a wider integer, on either side',
  },
  {
    field: 'length',
    holds: (plain, ours) =>
      isExpression(plain) &&
      isExpression(ours) &&
      ours.length > plain.length &&
      ours.length - plain.length <= (NUMBERS.has(plain.type) ? WIDER : 4 * WIDER),
    reason: 'what is made of a protected integer in a copy is as long as of a wider integer',
  },
  {
    field: 'type',
    holds: (plain, ours) =>
      isExpression(plain) &&
      isExpression(ours) &&
      plain.type === STRING &&
      ours.type === VAR_STRING &&
      !/^(?:MIN|MAX|NULLIF)\(/i.test(plain.name),
    reason: 'a protected CHAR beside another type has that of a VARCHAR',
  },
  {
    field: 'type',
    holds: (plain, ours) =>
      isExpression(plain) && isExpression(ours) && plain.type === TIMESTAMP && ours.type === DATETIME,
    reason: TIMESTAMP_REASON,
  },
  {
    field: 'flags',
    server: 'mariadb',
    holds: (plain, ours) =>
      isExpression(plain) &&
      isExpression(ours) &&
      plain.type === TIMESTAMP &&
      ours.type === DATETIME &&
      onlyIn(plain, ours, UNSIGNED_FLAG),
    reason: TIMESTAMP_REASON,
  },
  {
    // A grouped CHAR with ROLLUP: a CHAR where one row at most is read, a VARCHAR from a temporary table.
    field: 'type',
    server: 'mysql',
    holds: (plain, ours) =>
      isExpression(plain) && isExpression(ours) && plain.type === VAR_STRING && ours.type === STRING,
    reason: `type of a grouped CHAR: ${TEMPORARY}`,
  },
  ...(['type', 'flags'] as const).map((field) => ({
    field,
    server: 'mysql' as const,
    holds: (plain: Column, ours: Column) =>
      isExpression(plain) &&
      isExpression(ours) &&
      [plain, ours].every(({ type }) => BLOBS.has(type)) &&
      onlyIn(plain, ours, BLOB_FLAG),
    reason: `GROUP_CONCAT of binary values is a BLOB of one size or another: ${TEMPORARY}`,
  })),
  {
    field: 'orgName',
    holds: (plain, ours) =>
      isExpression(plain) &&
      isExpression(ours) &&
      // The name is cut for comparison.
      [plain.orgName, ours.orgName].every((name) => name === '' || name.startsWith(plain.name)),
    reason: `org_name of an expression: ${TEMPORARY}`,
  },
  {
    field: 'decimals',
    holds: (plain, ours) =>
      // MariaDB: … GROUP BY orders.contact, orders.id WITH ROLLUP where one row at most is read, and where more are.
      (isExpression(plain) || plain.type === STRING || plain.type === VAR_STRING) &&
      !NUMBERS.has(plain.type) &&
      [plain.decimals, ours.decimals].every((decimals) => decimals === 0 || NOT_FIXED.has(decimals)),
    reason: `decimals of a string: ${TEMPORARY}`,
  },
];

/** @returns a reason for each field that differs; empty: some field has none */
export function knownDefinition(
  plain: Column,
  ours: Column,
  head: { readonly server: Server },
): readonly string[] {
  const reasons = new Set<string>();
  for (const field of Object.keys(plain) as (keyof Column)[]) {
    if (plain[field] === ours[field]) continue;
    const known = KNOWN_FIELDS.find(
      (one) => one.field === field && (one.server ?? head.server) === head.server && one.holds(plain, ours),
    );
    if (known === undefined) return [];
    reasons.add(known.reason);
  }
  return [...reasons];
}
