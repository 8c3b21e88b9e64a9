import { TokenKind } from '../tokens.js';
import type { Parser } from './parser.js';

/**
 * Whether a query expression begins here, perhaps inside further parentheses: what tells `(SELECT …)` and
 * `((SELECT …) UNION …)` from `(a)` and `((a), b)`.
 */
export function beginsQuery(parser: Parser): boolean {
  let distance = 0;
  while (parser.at('(', distance)) {
    // Each level of parentheses looks ahead again: without this bound a run of them would cost quadratic time.
    if (++distance > parser.maxDepth) parser.failTooDeep();
  }
  switch (parser.word(distance)) {
    case 'SELECT':
    case 'WITH':
      return true;
    case 'TABLE':
      return !parser.mariadb;
    case 'VALUES':
      return parser.mariadb ? !isValuesFunction(parser, distance) : parser.atWord('ROW', distance + 1);
    default:
      return false;
  }
}

/**
 * MariaDB: `(VALUES (a))` is the function of ON DUPLICATE KEY UPDATE, `(VALUES (1))` and `(VALUES (a), (b))` are table
 * value constructors.
 */
function isValuesFunction(parser: Parser, distance: number): boolean {
  let at = distance + 1;
  if (!parser.at('(', at)) return false;
  if (!parser.atIdentifier(++at)) return false;
  at++;
  while (parser.at('.', at)) {
    const kind = parser.kindAhead(at + 1);
    if (kind !== TokenKind.Word && kind !== TokenKind.QuotedIdentifier) return false;
    at += 2;
  }
  return parser.at(')', at) && !parser.at(',', at + 1) && !TAIL.has(parser.word(at + 1));
}

const TAIL = new Set([
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'ORDER',
  'LIMIT',
  'OFFSET',
  'FETCH',
  'FOR',
  'LOCK',
  'INTO',
  'PROCEDURE',
]);

/** Whether what follows a parenthesised query makes it part of a larger one. */
export function atSetOperationOrTail(parser: Parser): boolean {
  const word = parser.word();
  return TAIL.has(word) && parser.words.reserved.has(word);
}
