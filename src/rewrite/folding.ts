/**
 * Name comparison as the servers do it. Column names and user variable names compare by utf8mb3_general_ci-like
 * rules: case, accents and some lookalikes fold together (bypasses.md 4, 13, 14).
 *
 * https://dev.mysql.com/doc/refman/9.7/en/identifier-case-sensitivity.html
 */

const NON_ASCII = /[^\x20-\x7e]/;
const COMBINING_MARKS = /\p{M}+/gu;

/** Lower case for ASCII names, which both servers fold alike everywhere. */
export function foldName(name: string): string {
  return name.toLowerCase();
}

/**
 * The coarsest folding that any server might apply: names that are different here are different on every server.
 * What is equal here and not equal letter by letter is refused, since servers disagree about it.
 */
export function foldLoosely(name: string): string {
  if (!NON_ASCII.test(name)) return name.toLowerCase().trimEnd();
  return name
    .normalize('NFKD')
    .replace(COMBINING_MARKS, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(COMBINING_MARKS, '')
    .replaceAll('ı', 'i')
    .replaceAll('ſ', 's')
    .replaceAll('ß', 's')
    .replaceAll('ø', 'o')
    .replaceAll('đ', 'd')
    .replaceAll('ł', 'l')
    .trimEnd();
}

export function hasNonAscii(name: string): boolean {
  return NON_ASCII.test(name);
}

/** Names of user variables that are ours: `__tc_key` and everything else that begins with `__tc`. */
const RESERVED_PREFIX = '__tc';

/** Whether a decoded user variable name could be one of ours in the eyes of a server. */
export function isReservedVariable(name: string): boolean {
  return foldLoosely(name).trimStart().startsWith(RESERVED_PREFIX);
}

/** Whether two aliases are one to the server: aliases follow lower_case_table_names. */
export function sameAlias(a: string, b: string, folding: 0 | 1 | 2): boolean {
  return folding === 0 ? a === b : foldName(a) === foldName(b);
}

/** Begins the names of columns that tenant views add. */
export const CIPHERTEXT_PREFIX = '__tc_eq_';
