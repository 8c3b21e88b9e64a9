import type { Expression, IntoClause, OrderItem, QuerySpecification, Span, TableReference } from './ast.js';
import { intoClause } from './into.js';
import { orderItems } from './order-by.js';
import type { Parser } from './parser.js';
import { selectItems } from './select-items.js';
import { tableReferences } from './table-references.js';
import { windowSpecification } from './windows.js';

const OPTIONS = [
  'ALL',
  'DISTINCT',
  'DISTINCTROW',
  'HIGH_PRIORITY',
  'STRAIGHT_JOIN',
  'SQL_SMALL_RESULT',
  'SQL_BIG_RESULT',
  'SQL_BUFFER_RESULT',
  'SQL_CALC_FOUND_ROWS',
  'SQL_NO_CACHE',
];

/** `SQL_CACHE` is a name in MySQL, and UNIQUE means DISTINCT in MariaDB only. */
const MARIADB_OPTIONS = [...OPTIONS, 'SQL_CACHE', 'UNIQUE'];

/** One SELECT up to WINDOW or QUALIFY; https://dev.mysql.com/doc/refman/9.7/en/select.html */
export function querySpecification(parser: Parser): QuerySpecification {
  const { start } = parser;
  parser.advance();
  const modifiers: string[] = [];
  const options = parser.mariadb ? MARIADB_OPTIONS : OPTIONS;
  for (let option = parser.acceptOneOf(options); option !== null; option = parser.acceptOneOf(options)) {
    modifiers.push(option);
  }
  const items = selectItems(parser);
  // With nothing but INTO after the items the clause is the trailing one, whose place is behind ORDER BY and LIMIT;
  // where both could be meant they mean the same.
  const into: IntoClause | null = parser.atWord('INTO') ? intoClause(parser) : null;
  const from = fromClause(parser);
  const where = parser.acceptWord('WHERE') ? parser.expression() : null;
  const groupBy = groupByClause(parser);
  const having = parser.acceptWord('HAVING') ? parser.expression() : null;
  const windowExpressions: Expression[] = [];
  const windows = windowDefinitions(parser, windowExpressions);
  if (!parser.mariadb && parser.words.reserved.has('QUALIFY') && parser.acceptWord('QUALIFY')) {
    windowExpressions.push(parser.expression());
  }
  return {
    kind: 'specification',
    modifiers,
    items,
    from,
    where,
    groupBy,
    having,
    windows,
    windowExpressions,
    into,
    start,
    end: parser.previousEnd,
  };
}

function fromClause(parser: Parser): TableReference[] | null {
  if (!parser.acceptWord('FROM')) return null;
  return parser.acceptWord('DUAL') ? null : tableReferences(parser);
}

/** https://dev.mysql.com/doc/refman/9.7/en/group-by-modifiers.html */
function groupByClause(parser: Parser): QuerySpecification['groupBy'] {
  const { start } = parser;
  if (!parser.acceptWord('GROUP')) return null;
  parser.expectWord('BY', 'GROUP BY');
  const extended = extendedGrouping(parser);
  if (extended !== null) return { items: extended, rollup: true, start, end: parser.previousEnd };
  const items = orderItems(parser);
  const rollup = parser.acceptWords('WITH', 'ROLLUP');
  return { items, rollup, start, end: parser.previousEnd };
}

/** MySQL: ROLLUP (…), CUBE (…), GROUPING SETS ((…), …). */
function extendedGrouping(parser: Parser): OrderItem[] | null {
  if (parser.mariadb) return null;
  if ((parser.atWord('ROLLUP') || parser.atWord('CUBE')) && parser.at('(', 1)) {
    parser.advance();
    return groupingSet(parser);
  }
  if (!parser.acceptWords('GROUPING', 'SETS')) return null;
  parser.expect('(', 'GROUPING SETS');
  const items: OrderItem[] = [];
  do {
    items.push(...groupingSet(parser));
  } while (parser.accept(','));
  parser.expect(')', 'GROUPING SETS');
  return items;
}

function groupingSet(parser: Parser): OrderItem[] {
  parser.expect('(', 'GROUP BY');
  const items = parser.at(')') ? [] : orderItems(parser);
  parser.expect(')', 'GROUP BY');
  return items;
}

/** https://dev.mysql.com/doc/refman/9.7/en/window-functions-named-windows.html */
function windowDefinitions(parser: Parser, expressions: Expression[]): Span[] {
  const windows: Span[] = [];
  if (!parser.acceptWord('WINDOW')) return windows;
  do {
    const { start } = parser;
    parser.identifier('WINDOW');
    parser.expectWord('AS', 'WINDOW');
    windowSpecification(parser, expressions);
    windows.push(parser.spanFrom(start));
  } while (parser.accept(','));
  return windows;
}
