import type { Dialect } from '../dialect.js';
import { decodeIdentifier, decodeString, decodeUserVariableName } from '../literal.js';
import { isTriviaKind, type TokenBuffer, TokenKind } from '../tokens.js';
import type { Identifier, Span } from './ast.js';
import { type ReservedWords, reservedWords } from './keywords/reserved-words.js';
import { SqlSyntaxError } from './syntax-error.js';

/**
 * Walks the tokens of one statement without its trivia. Words are compared byte by byte ignoring case. Every method
 * that reads a token looks at the current one; past the last token the kind is End.
 */
export class TokenCursor {
  readonly statement: Buffer;
  readonly dialect: Dialect;
  readonly mariadb: boolean;
  readonly words: ReservedWords;
  private readonly kinds: Uint8Array;
  private readonly starts: Uint32Array;
  private readonly ends: Uint32Array;
  private readonly count: number;
  readonly maxDepth: number;
  private index = 0;
  private depth = 0;
  private parameters = 0;

  constructor(statement: Buffer, tokens: TokenBuffer, dialect: Dialect, maxDepth: number) {
    this.statement = statement;
    this.dialect = dialect;
    this.mariadb = dialect.server.kind === 'mariadb';
    this.words = reservedWords(dialect.server);
    this.maxDepth = maxDepth;
    this.kinds = new Uint8Array(tokens.length + 1);
    this.starts = new Uint32Array(tokens.length + 1);
    this.ends = new Uint32Array(tokens.length + 1);
    let count = 0;
    for (let i = 0; i < tokens.length; i++) {
      const kind = tokens.kind[i] as number;
      if (isTriviaKind(kind) || kind === TokenKind.End) continue;
      this.kinds[count] = kind;
      this.starts[count] = tokens.start[i] as number;
      this.ends[count] = tokens.end[i] as number;
      count++;
    }
    this.count = count;
    const end = count === 0 ? 0 : (this.ends[count - 1] as number);
    this.starts[count] = end;
    this.ends[count] = end;
  }

  // ---- the current token

  get kind(): number {
    return this.kinds[this.index] as number;
  }

  get start(): number {
    return this.starts[this.index] as number;
  }

  get end(): number {
    return this.ends[this.index] as number;
  }

  /** End of the token before the current one. */
  get previousEnd(): number {
    return this.index === 0 ? 0 : (this.ends[this.index - 1] as number);
  }

  /** Kind of the token `distance` tokens ahead. */
  kindAhead(distance: number): number {
    const index = this.index + distance;
    return index < this.count ? (this.kinds[index] as number) : TokenKind.End;
  }

  /** The span from `start` to the end of the token before the current one. */
  spanFrom(start: number): Span {
    return { start, end: this.previousEnd };
  }

  advance(): void {
    if (this.index < this.count) this.index++;
  }

  // ---- punctuation

