import type { Dialect } from './dialect.js';
import {
  ExecutableComment,
  endOfComment,
  endOfHint,
  endOfSkippedComment,
  readExecutableHead,
} from './lexer-comments.js';
import { AfterDashes, ByteClass, isIntroducer, type LexerTable, lexerTable } from './lexer-tables.js';
import {
  invalid,
  isOne,
  pushComparison,
  pushDelimited,
  pushDot,
  pushNumber,
  pushPrefixedString,
  pushQuoted,
  pushVariable,
  pushWords,
} from './lexer-tokens.js';
import { type TokenBuffer, TokenKind } from './tokens.js';

export { supportsCharacterSet } from './lexer-tables.js';

/** MySQL reads `$tag$ … $tag$` as one text since 9.0; between 8.1 and that we do not know. */
const MYSQL_DOLLAR_QUOTES = 80_100;

/**
 * Lexes one statement exactly as the server will, byte by byte, into `tokens` (cleared first). What can't be read for
 * certain (unterminated quotes and comments, bytes no token begins with, NUL, forms that servers read differently)
 * becomes one Invalid token that reaches to the end: what follows it must not be trusted. Linear time, no allocation.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/language-structure.html
 *
 * @param start offset of the first byte
 * @param end offset behind the last byte
 * @param dialect a character set for which supportsCharacterSet() is false makes the whole statement Invalid
 * @param semicolons stops behind so many `;` that are tokens; 0: reads all
 */
export function lex(
  statement: Uint8Array,
  start: number,
  end: number,
  dialect: Dialect,
  tokens: TokenBuffer,
  semicolons = 0,
): void {
  tokens.clear();
  const table = lexerTable(dialect.characterSetClient);
  if (table === undefined) {
    tokens.push(TokenKind.Invalid, start, end);
    return;
  }
  const { byteClass, identifier } = table;
  const mariadb = dialect.server.kind === 'mariadb';
  const { ansiQuotes, noBackslashEscapes } = dialect.sqlMode;
  let at = start;
  /** Where the text of the open executable comment began, as an index into tokens; -1: none is open. */
  let executable = -1;
  let semicolonsLeft = semicolons;

  while (at < end) {
    const byte = statement[at] as number;
    const first = at;
    switch (byteClass[byte]) {
      case ByteClass.Space:
        at++;
        continue;

      case ByteClass.NationalSign:
      case ByteClass.HexSign:
      case ByteClass.BitSign:
        if (at + 1 < end && statement[at + 1] === 0x27) {
          at = pushPrefixedString(statement, at, end, byte | 0x20, noBackslashEscapes, tokens);
          break;
        }
        at = pushWords(statement, at, end, identifier, tokens);
        break;

      case ByteClass.Letter:
        at = pushWords(statement, at, end, identifier, tokens);
        break;

      case ByteClass.Underscore: {
        const index = tokens.length;
        at = pushWords(statement, at, end, identifier, tokens);
        if (isIntroducer(statement, first, tokens.end[index] as number)) {
          tokens.kind[index] = TokenKind.Introducer;
        }
        break;
      }

      case ByteClass.Dollar:
        if (!mariadb && dialect.server.version >= MYSQL_DOLLAR_QUOTES) {
          let dollar = at + 1;
          while (dollar < end && statement[dollar] !== 0x24 && isOne(identifier, statement, dollar)) dollar++;
          if (dollar < end && statement[dollar] === 0x24) {
            at = invalid(tokens, at, end);
            break;
          }
        }
        at = pushWords(statement, at, end, identifier, tokens);
        break;

      case ByteClass.Digit:
        at = pushNumber(statement, at, end, identifier, mariadb, tokens);
        break;

      case ByteClass.Quote:
        at = pushQuoted(statement, at, at, end, TokenKind.String, !noBackslashEscapes, tokens);
        break;

      case ByteClass.DoubleQuote:
        at = ansiQuotes
          ? pushDelimited(statement, at, at, end, TokenKind.QuotedIdentifier, tokens)
          : pushQuoted(statement, at, at, end, TokenKind.String, !noBackslashEscapes, tokens);
        break;

      case ByteClass.Backtick:
        at = pushDelimited(statement, at, at, end, TokenKind.QuotedIdentifier, tokens);
        break;

      case ByteClass.Single:
        at++;
        tokens.push(TokenKind.Punctuation, first, at);
        break;

      case ByteClass.Dot:
        at = pushDot(statement, at, end, identifier, mariadb, tokens);
        break;

      case ByteClass.Comparison:
        at = pushComparison(statement, at, end, byteClass, mariadb, tokens);
        break;

      case ByteClass.Question:
        // Before a letter the server does not take it for a parameter.
        if (at + 1 < end && isOne(identifier, statement, at + 1)) {
          at = invalid(tokens, at, end);
        } else {
          at++;
          tokens.push(TokenKind.Parameter, first, at);
        }
        break;

      case ByteClass.At:
        at = pushVariable(statement, at, end, table, ansiQuotes, !noBackslashEscapes, tokens);
        break;

      case ByteClass.Dash:
        at = pushDash(statement, at, end, table, mariadb, tokens);
        break;

      case ByteClass.Hash:
        at = pushLineComment(statement, at, end, tokens);
        break;

      case ByteClass.Slash:
        if (at + 1 >= end || statement[at + 1] !== 0x2a) {
          at++;
          tokens.push(TokenKind.Punctuation, first, at);
          break;
        }
        {
          const index = tokens.length;
          at = pushComment(statement, at, end, dialect, table, tokens);
          // The server does not count: a second executable comment inside the first shares its end.
          if (executable < 0 && tokens.kind[index] === TokenKind.ExecutableOpen) executable = index;
        }
        break;

      case ByteClass.Star:
        if (executable >= 0 && at + 1 < end && statement[at + 1] === 0x2f) {
          at += 2;
          tokens.push(TokenKind.ExecutableClose, first, at);
          executable = -1;
        } else {
          at++;
          tokens.push(TokenKind.Punctuation, first, at);
        }
        break;

      case ByteClass.Boolean:
        at += at + 1 < end && statement[at + 1] === byte ? 2 : 1;
        tokens.push(TokenKind.Punctuation, first, at);
        break;

      case ByteClass.Colon:
        at += at + 1 < end && statement[at + 1] === 0x3d ? 2 : 1;
        tokens.push(TokenKind.Punctuation, first, at);
        break;

      case ByteClass.Semicolon:
        // The servers forget the comment at the end of a statement: what follows would be read otherwise.
        if (executable >= 0) {
          at = invalid(tokens, at, end);
        } else {
          at++;
          tokens.push(TokenKind.Punctuation, first, at);
          if (--semicolonsLeft === 0) return;
        }
        break;

      case ByteClass.Backslash:
        // MariaDB's \N is NULL.
        if (mariadb && at + 1 < end && statement[at + 1] === 0x4e) {
          at += 2;
          tokens.push(TokenKind.Punctuation, first, at);
        } else {
          at = invalid(tokens, at, end);
        }
        break;

      default:
        at = invalid(tokens, at, end);
    }
  }
  // An executable comment that never ends: no longer one whose inside can be trusted.
  if (executable >= 0) {
    tokens.length = executable;
    invalid(tokens, tokens.start[executable] as number, end);
  }
}

