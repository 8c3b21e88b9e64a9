import { ByteClass, type LexerTable } from './lexer-tables.js';

/** Where a plain comment ends whose inside begins at `from`: behind the first star and slash, or -1. */
export function endOfComment(statement: Uint8Array, from: number, end: number): number {
  for (let i = from + 1; i < end; i++) {
    if (statement[i] === 0x2f && statement[i - 1] === 0x2a) return i + 1;
  }
  return -1;
}

/** Where an executable comment ends that the server skips: it may hold one level of plain comments. -1: nowhere. */
export function endOfSkippedComment(statement: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i + 1 < end) {
    const byte = statement[i];
    const next = statement[i + 1];
    if (byte === 0x2f && next === 0x2a) {
      i = endOfComment(statement, i + 2, end);
      if (i < 0) return -1;
    } else if (byte === 0x2a && next === 0x2f) {
      return i + 2;
    } else {
      i++;
    }
  }
  return -1;
}

/**
 * Where an optimizer hint ends whose inside begins at `from`, or -1. The server's hint scanner reads quoted names, in
 * which star and slash do not end the hint; after an error in the hint it may do otherwise. So a hint in which the two
 * readings differ is not understood.
 */
export function endOfHint(statement: Uint8Array, from: number, end: number): number {
  const close = endOfComment(statement, from, end);
  if (close < 0) return -1;
  let quote = 0;
  for (let i = from; i < close - 2; i++) {
    const byte = statement[i];
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === 0x27 || byte === 0x22 || byte === 0x60) {
      quote = byte;
    }
  }
  return quote === 0 ? close : -1;
}

/** What a server does with the executable comment that begins at `start`. */
export const ExecutableComment = {
  /** a plain comment on this server */
  Plain: 0,
  Run: 1,
  Skip: 2,
  /** servers of this kind differ */
  Unknown: 3,
} as const;

/** MySQL 8.1 is the first that reads six digits. */
const MYSQL_SIX_DIGITS = 80_100;

/**
 * Reads the head of an executable comment, `/*!` or MariaDB's `/*M!` with an optional version.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/comments.html
 * https://mariadb.com/kb/en/comment-syntax/
 *
 * @returns length of the head in bytes (sign and, when it runs, version) * 4 + an ExecutableComment
 */
export function readExecutableHead(
  statement: Uint8Array,
  start: number,
  end: number,
  mariadb: boolean,
  serverVersion: number,
  table: LexerTable,
): number {
  let at = start + 2;
  const mariadbSign = at < end && statement[at] === 0x4d;
  if (mariadbSign) {
    if (!mariadb) return ExecutableComment.Plain;
    at++;
  }
  if (at >= end || statement[at] !== 0x21) return ExecutableComment.Plain;
  at++;
  let digits = 0;
  let version = 0;
  let firstFive = 0;
  while (digits < 6 && at + digits < end && isDigit(statement[at + digits] as number)) {
    version = version * 10 + (statement[at + digits] as number) - 0x30;
    digits++;
    if (digits === 5) firstFive = version;
  }
  const head = at - start;
  if (digits < 5) return head * 4 + ExecutableComment.Run;
  if (mariadb) {
    // A Galera node runs these for its consistency checks, any other server skips them.
    if (version === 99_997 && !mariadbSign) return head * 4 + ExecutableComment.Unknown;
    const forMysql = version >= 50_700 && version <= 99_999 && !mariadbSign;
    const runs = version <= serverVersion && !forMysql;
    return runs ? (head + digits) * 4 + ExecutableComment.Run : head * 4 + ExecutableComment.Skip;
  }
  if (digits === 6) {
    const after = at + 6;
    const spaceFollows = after < end && table.byteClass[statement[after] as number] === ByteClass.Space;
    if (serverVersion < MYSQL_SIX_DIGITS || !spaceFollows) {
      digits = 5;
      version = firstFive;
    }
  }
  return version <= serverVersion
    ? (head + digits) * 4 + ExecutableComment.Run
    : head * 4 + ExecutableComment.Skip;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
