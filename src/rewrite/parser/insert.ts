import { assignments } from './assignments.js';
import type {
  ColumnRef,
  Identifier,
  InsertSource,
  InsertStatement,
  InsertValue,
  InsertValues,
} from './ast.js';
import { beginsQuery } from './lookahead.js';
import { columnReference, identifierList, tableName } from './names.js';
import type { Parser } from './parser.js';
import { selectItems } from './select-items.js';
import { partitionList } from './table-options.js';
import { insertValue } from './values.js';

const INSERT_MODIFIERS = ['LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE'];
const REPLACE_MODIFIERS = ['LOW_PRIORITY', 'DELAYED'];

/**
 * INSERT and REPLACE, at their verb.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/insert.html, https://dev.mysql.com/doc/refman/9.7/en/replace.html,
 * https://mariadb.com/kb/en/insertreturning/
 */
export function insertStatement(parser: Parser): InsertStatement {
  const { start } = parser;
  const replace = parser.atWord('REPLACE');
  parser.advance();
  const modifiers: string[] = [];
  const options = replace ? REPLACE_MODIFIERS : INSERT_MODIFIERS;
  for (let option = parser.acceptOneOf(options); option !== null; option = parser.acceptOneOf(options)) {
    modifiers.push(option);
  }
  parser.acceptWord('INTO');
  const table = tableName(parser, replace ? 'REPLACE' : 'INSERT');
  const partition = partitionList(parser);
  const columns = parser.at('(') && !beginsQuery(parser) ? columnList(parser) : null;
  const source = insertSource(parser, columns === null);
  const rowAlias = source.kind === 'query' ? null : newRowAlias(parser);
  const onDuplicate = replace ? null : onDuplicateKeyUpdate(parser);
  const returning = returningClause(parser);
  return {
    kind: 'insert',
    replace,
    modifiers,
    table,
    partition,
    columns,
    source,
    rowAlias,
    onDuplicate,
    returning,
    start,
    end: parser.previousEnd,
  };
}

/** `()` or `(a, t.b)`. */
function columnList(parser: Parser): InsertStatement['columns'] {
  const { start } = parser;
  parser.advance();
  const names: ColumnRef[] = [];
  if (!parser.at(')')) {
    do {
      names.push(columnReference(parser, 'INSERT'));
    } while (parser.accept(','));
  }
  parser.expect(')', 'INSERT');
  return { names, start, end: parser.previousEnd };
}

function insertSource(parser: Parser, withoutColumns: boolean): InsertSource {
  const { start } = parser;
  if (withoutColumns && parser.acceptWord('SET')) {
    const list = assignments(parser);
    return { kind: 'set', assignments: list, start, end: parser.previousEnd };
  }
  if (parser.atWord('VALUES') || parser.atWord('VALUE')) return insertValues(parser);
  const query = parser.queryExpression();
  return { kind: 'query', query, start, end: parser.previousEnd };
}

/** VALUES (…), (…); MySQL also VALUES ROW(…), ROW(…). */
function insertValues(parser: Parser): InsertValues {
  const { start } = parser;
  parser.advance();
  const rows: InsertValues['rows'][number][] = [];
  do {
    rows.push(row(parser));
  } while (parser.accept(','));
  return { kind: 'values', rows, start, end: parser.previousEnd };
}

function row(parser: Parser): InsertValues['rows'][number] {
  const { start } = parser;
  if (!parser.mariadb) parser.acceptWord('ROW');
  parser.expect('(', 'VALUES');
  const open = parser.previousEnd;
  const values: InsertValue[] = [];
  if (!parser.at(')')) {
    do {
      values.push(insertValue(parser));
    } while (parser.accept(','));
  }
  const close = parser.start;
  parser.expect(')', 'VALUES');
  return { open, close, values, start, end: parser.previousEnd };
}

/** MySQL 8.0.19: `AS new`, `AS new(a, b)`. */
function newRowAlias(parser: Parser): InsertStatement['rowAlias'] {
  const { start } = parser;
  if (parser.mariadb || !parser.acceptWord('AS')) return null;
  const alias = parser.identifier('row alias');
  const columns: readonly Identifier[] | null = parser.at('(') ? identifierList(parser, 'row alias') : null;
  return { alias, columns, start, end: parser.previousEnd };
}

function onDuplicateKeyUpdate(parser: Parser): InsertStatement['onDuplicate'] {
  const { start } = parser;
  if (!parser.acceptWords('ON', 'DUPLICATE', 'KEY', 'UPDATE')) return null;
  const list = assignments(parser);
  return { assignments: list, start, end: parser.previousEnd };
}

/** MariaDB's RETURNING, of INSERT, REPLACE and DELETE. */
export function returningClause(parser: Parser): InsertStatement['returning'] {
  const { start } = parser;
  if (!parser.mariadb || !parser.acceptWord('RETURNING')) return null;
  const items = selectItems(parser);
  return { items, start, end: parser.previousEnd };
}
