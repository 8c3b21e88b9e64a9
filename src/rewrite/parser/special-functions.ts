import { TokenKind } from '../tokens.js';
import type { Expression, FunctionCall } from './ast.js';
import { characterSetName, dataType } from './data-types.js';
import { interval, intervalUnit, timestampUnit } from './intervals.js';
import { onEmptyOrError } from './json-table.js';
import { Level } from './levels.js';
import { columnReference } from './names.js';
import { call } from './nodes.js';
import type { Parser } from './parser.js';

type SpecialFunction = (parser: Parser, name: string, start: number) => FunctionCall;

/** Functions whose arguments are not a plain list, by name in upper case. Each is called at the parenthesis. */
export const SPECIAL_FUNCTIONS: ReadonlyMap<string, SpecialFunction> = new Map<string, SpecialFunction>([
  ['CAST', inParentheses(cast)],
  ['CONVERT', inParentheses(convert)],
  ['EXTRACT', inParentheses(extract)],
  ['TRIM', inParentheses(trim)],
  ['SUBSTRING', inParentheses(substring)],
  ['SUBSTR', inParentheses(substring)],
  ['MID', inParentheses(substring)],
  ['POSITION', inParentheses(position)],
  ['CHAR', inParentheses(char)],
  ['CHARACTER', inParentheses(char)],
  ['WEIGHT_STRING', inParentheses(weightString)],
  ['GET_FORMAT', inParentheses(getFormat)],
  ['TIMESTAMPADD', inParentheses(timestampArithmetic)],
  ['TIMESTAMPDIFF', inParentheses(timestampArithmetic)],
  ['DATE_ADD', inParentheses(dateArithmetic)],
  ['DATE_SUB', inParentheses(dateArithmetic)],
  ['ADDDATE', inParentheses(dateArithmetic)],
  ['SUBDATE', inParentheses(dateArithmetic)],
  ['VALUES', inParentheses((parser) => [columnReference(parser, 'VALUES()')])],
  ['VALUE', mariadbValue],
  ['DEFAULT', inParentheses((parser) => [columnReference(parser, 'DEFAULT()')])],
  ['JSON_VALUE', inParentheses(jsonValue)],
  ['COLUMN_CREATE', inParentheses(columnCreate)],
  ['COLUMN_ADD', inParentheses(columnCreate)],
  ['COLUMN_GET', inParentheses(columnGet)],
]);

function inParentheses(args: (parser: Parser, name: string) => Expression[]): SpecialFunction {
  return (parser, name, start) => {
    parser.expect('(', name);
    const list = args(parser, name);
    parser.expect(')', name);
    return call(name, list, start, parser.previousEnd);
  };
}

/** https://dev.mysql.com/doc/refman/9.7/en/cast-functions.html#function_cast */
function cast(parser: Parser, name: string): Expression[] {
  const value = parser.expression();
  if (parser.acceptWords('AT', 'TIME', 'ZONE')) {
    parser.acceptWord('INTERVAL');
    if (parser.kind !== TokenKind.String) parser.fail('AT TIME ZONE: a string is missing');
    parser.advance();
  }
  parser.expectWord('AS', name);
  dataType(parser, name);
  parser.acceptWord('ARRAY');
  return [value];
}

function convert(parser: Parser, name: string): Expression[] {
  const value = parser.expression();
  if (parser.acceptWord('USING')) {
    characterSetName(parser, name);
  } else {
    parser.expect(',', name);
    dataType(parser, name);
  }
  return [value];
}

function extract(parser: Parser, name: string): Expression[] {
  intervalUnit(parser, name);
  parser.expectWord('FROM', name);
  return [parser.expression()];
}

/** `s`, `x FROM s`, `LEADING FROM s`, `BOTH x FROM s`. */
function trim(parser: Parser): Expression[] {
  const side = parser.acceptOneOf(['BOTH', 'LEADING', 'TRAILING']);
  const first: Expression[] = [];
  if (side === null || !parser.atWord('FROM')) first.push(parser.expression());
  if (parser.acceptWord('FROM')) first.push(parser.expression());
  else if (side !== null) parser.fail('TRIM: FROM is missing');
  // MariaDB's TRIM takes further arguments only in Oracle mode.
  return first;
}

