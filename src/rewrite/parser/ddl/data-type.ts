import { decodeString } from '../../literal.js';
import { TokenKind } from '../../tokens.js';
import { TYPE_SYNONYMS } from '../../type-synonyms.js';
import { characterSetName } from '../data-types.js';
import type { Parser } from '../parser.js';
import type { CharacterSetOptions, DataType } from './ast.js';

const SYNONYMS = new Map([...TYPE_SYNONYMS, ['bool', 'tinyint'], ['boolean', 'tinyint']]);

const INTEGERS = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint']);
const STRINGS = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'enum', 'set']);
const OTHERS = new Set(
  `decimal float double bit date time datetime timestamp year binary varbinary tinyblob blob mediumblob longblob json
  vector uuid inet4 inet6 geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection
  geomcollection serial long`.split(/\s+/),
);

/** Bytes of the longest value, by size. */
const LOB_SIZES: readonly (readonly [prefix: string, bytes: number])[] = [
  ['tiny', 255],
  ['', 65_535],
  ['medium', 16_777_215],
  ['long', Number.POSITIVE_INFINITY],
];

/**
 * The type of a column definition.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/data-types.html
 * @throws SqlSyntaxError for a type that is not known
 */
export function columnType(parser: Parser): DataType {
  const { start } = parser;
  const attributes: TypeAttributes = { characterSet: null, collation: null, words: new Set(), more: null };
  const base = typeName(parser, attributes);
  const sizes = parser.at('(') ? typeArguments(parser) : null;
  typeAttributes(parser, attributes);
  const { characterSet, collation, words, more } = attributes;
  const isBinary = characterSet === 'binary' || words.has('byte');
  const text = typeText(isBinary ? binaryForm(base) : base, sizes, words);
  const charset = STRINGS.has(base) && !isBinary ? { characterSet, collation } : NO_CHARACTER_SET;
  return { text, charset, more, start, end: parser.previousEnd };
}

export const NO_CHARACTER_SET: CharacterSetOptions = { characterSet: null, collation: null };

interface TypeAttributes {
  characterSet: string | null;
  collation: string | null;
  /** unsigned, zerofill, byte; lower case. */
  readonly words: Set<string>;
  more: string | null;
}

function typeName(parser: Parser, attributes: TypeAttributes): string {
  if (parser.acceptWord('NATIONAL')) attributes.characterSet = 'utf8mb3';
  const word = parser.word().toLowerCase();
  const base = SYNONYMS.get(word) ?? word;
  if (!INTEGERS.has(base) && !STRINGS.has(base) && !OTHERS.has(base))
    parser.fail('column: a type is missing');
  parser.advance();
  if (word === 'nchar' || word === 'nvarchar') attributes.characterSet = 'utf8mb3';
  if (word === 'double') parser.acceptWord('PRECISION');
  if (base === 'char' && parser.acceptOneOf(['VARYING', 'VARCHAR']) !== null) return 'varchar';
  if (base === 'serial') attributes.more = 'SERIAL';
  if (base !== 'long') return base;
  if (parser.acceptWord('VARBINARY')) return 'mediumblob';
  if (
    parser.acceptOneOf(['VARCHAR', 'VARCHARACTER']) === null &&
    parser.acceptOneOf(['CHAR', 'CHARACTER']) !== null
  ) {
    parser.expectWord('VARYING', 'column');
  }
  return 'mediumtext';
}

/** `(10)`, `(10, 2)`, `('a', 'b')`, as information_schema would write them. */
function typeArguments(parser: Parser): string[] {
  const found: string[] = [];
  parser.advance();
  do {
    const { start, end, kind, statement } = parser;
    if (kind === TokenKind.Integer) found.push(String(Number(statement.toString('latin1', start, end))));
    else if (kind === TokenKind.String) {
      const value = decodeString(statement, start, end, parser.dialect).toString('utf8');
      found.push(`'${value.replaceAll("'", "''")}'`);
    } else parser.fail('column: a length is missing');
    parser.advance();
  } while (parser.accept(','));
  parser.expect(')', 'column');
  return found;
}

