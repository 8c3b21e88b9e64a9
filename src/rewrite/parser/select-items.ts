import { TokenKind } from '../tokens.js';
import type { Identifier, SelectItem, TableName } from './ast.js';
import type { Parser } from './parser.js';

/** The select list; also the list of RETURNING. A bare `*` can only be the first item. */
export function selectItems(parser: Parser): SelectItem[] {
  const items: SelectItem[] = [];
  const { start } = parser;
  if (parser.accept('*')) items.push(star(parser, null, start));
  else items.push(selectItem(parser));
  while (parser.accept(',')) items.push(selectItem(parser));
  return items;
}

function star(parser: Parser, qualifier: TableName | null, start: number): SelectItem {
  return { kind: 'star', qualifier, expression: null, alias: null, start, end: parser.previousEnd };
}

function selectItem(parser: Parser): SelectItem {
  const { start } = parser;
  const qualifier = starQualifier(parser);
  if (qualifier !== null) return star(parser, qualifier, start);
  const expression = parser.expression();
  const alias = selectAlias(parser);
  return { kind: 'expression', qualifier: null, expression, alias, start, end: parser.previousEnd };
}

/** `t.*`, `db.t.*`, `.t.*`: the qualifier, all consumed; or null. */
function starQualifier(parser: Parser): TableName | null {
  const { start } = parser;
  if (parser.at('.')) {
    if (!(parser.at('.', 2) && parser.at('*', 3))) return null;
    parser.advance();
    const table = parser.identifierAfterDot('select list');
    return endStar(parser, { schema: null, table, start, end: table.end });
  }
  if (!parser.at('.', 1)) return null;
  if (parser.at('*', 2)) {
    const table = parser.identifier('select list');
    return endStar(parser, { schema: null, table, start, end: table.end });
  }
  if (!parser.at('.', 3) || !parser.at('*', 4)) return null;
  const schema = parser.identifier('select list');
  parser.advance();
  const table = parser.identifierAfterDot('select list');
  return endStar(parser, { schema, table, start, end: table.end });
}

function endStar(parser: Parser, qualifier: TableName): TableName {
  parser.expect('.', 'select list');
  parser.expect('*', 'select list');
  return qualifier;
}

/** `AS name`, `AS 'name'`, `name`, `'name'`, or null. */
function selectAlias(parser: Parser): Identifier | null {
  const as = parser.acceptWord('AS');
  if (parser.kind === TokenKind.String) return parser.stringAsIdentifier();
  if (as) return parser.identifier('alias');
  if (!parser.atIdentifier() || parser.words.noBareSelectAlias.has(parser.word())) return null;
  return parser.identifier('alias');
}
