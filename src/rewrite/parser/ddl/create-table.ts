import { beginsQuery } from '../lookahead.js';
import { tableName } from '../names.js';
import type { Parser } from '../parser.js';
import type { CreateTable } from './ast.js';
import { NO_CHARACTER_SET } from './data-type.js';
import { tableElements } from './table-elements.js';
import { partitioning, tableOptions } from './table-options.js';

/**
 * CREATE [TEMPORARY] TABLE, behind the word TABLE.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/create-table.html
 */
export function createTable(parser: Parser, start: number, temporary: boolean): CreateTable {
  if (parser.acceptWords('IF', 'NOT')) parser.expectWord('EXISTS', 'CREATE TABLE');
  const table = tableName(parser, 'CREATE TABLE');
  const base = { kind: 'createTable', temporary, table, start } as const;
  const parenthesised = parser.at('(') && parser.atWord('LIKE', 1);
  if (parenthesised || parser.atWord('LIKE')) {
    if (parenthesised) parser.advance();
    parser.advance();
    const like = tableName(parser, 'LIKE');
    if (parenthesised) parser.expect(')', 'LIKE');
    const rest = { elements: [], options: NO_CHARACTER_SET, partitioning: null, query: null };
    return { ...base, like, ...rest, end: parser.previousEnd };
  }
  const elements = parser.at('(') && !beginsQuery(parser) ? tableElements(parser) : [];
  const options = tableOptions(parser);
  const partitions = partitioning(parser);
  const word = parser.acceptOneOf(['IGNORE', 'REPLACE']);
  const as = parser.acceptWord('AS');
  const query = word !== null || as || beginsQuery(parser) ? parser.queryExpression() : null;
  return { ...base, like: null, elements, options, partitioning: partitions, query, end: parser.previousEnd };
}
