import { TokenKind } from '../tokens.js';
import { account } from './accounts.js';
import type { OtherStatement } from './ast.js';
import type { Parser } from './parser.js';

/** MariaDB's compound statements outside stored programs; https://mariadb.com/kb/en/using-compound-statements-outside-of-stored-programs/ */
const COMPOUND = new Set(['IF', 'CASE', 'LOOP', 'REPEAT', 'WHILE', 'FOR', 'DECLARE']);

/**
 * Any other statement, unread up to its end. A `;` ends it, save in statements with a body, which reach to the end of
 * the text.
 */
export function otherStatement(parser: Parser): OtherStatement {
  const { start } = parser;
  const verb = parser.word();
  const body = hasBody(parser, verb);
  while (parser.kind !== TokenKind.End && (body || !parser.at(';'))) {
    // What follows such a token is unknown, a second statement included.
    if (parser.kind === TokenKind.Invalid) parser.fail(`${verb}: text that can't be read`);
    parser.advance();
  }
  return { kind: 'other', verb, start, end: parser.previousEnd };
}

/** Reads as far as it must to tell; where it returns true the verb may be consumed. */
function hasBody(parser: Parser, verb: string): boolean {
  if (parser.mariadb && COMPOUND.has(verb)) return true;
  if (verb === 'BEGIN') return parser.mariadb && parser.atWord('NOT', 1);
  if (verb !== 'CREATE' && verb !== 'ALTER') return false;
  parser.advance();
  parser.acceptWords('OR', 'REPLACE');
  if (parser.acceptWord('DEFINER') && parser.accept('=')) account(parser, 'DEFINER');
  parser.acceptWord('AGGREGATE');
  return BODIES.some((word) => parser.atWord(word));
}

const BODIES = ['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'PACKAGE'];
