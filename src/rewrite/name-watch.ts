import { randomInt } from 'node:crypto';
import type { Dialect } from './dialect.js';
import { hasNonAscii } from './folding.js';
import { lex, supportsCharacterSet } from './lexer.js';
import { decodeIdentifier } from './literal.js';
import { TokenBuffer, TokenKind } from './tokens.js';

/** A word of a statement that may name a table, view or routine. */
export interface WatchedName {
  /** As it stands in the statement, without quotes. */
  readonly bytes: Buffer;
  /** null: it can't be told for sure which name the server reads in it. */
  readonly name: string | null;
}

/** What of a dialect decides where strings end. */
type Quoting = Pick<Dialect, 'sqlMode' | 'characterSetClient'>;

const Kind = {
  Other: 0,
  Word: 1,
  Digit: 2,
  Quote: 3,
  Double: 4,
  Backtick: 5,
  At: 6,
  Rare: 7,
  Slash: 8,
} as const;

const KIND = kinds();
const IS_WORD = KIND.map((kind) => (kind === Kind.Word || kind === Kind.Digit ? 1 : 0));

const MAX_WORDS = 1 << 16;
/** Twice as many as words at most, two numbers each. */
const FIRST_SLOTS = 1 << 10;

const FIRST_PRIME = 0x0100_0193;
const SECOND_PRIME = 0x85eb_ca6b;

const BACKSLASH = 0x5c;

/**
 * Which words of statements were looked up at the server: a word that is new may be the name of a view over a protected
 * table that somebody has made beside the proxy since the schema was read, and a statement that names it would store
 * plaintext or give ciphertext.
 *
 * A word is kept as 64 bits of a hash that is keyed per process: nobody can choose a name that looks like a known one.
 * Once the memory is full all words are forgotten, and looked up again.
 */
export class NameWatch {
  #words = new Uint32Array(FIRST_SLOTS * 2);
  readonly #seed1 = randomInt(1, 0xffff_ffff);
  readonly #seed2 = randomInt(1, 0xffff_ffff);
  #count = 0;
  /** Second half of the hash that `#hash` made last. */
  #second = 0;

  /**
   * Whether a statement may hold a word that is new. Called for every statement: one pass without allocation, which
   * leaves what it can't read for sure (comments to the end of a line, doubled quotes) to {@link newNames}.
   */
  mayHoldNew(
    statement: Buffer,
    start: number,
    end: number,
    { sqlMode, characterSetClient }: Quoting,
  ): boolean {
    if (sqlMode.unsupported !== null || !supportsCharacterSet(characterSetClient)) return true;
    let at = start;
    while (at < end) {
      const byte = statement[at] as number;
      let next: number;
      switch (KIND[byte]) {
        case Kind.Word: {
          let first = this.#seed1;
          let second = this.#seed2;
          let letter = byte;
          next = at;
          do {
            first = Math.imul(first ^ letter, FIRST_PRIME);
            second = (Math.imul(second, SECOND_PRIME) + letter) | 0;
            next++;
            letter = statement[next] as number;
          } while (next < end && IS_WORD[letter] === 1);
          if (this.#words[this.#slotOf(mixed(first), second >>> 0)] === 0) return true;
          break;
        }
        case Kind.Digit:
          next = behindWord(statement, at, end);
          if (!isNumber(statement, start, at, next) && !this.#knows(statement, at, next)) return true;
          break;
        case Kind.Quote:
          next = behindString(statement, at, end, !sqlMode.noBackslashEscapes);
          break;
        case Kind.Double:
          next = sqlMode.ansiQuotes
            ? this.#behindKnownName(statement, at, end)
            : behindString(statement, at, end, !sqlMode.noBackslashEscapes);
          break;
        case Kind.Backtick:
          next = this.#behindKnownName(statement, at, end);
          break;
        case Kind.At:
          next = behindVariable(statement, at, end);
          break;
        case Kind.Slash:
          next = behindComment(statement, at, end);
          break;
        case Kind.Rare:
          // `--` and `#` begin a comment, whose apostrophes are none; one `-` is a sign. No token begins with a backslash.
          next = byte === 0x2d && statement[at + 1] !== 0x2d ? at + 1 : -1;
          break;
        default:
          next = at + 1;
      }
      if (next < 0) return true;
      at = next;
    }
    return false;
  }

  /** The words of a statement that are new, read as the server does; once each. */
  newNames(statement: Buffer, start: number, end: number, dialect: Dialect): readonly WatchedName[] {
    const names = new Map<string, WatchedName>();
    for (const found of namesIn(statement.subarray(start, end), dialect)) {
      if (
        (found.name !== null && NEVER_KNOWN.test(found.name)) ||
        this.#knows(found.bytes, 0, found.bytes.length)
      )
        continue;
      names.set(found.bytes.toString('latin1'), found);
    }
    return [...names.values()];
  }

  /** Keeps words that were looked up. */
  learn(names: readonly WatchedName[]): void {
    for (const { bytes, name } of names) {
      // MySQL 9 reads $tag$ … $tag$ as one text, in which apostrophes are none: such a statement is read every time.
      if (name?.startsWith('$') === true || this.#knows(bytes, 0, bytes.length)) continue;
      this.#makeRoom();
      const first = this.#hash(bytes, 0, bytes.length);
      const slot = this.#slotOf(first, this.#second);
      this.#words[slot] = first;
      this.#words[slot + 1] = this.#second;
      this.#count += 1;
    }
  }

  #makeRoom(): void {
    if (this.#count === MAX_WORDS) {
      this.#words = new Uint32Array(FIRST_SLOTS * 2);
      this.#count = 0;
    }
    if (this.#count < this.#words.length / 4) return;
    const before = this.#words;
    this.#words = new Uint32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 2) {
      const [first, second] = [before[at]!, before[at + 1]!];
      if (first === 0) continue;
      const slot = this.#slotOf(first, second);
      this.#words[slot] = first;
      this.#words[slot + 1] = second;
    }
  }

  #knows(statement: Buffer, start: number, end: number): boolean {
    const first = this.#hash(statement, start, end);
    return this.#words[this.#slotOf(first, this.#second)] !== 0;
  }

  /** Where a hash is, or would be. */
  #slotOf(first: number, second: number): number {
    const words = this.#words;
    const mask = words.length - 1;
    let slot = (first << 1) & mask;
    while (words[slot] !== 0 && (words[slot] !== first || words[slot + 1] !== second)) {
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  /** First half of the hash, never 0. */
  #hash(statement: Buffer, start: number, end: number): number {
    let first = this.#seed1;
    let second = this.#seed2;
    for (let at = start; at < end; at++) {
      const byte = statement[at] as number;
      first = Math.imul(first ^ byte, FIRST_PRIME);
      second = (Math.imul(second, SECOND_PRIME) + byte) | 0;
    }
    this.#second = second >>> 0;
    return mixed(first);
  }

  /** -1: the name is new, or has a doubled quote in it. */
  #behindKnownName(statement: Buffer, at: number, end: number): number {
    const quote = statement[at] as number;
    const close = statement.indexOf(quote, at + 1);
    if (close < 0 || close >= end || statement[close + 1] === quote) return -1;
    return this.#knows(statement, at + 1, close) ? close + 1 : -1;
  }
}

