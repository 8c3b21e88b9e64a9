import type { InsertValue } from './ast.js';
import type { Parser } from './parser.js';

/** An expression, or the bare word DEFAULT. */
export function insertValue(parser: Parser): InsertValue {
  if (parser.atWord('DEFAULT') && !parser.at('(', 1)) {
    const { start, end } = parser;
    parser.advance();
    return { kind: 'defaultKeyword', start, end };
  }
  return parser.expression();
}
