import { BufferWriter } from '../protocol/buffer-writer.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import { charsetOfCollation } from '../protocol/constants/collations.js';
import { ColumnFlag, ColumnType as WireType } from '../protocol/constants/column-types.js';
import {
  type ColumnDefinition41,
  decodeColumnDefinition41,
  encodeColumnDefinition41,
} from '../protocol/resultset/column-definition-41.js';
import type { Catalog, CatalogTable } from '../rewrite/catalog.js';
import type { ColumnType, IntegerColumnType, StringColumnType } from '../rewrite/column-type.js';
import type { ColumnRestoration } from '../rewrite/plan.js';
import type { ProtectedColumn, ProtectedTable } from '../rewrite/protected-table.js';

/*
 * Column definitions of a rewritten statement's result, made to look as those of a plain table.
 *
 * Measured on MySQL 9.7 and MariaDB 10.11, which agree on plain columns: the character set is that of results, the
 * length counts bytes in it, TEXT types included, keys and NOT NULL show in the flags. A decrypted column of a view
 * comes with an empty schema, org_table empty (MySQL) or the view's alias (MariaDB), org_name the logical name (empty
 * after GROUP BY on MariaDB), type VAR_STRING or LONGLONG. Other columns of a merged view keep all but org_table,
 * which is the view's alias.
 */

/** A definition as the server sent it, and what it became; null: it serves as it is. */
interface KnownDefinition {
  readonly raw: Buffer;
  readonly restored: Buffer | null;
}

/** Definitions of one plan's results, by protocol and place. */
interface KnownDefinitions {
  readonly catalog: Catalog;
  /** MariaDB's capabilities decide what a definition holds. */
  readonly mariadb: number;
  readonly text: (KnownDefinition | undefined)[];
  readonly binary: (KnownDefinition | undefined)[];
}

/** A result has at most 4,096 columns; what is remembered of one plan is bounded. */
const MAX_REMEMBERED = 256;

/**
 * Remembers what definitions became: the same statement gets the same definitions each time, and comparing bytes
 * costs a tenth of decoding and encoding them. Forgotten with the plan.
 */
export class RestoredDefinitions {
  readonly #known = new WeakMap<ColumnRestoration, KnownDefinitions>();

  /**
   * Restores the definition at one place of a result, as {@link restoreColumnDefinition} does.
   * @param index 0-based place of the column
   * @param payload not kept: copied where it is remembered
   */
  restore(
    index: number,
    payload: Buffer,
    restoration: ColumnRestoration,
    catalog: Catalog,
    capabilities: Capabilities,
    isBinary: boolean,
  ): Buffer | null {
    let definitions = this.#known.get(restoration);
    if (definitions?.catalog !== catalog || definitions.mariadb !== capabilities.mariadb) {
      definitions = { catalog, mariadb: capabilities.mariadb, text: [], binary: [] };
      this.#known.set(restoration, definitions);
    }
    const places = isBinary ? definitions.binary : definitions.text;
    const known = places[index];
    if (known?.raw.equals(payload)) return known.restored;
    const restored = restoreColumnDefinition(payload, restoration, catalog, capabilities, isBinary);
    if (index < MAX_REMEMBERED) places[index] = { raw: Buffer.from(payload), restored };
    return restored;
  }
}

/**
 * Restores one definition.
 * @param isBinary whether rows are in the binary protocol, where an integer of the view is 8 bytes whatever its
 *   declared type: its type stays LONGLONG (semantics.md 16)
 * @returns the new payload, or null when the old one serves as it is
 */
export function restoreColumnDefinition(
  payload: Buffer,
  restoration: ColumnRestoration,
  catalog: Catalog,
  capabilities: Capabilities,
  isBinary: boolean,
): Buffer | null {
  const definition = decodeColumnDefinition41(payload, capabilities);
  const restored = restore(definition, restoration, catalog, isBinary);
  if (restored === null) return null;
  const writer = new BufferWriter(payload.length + 64);
  encodeColumnDefinition41(writer, restored, capabilities);
  return writer.view();
}

function restore(
  definition: ColumnDefinition41,
  { views }: ColumnRestoration,
  catalog: Catalog,
  isBinary: boolean,
): ColumnDefinition41 | null {
  const alias = definition.table.toString('utf8');
  if (alias === '') return null;
  const found = views.find((candidate) => candidate.alias === alias);
  if (found === undefined) return null;
  const { table } = found;
  // A schema means a column of a base table: what a view decrypts has none.
  if (definition.schema.length === 0) {
    const name = (definition.orgName.length > 0 ? definition.orgName : definition.name).toString('utf8');
    const column = columnOf(table, name);
    if (column !== null) return protectedDefinition(definition, table, column, catalog, isBinary);
    return null;
  }
  if (definition.orgTable.equals(definition.table)) {
    return { ...definition, orgTable: Buffer.from(table.table) };
  }
  return null;
}

