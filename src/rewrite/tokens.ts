/** Token kinds of the lexer. Values are dense so that tables can be indexed by them. */
export const TokenKind = {
  End: 0,
  /** Unquoted identifier or keyword. */
  Word: 1,
  /** `` `x` ``, or "x" under ANSI_QUOTES. Offsets include the quotes. */
  QuotedIdentifier: 2,
  /** '…' or "…" (not under ANSI_QUOTES). Adjacent strings are separate tokens. */
  String: 3,
  /** N'…' */
  NationalString: 4,
  /** X'…' and 0x… */
  Hex: 5,
  /** B'…' and 0b… */
  Bit: 6,
  Integer: 7,
  /** 1.5, .5, 1. */
  Decimal: 8,
  /** 1e0 */
  Float: 9,
  /** ? */
  Parameter: 10,
  /** @name, @'name', @"name", @`name`, and the empty @. Offsets include everything. */
  UserVariable: 11,
  /** The two signs @@; what follows are words and dots. */
  SystemVariableSigns: 12,
  /** _utf8mb4 before a literal; a word that is no known character set stays a Word. */
  Introducer: 13,
  /** Everything else: operators and punctuation, longest match (`<=>`, `->>`, `:=`, `||` …). */
  Punctuation: 14,
  /** Unterminated quote or comment, or a byte no token begins with: the statement can't be understood. */
  Invalid: 15,
  /** Trivia: plain comments, executable comments that this server skips. Their content may differ under one shape. */
  Comment: 16,
  /** Trivia: optimizer hint, part of the shape letter by letter. */
  Hint: 17,
  /** Trivia: `/*!50000` or `/*M!100100` of an executable comment whose inside is lexed as SQL. */
  ExecutableOpen: 18,
  /** Trivia: its closing sign. */
  ExecutableClose: 19,
} as const;

export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind];

/**
 * Tokens of one statement in parallel arrays that are reused from statement to statement. Offsets are byte
 * offsets into the statement. Trivia are included; white space is not.
 */
export class TokenBuffer {
  kind = new Uint8Array(256);
  start = new Uint32Array(256);
  end = new Uint32Array(256);
  length = 0;

  push(kind: TokenKind, start: number, end: number): void {
    if (this.length === this.kind.length) this.grow();
    this.kind[this.length] = kind;
    this.start[this.length] = start;
    this.end[this.length] = end;
    this.length++;
  }

  /** Forgets the tokens, and gives back memory that one huge statement took. */
  clear(): void {
    this.length = 0;
    if (this.kind.length > 1 << 20) {
      this.kind = new Uint8Array(256);
      this.start = new Uint32Array(256);
      this.end = new Uint32Array(256);
    }
  }

  private grow(): void {
    const size = this.kind.length * 2;
    const kind = new Uint8Array(size);
    kind.set(this.kind);
    const start = new Uint32Array(size);
    start.set(this.start);
    const end = new Uint32Array(size);
    end.set(this.end);
    this.kind = kind;
    this.start = start;
    this.end = end;
  }
}

/** True for literals, whose bytes the shape leaves out: strings, numbers, hexadecimal and bit literals. */
export function isLiteralKind(kind: number): boolean {
  return kind >= TokenKind.String && kind <= TokenKind.Float;
}

export function isTriviaKind(kind: number): boolean {
  return kind >= TokenKind.Comment;
}
