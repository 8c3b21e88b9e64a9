import { isUtf8 } from 'node:buffer';
import type { Dialect } from './dialect.js';
import { decodeString } from './literal.js';
import { type Arguments, type DynamicSql, NO_EFFECTS } from './plan.js';
import { mayReadOtherwise } from './rereading.js';
import type { TokenList } from './token-list.js';
import { TokenKind } from './tokens.js';

export interface DynamicSqlReading {
  /** null: not well-formed as far as the names go. */
  readonly dynamic: DynamicSql | null;
  /** The string that is prepared; null where something else stands in its place. */
  readonly literal: { readonly sql: Buffer; readonly start: number } | null;
  /** Index of the token where it is awaited. */
  readonly argument: number;
}

/** How many tokens there are before the `;` at the end. */
function lengthOf(list: TokenList): number {
  let length = list.count;
  while (length > 0 && list.is(length - 1, ';')) length--;
  return length;
}

/** DEALLOCATE PREPARE s, or DROP PREPARE s; null: another statement, or none. */
export function readDeallocate(list: TokenList): DynamicSql | null {
  if (!(list.is(0, 'DEALLOCATE') || list.is(0, 'DROP')) || !list.is(1, 'PREPARE')) return null;
  return lengthOf(list) === 3 && list.isName(2) ? { kind: 'deallocate', name: list.name(2) } : null;
}

/** Reads a statement that begins with PREPARE or EXECUTE. */
export function readDynamicSql(list: TokenList, statement: Buffer, dialect: Dialect): DynamicSqlReading {
  if (list.is(0, 'PREPARE')) return readPrepare(list, statement, dialect);
  // MySQL knows no EXECUTE IMMEDIATE, and the word may be a name there.
  const immediate = list.is(1, 'IMMEDIATE') && lengthOf(list) > 2 && !list.is(2, 'USING');
  const at = immediate ? 2 : 1;
  const using = readArguments(list, statement, at + 1);
  if (immediate) {
    const isLone = lengthOf(list) === at + 1 || list.is(at + 1, 'USING');
    const literal = isLone ? readLiteral(list, statement, at, dialect) : null;
    const dynamic = { kind: 'immediate', sql: literal?.sql ?? null, using, effects: NO_EFFECTS } as const;
    return { dynamic, literal, argument: at };
  }
  const named = lengthOf(list) > 1 && list.isName(1);
  const name = named ? list.name(1) : '';
  return { dynamic: { kind: 'execute', name, using }, literal: null, argument: at };
}

function readPrepare(list: TokenList, statement: Buffer, dialect: Dialect): DynamicSqlReading {
  const argument = 3;
  if (lengthOf(list) < 4 || !list.isName(1) || !list.is(2, 'FROM')) {
    return { dynamic: null, literal: null, argument };
  }
  const literal = lengthOf(list) === 4 ? readLiteral(list, statement, argument, dialect) : null;
  const name = list.name(1);
  return {
    dynamic: { kind: 'prepare', name, sql: literal?.sql ?? null, effects: NO_EFFECTS },
    literal,
    argument,
  };
}

function readLiteral(
  list: TokenList,
  statement: Buffer,
  at: number,
  dialect: Dialect,
): DynamicSqlReading['literal'] {
  if (!list.isString(at)) return null;
  const start = list.start(at);
  return { sql: decodeString(statement, start, list.end(at), dialect), start };
}

/** @param at where USING would stand */
function readArguments(list: TokenList, statement: Buffer, at: number): Arguments {
  const length = lengthOf(list);
  if (length <= at) return [];
  if (!list.is(at, 'USING')) return null;
  const found: string[] = [];
  for (let index = at + 1; ; index++) {
    const sign = list.is(index, '-') || list.is(index, '+') ? index++ : null;
    if (index >= length || !isArgument(list, index, sign !== null)) return null;
    found.push(statement.toString('latin1', list.start(sign ?? index), list.end(index)));
    index++;
    if (index === length) return found;
    if (!list.is(index, ',')) return null;
  }
}

function isArgument(list: TokenList, index: number, signed: boolean): boolean {
  const kind = list.kind(index);
  if (kind === TokenKind.Integer || kind === TokenKind.Decimal || kind === TokenKind.Float) return true;
  if (signed) return false;
  return list.isUserVariable(index) || kind === TokenKind.String || list.is(index, 'NULL');
}

/** Rough size in memory. */
export function bytesOf(dynamic: DynamicSql): number {
  const sql = 'sql' in dynamic ? (dynamic.sql?.length ?? 0) : 0;
  const using = 'using' in dynamic ? (dynamic.using ?? []) : [];
  return 200 + sql + using.reduce((sum, one) => sum + 50 + one.length, 0);
}

/**
 * A string literal whose value is a statement, for PREPARE and EXECUTE IMMEDIATE.
 * @param sql UTF-8, or ASCII alone
 * @param dialect what the session reads it under
 */
export function encodeSqlLiteral(sql: Buffer, dialect: Dialect): Buffer {
  const text = sql.toString('latin1');
  const escaped = dialect.sqlMode.noBackslashEscapes ? text : text.replaceAll('\\', '\\\\');
  return Buffer.from(`'${escaped.replaceAll("'", "''")}'`, 'latin1');
}

/** Why a text can't be given to the server to keep; null: it can. */
export function whyNotPrepared(sql: Buffer, dialect: Dialect): string | null {
  if (mayReadOtherwise(sql)) {
    return 'a prepared statement with a backslash before a quote, or behind a letter outside ASCII, may be read in another way later; use a parameter for that value';
  }
  const isAscii = !sql.some((byte) => byte >= 0x80);
  if (isAscii) return null;
  if (!dialect.characterSetClient.startsWith('utf8') || !isUtf8(sql)) {
    return 'a string with letters outside ASCII to prepare, in another character set than UTF-8; SET NAMES utf8mb4';
  }
  // MySQL takes the string into its three-byte UTF-8, where a question mark stands for these (measured).
  if (dialect.server.kind === 'mysql' && sql.some((byte) => byte >= 0xf0)) {
    return 'a string with characters beyond U+FFFF to prepare, of which MySQL makes question marks; use a parameter';
  }
  return null;
}

/** The name of a prepared statement, in ASCII, as it stands in SQL. */
export function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