function columnOf(table: ProtectedTable, name: string): ProtectedColumn | null {
  const exact = table.columns.get(name);
  if (exact !== undefined) return exact;
  const folded = name.toLowerCase();
  for (const column of table.columns.values()) if (column.logical.toLowerCase() === folded) return column;
  return null;
}

function protectedDefinition(
  definition: ColumnDefinition41,
  table: ProtectedTable,
  column: ProtectedColumn,
  catalog: Catalog,
  isBinary: boolean,
): ColumnDefinition41 {
  const { type } = column;
  const live = catalog.tables.get(`${table.schema}.${table.table}`);
  const flags = typeFlags(type) | (live === undefined ? 0 : keyFlags(live, column.physical));
  const origin = {
    ...definition,
    schema: Buffer.from(table.schema),
    orgTable: Buffer.from(table.table),
    orgName: Buffer.from(column.logical),
    flags,
  };
  switch (type.kind) {
    case 'integer':
      if (isBinary) return origin;
      return { ...origin, type: INTEGER_TYPES[type.base], columnLength: integerLength(type), decimals: 0 };
    case 'binary':
      return { ...origin, type: BINARY_TYPES[type.base], columnLength: type.length, decimals: 0 };
    case 'string':
      return {
        ...origin,
        type: STRING_TYPES[type.base],
        columnLength: stringLength(type, definition.characterSet),
        decimals: 0,
      };
  }
}

const INTEGER_TYPES = {
  tinyint: WireType.MYSQL_TYPE_TINY,
  smallint: WireType.MYSQL_TYPE_SHORT,
  mediumint: WireType.MYSQL_TYPE_INT24,
  int: WireType.MYSQL_TYPE_LONG,
  bigint: WireType.MYSQL_TYPE_LONGLONG,
} as const satisfies Record<IntegerColumnType['base'], number>;

const BINARY_TYPES = {
  binary: WireType.MYSQL_TYPE_STRING,
  varbinary: WireType.MYSQL_TYPE_VAR_STRING,
  tinyblob: WireType.MYSQL_TYPE_BLOB,
  blob: WireType.MYSQL_TYPE_BLOB,
  mediumblob: WireType.MYSQL_TYPE_BLOB,
  longblob: WireType.MYSQL_TYPE_BLOB,
} as const;

const STRING_TYPES = {
  char: WireType.MYSQL_TYPE_STRING,
  varchar: WireType.MYSQL_TYPE_VAR_STRING,
  tinytext: WireType.MYSQL_TYPE_BLOB,
  text: WireType.MYSQL_TYPE_BLOB,
  mediumtext: WireType.MYSQL_TYPE_BLOB,
  longtext: WireType.MYSQL_TYPE_BLOB,
} as const satisfies Record<StringColumnType['base'], number>;

/** Display widths: signed, unsigned. */
const INTEGER_LENGTHS = {
  tinyint: [4, 3],
  smallint: [6, 5],
  mediumint: [9, 8],
  int: [11, 10],
  bigint: [20, 20],
} as const satisfies Record<IntegerColumnType['base'], readonly [number, number]>;

function integerLength(type: IntegerColumnType): number {
  return INTEGER_LENGTHS[type.base][type.unsigned ? 1 : 0];
}

const MAX_LENGTH = 0xffff_ffff;

/** Most bytes of one character, for those character sets where it is more than one. */
const BYTES_PER_CHARACTER: ReadonlyMap<string, number> = new Map([
  ['utf8mb4', 4],
  ['utf16', 4],
  ['utf16le', 4],
  ['utf32', 4],
  ['gb18030', 4],
  ['utf8mb3', 3],
  ['utf8', 3],
  ['ujis', 3],
  ['eucjpms', 3],
  ['ucs2', 2],
  ['sjis', 2],
  ['cp932', 2],
  ['big5', 2],
  ['gbk', 2],
  ['gb2312', 2],
  ['euckr', 2],
]);

function stringLength(type: StringColumnType, resultsCollation: number): number {
  const width = BYTES_PER_CHARACTER.get(charsetOfCollation(resultsCollation) ?? '') ?? 1;
  return Math.min(type.length * width, MAX_LENGTH);
}

function typeFlags(type: ColumnType): number {
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
  }
}

/** What NOT NULL, the default and the keys of the physical column add. */
function keyFlags(live: CatalogTable, physical: string): number {
  const folded = physical.toLowerCase();
  const column = live.columns.find((candidate) => candidate.name.toLowerCase() === folded);
  if (column === undefined) return 0;
  let flags = 0;
  if (!column.nullable) {
    flags |= ColumnFlag.NOT_NULL_FLAG;
    if (column.defaultValue === null && !column.autoIncrement) flags |= ColumnFlag.NO_DEFAULT_VALUE_FLAG;
  }
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