const AFTERMATH = /row_count|found_rows|warning|error|diagnostics|optimizer_trace|profil|status/i;
const CHARACTERISTICS = /transaction|^[\s(]*(?:set|begin|start|commit|rollback|xa)\b/i;

/**
 * Whether a statement may show what the one before it on the same connection has left: its diagnostics, counters of the
 * session.
 */
export function showsAftermath(statement: Buffer, start: number, end: number): boolean {
  return AFTERMATH.test(statement.toString('latin1', start, end));
}

/**
 * Whether a statement before this one on the same connection may change what it does or shows: what the one before it
 * has left, a transaction whose characteristics have been set.
 */
export function mayBeDisturbed(statement: Buffer, start: number, end: number): boolean {
  return (
    showsAftermath(statement, start, end) || CHARACTERISTICS.test(statement.toString('latin1', start, end))
  );
}

const NAMES_OBJECTS =
  /\b(?:from|join|into|update|insert|replace|delete|table|call|do|load|handler|prepare|execute)\b|[\w`"$\x80-\xff]\s*\(/i;

/** Whether a statement may name a table, view or routine to read or to write; SET, BEGIN, `SELECT @@version` do not. */
export function mayNameObjects(statement: Buffer, start: number, end: number): boolean {
  return NAMES_OBJECTS.test(statement.toString('latin1', start, end));
}

/** First half of a hash: never 0, which stands for an empty slot. */
function mixed(first: number): number {
  return (Math.imul(first ^ (first >>> 13), 0xc2b2_ae35) | 1) >>> 0;
}

const tokens = new TokenBuffer();
const WORD = /[\w$\x80-\xff]+/g;
const NUMBER = /^(?:\d+|0x[\da-fA-F]+)$/;
/** SQL in a string follows, which is looked into. */
const DYNAMIC = /^(?:prepare|execute|immediate)$/i;
/** Never known, so that each statement with one of them is read: that of {@link mayBeDisturbed} as well. */
const NEVER_KNOWN = /^(?:prepare|execute|immediate|transaction)$/i;

function namesIn(statement: Buffer, dialect: Dialect): readonly WatchedName[] {
  if (dialect.sqlMode.unsupported !== null || !supportsCharacterSet(dialect.characterSetClient)) {
    return wordsOf(statement, 0, statement.length);
  }
  lex(statement, 0, statement.length, dialect, tokens);
  const names: WatchedName[] = [];
  const strings: [number, number][] = [];
  let isDynamic = false;
  for (let index = 0; index < tokens.length; index++) {
    const kind = tokens.kind[index]!;
    const start = tokens.start[index]!;
    const end = tokens.end[index]!;
    if (kind === TokenKind.Word || kind === TokenKind.Introducer) {
      const name = nameAt(statement, start, end, dialect);
      if (name !== null && DYNAMIC.test(name)) isDynamic = true;
      names.push({ bytes: Buffer.from(statement.subarray(start, end)), name });
    } else if (kind === TokenKind.QuotedIdentifier) {
      const bytes = Buffer.from(statement.subarray(start + 1, end - 1));
      names.push({ bytes, name: nameAt(statement, start, end, dialect) });
    } else if (kind === TokenKind.String || kind === TokenKind.NationalString) {
      strings.push([start, end]);
    } else if (kind === TokenKind.Invalid) {
      // What can't be read may be read by the server.
      names.push(...wordsOf(statement, start, end));
    }
  }
  if (isDynamic) for (const [start, end] of strings) names.push(...wordsOf(statement, start, end));
  return names;
}

function wordsOf(statement: Buffer, start: number, end: number): readonly WatchedName[] {
  const words = statement.toString('latin1', start, end).match(WORD) ?? [];
  const names = words.filter((word) => !NUMBER.test(word));
  return names.map((word) => ({ bytes: Buffer.from(word, 'latin1'), name: hasNonAscii(word) ? null : word }));
}

/** Where the server folds names it folds letters outside ASCII in its own way. */
function nameAt(statement: Buffer, start: number, end: number, dialect: Dialect): string | null {
  const name = decodeIdentifier(statement, start, end, dialect);
  return hasNonAscii(name) && (dialect.lowerCaseTableNames !== 0 || name.includes('\ufffd')) ? null : name;
}

function kinds(): Uint8Array {
  const table = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const letter = byte | 0x20;
    if ((letter >= 0x61 && letter <= 0x7a) || byte === 0x5f || byte === 0x24 || byte >= 0x80) {
      table[byte] = Kind.Word;
    } else if (byte >= 0x30 && byte <= 0x39) {
      table[byte] = Kind.Digit;
    }
  }
  table[0x27] = Kind.Quote;
  table[0x22] = Kind.Double;
  table[0x60] = Kind.Backtick;
  table[0x40] = Kind.At;
  table[0x23] = Kind.Rare;
  table[0x5c] = Kind.Rare;
  table[0x2d] = Kind.Rare;
  table[0x2f] = Kind.Slash;
  return table;
}

function behindWord(statement: Buffer, from: number, end: number): number {
  let at = from + 1;
  while (at < end && IS_WORD[statement[at] as number] === 1) at++;
  return at;
}

/** Digits alone, or 0x…, and no name behind the dot of another one. */
function isNumber(statement: Buffer, first: number, start: number, end: number): boolean {
  if (start > first && statement[start - 1] === 0x2e) {
    const before = KIND[statement[start - 2] ?? 0];
    if (start - 2 < first || before !== Kind.Digit) return false;
  }
  const isHex = end - start > 2 && statement[start] === 0x30 && statement[start + 1] === 0x78;
  for (let at = isHex ? start + 2 : start; at < end; at++) {
    const byte = statement[at] as number;
    const letter = byte | 0x20;
    if (KIND[byte] !== Kind.Digit && !(isHex && letter >= 0x61 && letter <= 0x66)) return false;
  }
  return true;
}

/** -1: it does not end. */
function behindString(statement: Buffer, from: number, end: number, escapes: boolean): number {
  const quote = statement[from] as number;
  for (let at = from + 1; at < end; at++) {
    const byte = statement[at] as number;
    if (byte === quote) return at + 1;
    if (escapes && byte === BACKSLASH) at++;
  }
  return -1;
}

/** Behind the name of a user variable, or the signs of a system variable; -1: it is quoted, or no name. */
function behindVariable(statement: Buffer, from: number, end: number): number {
  let at = from + 1;
  if (statement[at] === 0x40) return KIND[statement[at + 1] ?? 0] === Kind.Word ? at + 1 : -1;
  for (; at < end; at++) {
    const byte = statement[at] as number;
    const kind = KIND[byte];
    if (kind === Kind.Quote || kind === Kind.Double || kind === Kind.Backtick) return -1;
    if (byte >= 0x80 || (kind !== Kind.Word && kind !== Kind.Digit && byte !== 0x2e)) break;
  }
  return at;
}

/** Behind a comment, or behind a single slash; -1: it does not end, or its inside may be SQL. */
function behindComment(statement: Buffer, from: number, end: number): number {
  if (statement[from + 1] !== 0x2a) return from + 1;
  const sign = statement[from + 2];
  if (sign === 0x21 || (sign === 0x4d && statement[from + 3] === 0x21)) return -1;
  const close = statement.indexOf('*/', from + 2, 'latin1');
  return close < 0 || close + 2 > end ? -1 : close + 2;
}
