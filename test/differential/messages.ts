import type { DeclaredTable } from './schema.js';

/** Errors whose text quotes the statement as the server got it. */
const QUOTES_STATEMENT: Readonly<Record<number, RegExp>> = {
  // ER_PARSE_ERROR: … near 'the rest of the statement' at line 1
  1064: / near '.*$/s,
  // ER_DATA_OUT_OF_RANGE: … is out of range in 'the expression'
  1690: / in '.*$/s,
};

/**
 * A server's text in the form that both sides share: logical names, no schema before a column (a derived table has
 * none), bytes that MySQL shows as `\xC3` as characters. What quotes the rewritten statement is left out.
 */
export function sharedText(errno: number, text: string, tables: readonly DeclaredTable[]): string {
  // Those that the proxy raises itself are in UTF-8 whatever the character set of results is.
  let shared = text.replaceAll('\0', '').replace(QUOTES_STATEMENT[errno] ?? /$^/, '');
  for (const { columns } of tables) {
    for (const { name, sealed } of columns) {
      if (sealed !== undefined && sealed.name !== name) shared = shared.replaceAll(sealed.name, name);
    }
  }
  return shared
    .replaceAll("'{db}.", "'")
    .replaceAll(/(?:\\x[0-9A-F]{2})+/g, (bytes) =>
      Buffer.from(bytes.replaceAll('\\x', ''), 'hex').toString(),
    );
}
