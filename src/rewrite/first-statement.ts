import { endOfCompound, isCompound } from './compound-statement.js';
import type { Dialect } from './dialect.js';
import { lex, supportsCharacterSet } from './lexer.js';
import { ByteClass, lexerTable } from './lexer-tables.js';
import { TokenList } from './token-list.js';
import { isTriviaKind, TokenBuffer, TokenKind } from './tokens.js';

const SEMICOLON = 0x3b;

/** One statement of a text, as byte offsets into it. */
export interface StatementSpan {
  /** Of its first byte, which may be that of a comment. */
  readonly start: number;
  /** Of its first token; where there is none, of what ends it. */
  readonly firstToken: number;
  /** Behind its last byte, `;` excluded. */
  readonly end: number;
  /** Where the text goes on behind the `;`; -1: it does not. */
  readonly next: number;
}

const tokens = new TokenBuffer();

/**
 * Where the first of the statements of a text ends, as the server finds it that reads one statement, executes it, and
 * reads the next: what stands behind is not looked at, since the first may change how it is read. What can't be read
 * for certain is one statement up to the end.
 * @param end of the text, as {@link endOfText} gives it
 */
export function firstStatement(text: Buffer, start: number, end: number, dialect: Dialect): StatementSpan {
  const from = behindSpace(text, start, end, dialect);
  const whole = (firstToken: number): StatementSpan => ({ start: from, firstToken, end, next: -1 });
  if (dialect.sqlMode.unsupported !== null || !supportsCharacterSet(dialect.characterSetClient)) {
    return whole(from);
  }
  const mariadb = dialect.server.kind === 'mariadb';
  // Twice as much each time: a statement of many `;` is read often, but not as often as it has some.
  for (let semicolons = 1; ; semicolons *= 2) {
    lex(text, from, end, dialect, tokens, semicolons);
    const index = separator(text, tokens, dialect, mariadb);
    if (index >= 0) {
      const at = tokens.start[index]!;
      const next = at + 1 < end ? at + 1 : -1;
      return { start: from, firstToken: firstToken(at), end: at, next };
    }
    if (countSemicolons(text) < semicolons) return whole(firstToken(end));
  }
}

/** The server cuts `;` and white space off the end before it reads anything. */
export function endOfText(text: Buffer, start: number, end: number, dialect: Dialect): number {
  const isSpace = spaces(dialect);
  let at = end;
  while (at > start && (text[at - 1] === SEMICOLON || isSpace(text[at - 1]!))) at--;
  return at;
}

/**
 * Whether a text holds more than one statement.
 * @param lexed all tokens of the text
 */
export function hasSeveralStatements(text: Buffer, lexed: TokenBuffer, dialect: Dialect): boolean {
  let index = separator(text, lexed, dialect, dialect.server.kind === 'mariadb');
  if (index < 0) return false;
  for (index++; index < lexed.length; index++) if (!isTriviaKind(lexed.kind[index]!)) return true;
  return false;
}

/** Index of the `;` that ends the first statement; -1: it is not among the tokens. */
function separator(text: Buffer, lexed: TokenBuffer, dialect: Dialect, mariadb: boolean): number {
  let first = 0;
  while (first < lexed.length && !isSemicolon(text, lexed, first)) first++;
  if (first === lexed.length) return -1;
  const list = new TokenList(text, lexed, dialect);
  if (!isCompound(list, mariadb)) return first;
  const end = endOfCompound(list, mariadb);
  if (end < 0) return -1;
  while (lexed.start[first] !== list.start(end)) first++;
  return first;
}

function isSemicolon(text: Buffer, lexed: TokenBuffer, index: number): boolean {
  return lexed.kind[index] === TokenKind.Punctuation && text[lexed.start[index]!] === SEMICOLON;
}

function countSemicolons(text: Buffer): number {
  let count = 0;
  for (let index = 0; index < tokens.length; index++) if (isSemicolon(text, tokens, index)) count++;
  return count;
}

function firstToken(otherwise: number): number {
  for (let index = 0; index < tokens.length; index++) {
    if (!isTriviaKind(tokens.kind[index]!)) return tokens.start[index]!;
  }
  return otherwise;
}

function behindSpace(text: Buffer, start: number, end: number, dialect: Dialect): number {
  const isSpace = spaces(dialect);
  let at = start;
  while (at < end && isSpace(text[at]!)) at++;
  return at;
}

function spaces(dialect: Dialect): (byte: number) => boolean {
  const table = lexerTable(dialect.characterSetClient);
  return table === undefined ? (byte) => byte === 0x20 : (byte) => table.byteClass[byte] === ByteClass.Space;
}
