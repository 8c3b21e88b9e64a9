import { bytesPerCharacter } from '../protocol/constants/character-sets.js';
import type { ColumnType } from './column-type.js';
import { familyOf } from './types/families.js';

export const AES_BLOCK = 16;

/** Types that keep ciphertext byte for byte. BINARY(n) pads it, character types refuse or convert it. */
export const CIPHERTEXT_TYPES: ReadonlySet<string> = new Set([
  'varbinary',
  'tinyblob',
  'blob',
  'mediumblob',
  'longblob',
]);

/** Bytes of AES-ECB or AES-CBC ciphertext with padding. */
export function ciphertextLength(plaintextBytes: number): number {
  return AES_BLOCK * (Math.floor(plaintextBytes / AES_BLOCK) + 1);
}

/** Digits and sign of the longest integer. */
const INTEGER_BYTES = { tinyint: 4, smallint: 6, mediumint: 8, int: 11, bigint: 20 } as const;

/** Bytes of the longest value of a declared type, as it is encrypted. */
export function longestPlaintext(type: ColumnType): number {
  switch (type.kind) {
    case 'string':
      return type.base === 'char' || type.base === 'varchar'
        ? type.length * bytesPerCharacter(type.charset)
        : type.length;
    case 'binary':
      return type.length;
    case 'integer':
      return INTEGER_BYTES[type.base];
    default:
      return familyOf(type).longestText(type);
  }
}

/** A row's VARBINARY and VARCHAR columns share 65,535 bytes: beyond this a BLOB is the better place. */
const LONGEST_VARBINARY = 16_384;

/** The physical type for a declared one. */
export function fittingType(type: ColumnType): string {
  const needed = ciphertextLength(longestPlaintext(type));
  if (needed <= LONGEST_VARBINARY) return `VARBINARY(${needed})`;
  if (needed <= 65_535) return 'BLOB';
  return needed <= 16_777_215 ? 'MEDIUMBLOB' : 'LONGBLOB';
}
