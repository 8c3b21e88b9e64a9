import type { ServerVersion } from '../dialect.js';

/** A character set and collation as declared; what is undefined comes from the level above. */
export interface DeclaredCharacterSet {
  readonly characterSet: string | undefined;
  readonly collation: string | undefined;
}

export interface CharacterSet {
  readonly characterSet: string;
  readonly collation: string;
}

/** The default collations of character sets whose default is not `_general_ci`. */
const DEFAULT_COLLATIONS = new Map([
  ['big5', 'big5_chinese_ci'],
  ['binary', 'binary'],
  ['cp932', 'cp932_japanese_ci'],
  ['dec8', 'dec8_swedish_ci'],
  ['eucjpms', 'eucjpms_japanese_ci'],
  ['euckr', 'euckr_korean_ci'],
  ['gb18030', 'gb18030_chinese_ci'],
  ['gb2312', 'gb2312_chinese_ci'],
  ['gbk', 'gbk_chinese_ci'],
  ['hp8', 'hp8_english_ci'],
  ['latin1', 'latin1_swedish_ci'],
  ['latin5', 'latin5_turkish_ci'],
  ['sjis', 'sjis_japanese_ci'],
  ['swe7', 'swe7_swedish_ci'],
  ['tis620', 'tis620_thai_ci'],
  ['ujis', 'ujis_japanese_ci'],
]);

/** The collation of a character set where none is declared, on a server that was not configured otherwise. */
export function defaultCollation(characterSet: string, server: ServerVersion): string {
  if (characterSet === 'utf8mb4' && server.kind === 'mysql' && server.version >= 80_001) {
    return 'utf8mb4_0900_ai_ci';
  }
  if (
    server.kind === 'mariadb' &&
    server.version >= 110_500 &&
    /^(utf8mb[34]|ucs2|utf16|utf32)$/.test(characterSet)
  ) {
    return `${characterSet}_uca1400_ai_ci`;
  }
  return DEFAULT_COLLATIONS.get(characterSet) ?? `${characterSet}_general_ci`;
}

/** `utf8` is what both servers call utf8mb3. */
export function canonicalCharacterSet(name: string): string {
  const folded = name.toLowerCase();
  return folded === 'utf8' ? 'utf8mb3' : folded;
}

function canonicalCollation(name: string): string {
  const folded = name.toLowerCase();
  return folded.startsWith('utf8_') ? `utf8mb3_${folded.slice(5)}` : folded;
}

/** Fills what `declared` leaves open from the level above. */
export function resolveCharacterSet(
  declared: DeclaredCharacterSet,
  above: CharacterSet,
  server: ServerVersion,
): CharacterSet {
  const collation = declared.collation === undefined ? undefined : canonicalCollation(declared.collation);
  if (collation !== undefined) {
    // MariaDB's `uca1400_ai_ci` names no character set: it takes that of the column or table.
    const characterSet =
      declared.characterSet === undefined
        ? collation.startsWith('uca1400_')
          ? above.characterSet
          : (collation.split('_')[0] as string)
        : canonicalCharacterSet(declared.characterSet);
    return {
      characterSet,
      collation: collation.startsWith('uca1400_') ? `${characterSet}_${collation}` : collation,
    };
  }
  if (declared.characterSet === undefined) return above;
  const characterSet = canonicalCharacterSet(declared.characterSet);
  return { characterSet, collation: defaultCollation(characterSet, server) };
}
