import { BufferWriter } from '../protocol/buffer-writer.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import { bytesPerCharacter } from '../protocol/constants/character-sets.js';
import { charsetOfCollation } from '../protocol/constants/collations.js';
import { ColumnFlag, ColumnType as WireType } from '../protocol/constants/column-types.js';
import {
  type ColumnDefinition41,
  decodeColumnDefinition41,
  encodeColumnDefinition41,
} from '../protocol/resultset/column-definition-41.js';
import type { ResultsetMetadata } from '../protocol/resultset-metadata.js';
import type { Catalog, CatalogTable } from '../rewrite/catalog.js';
import type { ColumnType, IntegerColumnType, StringColumnType } from '../rewrite/column-type.js';
import { foldName } from '../rewrite/folding.js';
import type { ColumnOfTable, ColumnRestoration, ResultOrigins, ResultRelation } from '../rewrite/plan.js';
import type { ProtectedColumn, ProtectedTable } from '../rewrite/protected-table.js';
import { familyOf } from '../rewrite/types/families.js';
import { restoreSchemaColumn } from './schema-view-definition.js';

/*
 * Column definitions of a rewritten statement's result, made to look as those of a plain table.
 *
 * Measured on MySQL 9.7 and MariaDB 10.11, which agree on plain columns: the character set is that of results, the
 * length counts bytes in it, TEXT types included, keys and NOT NULL show in the flags. A decrypted column of a view
 * comes with an empty schema, org_table empty (MySQL) or the view's alias (MariaDB), org_name the logical name (empty
 * after GROUP BY on MariaDB), type VAR_STRING or LONGLONG. Other columns of a merged view keep all but org_table,
 * which is the view's alias.
 */

/** How every definition in ASCII begins: the catalog. */
const DEFINITION = Buffer.from('\x03def');

/** Of one plan's results, by what decides how they look besides the definitions themselves. */
interface KnownMetadata {
  readonly catalog: Catalog;
  readonly capabilities: Capabilities;
  readonly isBinary: boolean;
  readonly metadata: ResultsetMetadata;
}

/** Clients of so many kinds, text and binary counted apart, are remembered at the same time. */
const MAX_REMEMBERED = 8;

/** Remembers what the metadata of results became, for the sessions of a process. Forgotten with the plan. */
export class RestoredMetadata {
  readonly #known = new WeakMap<ColumnRestoration, KnownMetadata[]>();

  /** What the result began with the last time; null when nothing is known that is true still. */
  get(
    restoration: ColumnRestoration,
    catalog: Catalog,
    capabilities: Capabilities,
    isBinary: boolean,
  ): ResultsetMetadata | null {
    const known = this.#known.get(restoration);
    if (known === undefined) return null;
    for (const one of known) {
      if (isSame(one, catalog, capabilities, isBinary)) return one.metadata;
    }
    return null;
  }

  /** @param metadata as the client gets them: a function of the bytes and of the other arguments, and nothing else */
  set(
    restoration: ColumnRestoration,
    catalog: Catalog,
    capabilities: Capabilities,
    isBinary: boolean,
    metadata: ResultsetMetadata,
  ): void {
    const others = (this.#known.get(restoration) ?? []).filter(
      (one) => one.catalog === catalog && !isSame(one, catalog, capabilities, isBinary),
    );
    const latest = { catalog, capabilities, isBinary, metadata };
    this.#known.set(restoration, [latest, ...others.slice(0, MAX_REMEMBERED - 1)]);
  }
}

function isSame(
  one: KnownMetadata,
  catalog: Catalog,
  { flags, mariadb }: Capabilities,
  isBinary: boolean,
): boolean {
  return (
    one.catalog === catalog &&
    one.isBinary === isBinary &&
    one.capabilities.flags === flags &&
    one.capabilities.mariadb === mariadb
  );
}

/**
 * Restores one definition.
 * @param position of the column in the result, from 0
 * @param isBinary whether rows are in the binary protocol, where an integer of the view is 8 bytes whatever its
 *   declared type: its type stays LONGLONG (semantics.md 16)
 * @returns the new payload, or null when the old one serves as it is
 */
export function restoreColumnDefinition(
  payload: Buffer,
  position: number,
  restoration: ColumnRestoration,
  catalog: Catalog,
  capabilities: Capabilities,
  isBinary: boolean,
): Buffer | null {
  // With character_set_results = utf16 and its like names are none that we could compare.
  if (!payload.subarray(0, DEFINITION.length).equals(DEFINITION)) return null;
  const definition = decodeColumnDefinition41(payload, capabilities);
  const restored =
    restoreSchemaColumn(definition, restoration.schemaViews ?? [], characterWidth, isBinary) ??
    restore(definition, position, restoration, catalog, isBinary);
  if (restored === null) return null;
  const writer = new BufferWriter(payload.length + 64);
  encodeColumnDefinition41(writer, restored, capabilities);
  return writer.view();
}

