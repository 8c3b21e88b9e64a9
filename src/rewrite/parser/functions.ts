import { TokenKind } from '../tokens.js';
import { AGGREGATES, aggregateCall } from './aggregates.js';
import type { Expression, FunctionCall, Identifier } from './ast.js';
import { call } from './nodes.js';
import type { Parser } from './parser.js';
import { SPECIAL_FUNCTIONS } from './special-functions.js';
import { windowClause } from './windows.js';

/** Reserved words that are functions when a parenthesis follows. */
const RESERVED_FUNCTIONS = new Set(
  `CHAR CHARACTER CONVERT CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE DEFAULT
  GROUPING IF INSERT LEFT LOCALTIME LOCALTIMESTAMP MOD REPEAT REPLACE RIGHT SCHEMA UTC_DATE UTC_TIME UTC_TIMESTAMP
  VALUES CUME_DIST DENSE_RANK FIRST_VALUE LAG LAST_VALUE LEAD NTH_VALUE NTILE PERCENT_RANK RANK ROW_NUMBER`
    .trim()
    .split(/\s+/),
);

/** Functions that are written without parentheses as well. */
const WORD_FUNCTIONS = new Set(
  `CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP UTC_DATE UTC_TIME
  UTC_TIMESTAMP`
    .trim()
    .split(/\s+/),
);

/** Whether a word and the parenthesis after it are a function that a mere identifier could not be. */
export function hasFunctionSyntax(parser: Parser, word: string): boolean {
  return parser.at('(', 1) && RESERVED_FUNCTIONS.has(word);
}

/** CURRENT_USER and its like without parentheses, or null. */
export function wordFunction(parser: Parser, word: string): FunctionCall | null {
  if (!WORD_FUNCTIONS.has(word) || !parser.words.reserved.has(word)) return null;
  const { start, end } = parser;
  parser.advance();
  return call(word.toLowerCase(), [], start, end);
}

/**
 * A call, at its name; the parenthesis follows. Functions with a grammar of their own are told by their unquoted,
 * unqualified names.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/functions.html
 */
export function functionCall(parser: Parser, schema: Identifier | null, start: number): FunctionCall {
  const word = schema === null ? parser.word() : '';
  const name = word !== '' ? word.toLowerCase() : parser.identifierAfterDot('function').name.toLowerCase();
  if (word !== '') parser.advance();
  const special = SPECIAL_FUNCTIONS.get(word);
  if (special !== undefined) return special(parser, name, start);
  if (AGGREGATES.has(word)) return aggregateCall(parser, name, start);
  parser.expect('(', name);
  const args: Expression[] = [];
  if (!parser.at(')')) {
    do {
      args.push(parser.expression());
      udfArgumentName(parser);
    } while (parser.accept(','));
  }
  parser.expect(')', name);
  const extra: Expression[] = [];
  const window = windowClause(parser, word, extra);
  return call(name, args, start, parser.previousEnd, { schema, extra, window });
}

/** Loadable functions take names for their arguments, written as aliases: `f(a AS b, c d)`. */
function udfArgumentName(parser: Parser): void {
  const as = parser.acceptWord('AS');
  if (parser.kind === TokenKind.String) parser.advance();
  else if (as || parser.atIdentifier()) parser.identifier('function argument');
}

/** MariaDB: NEXT VALUE FOR sequence, PREVIOUS VALUE FOR sequence. */
export function nextValueFor(parser: Parser): FunctionCall {
  const { start } = parser;
  const name = parser.atWord('NEXT') ? 'next value for' : 'previous value for';
  for (let i = 0; i < 3; i++) parser.advance();
  parser.identifier('NEXT VALUE FOR');
  if (parser.accept('.')) parser.identifierAfterDot('NEXT VALUE FOR');
  return call(name, [], start, parser.previousEnd);
}
