import type { Dialect } from '../dialect.js';
import { lex } from '../lexer.js';
import { decodeIdentifier, decodeString } from '../literal.js';
import { isTriviaKind, TokenBuffer, TokenKind } from '../tokens.js';

interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** As written; a word also in lower case. */
  readonly text: string;
  readonly word: string;
}

const END: Token = { kind: TokenKind.End, start: 0, end: 0, text: '', word: '' };

/** The definition can't be read: `message` says what was expected. */
export class DefinitionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DefinitionError';
  }
}

/** Reads one statement token by token, comments left out. */
export class TokenCursor {
  readonly #statement: Buffer;
  readonly #dialect: Dialect;
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(statement: Buffer, dialect: Dialect) {
    this.#statement = statement;
    this.#dialect = dialect;
    const tokens = new TokenBuffer();
    lex(statement, 0, statement.length, dialect, tokens);
    for (let i = 0; i < tokens.length; i++) {
      const kind = tokens.kind[i] as TokenKind;
      if (isTriviaKind(kind)) continue;
      const start = tokens.start[i] as number;
      const end = tokens.end[i] as number;
      const text = statement.toString('latin1', start, end);
      this.#tokens.push({ kind, start, end, text, word: kind === TokenKind.Word ? text.toLowerCase() : '' });
    }
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get isInvalid(): boolean {
    return this.#tokens.at(-1)?.kind === TokenKind.Invalid;
  }

  /** Offset of the next token. */
  get offset(): number {
    return this.peek().start;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? END;
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  isWord(...words: readonly string[]): boolean {
    return words.includes(this.peek().word);
  }

  /** Takes the words when they all come next, in this order. */
  takeWords(...words: readonly string[]): boolean {
    if (words.some((word, index) => this.peek(index).word !== word)) return false;
    this.#at += words.length;
    return true;
  }

  isSign(sign: string): boolean {
    return this.peek().kind === TokenKind.Punctuation && this.peek().text === sign;
  }

  takeSign(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.#at++;
    return true;
  }

  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw new DefinitionError(`${sign} expected`);
  }

  isName(): boolean {
    const { kind } = this.peek();
    return kind === TokenKind.Word || kind === TokenKind.QuotedIdentifier;
  }

  /** A name, quotes removed. */
  name(): string {
    if (!this.isName()) throw new DefinitionError('a name expected');
    const { start, end } = this.next();
    return decodeIdentifier(this.#statement, start, end, this.#dialect);
  }

  /** `name` or `schema.name`. */
  qualifiedName(): { schema: string | null; name: string } {
    const first = this.name();
    return this.takeSign('.') ? { schema: first, name: this.name() } : { schema: null, name: first };
  }

  isString(): boolean {
    const { kind } = this.peek();
    return kind === TokenKind.String || kind === TokenKind.NationalString;
  }

  /** The text of a string. */
  string(): string {
    if (!this.isString()) throw new DefinitionError('a string expected');
    const { start, end } = this.next();
    return decodeString(this.#statement, start, end, this.#dialect).toString('utf8');
  }

  /** Skips `( … )` and returns the text inside, or null when none comes next. */
  parenthesised(): string | null {
    if (!this.isSign('(')) return null;
    const open = this.next();
    let depth = 1;
    while (!this.atEnd) {
      const token = this.next();
      if (token.kind !== TokenKind.Punctuation) continue;
      if (token.text === '(') depth++;
      if (token.text === ')' && --depth === 0) {
        return this.#statement.toString('utf8', open.end, token.start).trim();
      }
    }
    throw new DefinitionError(') expected');
  }

  /** Skips to the next `,` or `)` of this level, which is not taken. */
  skipItem(): void {
    while (!this.atEnd && !this.isSign(',') && !this.isSign(')')) {
      if (this.parenthesised() === null) this.next();
    }
  }

  /** The text from an offset to the end of the token taken last. */
  textSince(start: number): string {
    const last = this.#tokens[this.#at - 1];
    return last === undefined ? '' : this.#statement.toString('utf8', start, Math.max(start, last.end));
  }

  /** The rest of the statement. */
  rest(): string {
    return this.atEnd ? '' : this.#statement.toString('utf8', this.peek().start);
  }
}
