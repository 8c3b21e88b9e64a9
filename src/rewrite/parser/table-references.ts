import type {
  DerivedTable,
  Expression,
  Identifier,
  JoinedTable,
  NamedTable,
  ParenthesisedTables,
  QueryBody,
  QueryExpression,
  Span,
  TableReference,
} from './ast.js';
import { jsonTable } from './json-table.js';
import { atSetOperationOrTail } from './lookahead.js';
import { identifierList, tableName } from './names.js';
import type { Parser } from './parser.js';
import { tableAlias } from './table-alias.js';
import { indexHints, partitionList, tableExtra } from './table-options.js';

/** Table references separated by commas; https://dev.mysql.com/doc/refman/9.7/en/join.html */
export function tableReferences(parser: Parser, first?: TableReference): TableReference[] {
  const tables = [tableReference(parser, first)];
  while (parser.accept(',')) tables.push(tableReference(parser));
  return tables;
}

/** A join that waits for its ON: the next ON belongs to the innermost one. */
interface PendingJoin {
  readonly left: TableReference;
  readonly type: JoinedTable['type'];
}

/**
 * One table reference with its joins. The server reads as many tables as it can before it takes a join without ON for
 * a cross join: `a JOIN b JOIN c ON x ON y` is `a JOIN (b JOIN c ON x) ON y`. A loop with a stack, so that a chain of
 * any length needs no recursion.
 */
export function tableReference(parser: Parser, first?: TableReference): TableReference {
  parser.enter();
  const pending: PendingJoin[] = [];
  let current = first ?? tableFactor(parser);
  for (;;) {
    const natural = naturalJoin(parser);
    if (natural !== null) {
      const right = tableFactor(parser);
      current = join(current, right, natural, true, null, null, parser.previousEnd);
      continue;
    }
    const type = joinType(parser);
    if (type !== null) {
      pending.push({ left: current, type });
      current = tableFactor(parser);
      continue;
    }
    const waiting = pending.at(-1);
    if (waiting === undefined) break;
    if (parser.acceptWord('ON')) {
      const on = parser.expression();
      pending.pop();
      current = join(waiting.left, current, waiting.type, false, on, null, parser.previousEnd);
    } else if (parser.acceptWord('USING')) {
      const using = identifierList(parser, 'USING');
      pending.pop();
      current = join(waiting.left, current, waiting.type, false, null, using, parser.previousEnd);
    } else {
      break;
    }
  }
  const result = crossJoins(parser, pending, current);
  parser.leave();
  return result;
}

/**
 * Joins left without ON are cross joins, and bind to the leftmost table of what follows: `a JOIN b JOIN c ON x` is
 * `(a JOIN b) JOIN c ON x`.
 */
function crossJoins(parser: Parser, pending: readonly PendingJoin[], last: TableReference): TableReference {
  let left: PendingJoin | null = null;
  for (const { left: reference, type } of pending) {
    if (type === 'left' || type === 'right') parser.fail('LEFT/RIGHT JOIN: ON or USING is missing');
    left = { left: left === null ? reference : onLeftmost(reference, left), type };
  }
  return left === null ? last : onLeftmost(last, left);
}

function onLeftmost(reference: TableReference, left: PendingJoin): TableReference {
  const spine: JoinedTable[] = [];
  let leaf = reference;
  while (leaf.kind === 'join') {
    spine.push(leaf);
    leaf = leaf.left;
  }
  let result: TableReference = join(left.left, leaf, left.type, false, null, null, leaf.end);
  for (let node = spine.pop(); node !== undefined; node = spine.pop()) {
    result = { ...node, left: result, start: result.start };
  }
  return result;
}

function join(
  left: TableReference,
  right: TableReference,
  type: JoinedTable['type'],
  natural: boolean,
  on: Expression | null,
  using: readonly Identifier[] | null,
  end: number,
): JoinedTable {
  return { kind: 'join', type, natural, left, right, on, using, start: left.start, end };
}

function joinType(parser: Parser): JoinedTable['type'] | null {
  if (
    parser.acceptWord('JOIN') ||
    parser.acceptWords('INNER', 'JOIN') ||
    parser.acceptWords('CROSS', 'JOIN')
  ) {
    return 'inner';
  }
  if (parser.acceptWord('STRAIGHT_JOIN')) return 'straight';
  return outerJoin(parser);
}

function outerJoin(parser: Parser): 'left' | 'right' | null {
  if (parser.acceptWords('LEFT', 'JOIN') || parser.acceptWords('LEFT', 'OUTER', 'JOIN')) return 'left';
  if (parser.acceptWords('RIGHT', 'JOIN') || parser.acceptWords('RIGHT', 'OUTER', 'JOIN')) return 'right';
  return null;
}

