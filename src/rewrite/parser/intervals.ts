import type { Expression, FunctionCall, OperatorExpression } from './ast.js';
import { beginsQuery } from './lookahead.js';
import { call, operator } from './nodes.js';
import type { Parser } from './parser.js';

const TIMESTAMP_UNITS = new Set('MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR'.split(' '));

const UNITS = new Set([
  ...TIMESTAMP_UNITS,
  ...'SECOND_MICROSECOND MINUTE_MICROSECOND MINUTE_SECOND HOUR_MICROSECOND HOUR_SECOND HOUR_MINUTE'.split(
    ' ',
  ),
  ...'DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH'.split(' '),
]);

/** https://dev.mysql.com/doc/refman/9.7/en/expressions.html#temporal-intervals; returns the unit in lower case. */
export function intervalUnit(parser: Parser, construct: string): string {
  return unitOf(parser, construct, UNITS);
}

/** The unit of TIMESTAMPADD and TIMESTAMPDIFF. */
export function timestampUnit(parser: Parser, construct: string): string {
  return unitOf(parser, construct, TIMESTAMP_UNITS);
}

/** Simple units have ODBC's names as well: SQL_TSI_DAY. */
function unitOf(parser: Parser, construct: string, units: ReadonlySet<string>): string {
  const word = parser.word();
  const odbc = word.startsWith('SQL_TSI_') ? word.slice(8) : '';
  const unit = TIMESTAMP_UNITS.has(odbc) ? odbc : word;
  if (!units.has(unit)) parser.fail(`${construct}: a unit such as DAY is missing`);
  parser.advance();
  return unit.toLowerCase();
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
