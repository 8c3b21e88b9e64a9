import type { Dialect } from '../../../src/rewrite/dialect.js';
import { lex } from '../../../src/rewrite/lexer.js';
import type { Statement } from '../../../src/rewrite/parser/ast.js';
import { parseStatement } from '../../../src/rewrite/parser/parse-statement.js';
import { SqlSyntaxError } from '../../../src/rewrite/parser/syntax-error.js';
import { TokenBuffer } from '../../../src/rewrite/tokens.js';
import { mysql } from '../lexing.js';
import { dumpStatement } from './dump.js';

export function parse(sql: string | Buffer, server: Dialect = mysql(), maxDepth?: number): Statement {
  const statement = typeof sql === 'string' ? Buffer.from(sql) : sql;
  const tokens = new TokenBuffer();
  lex(statement, 0, statement.length, server, tokens);
  return parseStatement(statement, tokens, server, maxDepth === undefined ? {} : { maxDepth });
}

/** The tree of a statement in one line. */
export function dump(sql: string, server: Dialect = mysql()): string {
  return dumpStatement(parse(sql, server), Buffer.from(sql));
}

/** The tree of one expression. */
export function dumpExpression(sql: string, server: Dialect = mysql()): string {
  const text = dump(`SELECT ${sql}`, server);
  return text.slice('(select '.length, -1);
}

/** `position: message` of the error; fails the test where the statement parses. */
export function syntaxError(sql: string, server: Dialect = mysql()): string {
  try {
    parse(sql, server);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return `${error.position}: ${error.message}`;
    throw error;
  }
  throw new Error(`parsed: ${sql}`);
}
