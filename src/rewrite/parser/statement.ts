import type { SelectStatement, Statement } from './ast.js';
import { deleteStatement } from './delete.js';
import { explainStatement } from './explain.js';
import { insertStatement } from './insert.js';
import { loadStatement } from './load-data.js';
import { beginsQuery } from './lookahead.js';
import { otherStatement } from './other.js';
import type { Parser } from './parser.js';
import { queryExpression, withClause } from './query.js';
import { setStatement } from './set.js';
import { showStatement } from './show.js';
import { updateStatement } from './update.js';

/** Any statement, at its first token, without the end of the text. */
export function statement(parser: Parser): Statement {
  const { start } = parser;
  switch (parser.word()) {
    case 'SELECT':
    case 'VALUES':
      return selectStatement(parser);
    case 'TABLE':
      return parser.mariadb ? otherStatement(parser) : selectStatement(parser);
    case 'INSERT':
    case 'REPLACE':
      return insertStatement(parser);
    case 'UPDATE':
      return updateStatement(parser, null, start);
    case 'DELETE':
      return deleteStatement(parser, null, start);
    case 'WITH':
      return withStatement(parser);
    case 'SET':
      return setStatement(parser) ?? otherStatement(parser);
    case 'LOAD':
      return parser.atWord('DATA', 1) ? loadStatement(parser) : otherStatement(parser);
    case 'EXPLAIN':
    case 'DESCRIBE':
    case 'DESC':
      return explainStatement(parser);
    case 'SHOW':
      return showStatement(parser);
    case 'ANALYZE':
      return isAnalyzeTable(parser) ? otherStatement(parser) : explainStatement(parser);
    case '':
      if (parser.at('(') && beginsQuery(parser)) return selectStatement(parser);
      return parser.fail('statement: a verb is missing');
    default:
      return otherStatement(parser);
  }
}

function selectStatement(parser: Parser): SelectStatement {
  const { start } = parser;
  const query = parser.queryExpression();
  return { kind: 'select', query, start, end: parser.previousEnd };
}

/** WITH … SELECT, UPDATE or DELETE. */
function withStatement(parser: Parser): Statement {
  const { start } = parser;
  const tables = withClause(parser);
  if (parser.atWord('UPDATE')) return updateStatement(parser, tables, start);
  if (parser.atWord('DELETE')) return deleteStatement(parser, tables, start);
  const query = queryExpression(parser, undefined, tables);
  return { kind: 'select', query, start, end: parser.previousEnd };
}

/** ANALYZE TABLE … of both servers; ANALYZE statement is MariaDB's alone. */
function isAnalyzeTable(parser: Parser): boolean {
  if (!parser.mariadb) return true;
  const next = parser.word(1);
  return ['TABLE', 'TABLES', 'LOCAL', 'NO_WRITE_TO_BINLOG'].includes(next);
}