/** `-- ` to the end of the line, MySQL's -> and ->>, or a minus. */
function pushDash(
  statement: Uint8Array,
  start: number,
  end: number,
  table: LexerTable,
  mariadb: boolean,
  tokens: TokenBuffer,
): number {
  const next = start + 1 < end ? statement[start + 1] : 0;
  if (next === 0x2d) {
    const after = start + 2 < end ? table.afterDashes[statement[start + 2] as number] : AfterDashes.Comment;
    if (after === AfterDashes.Comment) return pushLineComment(statement, start, end, tokens);
    if (after === AfterDashes.Unknown) return invalid(tokens, start, end);
  }
  let length = 1;
  if (next === 0x3e && !mariadb) length = start + 2 < end && statement[start + 2] === 0x3e ? 3 : 2;
  tokens.push(TokenKind.Punctuation, start, start + length);
  return start + length;
}

/** To the line feed, which is not part of it, or to a NUL, where the server goes on as well. */
function pushLineComment(statement: Uint8Array, start: number, end: number, tokens: TokenBuffer): number {
  let at = start;
  while (at < end && statement[at] !== 0x0a && statement[at] !== 0) at++;
  tokens.push(TokenKind.Comment, start, at);
  return at;
}

/** A comment that begins with slash and star: plain, executable or an optimizer hint. */
function pushComment(
  statement: Uint8Array,
  start: number,
  end: number,
  dialect: Dialect,
  table: LexerTable,
  tokens: TokenBuffer,
): number {
  const mariadb = dialect.server.kind === 'mariadb';
  const head = readExecutableHead(statement, start, end, mariadb, dialect.server.version, table);
  const length = head >> 2;
  switch (head & 3) {
    case ExecutableComment.Run:
      tokens.push(TokenKind.ExecutableOpen, start, start + length);
      return start + length;
    case ExecutableComment.Unknown:
      return invalid(tokens, start, end);
    case ExecutableComment.Skip:
      return pushTrivia(
        tokens,
        TokenKind.Comment,
        start,
        endOfSkippedComment(statement, start + length, end),
        end,
      );
    default:
  }
  if (!mariadb && start + 2 < end && statement[start + 2] === 0x2b && isHintable(statement, tokens)) {
    return pushTrivia(tokens, TokenKind.Hint, start, endOfHint(statement, start + 3, end), end);
  }
  return pushTrivia(tokens, TokenKind.Comment, start, endOfComment(statement, start + 2, end), end);
}

function pushTrivia(tokens: TokenBuffer, kind: TokenKind, start: number, at: number, end: number): number {
  if (at < 0) return invalid(tokens, start, end);
  tokens.push(kind, start, at);
  return at;
}

const HINTABLE = ['select', 'insert', 'replace', 'update', 'delete'].map((word) =>
  Buffer.from(word, 'latin1'),
);

/** Whether the last token is a keyword behind which MySQL looks for hints (not the `select` of `t.select`). */
function isHintable(statement: Uint8Array, tokens: TokenBuffer): boolean {
  const last = tokens.length - 1;
  if (last < 0 || tokens.kind[last] !== TokenKind.Word) return false;
  const start = tokens.start[last] as number;
  const length = (tokens.end[last] as number) - start;
  if (last > 0 && tokens.end[last - 1] === start && statement[start - 1] === 0x2e) {
    if (tokens.kind[last - 1] === TokenKind.Punctuation) return false;
  }
  for (const word of HINTABLE) {
    if (word.length !== length) continue;
    let i = 0;
    while (i < length && ((statement[start + i] as number) | 0x20) === word[i]) i++;
    if (i === length) return true;
  }
  return false;
}
