import type { Dialect } from '../dialect.js';
import { type TokenBuffer, TokenKind } from '../tokens.js';
import type { Statement } from './ast.js';
import { continueExpression, expression } from './expressions.js';
import { Parser, type Rules } from './parser.js';
import { queryExpression } from './query.js';
import { statement } from './statement.js';
import { SqlSyntaxError } from './syntax-error.js';

export interface ParseOptions {
  /** How deep expressions and queries may nest (limits.parseDepth). */
  readonly maxDepth?: number;
}

const DEFAULT_MAX_DEPTH = 500;

const RULES: Rules = { expression, continueExpression, queryExpression, statement };

/**
 * Parses one statement, to its end: what is returned was understood token by token as the server reads it. Statements
 * other than SELECT, INSERT, REPLACE, UPDATE, DELETE, SET, EXPLAIN and DESCRIBE come back as `other`, unread.
 *
 * @param statement the bytes that `tokens` points into
 * @param tokens what the lexer made of it
 * @throws SqlSyntaxError naming the construct and its byte offset
 */
export function parseStatement(
  bytes: Buffer,
  tokens: TokenBuffer,
  dialect: Dialect,
  options: ParseOptions = {},
): Statement {
  const parser = newParser(bytes, tokens, dialect, options);
  try {
    const result = statement(parser);
    endOfText(parser);
    return result;
  } catch (error) {
    // A generous maxDepth on a small stack: the same refusal, not a crash.
    if (error instanceof RangeError) throw new SqlSyntaxError('nested too deeply', parser.start);
    throw error;
  }
}

/** A parser with the whole grammar, at the first token. */
export function newParser(
  bytes: Buffer,
  tokens: TokenBuffer,
  dialect: Dialect,
  options: ParseOptions,
): Parser {
  return new Parser(bytes, tokens, dialect, options.maxDepth ?? DEFAULT_MAX_DEPTH, RULES);
}

function endOfText(parser: Parser): void {
  const semicolon = parser.accept(';');
  if (parser.kind === TokenKind.End) return;
  if (semicolon) throw new SqlSyntaxError('multiple statements', parser.start);
  parser.fail('statement: unexpected text');
}
