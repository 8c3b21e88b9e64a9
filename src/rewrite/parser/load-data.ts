import { TokenKind } from '../tokens.js';
import { assignments } from './assignments.js';
import type { ColumnRef, LoadStatement, UserVariable } from './ast.js';
import { characterSetName } from './data-types.js';
import { fieldOptions, textString } from './into.js';
import { columnReference, tableName } from './names.js';
import type { Parser } from './parser.js';
import { partitionList } from './table-options.js';

/**
 * LOAD DATA [LOCAL] INFILE, at the word LOAD. What else LOAD begins (XML, INDEX INTO CACHE, MySQL's bulk loading) is
 * another statement.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/load-data.html, https://mariadb.com/kb/en/load-data-infile/
 */
export function loadStatement(parser: Parser): LoadStatement {
  const { start } = parser;
  parser.advance();
  parser.expectWord('DATA', 'LOAD');
  parser.acceptOneOf(['LOW_PRIORITY', 'CONCURRENT']);
  const local = parser.acceptWord('LOCAL');
  parser.expectWord('INFILE', 'LOAD DATA');
  textString(parser, 'INFILE');
  const duplicates = parser.acceptWord('REPLACE') ? 'replace' : parser.acceptWord('IGNORE') ? 'ignore' : null;
  parser.expectWord('INTO', 'LOAD DATA');
  parser.expectWord('TABLE', 'LOAD DATA');
  const table = tableName(parser, 'LOAD DATA');
  const partition = partitionList(parser);
  if (parser.acceptWords('CHARACTER', 'SET') || parser.acceptWord('CHARSET')) {
    characterSetName(parser, 'LOAD DATA');
  }
  fieldOptions(parser);
  if (parser.acceptWord('IGNORE')) {
    parser.integer('IGNORE');
    if (parser.acceptOneOf(['LINES', 'ROWS']) === null) parser.fail('IGNORE: LINES or ROWS is missing');
  }
  const listEnd = parser.previousEnd;
  const fields = parser.at('(') ? fieldList(parser) : null;
  const list = parser.acceptWord('SET') ? assignments(parser) : [];
  return {
    kind: 'load',
    local,
    duplicates,
    table,
    partition,
    listEnd,
    fields,
    assignments: list,
    start,
    end: parser.previousEnd,
  };
}

/** `(a, @b, c)`: what each field of a line goes to. */
function fieldList(parser: Parser): LoadStatement['fields'] {
  const { start } = parser;
  parser.advance();
  const targets: (ColumnRef | UserVariable)[] = [];
  do {
    targets.push(target(parser));
  } while (parser.accept(','));
  parser.expect(')', 'LOAD DATA');
  return { targets, start, end: parser.previousEnd };
}

function target(parser: Parser): ColumnRef | UserVariable {
  const { start, kind } = parser;
  if (kind !== TokenKind.UserVariable) return columnReference(parser, 'LOAD DATA');
  const name = parser.userVariableName();
  return { kind: 'userVariable', name, start, end: parser.previousEnd };
}
