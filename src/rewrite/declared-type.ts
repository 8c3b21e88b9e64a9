import type { ColumnType, IntegerBase, IntegerColumnType, StringColumnType } from './column-type.js';
import type { ServerVersion } from './dialect.js';
import type { DeclaredType } from './schema-view.js';
import { familyOf } from './types/families.js';

export type { DeclaredType } from './schema-view.js';

/*
 * How a server prints a declared type: what a plain table with a column of that type would show in SHOW COLUMNS, SHOW
 * CREATE TABLE and information_schema. Measured on MySQL 9.7 and MariaDB 10.11.
 */

const NONE: Omit<DeclaredType, 'dataType' | 'columnType'> = {
  characterMaximumLength: null,
  characterOctetLength: null,
  numericPrecision: null,
  numericScale: null,
  datetimePrecision: null,
  characterSet: null,
  collation: null,
};

/**
 * What a plain table with a column of this type shows on this server.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/information-schema-columns-table.html
 */
export function declaredType(type: ColumnType, server: ServerVersion): DeclaredType {
  switch (type.kind) {
    case 'string':
      return {
        ...NONE,
        dataType: type.base,
        columnType: isSized(type.base) ? `${type.base}(${type.length})` : type.base,
        characterMaximumLength: String(type.length),
        characterOctetLength: String(isSized(type.base) ? type.length * widthOf(type.charset) : type.length),
        characterSet: type.charset,
        collation: collationOf(type, server),
      };
    case 'binary':
      return {
        ...NONE,
        dataType: type.base,
        columnType: isSized(type.base) ? `${type.base}(${type.length})` : type.base,
        characterMaximumLength: String(type.length),
        characterOctetLength: String(type.length),
      };
    case 'integer':
      return integer(type, server);
    default:
      return {
        ...NONE,
        columnType: familyOf(type).describe(type),
        ...familyOf(type).informationSchema(type),
      };
  }
}

/** CHAR, VARCHAR, BINARY and VARBINARY are written with their length; the TEXT and BLOB types have it in their name. */
function isSized(base: string): boolean {
  return base.endsWith('char') || base.endsWith('binary');
}

/** Digits, of signed numbers, and the display width of MariaDB without and with a sign. */
const INTEGERS: Readonly<Record<IntegerBase, { digits: number; unsigned: number; signed: number }>> = {
  tinyint: { digits: 3, unsigned: 3, signed: 4 },
  smallint: { digits: 5, unsigned: 5, signed: 6 },
  mediumint: { digits: 7, unsigned: 8, signed: 9 },
  int: { digits: 10, unsigned: 10, signed: 11 },
  bigint: { digits: 19, unsigned: 20, signed: 20 },
};

function integer({ base, unsigned, displayWidth }: IntegerColumnType, server: ServerVersion): DeclaredType {
  const facts = INTEGERS[base];
  const shown = displayWidth ?? (unsigned ? facts.unsigned : facts.signed);
  const width = server.kind === 'mariadb' || displayWidth !== undefined ? `(${shown})` : '';
  const grows = base === 'bigint' || (base === 'mediumint' && server.kind === 'mariadb');
  const digits = unsigned && grows ? facts.digits + 1 : facts.digits;
  return {
    ...NONE,
    dataType: base,
    columnType: `${base}${width}${unsigned ? ' unsigned' : ''}`,
    numericPrecision: String(digits),
    numericScale: '0',
  };
}

/** Most bytes of one character. */
function widthOf(charset: string): number {
  if (charset === 'utf8mb4') return 4;
  return charset === 'utf8mb3' ? 3 : 1;
}

/** The declared collation, or the one that the server gives the character set. */
export function collationOf({ charset, collation }: StringColumnType, server: ServerVersion): string {
  return collation ?? defaultCollation(charset, server);
}

/** The default collation of a character set, which SHOW CREATE TABLE of MySQL leaves out. */
export function defaultCollation(charset: string, { kind, version }: ServerVersion): string {
  if (charset === 'latin1') return 'latin1_swedish_ci';
  if (charset !== 'utf8mb4' && charset !== 'utf8mb3') return `${charset}_general_ci`;
  if (kind === 'mysql') return charset === 'utf8mb4' ? 'utf8mb4_0900_ai_ci' : 'utf8mb3_general_ci';
  // character_set_collations of MariaDB 11.5 and later
  return version >= 110500 ? `${charset}_uca1400_ai_ci` : `${charset}_general_ci`;
}