function naturalJoin(parser: Parser): JoinedTable['type'] | null {
  if (!parser.acceptWord('NATURAL')) return null;
  if (parser.acceptWord('JOIN') || parser.acceptWords('INNER', 'JOIN')) return 'inner';
  if (parser.mariadb && parser.acceptWord('STRAIGHT_JOIN')) return 'straight';
  return outerJoin(parser) ?? parser.fail('NATURAL: JOIN is missing');
}

function tableFactor(parser: Parser): TableReference {
  if (parser.at('(')) return parenthesised(parser);
  if (parser.at('{')) return odbcEscape(parser);
  if (!parser.mariadb && parser.atWord('LATERAL') && parser.at('(', 1)) {
    const { start } = parser;
    parser.advance();
    const read = parentheses(parser);
    if (read.query === null) parser.fail('LATERAL: a subquery is missing');
    return derived(parser, read.query, true, start);
  }
  if (parser.atWord('JSON_TABLE') && parser.at('(', 1)) return jsonTable(parser);
  return namedTable(parser);
}

/** A table by its name, with partitions, alias, hints and what servers add. */
function namedTable(parser: Parser): NamedTable {
  const { start } = parser;
  const name = tableName(parser, 'table');
  const partition = partitionList(parser);
  const before = tableExtra(parser);
  const alias = tableAlias(parser);
  const hints = indexHints(parser);
  const after = before ?? tableExtra(parser);
  return {
    kind: 'table',
    name,
    partition,
    alias,
    indexHints: hints,
    extra: after,
    start,
    end: parser.previousEnd,
  };
}

/** `{oj t1 LEFT JOIN t2 ON …}`; MariaDB takes any word. */
function odbcEscape(parser: Parser): ParenthesisedTables {
  const { start } = parser;
  parser.advance();
  if (!parser.acceptWord('OJ')) {
    if (!parser.mariadb) parser.fail('{…}: OJ is missing');
    parser.identifier('{…}');
  }
  const tables = [tableReference(parser)];
  parser.expect('}', '{…}');
  return { kind: 'tables', tables, start, end: parser.previousEnd };
}

type Parentheses =
  | { readonly query: QueryExpression; readonly tables: null }
  | { readonly query: null; readonly tables: readonly TableReference[] };

/** `(…)` in FROM: a derived table, or tables. */
function parenthesised(parser: Parser): TableReference {
  const { start } = parser;
  const read = parentheses(parser);
  if (read.query !== null) return derived(parser, read.query, false, start);
  return { kind: 'tables', tables: read.tables, start, end: parser.previousEnd };
}

/** Only what follows an inner parenthesis tells `((SELECT 1) UNION …) a` from `((SELECT 1) a, b)`. */
function parentheses(parser: Parser): Parentheses {
  parser.enter();
  parser.expect('(', 'FROM');
  const read = insideParentheses(parser);
  parser.expect(')', 'FROM');
  parser.leave();
  return read;
}

function insideParentheses(parser: Parser): Parentheses {
  const { start } = parser;
  if (atQueryWord(parser)) return { query: parser.queryExpression(), tables: null };
  if (!parser.at('(')) return { query: null, tables: tableReferences(parser) };
  const inner = parentheses(parser);
  const span: Span = parser.spanFrom(start);
  if (inner.query === null) {
    const first: TableReference = { kind: 'tables', tables: inner.tables, ...span };
    return { query: null, tables: tableReferences(parser, first) };
  }
  if (parser.at(')') || atSetOperationOrTail(parser)) {
    const first: QueryBody = { kind: 'parenthesised', query: inner.query, ...span };
    return { query: parser.queryExpression(first), tables: null };
  }
  const first = derived(parser, inner.query, false, start);
  return { query: null, tables: tableReferences(parser, first) };
}

function atQueryWord(parser: Parser): boolean {
  return (
    parser.atWord('SELECT') ||
    parser.atWord('WITH') ||
    parser.atWord('VALUES') ||
    (parser.atWord('TABLE') && !parser.mariadb)
  );
}

function derived(parser: Parser, query: QueryExpression, lateral: boolean, start: number): DerivedTable {
  const alias = tableAlias(parser);
  const columns = alias !== null && parser.at('(') ? identifierList(parser, 'derived table') : null;
  return { kind: 'derived', lateral, query, alias, columns, start, end: parser.previousEnd };
}
