import { TokenKind } from '../tokens.js';
import type { Span } from './ast.js';
import { Level } from './levels.js';
import { identifierList } from './names.js';
import type { Parser } from './parser.js';

/** PARTITION (p0, p1), or null; https://dev.mysql.com/doc/refman/9.7/en/partitioning-selection.html */
export function partitionList(parser: Parser): Span | null {
  const { start } = parser;
  if (!parser.atWord('PARTITION') || !parser.at('(', 1)) return null;
  parser.advance();
  identifierList(parser, 'PARTITION');
  return parser.spanFrom(start);
}

/** USE | FORCE | IGNORE INDEX …, as many as there are; https://dev.mysql.com/doc/refman/9.7/en/index-hints.html */
export function indexHints(parser: Parser): Span | null {
  const { start } = parser;
  let found = false;
  while (atIndexHint(parser)) {
    const use = parser.atWord('USE');
    parser.advance();
    parser.advance();
    if (parser.acceptWord('FOR')) {
      const scope =
        parser.acceptWord('JOIN') || parser.acceptWords('ORDER', 'BY') || parser.acceptWords('GROUP', 'BY');
      if (!scope) parser.fail('index hint: JOIN, ORDER BY or GROUP BY is missing');
    }
    parser.expect('(', 'index hint');
    if (!(use && parser.at(')'))) {
      do {
        if (!parser.acceptWord('PRIMARY')) parser.identifier('index hint');
      } while (parser.accept(','));
    }
    parser.expect(')', 'index hint');
    found = true;
  }
  return found ? parser.spanFrom(start) : null;
}

function atIndexHint(parser: Parser): boolean {
  const verb = parser.atWord('USE') || parser.atWord('FORCE') || parser.atWord('IGNORE');
  return verb && (parser.atWord('INDEX', 1) || parser.atWord('KEY', 1));
}

/** MariaDB's FOR SYSTEM_TIME …, MySQL's TABLESAMPLE …, or null. */
export function tableExtra(parser: Parser): Span | null {
  const { start } = parser;
  if (parser.mariadb && parser.acceptWords('FOR', 'SYSTEM_TIME')) {
    systemTime(parser);
    return parser.spanFrom(start);
  }
  if (!parser.mariadb && parser.atWord('TABLESAMPLE') && parser.words.reserved.has('TABLESAMPLE')) {
    parser.advance();
    if (parser.acceptOneOf(['SYSTEM', 'BERNOULLI']) === null) {
      parser.fail('TABLESAMPLE: SYSTEM or BERNOULLI is missing');
    }
    parser.expect('(', 'TABLESAMPLE');
    percentage(parser);
    parser.expect(')', 'TABLESAMPLE');
    return parser.spanFrom(start);
  }
  return null;
}

/** https://mariadb.com/kb/en/system-versioned-tables/#querying-historical-data. Only plain points in time. */
function systemTime(parser: Parser): void {
  if (parser.acceptWord('ALL')) return;
  if (parser.acceptWords('AS', 'OF')) {
    historyPoint(parser);
    return;
  }
  const between = parser.acceptWord('BETWEEN');
  if (!between) parser.expectWord('FROM', 'FOR SYSTEM_TIME');
  historyPoint(parser);
  parser.expectWord(between ? 'AND' : 'TO', 'FOR SYSTEM_TIME');
  historyPoint(parser);
}

/**
 * The span is all that the tree keeps of it, so an expression with columns, queries, variables or parameters in it
 * would be out of sight: literals and NOW() only.
 */
function historyPoint(parser: Parser): void {
  if (!(parser.atWord('TIMESTAMP') && parser.kindAhead(1) === TokenKind.String)) {
    parser.acceptOneOf(['TIMESTAMP', 'TRANSACTION']);
  }
  const point = parser.expression(Level.BitOr);
  const plain =
    point.kind === 'literal' ||
    (point.kind === 'function' && point.arguments.every((a) => a.kind === 'literal'));
  if (!plain) parser.fail('FOR SYSTEM_TIME: only literals and functions of literals are understood');
}

function percentage(parser: Parser): void {
  if (
    parser.kind !== TokenKind.Integer &&
    parser.kind !== TokenKind.Decimal &&
    parser.kind !== TokenKind.Float
  ) {
    parser.fail('TABLESAMPLE: a number is missing');
  }
  parser.advance();
}
