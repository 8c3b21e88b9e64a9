import { BufferWriter } from '../protocol/buffer-writer.js';
import type { Capabilities } from '../protocol/constants/capabilities.js';
import { ColumnFlag, ColumnType as WireType } from '../protocol/constants/column-types.js';
import type { RowColumn } from '../protocol/resultset/binary-row-layout.js';
import {
  type ColumnDefinition41,
  decodeColumnDefinition41,
  encodeColumnDefinition41,
} from '../protocol/resultset/column-definition-41.js';
import type { Catalog } from '../rewrite/catalog.js';
import { foldName } from '../rewrite/folding.js';
import { integerLength } from '../rewrite/integer-size.js';
import type { ColumnOfTable, ColumnRestoration, ResultOrigins, ResultRelation } from '../rewrite/plan.js';
import type { ProtectedColumn, ProtectedTable } from '../rewrite/protected-table.js';
import { familyOf } from '../rewrite/types/families.js';
import {
  BINARY_TYPES,
  characterWidth,
  INTEGER_TYPES,
  keyFlags,
  STRING_TYPES,
  stringLength,
  typeFlags,
} from './declared-definition.js';
import { integerChange, isInteger } from './integer-column.js';
import { restoreResultType } from './result-type-definition.js';
import { readColumnForm } from './row-restoration.js';
import { restoreSchemaColumn } from './schema-view-definition.js';
import { narrowDefinition } from './wide-text.js';

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

/** A definition as the client gets it, and the values of its column. */
export interface RestoredColumn {
  /** The new payload; null: the old one serves as it is. */
  readonly payload: Buffer | null;
  /** For rows of the binary protocol. */
  readonly row: RowColumn;
}

/**
 * Restores one definition.
 * @param position of the column in the result, from 0
 * @param isBinary whether rows are in the binary protocol, where a number has the size of its type
 */
export function restoreColumnDefinition(
  payload: Buffer,
  position: number,
  restoration: ColumnRestoration,
  catalog: Catalog,
  capabilities: Capabilities,
  isBinary: boolean,
): RestoredColumn {
  if (!payload.subarray(0, DEFINITION.length).equals(DEFINITION)) {
    const narrowed = narrowDefinition(payload, capabilities);
    if (narrowed === null) {
      return { payload: null, row: { type: readColumnForm(payload, capabilities).type, change: null } };
    }
    const { narrow, widen } = narrowed;
    const restored = restoreColumnDefinition(narrow, position, restoration, catalog, capabilities, isBinary);
    return { ...restored, payload: restored.payload === null ? null : widen(restored.payload) };
  }
  const definition = decodeColumnDefinition41(payload, capabilities);
  const { type } = definition;
  const column =
    restoreSchemaColumn(definition, restoration.schemaViews ?? [], characterWidth) ??
    restore(definition, position, restoration, catalog);
  const found = column ?? restoreExpression(definition, position, restoration);
  if (found === null) return { payload: null, row: { type, change: null } };
  // A stored value may be beyond its type; the type of an expression has room for all values of its parts.
  const change = isBinary ? integerChange(definition, found, column === null ? 'fail' : 'nearest') : null;
  // What is neither an integer nor can become one stays what it is.
  const isOther = isBinary && change === null && isInteger(found.type) !== isInteger(type);
  const restored = isOther ? { ...found, type } : found;
  const writer = new BufferWriter(payload.length + 64);
  encodeColumnDefinition41(writer, asOnServer(restored, restoration.server), capabilities);
  return { payload: writer.view(), row: { type, change } };
}

/** MariaDB calls a TIMESTAMP unsigned. */
function asOnServer(definition: ColumnDefinition41, server: ColumnRestoration['server']): ColumnDefinition41 {
  const isUnsigned = definition.type === WireType.MYSQL_TYPE_TIMESTAMP && server === 'mariadb';
  return isUnsigned ? { ...definition, flags: definition.flags | ColumnFlag.UNSIGNED_FLAG } : definition;
}

function restoreExpression(
  definition: ColumnDefinition41,
  position: number,
  { types }: ColumnRestoration,
): ColumnDefinition41 | null {
  const type = types?.[position] ?? null;
  return type === null ? null : restoreResultType(definition, type);
}

function restore(
  definition: ColumnDefinition41,
  position: number,
  { views, inline, origins }: ColumnRestoration,
  catalog: Catalog,
): ColumnDefinition41 | null {
  const decrypted = inline?.columns[position] ?? null;
  if (inline !== null && decrypted !== null) {
    const own = { ...definition, table: Buffer.from(inline.alias) };
    return protectedDefinition(own, inline.table, decrypted, catalog);
  }
  if (origins !== undefined) return restoreOrigin(definition, position, origins, catalog);
  const alias = definition.table.toString('utf8');
  if (alias === '') return null;
  const found = views.find((candidate) => candidate.alias === alias);
  if (found === undefined) return null;
  const { table } = found;
  // A schema means a column of a base table: what a view decrypts has none.
  if (definition.schema.length === 0) {
    const name = (definition.orgName.length > 0 ? definition.orgName : definition.name).toString('utf8');
    const column = columnOf(table, name);
    if (column !== null) return protectedDefinition(definition, table, column, catalog);
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
  server: ColumnRestoration['server'],
): ColumnDefinition41 {
  const own = column.type.kind === 'string' ? { ...field, characterSet } : field;
  const restored = asOnServer(protectedDefinition(own, table, column, catalog), server);
  return { ...restored, name: Buffer.from(column.logical) };
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
        type: INTEGER_TYPES[type.base],
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

/** A column of the outermost block of a SELECT, by what the server calls its table, or by its place in the list. */
function restoreOrigin(
  definition: ColumnDefinition41,
  position: number,
  { server, relations, items, groups }: ResultOrigins,
  catalog: Catalog,
): ColumnDefinition41 | null {
  const item = items?.[position] ?? null;
  const shown = definition.table.toString('utf8');
  if (shown === '') {
    if (item === null) return null;
    const relation = relations.find(({ alias }) => alias === item.alias);
    if (relation === undefined) return null;
    const restored = originDefinition(definition, item, relation, server, catalog);
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
  return originDefinition(definition, column, relation, server, catalog);
}

function originDefinition(
  definition: ColumnDefinition41,
  column: ColumnOfTable,
  relation: ResultRelation,
  server: ResultOrigins['server'],
  catalog: Catalog,
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
      : protectedDefinition(definition, table, protection, catalog);
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
