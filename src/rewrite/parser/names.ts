import type { ColumnRef, Identifier, TableName } from './ast.js';
import type { Parser } from './parser.js';

/** https://dev.mysql.com/doc/refman/9.7/en/identifier-qualifiers.html */
export function columnReference(parser: Parser, construct: string): ColumnRef {
  const { start } = parser;
  // `.t.c`: a leading dot stands for the current schema.
  const leadingDot = parser.accept('.');
  const names: Identifier[] = [
    leadingDot ? parser.identifierAfterDot(construct) : parser.identifier(construct),
  ];
  while (names.length < (leadingDot ? 2 : 3) && parser.accept('.')) {
    names.push(parser.identifierAfterDot(construct));
  }
  if (leadingDot && names.length < 2) parser.fail(`${construct}: a column name is missing`);
  const column = names[names.length - 1] as Identifier;
  const table = names[names.length - 2] ?? null;
  const schema = names[names.length - 3] ?? null;
  return { kind: 'column', schema, table, column, start, end: parser.previousEnd };
}

/** `t`, `db.t`, `.t`. A following `.*` is left alone. */
export function tableName(parser: Parser, construct: string): TableName {
  const { start } = parser;
  if (parser.accept('.')) {
    const table = parser.identifierAfterDot(construct);
    return { schema: null, table, start, end: parser.previousEnd };
  }
  const first = parser.identifier(construct);
  if (!parser.at('.') || parser.at('*', 1)) return { schema: null, table: first, start, end: first.end };
  parser.advance();
  const table = parser.identifierAfterDot(construct);
  return { schema: first, table, start, end: table.end };
}

/** `(a, b, c)`, at the parenthesis. */
export function identifierList(parser: Parser, construct: string): Identifier[] {
  parser.expect('(', construct);
  const names = [parser.identifier(construct)];
  while (parser.accept(',')) names.push(parser.identifier(construct));
  parser.expect(')', construct);
  return names;
}