function restore(
  definition: ColumnDefinition41,
  position: number,
  { views, inline, origins }: ColumnRestoration,
  catalog: Catalog,
  isBinary: boolean,
): ColumnDefinition41 | null {
  const decrypted = inline?.columns[position] ?? null;
  if (inline !== null && decrypted !== null) {
    const own = { ...definition, table: Buffer.from(inline.alias) };
    return protectedDefinition(own, inline.table, decrypted, catalog, isBinary);
  }
  if (origins !== undefined) return restoreOrigin(definition, position, origins, catalog, isBinary);
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

/**
 * A protected column among the fields that COM_FIELD_LIST gives of its table, as the application knows it.
 * @param characterSet collation id of strings in the client's results
 */
export function fieldDefinition(
  field: ColumnDefinition41,
  table: ProtectedTable,
  column: ProtectedColumn,
  catalog: Catalog,
  characterSet: number,
): ColumnDefinition41 {
  const own = column.type.kind === 'string' ? { ...field, characterSet } : field;
  return { ...protectedDefinition(own, table, column, catalog, false), name: Buffer.from(column.logical) };
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
      return {
        ...origin,
        type: isBinary ? definition.type : INTEGER_TYPES[type.base],
        columnLength: integerLength(type),
        decimals: 0,
      };
    case 'binary':
      return { ...origin, type: BINARY_TYPES[type.base], columnLength: type.length, decimals: 0 };
    case 'string':
      return {
        ...origin,
        type: STRING_TYPES[type.base],
        columnLength: stringLength(type, definition.characterSet),
        decimals: 0,
      };
    default:
      return { ...origin, ...familyOf(type).definition(type), flags };
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
  return type.displayWidth ?? INTEGER_LENGTHS[type.base][type.unsigned ? 1 : 0];
}

const MAX_LENGTH = 0xffff_ffff;

function characterWidth(collation: number): number {
  return bytesPerCharacter(charsetOfCollation(collation));
}

function stringLength(type: StringColumnType, resultsCollation: number): number {
  return Math.min(type.length * characterWidth(resultsCollation), MAX_LENGTH);
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
    default:
      return familyOf(type).definition(type).flags;
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

/** A column of the outermost block of a SELECT, by what the server calls its table, or by its place in the list. */
function restoreOrigin(
  definition: ColumnDefinition41,
  position: number,
  { server, relations, items, groups }: ResultOrigins,
  catalog: Catalog,
  isBinary: boolean,
): ColumnDefinition41 | null {
  const item = items?.[position] ?? null;
  const shown = definition.table.toString('utf8');
  if (shown === '') {
    if (item === null) return null;
    const relation = relations.find(({ alias }) => alias === item.alias);
    if (relation === undefined) return null;
    const restored = originDefinition(definition, item, relation, server, catalog, isBinary);
    // MariaDB groups in a table of its own, which loses a view's columns; MySQL's ROLLUP those of plain tables, too.
    if (server === 'mariadb' && groups) return { ...restored, table: Buffer.from(relation.alias) };
    const kind = item.protection?.type.kind;
    if (kind === undefined || kind === 'string' || kind === 'binary') return null;
    const { type, columnLength, decimals } = restored;
    const flags = definition.flags | (restored.flags & ColumnFlag.UNSIGNED_FLAG);
    return { ...definition, type, columnLength, decimals, flags };
  }
  const relation = relations.find(({ alias }) => alias === shown);
  if (relation === undefined) return null;
  // After GROUP BY org_name may be what the statement calls the column.
  const name = definition.orgName.length > 0 ? definition.orgName : definition.name;
  const column = item ?? relation.columns.get(foldName(name.toString('utf8')));
  if (column === undefined || column.alias !== relation.alias) return null;
  return originDefinition(definition, column, relation, server, catalog, isBinary);
}

function originDefinition(
  definition: ColumnDefinition41,
  column: ColumnOfTable,
  relation: ResultRelation,
  server: ResultOrigins['server'],
  catalog: Catalog,
  isBinary: boolean,
): ColumnDefinition41 {
  const { table, protection, physical, isMerged } = column;
  const live = catalog.tables.get(`${table.schema}.${table.table}`);
  const whole =
    protection === null
      ? {
          ...definition,
          schema: Buffer.from(table.schema),
          orgTable: Buffer.from(table.table),
          // Whether it may be NULL, in an outer join too, the server knows.
          flags:
            definition.flags |
            (live === undefined ? 0 : keyFlags(live, physical) & ~ColumnFlag.NOT_NULL_FLAG),
        }
      : protectedDefinition(definition, table, protection, catalog, isBinary);
  if (relation.kind === 'table') return { ...whole, orgName: Buffer.from(column.name) };
  const orgName = definition.orgName.length > 0 ? definition.orgName : definition.name;
  const flags = isMerged ? whole.flags : whole.flags & ~KEY_FLAGS;
  if (server === 'mysql') return { ...whole, orgName, flags, orgTable: Buffer.from(column.shownTable) };
  return {
    ...whole,
    orgName,
    flags,
    schema: isMerged ? whole.schema : Buffer.alloc(0),
    orgTable: Buffer.from(relation.isMerged ? relation.alias : table.table),
  };
}

/** What the columns of a copy do not have. */
const KEY_FLAGS =
  ColumnFlag.PRI_KEY_FLAG |
  ColumnFlag.UNIQUE_KEY_FLAG |
  ColumnFlag.MULTIPLE_KEY_FLAG |
  ColumnFlag.PART_KEY_FLAG |
  ColumnFlag.AUTO_INCREMENT_FLAG;
