import { assignments } from './assignments.js';
import type { UpdateStatement, WithClause } from './ast.js';
import { limit } from './limit.js';
import { orderBy } from './order-by.js';
import type { Parser } from './parser.js';
import { tableReferences } from './table-references.js';

/** At the word UPDATE; https://dev.mysql.com/doc/refman/9.7/en/update.html */
export function updateStatement(
  parser: Parser,
  withTables: WithClause | null,
  start: number,
): UpdateStatement {
  parser.advance();
  const modifiers: string[] = [];
  for (const option of ['LOW_PRIORITY', 'IGNORE']) if (parser.acceptWord(option)) modifiers.push(option);
  const tables = tableReferences(parser);
  parser.expectWord('SET', 'UPDATE');
  const list = assignments(parser);
  const where = parser.acceptWord('WHERE') ? parser.expression() : null;
  const order = orderBy(parser);
  const rows = limit(parser);
  return {
    kind: 'update',
    with: withTables,
    modifiers,
    tables,
    assignments: list,
    where,
    orderBy: order,
    limit: rows,
    // Neither server has it for UPDATE.
    returning: null,
    start,
    end: parser.previousEnd,
  };
}
