import { TokenKind } from '../../tokens.js';
import type { Identifier } from '../ast.js';
import type { Parser } from '../parser.js';
import type { CharacterSetOptions, Partitioning } from './ast.js';
import { characterSetOption } from './data-type.js';

/** Options with one value: a word, a number or a string. UNION, of MERGE tables, names tables and is not among them. */
const OPTIONS = new Set(
  `AUTOEXTEND_SIZE AUTO_INCREMENT AVG_ROW_LENGTH CHECKSUM COMMENT COMPRESSION CONNECTION DELAY_KEY_WRITE ENCRYPTED
  ENCRYPTION ENCRYPTION_KEY_ID ENGINE ENGINE_ATTRIBUTE IETF_QUOTES INSERT_METHOD KEY_BLOCK_SIZE MAX_ROWS MIN_ROWS
  PACK_KEYS PAGE_CHECKSUM PAGE_COMPRESSED PAGE_COMPRESSION_LEVEL PASSWORD ROW_FORMAT SECONDARY_ENGINE
  SECONDARY_ENGINE_ATTRIBUTE SEQUENCE STATS_AUTO_RECALC STATS_PERSISTENT STATS_SAMPLE_PAGES TABLESPACE
  TABLE_CHECKSUM TRANSACTIONAL`.split(/\s+/),
);

/**
 * One table option with the comma in front of it; null: none comes next.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/create-table.html, https://mariadb.com/kb/en/create-table/#table-options
 */
export function tableOption(parser: Parser): CharacterSetOptions | null {
  parser.acceptWord('DEFAULT');
  const charset = parser.atWord('BINARY') ? null : characterSetOption(parser);
  if (charset !== null) return charset;
  if (parser.acceptWords('DATA', 'DIRECTORY') || parser.acceptWords('INDEX', 'DIRECTORY')) value(parser);
  else if (parser.acceptWords('WITH', 'SYSTEM', 'VERSIONING')) return NOTHING;
  else if (parser.acceptWords('START', 'TRANSACTION')) return NOTHING;
  else if (OPTIONS.has(parser.word())) {
    parser.advance();
    value(parser);
  } else return null;
  return NOTHING;
}

const NOTHING: CharacterSetOptions = { characterSet: null, collation: null };

function value(parser: Parser): void {
  parser.accept('=');
  const { kind } = parser;
  const known =
    kind === TokenKind.Word ||
    kind === TokenKind.QuotedIdentifier ||
    kind === TokenKind.String ||
    kind === TokenKind.Integer ||
    kind === TokenKind.Decimal;
  if (!known) parser.fail('table option: a value is missing');
  parser.advance();
  while (kind === TokenKind.String && parser.kind === TokenKind.String) parser.advance();
}

/** All options of a CREATE TABLE, with or without commas. */
export function tableOptions(parser: Parser): CharacterSetOptions {
  let characterSet: string | null = null;
  let collation: string | null = null;
  for (;;) {
    const option = tableOption(parser);
    if (option === null) break;
    characterSet = option.characterSet ?? characterSet;
    collation = option.collation ?? collation;
    parser.accept(',');
  }
  return { characterSet, collation };
}

/**
 * PARTITION BY with all that belongs to it, up to the end or the SELECT behind it; null: none comes next. Read for the
 * names in it alone.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/partitioning.html
 */
export function partitioning(parser: Parser): Partitioning | null {
  const { start } = parser;
  if (!parser.acceptWords('PARTITION', 'BY')) return null;
  const names: Identifier[] = [];
  let depth = 0;
  while (parser.kind !== TokenKind.End && !(parser.at(';') && depth === 0)) {
    if (parser.atWord('SELECT') || parser.atWord('AS') || parser.kind === TokenKind.Invalid) {
      parser.fail('PARTITION BY: a query can not be read there');
    }
    if (parser.at('(')) depth++;
    if (parser.at(')')) depth--;
    if (parser.kind === TokenKind.Word || parser.kind === TokenKind.QuotedIdentifier) {
      names.push(parser.anyWord('PARTITION BY'));
    } else parser.advance();
  }
  return { names, start, end: parser.previousEnd };
}
