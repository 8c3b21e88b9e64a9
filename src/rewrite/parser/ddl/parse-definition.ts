import type { Dialect } from '../../dialect.js';
import { type TokenBuffer, TokenKind } from '../../tokens.js';
import type { TableName } from '../ast.js';
import { tableName } from '../names.js';
import { newParser, type ParseOptions } from '../parse-statement.js';
import type { Parser } from '../parser.js';
import { SqlSyntaxError } from '../syntax-error.js';
import { alterTable } from './alter-table.js';
import type { Definition, KeyDefinition } from './ast.js';
import { createTable } from './create-table.js';
import { keyParts } from './table-elements.js';

/**
 * Parses a data definition statement on tables, to its end.
 * @returns null: a statement on something else than tables (views, triggers, schemas, accounts)
 * @throws SqlSyntaxError naming the construct and its byte offset
 */
export function parseDefinition(
  bytes: Buffer,
  tokens: TokenBuffer,
  dialect: Dialect,
  options: ParseOptions = {},
): Definition | null {
  const parser = newParser(bytes, tokens, dialect, options);
  try {
    const result = definition(parser);
    if (result === null) return null;
    parser.accept(';');
    if (parser.kind !== TokenKind.End) parser.fail('data definition: unexpected text');
    return result;
  } catch (error) {
    if (error instanceof RangeError) throw new SqlSyntaxError('nested too deeply', parser.start);
    throw error;
  }
}

function definition(parser: Parser): Definition | null {
  const { start } = parser;
  const verb = parser.word();
  parser.advance();
  switch (verb) {
    case 'CREATE':
      return create(parser, start);
    case 'ALTER':
      if (parser.mariadb) {
        parser.acceptWord('ONLINE');
        parser.acceptWord('IGNORE');
      }
      return parser.acceptWord('TABLE') ? alterTable(parser, start) : null;
    case 'DROP':
      return drop(parser, start);
    case 'RENAME':
      return parser.acceptOneOf(['TABLE', 'TABLES']) === null ? null : renameTables(parser, start);
    case 'TRUNCATE': {
      parser.acceptWord('TABLE');
      const table = tableName(parser, 'TRUNCATE');
      wait(parser);
      return { kind: 'truncateTable', table, start, end: parser.previousEnd };
    }
    default:
      return null;
  }
}

function create(parser: Parser, start: number): Definition | null {
  if (parser.mariadb) parser.acceptWords('OR', 'REPLACE');
  const temporary = parser.acceptWord('TEMPORARY');
  if (parser.acceptWord('TABLE')) return createTable(parser, start, temporary);
  const type = parser.acceptOneOf(['UNIQUE', 'FULLTEXT', 'SPATIAL']);
  if (!parser.acceptWord('INDEX')) return null;
  if (parser.mariadb) parser.acceptWords('IF', 'NOT', 'EXISTS');
  const name = parser.identifier('CREATE INDEX');
  if (parser.acceptWord('USING')) parser.advance();
  parser.expectWord('ON', 'CREATE INDEX');
  const table = tableName(parser, 'CREATE INDEX');
  const parts = keyParts(parser, start);
  const key: KeyDefinition = {
    ...parts,
    type: (type?.toLowerCase() ?? 'key') as KeyDefinition['type'],
    name,
    nameAt: name.start,
  };
  algorithmAndLock(parser);
  return { kind: 'createIndex', table, key, start, end: parser.previousEnd };
}

function drop(parser: Parser, start: number): Definition | null {
  const temporary = parser.acceptWord('TEMPORARY');
  if (parser.acceptOneOf(['TABLE', 'TABLES']) !== null) {
    parser.acceptWords('IF', 'EXISTS');
    const tables = [tableName(parser, 'DROP TABLE')];
    while (parser.accept(',')) tables.push(tableName(parser, 'DROP TABLE'));
    wait(parser);
    parser.acceptOneOf(['RESTRICT', 'CASCADE']);
    return { kind: 'dropTables', temporary, tables, start, end: parser.previousEnd };
  }
  if (!parser.acceptWord('INDEX')) return null;
  if (parser.mariadb) parser.acceptWords('IF', 'EXISTS');
  parser.identifier('DROP INDEX');
  parser.expectWord('ON', 'DROP INDEX');
  const table = tableName(parser, 'DROP INDEX');
  algorithmAndLock(parser);
  return { kind: 'dropIndex', table, start, end: parser.previousEnd };
}

function renameTables(parser: Parser, start: number): Definition {
  if (parser.mariadb) parser.acceptWords('IF', 'EXISTS');
  const pairs: { from: TableName; to: TableName }[] = [];
  do {
    const from = tableName(parser, 'RENAME TABLE');
    wait(parser);
    parser.expectWord('TO', 'RENAME TABLE');
    pairs.push({ from, to: tableName(parser, 'RENAME TABLE') });
  } while (parser.accept(','));
  return { kind: 'renameTables', pairs, start, end: parser.previousEnd };
}

/** MariaDB's WAIT n and NOWAIT. */
function wait(parser: Parser): void {
  if (!parser.mariadb) return;
  if (parser.acceptWord('WAIT')) parser.integer('WAIT');
  else parser.acceptWord('NOWAIT');
}

function algorithmAndLock(parser: Parser): void {
  while (parser.acceptOneOf(['ALGORITHM', 'LOCK']) !== null) {
    parser.accept('=');
    if (parser.kind !== TokenKind.Word) parser.fail('ALGORITHM: a word is missing');
    parser.advance();
  }
}
