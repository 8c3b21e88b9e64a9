import { TokenKind } from '../tokens.js';
import type { Expression, TableFunction } from './ast.js';
import { dataType } from './data-types.js';
import { Level } from './levels.js';
import { beginsLiteral, literal } from './literals.js';
import type { Parser } from './parser.js';
import { tableAlias } from './table-alias.js';

/** https://dev.mysql.com/doc/refman/9.7/en/json-table-functions.html, at the word JSON_TABLE. */
export function jsonTable(parser: Parser): TableFunction {
  const { start } = parser;
  parser.advance();
  parser.expect('(', 'JSON_TABLE');
  const args: Expression[] = [parser.expression()];
  parser.expect(',', 'JSON_TABLE');
  args.push(path(parser));
  columns(parser, args);
  parser.expect(')', 'JSON_TABLE');
  const alias = tableAlias(parser);
  return { kind: 'function', arguments: args, alias, start, end: parser.previousEnd };
}

function path(parser: Parser): Expression {
  const { kind } = parser;
  if (kind !== TokenKind.String && kind !== TokenKind.NationalString && kind !== TokenKind.Introducer) {
    parser.fail('JSON_TABLE: a path is missing');
  }
  return literal(parser);
}

function columns(parser: Parser, args: Expression[]): void {
  parser.enter();
  parser.expectWord('COLUMNS', 'JSON_TABLE');
  parser.expect('(', 'COLUMNS');
  do {
    column(parser, args);
  } while (parser.accept(','));
  parser.expect(')', 'COLUMNS');
  parser.leave();
}

function column(parser: Parser, args: Expression[]): void {
  if (parser.atWord('NESTED') && (parser.atWord('PATH', 1) || parser.kindAhead(1) === TokenKind.String)) {
    parser.advance();
    parser.acceptWord('PATH');
    args.push(path(parser));
    columns(parser, args);
    return;
  }
  parser.identifier('COLUMNS');
  if (parser.acceptWord('FOR')) {
    parser.expectWord('ORDINALITY', 'COLUMNS');
    return;
  }
  dataType(parser, 'COLUMNS');
  parser.acceptWord('EXISTS');
  parser.expectWord('PATH', 'COLUMNS');
  args.push(path(parser));
  onEmptyOrError(parser, 'COLUMNS', args);
}

/** `{ERROR | NULL | DEFAULT value} ON {EMPTY | ERROR}`, twice at most; the values go into `values`. */
export function onEmptyOrError(parser: Parser, construct: string, values: Expression[]): void {
  for (let i = 0; i < 2; i++) {
    if (parser.acceptWord('DEFAULT')) values.push(signedLiteral(parser));
    else if (parser.acceptOneOf(['ERROR', 'NULL']) === null) return;
    parser.expectWord('ON', construct);
    if (parser.acceptOneOf(['EMPTY', 'ERROR']) === null)
      parser.fail(`${construct}: EMPTY or ERROR is missing`);
  }
}

function signedLiteral(parser: Parser): Expression {
  const signed = parser.at('-') || parser.at('+') ? 1 : 0;
  const word = parser.word(signed);
  const isLiteral =
    beginsLiteral(parser.kindAhead(signed)) || ['NULL', 'TRUE', 'FALSE', 'DATE'].includes(word);
  if (!isLiteral) parser.fail('DEFAULT: a literal is missing');
  return parser.expression(Level.Unary);
}
