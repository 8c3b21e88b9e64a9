import { TokenKind } from '../tokens.js';
import type { Expression, MatchAgainst } from './ast.js';
import { functionCall, hasFunctionSyntax, nextValueFor, wordFunction } from './functions.js';
import { Level } from './levels.js';
import { beginsLiteral, literal, single } from './literals.js';
import { columnReference } from './names.js';
import { operator } from './nodes.js';
import type { Parser } from './parser.js';
import { systemVariable } from './variables.js';

/** An operand without operators before it (those are read in expressions.ts). */
export function primary(parser: Parser): Expression {
  const { kind, start } = parser;
  if (kind === TokenKind.Word) return wordOperand(parser);
  if (kind === TokenKind.QuotedIdentifier) return nameOrCall(parser);
  if (beginsLiteral(kind)) return literal(parser);
  if (kind === TokenKind.Parameter) {
    const ordinal = parser.parameterOrdinal();
    return { kind: 'parameter', ordinal, start, end: parser.previousEnd };
  }
  if (kind === TokenKind.UserVariable) return userVariable(parser);
  if (kind === TokenKind.SystemVariableSigns) return systemVariable(parser);
  if (parser.at('{')) return odbcEscape(parser);
  if (parser.at('.')) return columnReference(parser, 'expression');
  // MariaDB's other name of NULL; the lexer knows no such token in MySQL.
  if (parser.at('\\N')) return single(parser, start, 'null', null);
  return parser.fail('expression: an operand is missing');
}

function wordOperand(parser: Parser): Expression {
  const { start } = parser;
  const word = parser.word();
  switch (word) {
    case 'NULL':
      return single(parser, start, 'null', null);
    case 'TRUE':
      return single(parser, start, 'true', null);
    case 'FALSE':
      return single(parser, start, 'false', null);
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
      if (parser.kindAhead(1) !== TokenKind.String) break;
      parser.advance();
      return single(parser, start, 'temporal', null);
    case 'CASE':
      return caseExpression(parser);
    case 'MATCH':
      return match(parser);
    case 'ROW':
      if (parser.at('(', 1)) return row(parser);
      break;
    case 'NEXT':
    case 'PREVIOUS':
      if (parser.mariadb && parser.atWord('VALUE', 1) && parser.atWord('FOR', 2)) return nextValueFor(parser);
      break;
  }
  if (hasFunctionSyntax(parser, word)) return functionCall(parser, null, start);
  const constant = wordFunction(parser, word);
  if (constant !== null) return constant;
  if (parser.words.reserved.has(word)) parser.fail('expression: an operand is missing');
  return nameOrCall(parser);
}

/** `c`, `t.c`, `db.t.c`, `f(…)` of a quoted name, `db.f(…)`, and the JSON operators, which only columns take. */
function nameOrCall(parser: Parser): Expression {
  const { start } = parser;
  if (parser.at('(', 1)) return functionCall(parser, null, start);
  if (parser.at('.', 1) && parser.at('(', 3)) {
    const schema = parser.identifier('function');
    parser.advance();
    return functionCall(parser, schema, start);
  }
  const column = columnReference(parser, 'expression');
  // MariaDB's lexer has no such operator, and MySQL takes a column on its left and nothing else.
  if (!parser.mariadb && (parser.at('->') || parser.at('->>'))) return jsonPath(parser, column);
  return column;
}

/** `->` and `->>` take a string literal, JSON_EXTRACT's path. */
function jsonPath(parser: Parser, column: Expression): Expression {
  const sign = parser.punctuation();
  parser.advance();
  if (parser.kind !== TokenKind.String) parser.fail(`${sign}: a path is missing`);
  const path = single(parser, parser.start, 'string', null);
  return operator(sign, [column, path], column.start, path.end);
}

function userVariable(parser: Parser): Expression {
  const { start } = parser;
  const name = parser.userVariableName();
  const variable: Expression = { kind: 'userVariable', name, start, end: parser.previousEnd };
  if (!parser.accept(':=')) return variable;
  // The loosest operator of all: `@x := a OR b` assigns the whole.
  const value = parser.expression(Level.Or);
  return operator(':=', [variable, value], start, value.end);
}

/** `{d '2020-01-01'}`, `{t …}`, `{ts …}`, `{fn NOW()}`, and any other word. */
function odbcEscape(parser: Parser): Expression {
  const { start } = parser;
  parser.advance();
  const word = parser.identifier('{…}').name.toLowerCase();
  const inner = parser.expression();
  parser.expect('}', '{…}');
  return operator('odbc', [inner], start, parser.previousEnd, word);
}

function row(parser: Parser): Expression {
  const { start } = parser;
  parser.advance();
  parser.expect('(', 'ROW');
  const items = parser.expressions();
  parser.expect(')', 'ROW');
  if (items.length < 2) parser.fail('ROW: two or more expressions are needed');
  return operator('row', items, start, parser.previousEnd);
}

/** Operands: the compared value if any, then pairs of WHEN and THEN, then ELSE if any. */
function caseExpression(parser: Parser): Expression {
  const { start } = parser;
  parser.advance();
  const operands: Expression[] = [];
  const simple = !parser.atWord('WHEN');
  if (simple) operands.push(parser.expression());
  parser.expectWord('WHEN', 'CASE');
  do {
    operands.push(parser.expression());
    parser.expectWord('THEN', 'CASE');
    operands.push(parser.expression());
  } while (parser.acceptWord('WHEN'));
  if (parser.acceptWord('ELSE')) operands.push(parser.expression());
  parser.expectWord('END', 'CASE');
  return operator('case', operands, start, parser.previousEnd, simple ? 'simple' : 'searched');
}

/** https://dev.mysql.com/doc/refman/9.7/en/fulltext-search.html */
function match(parser: Parser): MatchAgainst {
  const { start } = parser;
  parser.advance();
  const parenthesised = parser.accept('(');
  const columns = [columnReference(parser, 'MATCH')];
  while (parser.accept(',')) columns.push(columnReference(parser, 'MATCH'));
  if (parenthesised) parser.expect(')', 'MATCH');
  parser.expectWord('AGAINST', 'MATCH');
  parser.expect('(', 'AGAINST');
  const against = parser.expression(Level.BitOr);
  if (!parser.acceptWords('IN', 'BOOLEAN', 'MODE')) {
    parser.acceptWords('IN', 'NATURAL', 'LANGUAGE', 'MODE');
    parser.acceptWords('WITH', 'QUERY', 'EXPANSION');
  }
  parser.expect(')', 'AGAINST');
  return { kind: 'match', columns, against, start, end: parser.previousEnd };
}
