import { ByteClass, type LexerTable } from './lexer-tables.js';
import { type TokenBuffer, TokenKind } from './tokens.js';

// Every push… function takes the offset of a token's first byte, pushes the token and returns the offset behind it.

/** Pushes an Invalid token that reaches to the end, where lexing then stops. */
export function invalid(tokens: TokenBuffer, start: number, end: number): number {
  tokens.push(TokenKind.Invalid, start, end);
  return end;
}

export function isOne(flags: Uint8Array, statement: Uint8Array, at: number): boolean {
  return flags[statement[at] as number] === 1;
}

function isDigitAt(statement: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false;
  const byte = statement[at] as number;
  return byte >= 0x30 && byte <= 0x39;
}

/** A word, then every directly following `.name`: behind such a dot 1a and x'41' begin with a name. */
export function pushWords(
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

export function pushQuoted(
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
export function pushDelimited(
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
export function pushPrefixedString(
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
export function pushNumber(
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

export function pushDot(
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
export function pushComparison(
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
export function pushVariable(
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
