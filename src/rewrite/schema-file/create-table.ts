import type { CatalogColumn, CatalogKey } from '../catalog.js';
import type { ServerVersion } from '../dialect.js';
import { type CharacterSet, resolveCharacterSet } from './character-set.js';
import { type ColumnDefinition, keysOfColumns, readColumnDefinition } from './column-definition.js';
import { DefinitionError, type TokenCursor } from './token-cursor.js';

export interface TableDefinition {
  readonly columns: readonly CatalogColumn[];
  readonly keys: readonly CatalogKey[];
}

/**
 * Reads `( definitions ) options` of a CREATE TABLE, from the opening parenthesis to the end.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/create-table.html
 * @param above the schema's character set
 * @throws DefinitionError
 */
export function readTableDefinition(
  cursor: TokenCursor,
  server: ServerVersion,
  above: CharacterSet,
): TableDefinition {
  cursor.expectSign('(');
  const columns: ColumnDefinition[] = [];
  const keys: CatalogKey[] = [];
  do {
    if (startsKey(cursor)) {
      const key = readKey(cursor);
      if (key !== null) keys.push(key);
      cursor.skipItem();
    } else {
      columns.push(readColumnDefinition(cursor, server));
    }
  } while (cursor.takeSign(','));
  cursor.expectSign(')');
  const table = readTableCharacterSet(cursor, server, above);
  const all = [...keysOfColumns(columns), ...keys].map(named);
  const primary = new Set(
    all
      .filter((key) => key.name === 'PRIMARY')
      .flatMap((key) => key.columns.map((name) => name.toLowerCase())),
  );
  return {
    columns: columns.map((column) => column.toColumn(table, primary.has(column.name.toLowerCase()))),
    keys: all,
  };
}

/** Words that begin a key or a constraint. All but PERIOD are reserved, so an unquoted one is no column. */
const KEY_WORDS = [
  'primary',
  'unique',
  'key',
  'index',
  'fulltext',
  'spatial',
  'foreign',
  'constraint',
  'check',
];

function startsKey(cursor: TokenCursor): boolean {
  return cursor.isWord(...KEY_WORDS) || (cursor.isWord('period') && cursor.peek(1).word === 'for');
}

/** null for a constraint that makes no key that we need to know. */
function readKey(cursor: TokenCursor): CatalogKey | null {
  let constraint = '';
  if (cursor.takeWords('constraint') && !cursor.isWord(...KEY_WORDS)) constraint = cursor.name();
  if (cursor.takeWords('primary', 'key')) {
    takeIndexType(cursor);
    return { name: 'PRIMARY', unique: true, columns: readKeyColumns(cursor) };
  }
  const unique = cursor.takeWords('unique');
  const isKey = cursor.takeWords('key') || cursor.takeWords('index');
  // FULLTEXT and SPATIAL keys serve no lookup by value; FOREIGN KEY, CHECK and PERIOD are no keys.
  if (!unique && !isKey) return null;
  if (cursor.takeWords('if', 'not')) cursor.takeWords('exists');
  takeIndexType(cursor);
  const name = cursor.isName() ? cursor.name() : constraint;
  takeIndexType(cursor);
  return { name, unique, columns: readKeyColumns(cursor) };
}

function takeIndexType(cursor: TokenCursor): void {
  if (cursor.takeWords('using') || cursor.takeWords('type')) cursor.next();
}

function readKeyColumns(cursor: TokenCursor): string[] {
  cursor.expectSign('(');
  const columns: string[] = [];
  do {
    // A functional part has no column: information_schema says NULL.
    if (cursor.parenthesised() !== null) {
      columns.push('');
    } else {
      const name = cursor.name();
      const prefix = cursor.parenthesised();
      // A prefix of the tenant column does not keep tenants apart: it must not read as the column itself.
      columns.push(prefix === null ? name : `${name}(${prefix})`);
    }
    cursor.skipItem();
  } while (cursor.takeSign(','));
  cursor.expectSign(')');
  return columns;
}

function named(key: CatalogKey): CatalogKey {
  return key.name === '' ? { ...key, name: key.columns[0] ?? '' } : key;
}

/** The table's character set from its options. A PARTITION clause behind them has nothing that looks like one. */
function readTableCharacterSet(
  cursor: TokenCursor,
  server: ServerVersion,
  above: CharacterSet,
): CharacterSet {
  let characterSet: string | undefined;
  let collation: string | undefined;
  while (!cursor.atEnd && !cursor.isWord('partition')) {
    if (cursor.takeWords('character', 'set') || cursor.takeWords('charset')) {
      cursor.takeSign('=');
      characterSet = optionValue(cursor);
    } else if (cursor.takeWords('collate')) {
      cursor.takeSign('=');
      collation = optionValue(cursor);
    } else if (cursor.isWord('select', 'as', 'with') || cursor.isSign('(')) {
      throw new DefinitionError(
        'its columns come from a SELECT as well; give the result of SHOW CREATE TABLE',
      );
    } else {
      skipOption(cursor);
    }
  }
  return resolveCharacterSet({ characterSet, collation }, above, server);
}

function optionValue(cursor: TokenCursor): string {
  return cursor.isString() ? cursor.string() : cursor.name();
}

/** `NAME [=] value`, where the value may stand in parentheses: UNION=(t1,t2), WITH SYSTEM VERSIONING. */
function skipOption(cursor: TokenCursor): void {
  cursor.next();
  if (cursor.takeSign('=') && cursor.parenthesised() === null) cursor.next();
}
