import type { DeleteStatement, NamedTable, TableName, TableReference, WithClause } from './ast.js';
import { returningClause } from './insert.js';
import { limit } from './limit.js';
import { tableName } from './names.js';
import { orderBy } from './order-by.js';
import type { Parser } from './parser.js';
import { tableAlias } from './table-alias.js';
import { partitionList } from './table-options.js';
import { tableReferences } from './table-references.js';

const MODIFIERS = ['LOW_PRIORITY', 'QUICK', 'IGNORE'];

/** At the word DELETE; https://dev.mysql.com/doc/refman/9.7/en/delete.html */
export function deleteStatement(
  parser: Parser,
  withTables: WithClause | null,
  start: number,
): DeleteStatement {
  parser.advance();
  const modifiers: string[] = [];
  for (let option = parser.acceptOneOf(MODIFIERS); option !== null; option = parser.acceptOneOf(MODIFIERS)) {
    modifiers.push(option);
  }
  let targets: TableName[] | null = null;
  let tables: readonly TableReference[];
  if (parser.acceptWord('FROM')) {
    const first = target(parser);
    if (first.star || parser.at(',') || parser.atWord('USING')) {
      targets = targetList(parser, first.name);
      parser.expectWord('USING', 'DELETE');
      tables = tableReferences(parser);
    } else {
      tables = [singleTable(parser, first.name)];
    }
  } else {
    targets = targetList(parser, target(parser).name);
    parser.expectWord('FROM', 'DELETE');
    tables = tableReferences(parser);
  }
  const where = parser.acceptWord('WHERE') ? parser.expression() : null;
  const order = targets === null ? orderBy(parser) : null;
  const rows = targets === null ? limit(parser) : null;
  const returning = targets === null ? returningClause(parser) : null;
  return {
    kind: 'delete',
    with: withTables,
    modifiers,
    targets,
    tables,
    where,
    orderBy: order,
    limit: rows,
    returning,
    start,
    end: parser.previousEnd,
  };
}

/** `t`, `db.t`, `t.*`, `db.t.*`. */
function target(parser: Parser): { name: TableName; star: boolean } {
  const name = tableName(parser, 'DELETE');
  const star = parser.at('.') && parser.at('*', 1);
  if (star) {
    parser.advance();
    parser.advance();
  }
  return { name, star };
}

function targetList(parser: Parser, first: TableName): TableName[] {
  const targets = [first];
  while (parser.accept(',')) targets.push(target(parser).name);
  return targets;
}

function singleTable(parser: Parser, name: TableName): NamedTable {
  const before = partitionList(parser);
  const alias = tableAlias(parser);
  const partition = before ?? partitionList(parser);
  return {
    kind: 'table',
    name,
    partition,
    alias,
    indexHints: null,
    extra: null,
    start: name.start,
    end: parser.previousEnd,
  };
}
