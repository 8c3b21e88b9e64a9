import { TokenKind } from '../tokens.js';
import type { IntoClause } from './ast.js';
import { characterSetName } from './data-types.js';
import type { Parser } from './parser.js';

/** https://dev.mysql.com/doc/refman/9.7/en/select-into.html, at the word INTO. */
export function intoClause(parser: Parser): IntoClause {
  const { start } = parser;
  parser.advance();
  if (parser.acceptWord('OUTFILE')) {
    textString(parser, 'OUTFILE');
    if (parser.acceptWords('CHARACTER', 'SET') || parser.acceptWord('CHARSET'))
      characterSetName(parser, 'OUTFILE');
    fieldOptions(parser);
    return { kind: 'outfile', variables: [], start, end: parser.previousEnd };
  }
  if (parser.acceptWord('DUMPFILE')) {
    textString(parser, 'DUMPFILE');
    return { kind: 'dumpfile', variables: [], start, end: parser.previousEnd };
  }
  const variables: string[] = [];
  do {
    // Names without @ are variables of stored programs, which are not parsed here.
    if (parser.kind !== TokenKind.UserVariable) parser.fail('INTO: a user variable is missing');
    variables.push(parser.userVariableName());
  } while (parser.accept(','));
  return { kind: 'variables', variables, start, end: parser.previousEnd };
}

/** FIELDS | COLUMNS … LINES …; https://dev.mysql.com/doc/refman/9.7/en/load-data.html */
export function fieldOptions(parser: Parser): void {
  if (parser.acceptOneOf(['FIELDS', 'COLUMNS']) !== null) {
    let options = 0;
    while (
      parser.acceptWords('TERMINATED', 'BY') ||
      parser.acceptWords('OPTIONALLY', 'ENCLOSED', 'BY') ||
      parser.acceptWords('ENCLOSED', 'BY') ||
      parser.acceptWords('ESCAPED', 'BY')
    ) {
      textString(parser, 'FIELDS');
      options++;
    }
    if (options === 0) parser.fail('FIELDS: TERMINATED, ENCLOSED or ESCAPED BY is missing');
  }
  if (!parser.acceptWord('LINES')) return;
  let options = 0;
  while (parser.acceptWords('TERMINATED', 'BY') || parser.acceptWords('STARTING', 'BY')) {
    textString(parser, 'LINES');
    options++;
  }
  if (options === 0) parser.fail('LINES: TERMINATED or STARTING BY is missing');
}

/** A string, for a file's name or a separator. */
export function textString(parser: Parser, construct: string): void {
  const { kind } = parser;
  if (kind !== TokenKind.String && kind !== TokenKind.Hex && kind !== TokenKind.Bit) {
    parser.fail(`${construct}: a string is missing`);
  }
  parser.advance();
}
