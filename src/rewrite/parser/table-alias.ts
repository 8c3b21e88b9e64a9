import type { Identifier } from './ast.js';
import type { Parser } from './parser.js';

/** `[AS] alias` of a table, or null. */
export function tableAlias(parser: Parser): Identifier | null {
  if (parser.acceptWord('AS')) {
    if (parser.words.noTableAlias.has(parser.word())) parser.fail('alias: a name is missing');
    return parser.identifier('alias');
  }
  if (!parser.atIdentifier() || parser.words.noTableAlias.has(parser.word())) return null;
  return parser.identifier('alias');
}
