import type { Dialect } from './dialect.js';
import { decodeIdentifier, decodeUserVariableName } from './literal.js';
import type { Identifier } from './parser/ast.js';
import { isTriviaKind, type TokenBuffer, TokenKind } from './tokens.js';

/** The tokens of a statement without trivia, for rules that look at tokens instead of a tree. */
export class TokenList {
  private readonly statement: Buffer;
  private readonly tokens: TokenBuffer;
  private readonly dialect: Dialect;
  private readonly indexes: readonly number[];

  constructor(statement: Buffer, tokens: TokenBuffer, dialect: Dialect) {
    this.statement = statement;
    this.tokens = tokens;
    this.dialect = dialect;
    const indexes: number[] = [];
    for (let index = 0; index < tokens.length; index++) {
      const kind = tokens.kind[index]!;
      if (!isTriviaKind(kind) && kind !== TokenKind.End) indexes.push(index);
    }
    this.indexes = indexes;
  }

  get count(): number {
    return this.indexes.length;
  }

  kind(index: number): number {
    return this.tokens.kind[this.indexes[index]!]!;
  }

  start(index: number): number {
    return this.tokens.start[this.indexes[index]!]!;
  }

  end(index: number): number {
    return this.tokens.end[this.indexes[index]!]!;
  }

  isWord(index: number): boolean {
    return this.kind(index) === TokenKind.Word;
  }

  isName(index: number): boolean {
    const kind = this.kind(index);
    return kind === TokenKind.Word || kind === TokenKind.QuotedIdentifier;
  }

  isString(index: number): boolean {
    return index < this.count && this.kind(index) === TokenKind.String;
  }

  isUserVariable(index: number): boolean {
    return this.kind(index) === TokenKind.UserVariable;
  }

  /** Whether the token is this punctuation, or this word in whatever case. */
  is(index: number, text: string): boolean {
    if (index < 0 || index >= this.count) return false;
    return this.upperCase(index) === text;
  }

  /** The token's bytes, ASCII letters in upper case. */
  upperCase(index: number): string {
    return this.statement.toString('latin1', this.start(index), this.end(index)).toUpperCase();
  }

  name(index: number): string {
    return decodeIdentifier(this.statement, this.start(index), this.end(index), this.dialect);
  }

  identifier(index: number): Identifier {
    return {
      name: this.name(index),
      quoted: !this.isWord(index),
      start: this.start(index),
      end: this.end(index),
    };
  }

  userVariableName(index: number): string {
    return decodeUserVariableName(this.statement, this.start(index), this.end(index), this.dialect);
  }
}
