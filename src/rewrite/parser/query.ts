import type {
  CommonTableExpression,
  ExplicitTable,
  InsertValue,
  IntoClause,
  LockingClause,
  QueryBody,
  QueryExpression,
  SetOperation,
  Span,
  TableName,
  TableValueConstructor,
  WithClause,
} from './ast.js';
import { intoClause } from './into.js';
import { limit } from './limit.js';
import { identifierList, tableName } from './names.js';
import { orderBy } from './order-by.js';
import type { Parser } from './parser.js';
import { querySpecification } from './query-specification.js';
import { insertValue } from './values.js';

/**
 * A query expression up to the first token that can't belong to it.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/select.html, https://dev.mysql.com/doc/refman/9.7/en/set-operations.html
 *
 * @param first its first operand, read already: a parenthesised query
 * @param readWith its WITH clause, read already
 */
export function queryExpression(
  parser: Parser,
  first?: QueryBody,
  readWith: WithClause | null = null,
): QueryExpression {
  parser.enter();
  const start = readWith?.start ?? first?.start ?? parser.start;
  const withTables = readWith ?? (first === undefined ? withClause(parser) : null);
  const body = setOperations(parser, first);
  const order = orderBy(parser);
  const rows = limit(parser);
  const locking: LockingClause[] = [];
  let into: IntoClause | null = null;
  let procedure: Span | null = null;
  for (;;) {
    const lock = lockingClause(parser);
    if (lock !== null) {
      locking.push(lock);
    } else if (into === null && parser.atWord('INTO')) {
      into = intoClause(parser);
    } else if (procedure === null && parser.mariadb && parser.atWord('PROCEDURE')) {
      procedure = procedureAnalyse(parser);
    } else {
      break;
    }
  }
  parser.leave();
  return {
    kind: 'query',
    with: withTables,
    body,
    orderBy: order,
    limit: rows,
    locking,
    into: into ?? earlyInto(body),
    procedure,
    start,
    end: parser.previousEnd,
  };
}

/** INTO before FROM, of the last block. */
function earlyInto(body: QueryBody): IntoClause | null {
  const last = body.kind === 'setOperation' ? body.right : body;
  return last.kind === 'specification' ? last.into : null;
}

/** https://dev.mysql.com/doc/refman/9.7/en/with.html */
export function withClause(parser: Parser): WithClause | null {
  const { start } = parser;
  if (!parser.acceptWord('WITH')) return null;
  const recursive = parser.acceptWord('RECURSIVE');
  const tables: CommonTableExpression[] = [];
  do {
    tables.push(commonTableExpression(parser));
  } while (parser.accept(','));
  return { recursive, tables, start, end: parser.previousEnd };
}

function commonTableExpression(parser: Parser): CommonTableExpression {
  const { start } = parser;
  const name = parser.identifier('WITH');
  const columns = parser.at('(') ? identifierList(parser, 'WITH') : null;
  parser.expectWord('AS', 'WITH');
  parser.expect('(', 'WITH');
  const query = parser.queryExpression();
  parser.expect(')', 'WITH');
  // https://mariadb.com/kb/en/with/#cycle-restrict
  if (parser.mariadb && parser.acceptWord('CYCLE')) {
    do {
      parser.identifier('CYCLE');
    } while (parser.accept(','));
    parser.expectWord('RESTRICT', 'CYCLE');
  }
  return { name, columns, query, start, end: parser.previousEnd };
}

/** UNION and EXCEPT, left-associative; INTERSECT binds tighter. */
function setOperations(parser: Parser, first?: QueryBody): QueryBody {
  let left = intersections(parser, first);
  for (;;) {
    const operator = parser.acceptWord('UNION') ? 'union' : parser.acceptWord('EXCEPT') ? 'except' : null;
    if (operator === null) return left;
    const all = setOption(parser);
    left = setOperation(operator, all, left, intersections(parser));
  }
}

function intersections(parser: Parser, first?: QueryBody): QueryBody {
  let left = first ?? queryPrimary(parser);
  while (parser.words.reserved.has('INTERSECT') && parser.acceptWord('INTERSECT')) {
    const all = setOption(parser);
    left = setOperation('intersect', all, left, queryPrimary(parser));
  }
  return left;
}

