import { TokenKind } from '../tokens.js';
import type { Expression, Limit } from './ast.js';
import { literal } from './literals.js';
import type { Parser } from './parser.js';

/**
 * LIMIT in all its forms, or null; expressions in written order.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/select.html; ROWS EXAMINED and FETCH FIRST are MariaDB's:
 * https://mariadb.com/kb/en/limit/, https://mariadb.com/kb/en/select-offset-fetch/
 */
export function limit(parser: Parser): Limit | null {
  const { start } = parser;
  const expressions: Expression[] = [];
  if (parser.acceptWord('LIMIT')) {
    if (!(parser.mariadb && parser.atWord('ROWS'))) {
      expressions.push(limitOption(parser));
      if (parser.accept(',') || parser.acceptWord('OFFSET')) expressions.push(limitOption(parser));
    }
    if (parser.mariadb && parser.acceptWord('ROWS')) {
      parser.expectWord('EXAMINED', 'LIMIT ROWS');
      expressions.push(limitOption(parser));
    }
    return { expressions, start, end: parser.previousEnd };
  }
  if (!parser.mariadb || !(parser.atWord('OFFSET') || parser.atWord('FETCH'))) return null;
  if (parser.acceptWord('OFFSET')) {
    expressions.push(limitOption(parser));
    if (parser.acceptOneOf(['ROW', 'ROWS']) === null) parser.fail('OFFSET: ROWS is missing');
  }
  if (parser.acceptWord('FETCH')) fetch(parser, expressions);
  return { expressions, start, end: parser.previousEnd };
}

function fetch(parser: Parser, expressions: Expression[]): void {
  if (parser.acceptOneOf(['FIRST', 'NEXT']) === null) parser.fail('FETCH: FIRST or NEXT is missing');
  if (!parser.atWord('ROW') && !parser.atWord('ROWS')) expressions.push(limitOption(parser));
  if (parser.acceptOneOf(['ROW', 'ROWS']) === null) parser.fail('FETCH: ROWS is missing');
  if (!parser.acceptWord('ONLY') && !parser.acceptWords('WITH', 'TIES')) {
    parser.fail('FETCH: ONLY or WITH TIES is missing');
  }
}

/** A number or a parameter; names are variables of stored programs, which are not parsed here. */
export function limitOption(parser: Parser): Expression {
  const { kind, start } = parser;
  if (kind === TokenKind.Integer) return literal(parser);
  if (kind !== TokenKind.Parameter) parser.fail('LIMIT: a number is missing');
  const ordinal = parser.parameterOrdinal();
  return { kind: 'parameter', ordinal, start, end: parser.previousEnd };
}
