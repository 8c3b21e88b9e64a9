/** Those whose characters may take more than one byte. */
const BYTES: ReadonlyMap<string, number> = new Map([
  ['utf8mb4', 4],
  ['utf16', 4],
  ['utf16le', 4],
  ['utf32', 4],
  ['gb18030', 4],
  ['utf8mb3', 3],
  ['utf8', 3],
  ['ujis', 3],
  ['eucjpms', 3],
  ['ucs2', 2],
  ['sjis', 2],
  ['cp932', 2],
  ['big5', 2],
  ['gbk', 2],
  ['gb2312', 2],
  ['euckr', 2],
]);

/**
 * Most bytes of one character (information_schema.CHARACTER_SETS.MAXLEN).
 * @param characterSet its name in lower case; of one that is not known, characters are bytes
 *
 * https://dev.mysql.com/doc/refman/9.7/en/charset-charsets.html
 */
export function bytesPerCharacter(characterSet: string | null | undefined): number {
  return BYTES.get(characterSet ?? '') ?? 1;
}
