import type { CatalogColumn, CatalogKey } from '../catalog.js';
import type { ServerVersion } from '../dialect.js';
import {
  type CharacterSet,
  canonicalCharacterSet,
  type DeclaredCharacterSet,
  resolveCharacterSet,
} from './character-set.js';
import { type DataType, octetLength, readDataType } from './data-type.js';
import type { TokenCursor } from './token-cursor.js';

/** One column as its definition says it; the table's character set is only known at the end of the statement. */
export interface ColumnDefinition {
  readonly name: string;
  /** The key that the definition makes, if any. */
  readonly key: 'primary' | 'unique' | null;
  /** @param table the table's character set */
  toColumn(table: CharacterSet, inPrimaryKey: boolean): CatalogColumn;
}

interface Attributes {
  notNull: boolean;
  defaultValue: string | null;
  autoIncrement: boolean;
  generated: boolean;
  invisible: boolean;
  binary: boolean;
  characterSet: string | undefined;
  collation: string | undefined;
  key: 'primary' | 'unique' | null;
}

/**
 * Reads `name type [attributes]` up to the comma or parenthesis behind it.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/create-table.html
 * @throws DefinitionError
 */
export function readColumnDefinition(cursor: TokenCursor, server: ServerVersion): ColumnDefinition {
  const name = cursor.name();
  const type = readDataType(cursor, server);
  const attributes: Attributes = {
    notNull: type.serial,
    defaultValue: null,
    autoIncrement: type.serial,
    generated: false,
    invisible: false,
    binary: false,
    characterSet: type.national ? 'utf8mb3' : undefined,
    collation: undefined,
    key: type.serial ? 'unique' : null,
  };
  while (!cursor.atEnd && !cursor.isSign(',') && !cursor.isSign(')'))
    readAttribute(cursor, server, attributes);
  return {
    name,
    key: attributes.key,
    toColumn: (table, inPrimaryKey) => toColumn(name, type, attributes, table, inPrimaryKey, server),
  };
}

function readAttribute(cursor: TokenCursor, server: ServerVersion, attributes: Attributes): void {
  if (cursor.takeWords('not', 'null')) attributes.notNull = true;
  else if (cursor.takeWords('default')) attributes.defaultValue = readDefault(cursor, server);
  else if (cursor.takeWords('auto_increment')) attributes.autoIncrement = true;
  else if (cursor.takeWords('primary', 'key') || cursor.takeWords('key')) attributes.key = 'primary';
  else if (cursor.takeWords('unique')) {
    cursor.takeWords('key');
    attributes.key ??= 'unique';
  } else if (cursor.takeWords('collate')) attributes.collation = nameOrString(cursor);
  else if (cursor.takeWords('character', 'set') || cursor.takeWords('charset')) {
    attributes.characterSet = nameOrString(cursor);
  } else if (cursor.takeWords('binary')) attributes.binary = true;
  else if (cursor.takeWords('invisible')) attributes.invisible = true;
  else if (cursor.takeWords('comment')) cursor.next();
  else if (cursor.takeWords('on', 'update')) {
    cursor.next();
    cursor.parenthesised();
  } else if (cursor.takeWords('as')) attributes.generated = true;
  // GENERATED ALWAYS AS (…); in MariaDB also AS ROW START | END, which no statement may write either.
  else if (cursor.parenthesised() === null) cursor.next();
}

function nameOrString(cursor: TokenCursor): string {
  return cursor.isString() ? cursor.string() : cursor.name();
}

/** The default as information_schema says it: MySQL the value, MariaDB the expression. null for DEFAULT NULL. */
function readDefault(cursor: TokenCursor, server: ServerVersion): string | null {
  if (cursor.takeWords('null')) return null;
  const start = cursor.offset;
  if (cursor.isString()) {
    const value = cursor.string();
    return server.kind === 'mysql' ? value : cursor.textSince(start);
  }
  if (cursor.isSign('(')) return cursor.parenthesised();
  while (cursor.isSign('-') || cursor.isSign('+')) cursor.next();
  cursor.next();
  // An introducer's string, or CURRENT_TIMESTAMP(6).
  if (cursor.isString()) cursor.string();
  cursor.parenthesised();
  return cursor.textSince(start);
}

function toColumn(
  name: string,
  type: DataType,
  attributes: Attributes,
  table: CharacterSet,
  inPrimaryKey: boolean,
  server: ServerVersion,
): CatalogColumn {
  const text = textOf(type, attributes, table, server);
  return {
    name,
    dataType: text === 'binary' ? binaryForm(type.dataType) : type.dataType,
    columnType: text === 'binary' ? binaryForm(type.columnType) : type.columnType,
    characterSet: text === null || text === 'binary' ? null : text.characterSet,
    collation: text === null || text === 'binary' ? null : text.collation,
    nullable: !attributes.notNull && !inPrimaryKey && attributes.key !== 'primary',
    defaultValue: attributes.defaultValue,
    autoIncrement: attributes.autoIncrement,
    generated: attributes.generated,
    invisible: attributes.invisible,
    octetLength: octetLength(type, text === null || text === 'binary' ? null : text.characterSet),
  };
}

function textOf(
  type: DataType,
  attributes: Attributes,
  table: CharacterSet,
  server: ServerVersion,
): CharacterSet | 'binary' | null {
  if (!type.isText) return null;
  const declared: DeclaredCharacterSet = attributes;
  const resolved = resolveCharacterSet(declared, table, server);
  // VARCHAR(n) CHARACTER SET binary is VARBINARY(n).
  if (canonicalCharacterSet(resolved.characterSet) === 'binary') return 'binary';
  if (!attributes.binary) return resolved;
  return { characterSet: resolved.characterSet, collation: `${resolved.characterSet}_bin` };
}

function binaryForm(type: string): string {
  return type.replace(/char/, 'binary').replace(/text/, 'blob');
}

/** The keys that column definitions make by themselves. */
export function keysOfColumns(columns: readonly ColumnDefinition[]): CatalogKey[] {
  return columns
    .filter((column) => column.key !== null)
    .map((column) => ({
      name: column.key === 'primary' ? 'PRIMARY' : column.name,
      unique: true,
      columns: [column.name],
    }));
}
