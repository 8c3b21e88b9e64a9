import { TokenKind } from '../tokens.js';
import type { Expression, QueryBody, QueryExpression } from './ast.js';
import { characterSetName } from './data-types.js';
import { interval } from './intervals.js';
import { Level } from './levels.js';
import { atSetOperationOrTail, beginsQuery } from './lookahead.js';
import { operator } from './nodes.js';
import type { Parser } from './parser.js';
import { primary } from './primary.js';

/** Binary operators without special grammar: their level, which is also the level required on the left. */
const BINARY: ReadonlyMap<string, Level> = new Map<string, Level>([
  ['|', Level.BitOr],
  ['&', Level.BitAnd],
  ['<<', Level.Shift],
  ['>>', Level.Shift],
  ['+', Level.Add],
  ['-', Level.Add],
  ['*', Level.Multiply],
  ['/', Level.Multiply],
  ['%', Level.Multiply],
  ['DIV', Level.Multiply],
  ['MOD', Level.Multiply],
  ['^', Level.BitXor],
]);

const COMPARISONS: ReadonlyMap<string, string> = new Map([
  ['=', '='],
  ['<=>', '<=>'],
  ['<>', '<>'],
  ['!=', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

const TRUTH_VALUES = new Set(['NULL', 'TRUE', 'FALSE', 'UNKNOWN']);

const PREDICATES = new Set(['IN', 'BETWEEN', 'LIKE', 'REGEXP', 'RLIKE']);

/** An operand read so far, with the level of the operator at its top. */
interface Operand {
  readonly node: Expression;
  readonly level: Level;
}

/**
 * Parses an expression: operators of at least `minimum` are taken, the first looser one ends it.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/expressions.html
 */
export function expression(parser: Parser, minimum: Level = Level.Or): Expression {
  parser.enter();
  const node = climb(parser, prefix(parser, minimum), minimum);
  parser.leave();
  return node;
}

/** Goes on with an expression whose first operand was read already. */
export function continueExpression(parser: Parser, first: Expression, minimum: Level = Level.Or): Expression {
  return climb(parser, { node: first, level: Level.Primary }, minimum);
}

function prefix(parser: Parser, minimum: Level): Operand {
  const { start } = parser;
  if (parser.atWord('NOT') && !parser.dialect.sqlMode.highNotPrecedence) {
    if (minimum > Level.Not) parser.fail('expression: NOT binds too loosely here');
    parser.advance();
    const operand = expression(parser, Level.Not);
    return { node: operator('not', [operand], start, operand.end), level: Level.Not };
  }
  if (parser.atWord('INTERVAL')) return intervalOperand(parser, minimum, null);
  const unary = unaryOperator(parser);
  if (unary !== null) {
    parser.advance();
    if (parser.mariadb && parser.atWord('INTERVAL'))
      return intervalOperand(parser, minimum, { unary, start });
    const operand = expression(parser, Level.Unary);
    return { node: operator(unary, [operand], start, operand.end), level: Level.Unary };
  }
  if (parser.at('(')) return { node: parenthesised(parser), level: Level.Primary };
  if (parser.acceptWord('EXISTS'))
    return { node: subquery(parser, 'EXISTS', true, start), level: Level.Primary };
  return { node: primary(parser), level: Level.Primary };
}

/**
 * INTERVAL as the first operand: the function, or `INTERVAL amount unit + expression`. MySQL takes that for a simple
 * expression; MariaDB for an arithmetic one, and a sign before it for the interval's.
 */
function intervalOperand(
  parser: Parser,
  minimum: Level,
  sign: { readonly unary: string; readonly start: number } | null,
): Operand {
  const first = interval(parser);
  if (first.kind === 'function') {
    if (sign === null) return { node: first, level: Level.Primary };
    const operand = continueExpression(parser, first, Level.Unary);
    return { node: operator(sign.unary, [operand], sign.start, operand.end), level: Level.Unary };
  }
  const level = parser.mariadb ? Level.BitXor : Level.Primary;
  // As the right side of ^ the server takes it all the same; of || and of unary operators it does not.
  if (parser.mariadb && minimum > Level.Concat) parser.fail('INTERVAL: + binds too loosely here');
  let left: Expression = first;
  if (sign !== null) {
    if (sign.unary !== '-' && sign.unary !== '+')
      parser.fail(`${sign.unary}: INTERVAL … + is no operand of it`);
    left = operator(sign.unary, [first], sign.start, first.end);
  }
  parser.expect('+', 'INTERVAL');
  // The server reduces this only before AND, XOR, OR: comparisons after it belong to the right side.
  const right = expression(parser, Level.Not);
  return { node: operator('+', [left, right], left.start, right.end), level };
}

function unaryOperator(parser: Parser): string | null {
  if (parser.kind === TokenKind.Punctuation) {
    for (const sign of ['-', '+', '~', '!']) if (parser.at(sign)) return sign;
    return null;
  }
  if (parser.atWord('BINARY')) return 'binary';
  return parser.atWord('NOT') ? 'not' : null;
}

/**
 * Takes operators while they bind at least as tightly as `minimum` and the operand on their left is tight enough.
 * A loop, so that a chain of any length needs no stack; chains of AND and OR become one node.
 */
function climb(parser: Parser, first: Operand, minimum: Level): Expression {
  let left = first;
  for (;;) {
    const next = step(parser, left, minimum);
    if (next === null) return left.node;
    left = next;
  }
}

function step(parser: Parser, left: Operand, minimum: Level): Operand | null {
  if (parser.kind === TokenKind.Punctuation) return symbolStep(parser, left, minimum);
  if (parser.kind !== TokenKind.Word) return null;
  const word = parser.word();
  switch (word) {
    case 'AND':
      return logical(parser, left, minimum, 'and', Level.And);
    case 'OR':
      return logical(parser, left, minimum, 'or', Level.Or);
    case 'XOR':
      return binary(parser, left, minimum, 'xor', Level.Xor);
    case 'DIV':
    case 'MOD':
      return binary(parser, left, minimum, word.toLowerCase(), Level.Multiply);
    case 'IS':
      return isTest(parser, left, minimum);
    case 'COLLATE':
      return collate(parser, left, minimum);
    case 'NOT':
      return PREDICATES.has(parser.word(1)) ? predicate(parser, left, minimum, parser.word(1), true) : null;
    case 'SOUNDS':
      return parser.atWord('LIKE', 1) ? predicate(parser, left, minimum, word, false) : null;
    case 'MEMBER':
      return parser.mariadb ? null : predicate(parser, left, minimum, word, false);
    default:
      return PREDICATES.has(word) ? predicate(parser, left, minimum, word, false) : null;
  }
}

function symbolStep(parser: Parser, left: Operand, minimum: Level): Operand | null {
  const sign = parser.punctuation();
  if (sign === '&&') return logical(parser, left, minimum, 'and', Level.And);
  if (sign === '||') {
    return parser.dialect.sqlMode.pipesAsConcat
      ? binary(parser, left, minimum, 'concat', Level.Concat)
      : logical(parser, left, minimum, 'or', Level.Or);
  }
  const comparison = COMPARISONS.get(sign);
  if (comparison !== undefined) return compare(parser, left, minimum, comparison);
  const level = BINARY.get(sign);
  return level === undefined ? null : binary(parser, left, minimum, sign, level);
}

function binary(parser: Parser, left: Operand, minimum: Level, name: string, level: Level): Operand | null {
  if (level < minimum || left.level < level) return null;
  parser.advance();
  if (level === Level.Add && parser.atWord('INTERVAL')) return addInterval(parser, left, name);
  const right = expression(parser, (level + 1) as Level);
  return { node: operator(name, [left.node, right], left.node.start, right.end), level };
}

/** After + and -: `INTERVAL amount unit`, or an operand that begins with the function INTERVAL. */
function addInterval(parser: Parser, left: Operand, name: string): Operand {
  parser.enter();
  const node = interval(parser);
  const plain = node.kind === 'operator';
  const right = plain ? node : climb(parser, { node, level: Level.Primary }, Level.Multiply);
  parser.leave();
  return {
    node: operator(name, [left.node, right], left.node.start, right.end),
    // Its unit ends the operand, so whatever arithmetic follows takes the sum: `a + INTERVAL 1 DAY * 2`.
    level: plain ? Level.BitXor : Level.Add,
  };
}

/** AND, OR with all their operands: `a AND b AND c` is one node. */
function logical(
  parser: Parser,
  left: Operand,
  minimum: Level,
  name: 'and' | 'or',
  level: Level,
): Operand | null {
  if (level < minimum || left.level < level) return null;
  const operands = [left.node];
  do {
    parser.advance();
    operands.push(expression(parser, (level + 1) as Level));
  } while (name === 'and' ? atAnd(parser) : atOr(parser));
  return { node: operator(name, operands, left.node.start, parser.previousEnd), level };
}

function atAnd(parser: Parser): boolean {
  return parser.atWord('AND') || parser.at('&&');
}

function atOr(parser: Parser): boolean {
  return parser.atWord('OR') || (parser.at('||') && !parser.dialect.sqlMode.pipesAsConcat);
}

function compare(parser: Parser, left: Operand, minimum: Level, name: string): Operand | null {
  if (Level.Comparison < minimum || left.level < Level.Comparison) return null;
  parser.advance();
  const right = quantified(parser) ?? expression(parser, Level.Between);
  return {
    node: operator(name, [left.node, right], left.node.start, right.end),
    level: Level.Comparison,
  };
}

/** ALL | ANY | SOME (subquery), on the right of a comparison. */
function quantified(parser: Parser): Expression | null {
  if (!parser.at('(', 1)) return null;
  const { start } = parser;
  const word = parser.acceptOneOf(['ALL', 'ANY', 'SOME']);
  if (word === null) return null;
  const query = subquery(parser, word);
  return operator(word === 'ALL' ? 'all' : 'any', [query], start, query.end);
}

/** A parenthesised query where nothing else can stand. */
function subquery(parser: Parser, construct: string, exists = false, start = parser.start): Expression {
  if (!parser.at('(') || !beginsQuery(parser)) parser.fail(`${construct}: a subquery is missing`);
  const read = parentheses(parser);
  if (read.query === null) parser.fail(`${construct}: a subquery is missing`);
  return { kind: 'subquery', exists, query: read.query, start, end: parser.previousEnd };
}

function isTest(parser: Parser, left: Operand, minimum: Level): Operand | null {
  const negated = parser.atWord('NOT', 1);
  // \N is MariaDB's other name of NULL.
  const what = parser.at('\\N', negated ? 2 : 1) ? 'NULL' : parser.word(negated ? 2 : 1);
  // In MySQL IS NULL is an operand of further comparisons, IS TRUE is not; in MariaDB both are.
  const level = what === 'NULL' || parser.mariadb ? Level.Comparison : Level.Not;
  if (level < minimum || left.level < Level.Comparison) return null;
  parser.advance();
  if (negated) parser.advance();
  if (!TRUTH_VALUES.has(what)) parser.fail('IS: NULL, TRUE … is missing');
  parser.advance();
  const name = `is ${negated ? 'not ' : ''}${what.toLowerCase()}`;
  return { node: operator(name, [left.node], left.node.start, parser.previousEnd), level };
}

function collate(parser: Parser, left: Operand, minimum: Level): Operand | null {
  if (left.level < Level.Primary || minimum > Level.Primary) return null;
  parser.advance();
  const name = characterSetName(parser, 'COLLATE');
  return {
    node: operator('collate', [left.node], left.node.start, parser.previousEnd, name),
    level: Level.Primary,
  };
}

function predicate(
  parser: Parser,
  left: Operand,
  minimum: Level,
  word: string,
  negated: boolean,
): Operand | null {
  const { mariadb } = parser;
  const level = mariadb && word !== 'BETWEEN' ? Level.Like : Level.Between;
  if (level < minimum || left.level < (mariadb ? Level.Like : Level.BitOr)) return null;
  if (negated) parser.advance();
  parser.advance();
  const name = (base: string): string => (negated ? `not ${base}` : base);
  const result = (base: string, operands: readonly Expression[]): Operand => ({
    node: operator(name(base), [left.node, ...operands], left.node.start, parser.previousEnd),
    level,
  });
  switch (word) {
    case 'IN':
      return result('in', inList(parser));
    case 'BETWEEN': {
      const low = expression(parser, mariadb ? Level.Between : Level.BitOr);
      parser.expectWord('AND', 'BETWEEN');
      return result('between', [low, expression(parser, Level.Between)]);
    }
    case 'LIKE': {
      const operandLevel = mariadb ? Level.BitOr : Level.Concat;
      const pattern = predicateOperand(parser, operandLevel);
      if (!parser.acceptWord('ESCAPE')) return result('like', [pattern]);
      return result('like', [pattern, predicateOperand(parser, operandLevel)]);
    }
    case 'SOUNDS':
      parser.expectWord('LIKE', 'SOUNDS LIKE');
      return result('sounds like', [predicateOperand(parser, Level.BitOr)]);
    case 'MEMBER': {
      parser.acceptWord('OF');
      parser.expect('(', 'MEMBER OF');
      const array = expression(parser, Level.Concat);
      parser.expect(')', 'MEMBER OF');
      return result('member of', [array]);
    }
    default:
      return result('regexp', [predicateOperand(parser, Level.BitOr)]);
  }
}

/**
 * The right side of LIKE, REGEXP and SOUNDS LIKE. In MariaDB `a LIKE b IN (1)` is `(a LIKE b) IN (1)`, but
 * `a LIKE b NOT IN (1)` is `a LIKE (b NOT IN (1))`.
 */
function predicateOperand(parser: Parser, minimum: Level): Expression {
  let operand = expression(parser, minimum);
  while (parser.mariadb && parser.atWord('NOT') && PREDICATES.has(parser.word(1))) {
    const left: Operand = { node: operand, level: Level.BitOr };
    const next = predicate(parser, left, Level.Between, parser.word(1), true);
    if (next === null) break;
    operand = next.node;
  }
  return operand;
}

function inList(parser: Parser): readonly Expression[] {
  const { start } = parser;
  if (!parser.at('(')) parser.fail("IN: '(' is missing");
  const read = parentheses(parser);
  if (read.query === null) return read.items;
  return [{ kind: 'subquery', exists: false, query: read.query, start, end: parser.previousEnd }];
}

/** `(…)` as an operand: an expression, a row or a subquery. */
function parenthesised(parser: Parser): Expression {
  const { start } = parser;
  const read = parentheses(parser);
  const end = parser.previousEnd;
  if (read.query !== null) return { kind: 'subquery', exists: false, query: read.query, start, end };
  return operator(read.items.length === 1 ? 'paren' : 'row', read.items, start, end);
}

type Parentheses =
  | { readonly query: QueryExpression; readonly items: null }
  | { readonly query: null; readonly items: readonly Expression[] };

/**
 * Reads `(…)` when only what follows an inner parenthesis tells a query from an expression:
 * `((SELECT 1) UNION (SELECT 2))`, `((SELECT 1) + 1, 2)`.
 */
function parentheses(parser: Parser): Parentheses {
  parser.enter();
  parser.expect('(', 'parentheses');
  const read = insideParentheses(parser);
  parser.expect(')', read.query === null ? 'parentheses' : 'subquery');
  parser.leave();
  return read;
}

function insideParentheses(parser: Parser): Parentheses {
  const { start } = parser;
  if (!beginsQuery(parser)) return { query: null, items: parser.expressions() };
  if (!parser.at('(')) return { query: parser.queryExpression(), items: null };
  const inner = parentheses(parser);
  const span = parser.spanFrom(start);
  if (inner.query !== null && (parser.at(')') || atSetOperationOrTail(parser))) {
    const first: QueryBody = { kind: 'parenthesised', query: inner.query, ...span };
    return { query: parser.queryExpression(first), items: null };
  }
  const first: Expression =
    inner.query !== null
      ? { kind: 'subquery', exists: false, query: inner.query, ...span }
      : operator(inner.items.length === 1 ? 'paren' : 'row', inner.items, span.start, span.end);
  const items = [continueExpression(parser, first)];
  while (parser.accept(',')) items.push(expression(parser));
  return { query: null, items };
}
