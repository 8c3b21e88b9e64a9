import { TokenKind } from '../tokens.js';
import type { LiteralExpression, Span } from './ast.js';
import type { Parser } from './parser.js';

const NUMBER_TYPES: Record<number, 'integer' | 'decimal' | 'float'> = {
  [TokenKind.Integer]: 'integer',
  [TokenKind.Decimal]: 'decimal',
  [TokenKind.Float]: 'float',
};

/** A literal that is a token of its own kind: strings, numbers, hexadecimal and bit literals, with introducer. */
export function literal(parser: Parser): LiteralExpression {
  const { start, kind } = parser;
  if (kind === TokenKind.Introducer) {
    const introducer = parser.statement.toString('latin1', start + 1, parser.end).toLowerCase();
    parser.advance();
    if (parser.kind === TokenKind.String) return stringLiteral(parser, start, introducer);
    const type = parser.kind === TokenKind.Hex ? 'hex' : parser.kind === TokenKind.Bit ? 'bit' : null;
    if (type === null) parser.fail('character set introducer: a literal is missing');
    return single(parser, start, type, introducer);
  }
  if (kind === TokenKind.String) return stringLiteral(parser, start, null);
  if (kind === TokenKind.NationalString) return stringLiteral(parser, start, 'utf8mb3');
  if (kind === TokenKind.Hex) return single(parser, start, 'hex', null);
  if (kind === TokenKind.Bit) return single(parser, start, 'bit', null);
  const type = NUMBER_TYPES[kind];
  if (type === undefined) parser.fail('expression: a literal is missing');
  return single(parser, start, type, null);
}

/** A number, hexadecimal or other literal of one token, or the words NULL, TRUE, FALSE. */
export function single(
  parser: Parser,
  start: number,
  type: LiteralExpression['type'],
  introducer: string | null,
): LiteralExpression {
  const token: Span = { start: parser.start, end: parser.end };
  parser.advance();
  return { kind: 'literal', type, introducer, tokens: [token], start, end: token.end };
}

/** Adjacent strings are one literal: `'a' 'b'`. */
function stringLiteral(parser: Parser, start: number, introducer: string | null): LiteralExpression {
  const tokens: Span[] = [];
  do {
    tokens.push({ start: parser.start, end: parser.end });
    parser.advance();
  } while (parser.kind === TokenKind.String);
  return { kind: 'literal', type: 'string', introducer, tokens, start, end: parser.previousEnd };
}

/** Whether a token is a literal or the introducer of one. */
export function beginsLiteral(kind: number): boolean {
  return (kind >= TokenKind.String && kind <= TokenKind.Float) || kind === TokenKind.Introducer;
}
