import { bytesPerCharacter } from '../protocol/constants/character-sets.js';
import { charsetOfCollation } from '../protocol/constants/collations.js';
import { ColumnFlag, ColumnType as WireType } from '../protocol/constants/column-types.js';
import type { CatalogTable } from '../rewrite/catalog.js';
import type { ColumnType, IntegerColumnType, StringColumnType } from '../rewrite/column-type.js';
import { familyOf } from '../rewrite/types/families.js';

/* What a column definition says of a declared type, and of a column's keys: as that of a plain table's column. */

export const INTEGER_TYPES = {
  tinyint: WireType.MYSQL_TYPE_TINY,
  smallint: WireType.MYSQL_TYPE_SHORT,
  mediumint: WireType.MYSQL_TYPE_INT24,
  int: WireType.MYSQL_TYPE_LONG,
  bigint: WireType.MYSQL_TYPE_LONGLONG,
} as const satisfies Record<IntegerColumnType['base'], number>;

export const BINARY_TYPES = {
  binary: WireType.MYSQL_TYPE_STRING,
  varbinary: WireType.MYSQL_TYPE_VAR_STRING,
  tinyblob: WireType.MYSQL_TYPE_BLOB,
  blob: WireType.MYSQL_TYPE_BLOB,
  mediumblob: WireType.MYSQL_TYPE_BLOB,
  longblob: WireType.MYSQL_TYPE_BLOB,
} as const;

export const STRING_TYPES = {
  char: WireType.MYSQL_TYPE_STRING,
  varchar: WireType.MYSQL_TYPE_VAR_STRING,
  tinytext: WireType.MYSQL_TYPE_BLOB,
  text: WireType.MYSQL_TYPE_BLOB,
  mediumtext: WireType.MYSQL_TYPE_BLOB,
  longtext: WireType.MYSQL_TYPE_BLOB,
} as const satisfies Record<StringColumnType['base'], number>;

const MAX_LENGTH = 0xffff_ffff;

export function characterWidth(collation: number): number {
  return bytesPerCharacter(charsetOfCollation(collation));
}

export function stringLength(type: StringColumnType, resultsCollation: number): number {
  return Math.min(type.length * characterWidth(resultsCollation), MAX_LENGTH);
}

export function typeFlags(type: ColumnType): number {
  switch (type.kind) {
    case 'integer':
      return type.unsigned ? ColumnFlag.UNSIGNED_FLAG : 0;
    case 'binary':
      return ColumnFlag.BINARY_FLAG | (type.base.endsWith('blob') ? ColumnFlag.BLOB_FLAG : 0);
    case 'string':
      return (
        (type.base.endsWith('text') ? ColumnFlag.BLOB_FLAG : 0) |
        (type.collation?.endsWith('_bin') === true ? ColumnFlag.BINARY_FLAG : 0)
      );
    default:
      return familyOf(type).definition(type).flags;
  }
}

/** What NOT NULL, the default and the keys of the physical column add. */
export function keyFlags(live: CatalogTable, physical: string): number {
  const folded = physical.toLowerCase();
  const column = live.columns.find((candidate) => candidate.name.toLowerCase() === folded);
  if (column === undefined) return 0;
  let flags = 0;
  if (!column.nullable) {
    flags |= ColumnFlag.NOT_NULL_FLAG;
    if (column.defaultValue === null && !column.autoIncrement) flags |= ColumnFlag.NO_DEFAULT_VALUE_FLAG;
  }
  if (column.autoIncrement) flags |= ColumnFlag.AUTO_INCREMENT_FLAG;
  for (const key of live.keys) {
    const names = key.columns.map((name) => name.replace(/\(\d+\)$/, '').toLowerCase());
    if (!names.includes(folded)) continue;
    flags |= ColumnFlag.PART_KEY_FLAG;
    if (key.name === 'PRIMARY') flags |= ColumnFlag.PRI_KEY_FLAG;
    else if (names[0] === folded) {
      flags |= key.unique && names.length === 1 ? ColumnFlag.UNIQUE_KEY_FLAG : ColumnFlag.MULTIPLE_KEY_FLAG;
    }
  }
  return flags;
}
