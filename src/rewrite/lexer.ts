import type { Dialect } from './dialect.js';
import {
  ExecutableComment,
  endOfComment,
  endOfHint,
  endOfSkippedComment,
  readExecutableHead,
} from './lexer-comments.js';
import { AfterDashes, ByteClass, isIntroducer, type LexerTable, lexerTable } from './lexer-tables.js';
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
 */
export function lex(
  statement: Uint8Array,
  start: number,
  end: number,
  dialect: Dialect,
  tokens: TokenBuffer,
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
          if (index < tokens.length && tokens.kind[index] === TokenKind.ExecutableOpen) executable = index;
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

/** Pushes an Invalid token that reaches to the end, where lexing then stops. */
function invalid(tokens: TokenBuffer, start: number, end: number): number {
  tokens.push(TokenKind.Invalid, start, end);
  return end;
}

function isOne(flags: Uint8Array, statement: Uint8Array, at: number): boolean {
  return flags[statement[at] as number] === 1;
}

function isDigitAt(statement: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  const byte = statement[at] as number;
  return byte >= 0x30 && byte <= 0x39;
}

/** A word, then every directly following `.name`: behind such a dot 1a and x'41' begin with a name. */
function pushWords(
  statement: Uint8Array,
  start: number,
  end: number,
  identifier: Uint8Array,
  tokens: TokenBuffer,
): number {
  let first = start;
  for (;;) {
    let at = first + 1;
    while (at < end && identifier[statement[at] as number] === 1) at++;
    tokens.push(TokenKind.Word, first, at);
    if (at + 1 >= end || statement[at] !== 0x2e || identifier[statement[at + 1] as number] !== 1) return at;
    tokens.push(TokenKind.Punctuation, at, at + 1);
    first = at + 1;
  }
}

/** Where the string ends whose opening quote is at `quoteAt`: behind the closing quote, or -1. */
function endOfString(statement: Uint8Array, quoteAt: number, end: number, backslashEscapes: boolean): number {
  const quote = statement[quoteAt] as number;
  let at = quoteAt + 1;
  while (at < end) {
    const byte = statement[at] as number;
    if (byte === quote) {
      if (at + 1 < end && statement[at + 1] === quote) at += 2;
      else return at + 1;
    } else if (byte === 0x5c && backslashEscapes) {
      at += 2;
    } else {
      at++;
    }
  }
  return -1;
}

function pushQuoted(
  statement: Uint8Array,
  start: number,
  quoteAt: number,
  end: number,
  kind: TokenKind,
  backslashEscapes: boolean,
  tokens: TokenBuffer,
): number {
  const at = endOfString(statement, quoteAt, end, backslashEscapes);
  if (at < 0) return invalid(tokens, start, end);
  tokens.push(kind, start, at);
  return at;
}

/** `…` or "…" as a name: no backslash escapes, and NUL is an error. */
function pushDelimited(
  statement: Uint8Array,
  start: number,
  quoteAt: number,
  end: number,
  kind: TokenKind,
  tokens: TokenBuffer,
): number {
  const quote = statement[quoteAt] as number;
  let at = quoteAt + 1;
  while (at < end) {
    const byte = statement[at] as number;
    if (byte === 0) break;
    if (byte !== quote) {
      at++;
    } else if (at + 1 < end && statement[at + 1] === quote) {
      at += 2;
    } else {
      tokens.push(kind, start, at + 1);
      return at + 1;
    }
  }
  return invalid(tokens, start, end);
}

/** N'…', X'…' and B'…'; `letter` is the prefix in lower case. */
function pushPrefixedString(
  statement: Uint8Array,
  start: number,
  end: number,
  letter: number,
  noBackslashEscapes: boolean,
  tokens: TokenBuffer,
): number {
  if (letter === 0x6e) {
    return pushQuoted(
      statement,
      start,
      start + 1,
      end,
      TokenKind.NationalString,
      !noBackslashEscapes,
      tokens,
    );
  }
  let at = start + 2;
  if (letter === 0x62) {
    while (at < end && ((statement[at] as number) | 1) === 0x31) at++;
  } else {
    while (at < end && isHexDigit(statement[at] as number)) at++;
  }
  if (at >= end || statement[at] !== 0x27) return invalid(tokens, start, end);
  at++;
  if (letter === 0x62) {
    tokens.push(TokenKind.Bit, start, at);
    return at;
  }
  // x, two quotes and an even number of digits
  if ((at - start) % 2 === 0) return invalid(tokens, start, end);
  tokens.push(TokenKind.Hex, start, at);
  return at;
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

/** A token that begins with a digit: a number, 0x…, 0b…, or a name such as 1a or 1e. */
function pushNumber(
  statement: Uint8Array,
  start: number,
  end: number,
  identifier: Uint8Array,
  mariadb: boolean,
  tokens: TokenBuffer,
): number {
  let at = start + 1;
  if (statement[start] === 0x30 && at < end) {
    const sign = statement[at];
    if (sign === 0x78 || sign === 0x62) {
      at++;
      if (sign === 0x78) while (at < end && isHexDigit(statement[at] as number)) at++;
      else while (at < end && ((statement[at] as number) | 1) === 0x31) at++;
      if (at - start >= 3 && !(at < end && isOne(identifier, statement, at))) {
        tokens.push(sign === 0x78 ? TokenKind.Hex : TokenKind.Bit, start, at);
        return at;
      }
      return pushWords(statement, start, end, identifier, tokens);
    }
  }
  while (isDigitAt(statement, at, end)) at++;
  if (at < end) {
    const byte = statement[at] as number;
    if (byte === 0x2e) {
      if (!(mariadb && at + 1 < end && statement[at + 1] === 0x2e)) {
        return pushReal(statement, start, at + 1, end, tokens);
      }
    } else if (identifier[byte] === 1) {
      if ((byte | 0x20) === 0x65) {
        const sign = at + 1 < end ? statement[at + 1] : 0;
        const exponent = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
        if (isDigitAt(statement, exponent, end)) {
          at = exponent + 1;
          while (isDigitAt(statement, at, end)) at++;
          tokens.push(TokenKind.Float, start, at);
          return at;
        }
      }
      return pushWords(statement, start, end, identifier, tokens);
    }
  }
  tokens.push(TokenKind.Integer, start, at);
  return at;
}

/** The rest of a number behind its dot. */
function pushReal(
  statement: Uint8Array,
  start: number,
  behindDot: number,
  end: number,
  tokens: TokenBuffer,
): number {
  let at = behindDot;
  while (isDigitAt(statement, at, end)) at++;
  if (at < end && ((statement[at] as number) | 0x20) === 0x65) {
    at++;
    if (at < end && (statement[at] === 0x2b || statement[at] === 0x2d)) at++;
    // The servers drop "1.e" before another byte and go on with it: `1.e(` is read as `(`.
    if (!isDigitAt(statement, at, end)) return invalid(tokens, start, end);
    while (isDigitAt(statement, at, end)) at++;
    tokens.push(TokenKind.Float, start, at);
  } else {
    tokens.push(TokenKind.Decimal, start, at);
  }
  return at;
}

function pushDot(
  statement: Uint8Array,
  start: number,
  end: number,
  identifier: Uint8Array,
  mariadb: boolean,
  tokens: TokenBuffer,
): number {
  const next = start + 1;
  if (isDigitAt(statement, next, end)) return pushReal(statement, start, next, end, tokens);
  if (mariadb && next < end && statement[next] === 0x2e) {
    tokens.push(TokenKind.Punctuation, start, next + 1);
    return next + 1;
  }
  tokens.push(TokenKind.Punctuation, start, next);
  if (next < end && isOne(identifier, statement, next)) {
    return pushWords(statement, next, end, identifier, tokens);
  }
  return next;
}

/** Signs of < > = ! that MySQL takes together before it looks the operator up. */
function pushComparison(
  statement: Uint8Array,
  start: number,
  end: number,
  byteClass: Uint8Array,
  mariadb: boolean,
  tokens: TokenBuffer,
): number {
  const first = statement[start] as number;
  let length = 1;
  if (start + 1 < end && byteClass[statement[start + 1] as number] === ByteClass.Comparison) {
    length = 2;
    const third = start + 2 < end ? (statement[start + 2] as number) : 0;
    if (first === 0x3c && byteClass[third] === ByteClass.Comparison && third !== 0x3c) length = 3;
  }
  if (length === 3 && !(statement[start + 1] === 0x3d && statement[start + 2] === 0x3e)) {
    // MySQL drops signs of an unknown operator; MariaDB takes the longest that it knows.
    if (!mariadb) return invalid(tokens, start, end);
    length = 2;
  }
  if (length === 2) {
    const second = statement[start + 1] as number;
    const known =
      (second === 0x3d && first !== 0x3d) ||
      (second === 0x3e && first !== 0x3d && first !== 0x21) ||
      (first === 0x3c && second === 0x3c);
    if (!known) {
      if (!mariadb) return invalid(tokens, start, end);
      length = 1;
    }
  }
  tokens.push(TokenKind.Punctuation, start, start + length);
  return start + length;
}

/** @name, @'…', @`…`, @ alone and the two signs of @@name. */
function pushVariable(
  statement: Uint8Array,
  start: number,
  end: number,
  table: LexerTable,
  ansiQuotes: boolean,
  backslashEscapes: boolean,
  tokens: TokenBuffer,
): number {
  const { identifier } = table;
  let at = start + 1;
  const next = at < end ? statement[at] : 0;
  if (next === 0x60 || (next === 0x22 && ansiQuotes)) {
    return pushDelimited(statement, start, at, end, TokenKind.UserVariable, tokens);
  }
  if (next === 0x27 || next === 0x22) {
    return pushQuoted(statement, start, at, end, TokenKind.UserVariable, backslashEscapes, tokens);
  }
  if (next === 0x40) {
    at++;
    tokens.push(TokenKind.SystemVariableSigns, start, at);
    if (at < end && statement[at] === 0x60) return at;
    if (at < end && isOne(identifier, statement, at)) {
      return pushWords(statement, at, end, identifier, tokens);
    }
    return at < end ? invalid(tokens, at, end) : at;
  }
  while (at < end) {
    const byte = statement[at] as number;
    if (byte >= 0x80 && !table.highBytesInVariables) return invalid(tokens, start, end);
    if (identifier[byte] !== 1 && byte !== 0x2e) break;
    at++;
  }
  tokens.push(TokenKind.UserVariable, start, at);
  return at;
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
