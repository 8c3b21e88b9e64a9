import { TokenKind } from '../tokens.js';
import type { DescribedColumn, ExplainStatement, Statement } from './ast.js';
import { characterSetName } from './data-types.js';
import { tableName } from './names.js';
import type { Parser } from './parser.js';

const EXPLAINABLE = new Set(['SELECT', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'WITH', 'TABLE', 'VALUES']);

/**
 * EXPLAIN, DESCRIBE, DESC, and MariaDB's ANALYZE, at their verb.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/explain.html, https://mariadb.com/kb/en/analyze-statement/
 */
export function explainStatement(parser: Parser): ExplainStatement {
  const { start } = parser;
  const verbAnalyze = parser.atWord('ANALYZE');
  parser.advance();
  const analyze = options(parser, verbAnalyze);
  if (parser.acceptWords('FOR', 'CONNECTION')) {
    parser.integer('FOR CONNECTION');
    return node(parser, start, analyze, null);
  }
  if (beginsExplainable(parser)) return node(parser, start, analyze, parser.rules.statement(parser));
  if (analyze) parser.fail('ANALYZE: a statement is missing');
  const table = tableName(parser, 'DESCRIBE');
  const column = describedColumn(parser);
  return { kind: 'explain', analyze, statement: null, table, column, start, end: parser.previousEnd };
}

function node(
  parser: Parser,
  start: number,
  analyze: boolean,
  statement: Statement | null,
): ExplainStatement {
  return { kind: 'explain', analyze, statement, table: null, column: null, start, end: parser.previousEnd };
}

/** A column's name or a pattern. */
function describedColumn(parser: Parser): DescribedColumn | null {
  const { start, end } = parser;
  if (parser.kind === TokenKind.String) {
    parser.advance();
    return { name: null, start, end };
  }
  if (!parser.atIdentifier()) return null;
  return { name: parser.identifier('DESCRIBE').name, start, end };
}

/** @returns whether the statement is executed */
function options(parser: Parser, verbAnalyze: boolean): boolean {
  let analyze = verbAnalyze;
  for (;;) {
    if (!parser.mariadb && parser.acceptWord('ANALYZE')) analyze = true;
    else if (atOption(parser, 'EXTENDED') || atOption(parser, 'PARTITIONS')) parser.advance();
    else if (parser.atWord('FORMAT') && parser.at('=', 1)) {
      parser.advance();
      parser.advance();
      characterSetName(parser, 'FORMAT');
    } else if (!parser.mariadb && parser.atWord('INTO') && parser.kindAhead(1) === TokenKind.UserVariable) {
      parser.advance();
      parser.advance();
    } else if (parser.atWord('FOR') && (parser.atWord('SCHEMA', 1) || parser.atWord('DATABASE', 1))) {
      // Names without a schema would mean other tables than the rest of the proxy takes them for.
      parser.fail('EXPLAIN … FOR SCHEMA is not understood');
    } else {
      return analyze;
    }
  }
}

/** EXTENDED and PARTITIONS are names as well: `DESCRIBE partitions`. */
function atOption(parser: Parser, word: string): boolean {
  if (!parser.atWord(word)) return false;
  const next = parser.word(1);
  return EXPLAINABLE.has(next) || next === 'FORMAT' || next === 'FOR' || parser.at('(', 1);
}

function beginsExplainable(parser: Parser): boolean {
  if (parser.at('(')) return true;
  const word = parser.word();
  return EXPLAINABLE.has(word) && parser.words.reserved.has(word);
}