  /** Whether the token `distance` ahead is this punctuation. */
  at(text: string, distance = 0): boolean {
    const index = this.index + distance;
    if (index >= this.count || this.kinds[index] !== TokenKind.Punctuation) return false;
    const start = this.starts[index] as number;
    if ((this.ends[index] as number) - start !== text.length) return false;
    for (let i = 0; i < text.length; i++) {
      if (this.statement[start + i] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  accept(text: string): boolean {
    if (!this.at(text)) return false;
    this.index++;
    return true;
  }

  expect(text: string, construct: string): void {
    if (!this.accept(text)) this.fail(`${construct}: '${text}' is missing`);
  }

  /** The text of a Punctuation token, or ''. */
  punctuation(): string {
    return this.kind === TokenKind.Punctuation ? this.statement.toString('latin1', this.start, this.end) : '';
  }

  // ---- words

  /** Whether the token `distance` ahead is this unquoted word. `word` is in upper case, ASCII. */
  atWord(word: string, distance = 0): boolean {
    const index = this.index + distance;
    if (index >= this.count || this.kinds[index] !== TokenKind.Word) return false;
    const start = this.starts[index] as number;
    if ((this.ends[index] as number) - start !== word.length) return false;
    for (let i = 0; i < word.length; i++) {
      const expected = word.charCodeAt(i);
      const byte = this.statement[start + i] as number;
      // Only letters fold: without the range test '_' and DEL, '{' and '[' would be the same.
      if (byte !== expected && !(byte >= 0x61 && byte <= 0x7a && byte - 0x20 === expected)) return false;
    }
    return true;
  }

  acceptWord(word: string): boolean {
    if (!this.atWord(word)) return false;
    this.index++;
    return true;
  }

  expectWord(word: string, construct: string): void {
    if (!this.acceptWord(word)) this.fail(`${construct}: ${word} is missing`);
  }

  /** Accepts all of these words in a row, or none. */
  acceptWords(...words: readonly string[]): boolean {
    for (let i = 0; i < words.length; i++) {
      if (!this.atWord(words[i] as string, i)) return false;
    }
    this.index += words.length;
    return true;
  }

  /** Accepts one of these words and returns it. */
  acceptOneOf(words: readonly string[]): string | null {
    for (const word of words) {
      if (this.acceptWord(word)) return word;
    }
    return null;
  }

  /** The unquoted word `distance` ahead in upper case (ASCII letters only), or ''. */
  word(distance = 0): string {
    const index = this.index + distance;
    if (index >= this.count || this.kinds[index] !== TokenKind.Word) return '';
    const text = this.statement.toString('latin1', this.starts[index] as number, this.ends[index] as number);
    // toUpperCase() alone would turn ß into SS and so make a keyword of a name.
    return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
  }

  // ---- names

  /** Whether the token `distance` ahead can be an identifier: quoted, or a word that is not reserved. */
  atIdentifier(distance = 0): boolean {
    const kind = this.kindAhead(distance);
    if (kind === TokenKind.QuotedIdentifier) return true;
    return kind === TokenKind.Word && !this.words.reserved.has(this.word(distance));
  }

  identifier(construct: string): Identifier {
    if (!this.atIdentifier()) this.fail(`${construct}: a name is missing`);
    return this.takeIdentifier();
  }

  /** Right after a dot (or @@) every word is a name, reserved or not; after white space only those that always are. */
  identifierAfterDot(construct: string): Identifier {
    return this.start === this.previousEnd ? this.anyWord(construct) : this.identifier(construct);
  }

  /** A name where reserved words are names as well. */
  anyWord(construct: string): Identifier {
    if (this.kind !== TokenKind.Word && this.kind !== TokenKind.QuotedIdentifier) {
      this.fail(`${construct}: a name is missing`);
    }
    return this.takeIdentifier();
  }

  private takeIdentifier(): Identifier {
    const { start, end } = this;
    const quoted = this.kind === TokenKind.QuotedIdentifier;
    this.advance();
    return { start, end, quoted, name: decodeIdentifier(this.statement, start, end, this.dialect) };
  }

  /** An alias written as a string. */
  stringAsIdentifier(): Identifier {
    const { start, end } = this;
    this.advance();
    return {
      start,
      end,
      quoted: true,
      name: decodeString(this.statement, start, end, this.dialect).toString(),
    };
  }

  /** Consumes an Integer token. */
  integer(construct: string): void {
    if (this.kind !== TokenKind.Integer) this.fail(`${construct}: a number is missing`);
    this.advance();
  }

  /** The decoded name of the UserVariable token, which is consumed. */
  userVariableName(): string {
    const name = decodeUserVariableName(this.statement, this.start, this.end, this.dialect);
    this.advance();
    return name;
  }

  /** 0-based ordinal of the Parameter token, which is consumed. Tokens are never read twice, so counting is right. */
  parameterOrdinal(): number {
    this.advance();
    return this.parameters++;
  }

  // ---- limits and errors

  /** To be called when a rule begins that may contain itself. */
  enter(): void {
    if (++this.depth > this.maxDepth) this.failTooDeep();
  }

  failTooDeep(): never {
    throw new SqlSyntaxError('nested too deeply', this.start);
  }

  leave(): void {
    this.depth--;
  }

  /** @throws SqlSyntaxError at the current token */
  fail(message: string): never {
    throw new SqlSyntaxError(`${message} before ${this.describe()}`, this.start);
  }

  private describe(): string {
    switch (this.kind) {
      case TokenKind.End:
        return 'the end of the statement';
      case TokenKind.Word:
        return this.end - this.start <= 64
          ? this.statement.toString('utf8', this.start, this.end)
          : 'a long word';
      case TokenKind.Punctuation:
        return `'${this.punctuation()}'`;
      case TokenKind.Parameter:
        return "'?'";
      case TokenKind.QuotedIdentifier:
        return 'a quoted name';
      case TokenKind.UserVariable:
        return 'a user variable';
      case TokenKind.SystemVariableSigns:
        return "'@@'";
      case TokenKind.Invalid:
        return 'text that is no SQL token';
      default:
        // Never the text itself: literals may be plaintext of a protected column.
        return 'a literal';
    }
  }
}
