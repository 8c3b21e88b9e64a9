import { TokenKind } from '../tokens.js';
import type { Identifier, ShowFilter, ShowStatement, Statement, TableName } from './ast.js';
import { tableName } from './names.js';
import { otherStatement } from './other.js';
import type { Parser } from './parser.js';

const SUBJECTS: ReadonlyMap<string, ShowStatement['subject']> = new Map([
  ['COLUMNS', 'columns'],
  ['FIELDS', 'columns'],
  ['INDEX', 'index'],
  ['INDEXES', 'index'],
  ['KEYS', 'index'],
]);

/**
 * SHOW COLUMNS, SHOW INDEX and SHOW CREATE TABLE, at the word SHOW; all others come back as `other`.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/show-columns.html, …/show-index.html, …/show-create-table.html
 */
export function showStatement(parser: Parser): Statement {
  const { start } = parser;
  let words = 1;
  if (parser.atWord('EXTENDED', words)) words++;
  const full = parser.atWord('FULL', words);
  if (full) words++;
  const subject = SUBJECTS.get(parser.word(words));
  if (subject !== undefined) {
    for (let index = 0; index <= words; index++) parser.advance();
    return columnsOrIndex(parser, start, subject, full);
  }
  if (!parser.atWord('CREATE', 1) || !parser.atWord('TABLE', 2)) return otherStatement(parser);
  for (let index = 0; index < 3; index++) parser.advance();
  const table = tableName(parser, 'SHOW CREATE TABLE');
  return { kind: 'show', subject: 'createTable', full: false, table, filter: null, start, end: table.end };
}

function columnsOrIndex(
  parser: Parser,
  start: number,
  subject: ShowStatement['subject'],
  full: boolean,
): ShowStatement {
  const construct = subject === 'columns' ? 'SHOW COLUMNS' : 'SHOW INDEX';
  if (parser.acceptOneOf(['FROM', 'IN']) === null) parser.fail(`${construct}: FROM is missing`);
  const named = tableName(parser, construct);
  // The schema behind a second FROM outranks the one before the dot.
  const schema = parser.acceptOneOf(['FROM', 'IN']) === null ? null : parser.identifier(construct);
  const table = schema === null ? named : inSchema(named, schema);
  const filter = showFilter(parser, subject);
  return { kind: 'show', subject, full, table, filter, start, end: parser.previousEnd };
}

function inSchema({ table, start, end }: TableName, schema: Identifier): TableName {
  return { schema, table, start, end };
}

function showFilter(parser: Parser, subject: ShowStatement['subject']): ShowFilter | null {
  const { start } = parser;
  if (subject === 'columns' && parser.acceptWord('LIKE')) {
    const pattern = { start: parser.start, end: parser.end };
    if (parser.kind !== TokenKind.String) parser.fail('SHOW … LIKE: a string is missing');
    parser.advance();
    return { kind: 'like', pattern, start, end: pattern.end };
  }
  if (!parser.acceptWord('WHERE')) return null;
  const condition = parser.expression();
  return { kind: 'where', condition, start, end: parser.previousEnd };
}
