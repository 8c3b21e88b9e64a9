import type { Assignment } from './ast.js';
import { columnReference } from './names.js';
import type { Parser } from './parser.js';
import { insertValue } from './values.js';

/** `column = value, …`; the server takes `:=` as well. */
export function assignments(parser: Parser): Assignment[] {
  const list: Assignment[] = [];
  do {
    const { start } = parser;
    const column = columnReference(parser, 'SET');
    if (!parser.accept('=') && !parser.accept(':=')) parser.fail("SET: '=' is missing");
    const value = insertValue(parser);
    list.push({ column, value, start, end: parser.previousEnd });
  } while (parser.accept(','));
  return list;
}
