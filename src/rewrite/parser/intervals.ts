import type { Expression, FunctionCall, OperatorExpression } from './ast.js';
import { Level } from './levels.js';
import { beginsQuery } from './lookahead.js';
import { call, operator } from './nodes.js';
import type { Parser } from './parser.js';

const TIMESTAMP_UNITS = 'MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR'.split(' ');

const UNITS = new Set([
  ...TIMESTAMP_UNITS,
  ...'SECOND_MICROSECOND MINUTE_MICROSECOND MINUTE_SECOND HOUR_MICROSECOND HOUR_SECOND HOUR_MINUTE'.split(
    ' ',
  ),
  ...'DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH'.split(' '),
]);

/** https://dev.mysql.com/doc/refman/9.7/en/expressions.html#temporal-intervals; returns the unit in lower case. */
export function intervalUnit(parser: Parser, construct: string): string {
  const unit = parser.word();
  if (!UNITS.has(unit)) parser.fail(`${construct}: a unit such as DAY is missing`);
  parser.advance();
  return unit.toLowerCase();
}

/** The unit of TIMESTAMPADD and TIMESTAMPDIFF, also with ODBC's SQL_TSI_. */
export function timestampUnit(parser: Parser, construct: string): void {
  const unit = parser.word();
  const name = unit.startsWith('SQL_TSI_') ? unit.slice(8) : unit;
  if (!TIMESTAMP_UNITS.includes(name)) parser.fail(`${construct}: a unit such as DAY is missing`);
  parser.advance();
}

/**
 * At the word INTERVAL: `INTERVAL amount unit`, or the function INTERVAL(n, n1, …), which is told by its comma.
 */
export function interval(parser: Parser): OperatorExpression | FunctionCall {
  const { start } = parser;
  parser.advance();
  let amount: Expression;
  if (parser.at('(') && !beginsQuery(parser)) {
    const open = parser.start;
    parser.advance();
    const items = parser.expressions();
    parser.expect(')', 'INTERVAL');
    if (items.length > 1) return call('interval', items, start, parser.previousEnd);
    const inner = operator('paren', items, open, parser.previousEnd);
    amount = parser.rules.continueExpression(parser, inner);
  } else {
    amount = parser.expression();
  }
  const unit = intervalUnit(parser, 'INTERVAL');
  return operator('interval', [amount], start, parser.previousEnd, unit);
}

/** INTERVAL as the first operand: the function, or `INTERVAL amount unit + expression`. */
export function intervalOperand(parser: Parser): Expression {
  const left = interval(parser);
  if (left.kind === 'function') return left;
  parser.expect('+', 'INTERVAL');
  // The server reduces this only before AND, XOR, OR: comparisons after it belong to the right side.
  const right = parser.expression(Level.Not);
  return operator('+', [left, right], left.start, right.end);
}