function setOption(parser: Parser): boolean {
  if (parser.acceptWord('ALL')) return true;
  parser.acceptWord('DISTINCT');
  return false;
}

function setOperation(
  operator: SetOperation['operator'],
  all: boolean,
  left: QueryBody,
  right: QueryBody,
): SetOperation {
  return { kind: 'setOperation', operator, all, left, right, start: left.start, end: right.end };
}

function queryPrimary(parser: Parser): QueryBody {
  const { start } = parser;
  if (parser.accept('(')) {
    const query = parser.queryExpression();
    parser.expect(')', 'parenthesised query');
    return { kind: 'parenthesised', query, start, end: parser.previousEnd };
  }
  if (parser.atWord('SELECT')) return querySpecification(parser);
  if (parser.atWord('VALUES')) return valuesConstructor(parser);
  if (!parser.mariadb && parser.atWord('TABLE')) return explicitTable(parser);
  return parser.fail('query: SELECT is missing');
}

/** https://dev.mysql.com/doc/refman/9.7/en/values.html; MariaDB writes rows without ROW. */
function valuesConstructor(parser: Parser): TableValueConstructor {
  const { start } = parser;
  parser.advance();
  const rows: InsertValue[][] = [];
  do {
    if (!parser.mariadb) parser.expectWord('ROW', 'VALUES');
    parser.expect('(', 'VALUES');
    const row: InsertValue[] = [];
    if (!parser.at(')')) {
      do {
        row.push(insertValue(parser));
      } while (parser.accept(','));
    }
    parser.expect(')', 'VALUES');
    rows.push(row);
  } while (parser.accept(','));
  return { kind: 'valuesConstructor', rows, start, end: parser.previousEnd };
}

/** https://dev.mysql.com/doc/refman/9.7/en/table.html */
function explicitTable(parser: Parser): ExplicitTable {
  const { start } = parser;
  parser.advance();
  const table = tableName(parser, 'TABLE');
  return { kind: 'explicitTable', table, start, end: parser.previousEnd };
}

/** https://dev.mysql.com/doc/refman/9.7/en/innodb-locking-reads.html; WAIT n is MariaDB's. */
function lockingClause(parser: Parser): LockingClause | null {
  const { start } = parser;
  if (parser.acceptWords('LOCK', 'IN', 'SHARE', 'MODE')) {
    const wait = lockWait(parser);
    return { strength: 'share', of: null, wait, legacy: true, start, end: parser.previousEnd };
  }
  const update = parser.acceptWords('FOR', 'UPDATE');
  if (!update && (parser.mariadb || !parser.acceptWords('FOR', 'SHARE'))) return null;
  let of: TableName[] | null = null;
  if (!parser.mariadb && parser.acceptWord('OF')) {
    of = [tableName(parser, 'OF')];
    while (parser.accept(',')) of.push(tableName(parser, 'OF'));
  }
  const wait = lockWait(parser);
  return {
    strength: update ? 'update' : 'share',
    of,
    wait,
    legacy: false,
    start,
    end: parser.previousEnd,
  };
}

function lockWait(parser: Parser): Span | null {
  const { start } = parser;
  if (parser.acceptWords('SKIP', 'LOCKED') || parser.acceptWord('NOWAIT')) return parser.spanFrom(start);
  if (!parser.mariadb || !parser.acceptWord('WAIT')) return null;
  parser.integer('WAIT');
  return parser.spanFrom(start);
}

/** https://mariadb.com/kb/en/procedure-analyse/ */
function procedureAnalyse(parser: Parser): Span {
  const { start } = parser;
  parser.advance();
  parser.identifier('PROCEDURE');
  parser.expect('(', 'PROCEDURE');
  if (!parser.at(')')) {
    do {
      parser.integer('PROCEDURE');
    } while (parser.accept(','));
  }
  parser.expect(')', 'PROCEDURE');
  return parser.spanFrom(start);
}
