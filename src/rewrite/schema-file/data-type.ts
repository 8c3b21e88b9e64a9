import { bytesPerCharacter } from '../../protocol/constants/character-sets.js';
import type { ServerVersion } from '../dialect.js';
import { TYPE_SYNONYMS } from '../type-synonyms.js';
import type { TokenCursor } from './token-cursor.js';

/** A column's type as information_schema.COLUMNS would say it. */
export interface DataType {
  /** DATA_TYPE */
  readonly dataType: string;
  /** COLUMN_TYPE */
  readonly columnType: string;
  /** Characters or bytes in parentheses; null: none. */
  readonly length: number | null;
  readonly isText: boolean;
  /** SERIAL and NCHAR stand for more than a type. */
  readonly serial: boolean;
  readonly national: boolean;
}

/** Bytes of the text and blob types, which have no length in characters. */
const LOB_BYTES = new Map([
  ['tinytext', 255],
  ['text', 65_535],
  ['mediumtext', 16_777_215],
  ['longtext', 4_294_967_295],
  ['tinyblob', 255],
  ['blob', 65_535],
  ['mediumblob', 16_777_215],
  ['longblob', 4_294_967_295],
]);

const TEXT = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set']);

const SYNONYMS = new Map([...TYPE_SYNONYMS, ['long', 'mediumtext']]);

const WIDTHS = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);

/**
 * Reads the type of a column definition, to the last word that belongs to it.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/data-types.html
 */
export function readDataType(cursor: TokenCursor, server: ServerVersion): DataType {
  let written = cursor.name().toLowerCase();
  let national = written === 'nchar' || written === 'nvarchar';
  if (written === 'national') {
    national = true;
    written = cursor.name().toLowerCase();
  }
  if (written === 'serial') {
    return { ...plain('bigint', 'bigint unsigned'), serial: true };
  }
  if (written === 'bool' || written === 'boolean') return plain('tinyint', 'tinyint(1)');
  if (written === 'double') cursor.takeWords('precision');
  let dataType = SYNONYMS.get(written) ?? written;
  if (dataType === 'char' && (cursor.takeWords('varying') || cursor.takeWords('varchar')))
    dataType = 'varchar';
  if (written === 'long') {
    if (cursor.takeWords('varbinary')) dataType = 'mediumblob';
    else cursor.takeWords('varchar');
  }
  // MariaDB's JSON is LONGTEXT with a check.
  if (dataType === 'json' && server.kind === 'mariadb') dataType = 'longtext';
  const inside = cursor.parenthesised();
  const length = inside !== null && /^\d+$/.test(inside) ? Number(inside) : null;
  const words: string[] = [];
  while (cursor.isWord('unsigned', 'signed', 'zerofill')) {
    const { word } = cursor.next();
    if (word === 'zerofill' && !words.includes('unsigned')) words.push('unsigned');
    if (word !== 'signed' && !words.includes(word)) words.push(word);
  }
  const size = sizeOf(dataType, inside, server, words);
  return {
    dataType,
    columnType: [`${dataType}${size}`, ...words].join(' '),
    length: length ?? impliedLength(dataType),
    isText: TEXT.has(dataType),
    serial: false,
    national,
  };
}

function plain(dataType: string, columnType: string): DataType {
  return { dataType, columnType, length: null, isText: false, serial: false, national: false };
}

function impliedLength(dataType: string): number | null {
  return dataType === 'char' || dataType === 'binary' || dataType === 'bit' ? 1 : null;
}

function sizeOf(
  dataType: string,
  inside: string | null,
  server: ServerVersion,
  words: readonly string[],
): string {
  if (inside === null) {
    if (dataType === 'decimal') return '(10,0)';
    const length = impliedLength(dataType);
    return length === null ? '' : `(${length})`;
  }
  // MySQL forgets display widths, but for the two that drivers ask for.
  if (
    WIDTHS.has(dataType) &&
    server.kind === 'mysql' &&
    server.version >= 80_019 &&
    !words.includes('zerofill')
  ) {
    return dataType === 'tinyint' && inside === '1' ? '(1)' : '';
  }
  if (LOB_BYTES.has(dataType)) return '';
  return dataType === 'enum' || dataType === 'set' ? `(${inside})` : `(${inside.replaceAll(/\s+/g, '')})`;
}

/** CHARACTER_OCTET_LENGTH; null for types without one. */
export function octetLength(type: DataType, characterSet: string | null): number | null {
  const lob = LOB_BYTES.get(type.dataType);
  if (lob !== undefined) return lob;
  if (type.length === null) return null;
  switch (type.dataType) {
    case 'binary':
    case 'varbinary':
      return type.length;
    case 'char':
    case 'varchar':
      return type.length * bytesPerCharacter(characterSet);
    default:
      return null;
  }
}
