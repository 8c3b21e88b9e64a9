import { TokenKind } from '../tokens.js';
import type { Expression, FunctionCall } from './ast.js';
import { call } from './nodes.js';
import { orderItems } from './order-by.js';
import type { Parser } from './parser.js';
import { windowClause } from './windows.js';

/** https://dev.mysql.com/doc/refman/9.7/en/aggregate-functions.html */
export const AGGREGATES = new Set(
  `COUNT SUM AVG MIN MAX BIT_AND BIT_OR BIT_XOR STD STDDEV STDDEV_POP STDDEV_SAMP VARIANCE VAR_POP VAR_SAMP
  GROUP_CONCAT JSON_ARRAYAGG JSON_OBJECTAGG ST_COLLECT`
    .trim()
    .split(/\s+/),
);

/** Whether a function, by its name in lower case, gives one value for several rows; with OVER, for a row among others. */
export function isAggregate(name: string): boolean {
  return AGGREGATES.has(name.toUpperCase());
}

/** At the parenthesis: `([ALL | DISTINCT] … [ORDER BY …] [SEPARATOR …] [LIMIT …]) [OVER …]`. */
export function aggregateCall(parser: Parser, name: string, start: number): FunctionCall {
  parser.expect('(', name);
  const distinct = parser.acceptOneOf(['DISTINCT', 'DISTINCTROW']) !== null;
  parser.acceptWord('ALL');
  const args: Expression[] = [];
  if (!(name === 'count' && !distinct && parser.accept('*'))) {
    do {
      if (name === 'json_objectagg') parser.acceptWord('ALL');
      args.push(parser.expression());
    } while (parser.accept(','));
  }
  const extra: Expression[] = [];
  if (name === 'group_concat' || name === 'json_arrayagg') listOptions(parser, name, extra);
  if (name === 'json_arrayagg' && parser.acceptOneOf(['NULL', 'ABSENT']) !== null) {
    parser.expectWord('ON', name);
    parser.expectWord('NULL', name);
  }
  parser.expect(')', name);
  const window = windowClause(parser, name.toUpperCase(), extra);
  return call(name, args, start, parser.previousEnd, { distinct, extra, window });
}

/** https://dev.mysql.com/doc/refman/9.7/en/aggregate-functions.html#function_group-concat; LIMIT is MariaDB's. */
function listOptions(parser: Parser, name: string, extra: Expression[]): void {
  if (parser.acceptWord('ORDER')) {
    parser.expectWord('BY', name);
    for (const item of orderItems(parser)) extra.push(item.expression);
  }
  if (parser.acceptWord('SEPARATOR')) {
    const { kind } = parser;
    if (kind !== TokenKind.String && kind !== TokenKind.Hex && kind !== TokenKind.Bit) {
      parser.fail('SEPARATOR: a string is missing');
    }
    parser.advance();
  }
  if (parser.mariadb && parser.acceptWord('LIMIT')) {
    do {
      extra.push(parser.expression());
    } while (parser.accept(',') || parser.acceptWord('OFFSET'));
  }
}