function typeAttributes(parser: Parser, attributes: TypeAttributes): void {
  for (;;) {
    const word = parser.acceptOneOf(['UNSIGNED', 'SIGNED', 'ZEROFILL', 'BYTE']);
    if (word !== null) {
      attributes.words.add(word.toLowerCase());
      continue;
    }
    const charset = characterSetOption(parser);
    if (charset !== null) {
      attributes.characterSet = charset.characterSet ?? attributes.characterSet;
      attributes.collation = charset.collation ?? attributes.collation;
    } else if (parser.mariadb && parser.acceptWord('COMPRESSED')) attributes.more = 'COMPRESSED';
    else return;
  }
}

/**
 * CHARACTER SET c, CHARSET c, COLLATE c, ASCII, UNICODE, BINARY; null: none of them.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/charset-column.html
 */
export function characterSetOption(parser: Parser): CharacterSetOptions | null {
  if (parser.acceptWord('ASCII')) return { characterSet: 'latin1', collation: null };
  if (parser.acceptWord('UNICODE')) return { characterSet: 'ucs2', collation: null };
  // The binary collation of whatever character set it is.
  if (parser.acceptWord('BINARY')) return { characterSet: null, collation: 'binary' };
  if (
    parser.acceptWords('CHARACTER', 'SET') ||
    parser.acceptWords('CHAR', 'SET') ||
    parser.acceptWord('CHARSET')
  ) {
    parser.accept('=');
    return {
      characterSet: canonicalCharacterSet(characterSetName(parser, 'CHARACTER SET')),
      collation: null,
    };
  }
  if (parser.acceptWord('COLLATE')) {
    parser.accept('=');
    return { characterSet: null, collation: canonicalCollation(characterSetName(parser, 'COLLATE')) };
  }
  return null;
}

/** `utf8` is what both servers call utf8mb3. */
function canonicalCharacterSet(name: string): string {
  return name === 'utf8' ? 'utf8mb3' : name;
}

function canonicalCollation(name: string): string {
  return name.startsWith('utf8_') ? `utf8mb3_${name.slice(5)}` : name;
}

function binaryForm(base: string): string {
  return base.replace(/char$/, 'binary').replace(/text$/, 'blob');
}

function typeText(base: string, sizes: readonly string[] | null, words: ReadonlySet<string>): string {
  const signs = words.has('zerofill') ? ' unsigned zerofill' : words.has('unsigned') ? ' unsigned' : '';
  return `${sizedType(base, sizes)}${signs}`;
}

function sizedType(base: string, sizes: readonly string[] | null): string {
  if (INTEGERS.has(base) || base === 'year') return base;
  if (base === 'serial') return 'bigint unsigned';
  const lob = /^(text|blob)$/.exec(base)?.[1];
  if (lob !== undefined && sizes !== null) {
    // Whether TEXT(n) counts characters: the longest one decides, and four bytes are a guess that is never too small.
    const bytes = Number(sizes[0]) * (lob === 'text' ? 4 : 1);
    return `${LOB_SIZES.find(([, most]) => bytes <= most)![0]}${lob}`;
  }
  if (/(?:text|blob)$/.test(base)) return base;
  switch (base) {
    case 'char':
    case 'binary':
    case 'bit':
      return `${base}(${sizes?.[0] ?? '1'})`;
    case 'decimal':
      return `decimal(${sizes?.[0] ?? '10'},${sizes?.[1] ?? '0'})`;
    case 'float':
      if (sizes?.length === 1) return Number(sizes[0]) <= 24 ? 'float' : 'double';
      return sizes === null ? base : `${base}(${sizes.join(',')})`;
    case 'date':
    case 'time':
    case 'datetime':
    case 'timestamp':
      return sizes === null || sizes[0] === '0' ? base : `${base}(${sizes[0]})`;
    default:
      return sizes === null ? base : `${base}(${sizes.join(',')})`;
  }
}