function substring(parser: Parser): Expression[] {
  const args = [parser.expression()];
  if (parser.acceptWord('FROM')) {
    args.push(parser.expression());
    if (parser.acceptWord('FOR')) args.push(parser.expression());
    return args;
  }
  while (parser.accept(',')) args.push(parser.expression());
  return args;
}

function position(parser: Parser, name: string): Expression[] {
  // Its first argument is a bit_expr, since IN would otherwise be the operator.
  const needle = parser.expression(Level.BitOr);
  parser.expectWord('IN', name);
  return [needle, parser.expression()];
}

function char(parser: Parser, name: string): Expression[] {
  const codes = parser.expressions();
  if (parser.acceptWord('USING')) characterSetName(parser, name);
  return codes;
}

/** https://dev.mysql.com/doc/refman/9.7/en/string-functions.html#function_weight-string; LEVEL is MariaDB's. */
function weightString(parser: Parser, name: string): Expression[] {
  const args = [parser.expression()];
  if (parser.acceptWord('AS')) dataType(parser, name);
  else while (parser.accept(',')) args.push(parser.expression());
  if (parser.acceptWord('LEVEL')) {
    do {
      if (parser.kind !== TokenKind.Integer) parser.fail('LEVEL: a number is missing');
      parser.advance();
      parser.acceptOneOf(['ASC', 'DESC']);
      parser.acceptWord('REVERSE');
    } while (parser.accept(',') || parser.accept('-'));
  }
  return args;
}

function getFormat(parser: Parser, name: string): Expression[] {
  if (parser.acceptOneOf(['DATE', 'TIME', 'DATETIME', 'TIMESTAMP']) === null) {
    parser.fail(`${name}: DATE, TIME or DATETIME is missing`);
  }
  parser.expect(',', name);
  return [parser.expression()];
}

function timestampArithmetic(parser: Parser, name: string): Expression[] {
  timestampUnit(parser, name);
  parser.expect(',', name);
  const first = parser.expression();
  parser.expect(',', name);
  return [first, parser.expression()];
}

/** DATE_ADD(date, INTERVAL n unit); ADDDATE and SUBDATE take a number of days as well. */
function dateArithmetic(parser: Parser, name: string): Expression[] {
  const date = parser.expression();
  parser.expect(',', name);
  if (!parser.atWord('INTERVAL')) return [date, parser.expression()];
  const amount = interval(parser);
  // INTERVAL(1, 2) is the function, and INTERVAL 1 DAY + x an operand of its own.
  if (amount.kind === 'function') return [date, parser.rules.continueExpression(parser, amount)];
  return [date, amount];
}

/** MariaDB has VALUE(column) as another name of VALUES(column). */
function mariadbValue(parser: Parser, name: string, start: number): FunctionCall {
  if (!parser.mariadb) parser.fail('VALUE: no such function');
  return inParentheses(() => [columnReference(parser, 'VALUE()')])(parser, `${name}s`, start);
}

/** https://dev.mysql.com/doc/refman/9.7/en/json-search-functions.html#function_json-value */
function jsonValue(parser: Parser, name: string): Expression[] {
  const document = parser.expression();
  parser.expect(',', name);
  const args = [document, parser.expression()];
  if (parser.acceptWord('RETURNING')) dataType(parser, name);
  onEmptyOrError(parser, name, args);
  return args;
}

/** https://mariadb.com/kb/en/column_create/ */
function columnCreate(parser: Parser, name: string): Expression[] {
  if (!parser.mariadb) return parser.expressions();
  const args: Expression[] = [];
  do {
    args.push(parser.expression());
    if (parser.acceptWord('AS')) dataType(parser, name);
  } while (parser.accept(','));
  return args;
}

/** https://mariadb.com/kb/en/column_get/ */
function columnGet(parser: Parser, name: string): Expression[] {
  const args = parser.expressions();
  if (parser.acceptWord('AS')) dataType(parser, name);
  return args;
}
