import { TokenKind } from '../tokens.js';
import type { Parser } from './parser.js';

/**
 * `name`, `'name'@'host'`, CURRENT_USER: the lexer reads `@'host'` as a user variable.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/account-names.html
 */
export function account(parser: Parser, construct: string): void {
  if (parser.acceptWord('CURRENT_USER')) {
    if (parser.accept('(')) parser.expect(')', construct);
    return;
  }
  if (parser.kind === TokenKind.String) parser.advance();
  else parser.identifier(construct);
  if (parser.kind === TokenKind.UserVariable) parser.advance();
}
