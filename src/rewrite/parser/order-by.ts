import type { OrderBy, OrderItem } from './ast.js';
import type { Parser } from './parser.js';

/** One or more `expression [ASC | DESC]`. */
export function orderItems(parser: Parser): OrderItem[] {
  const items: OrderItem[] = [];
  do {
    const { start } = parser;
    const expression = parser.expression();
    const descending = parser.acceptWord('DESC');
    if (!descending) parser.acceptWord('ASC');
    items.push({ expression, descending, start, end: parser.previousEnd });
  } while (parser.accept(','));
  return items;
}

/** ORDER BY …, or null. */
export function orderBy(parser: Parser): OrderBy | null {
  const { start } = parser;
  if (!parser.acceptWord('ORDER')) return null;
  parser.expectWord('BY', 'ORDER BY');
  const items = orderItems(parser);
  return { items, start, end: parser.previousEnd };
}
