/** One statement of a script. */
export interface ScriptStatement {
  /** Without the delimiter. Empty when `tooLong`. */
  readonly bytes: Buffer;
  /** It was longer than `maxBytes`: read over, not kept. */
  readonly tooLong: boolean;
}

export interface StatementSplitterOptions {
  /** `@@sql_mode` holds NO_BACKSLASH_ESCAPES. */
  readonly noBackslashEscapes: boolean;
  /** Double quotes delimit names: no backslash escapes inside. */
  readonly ansiQuotes: boolean;
  /** The delimiter ends a statement only where nothing but white space or a line comment follows on its line. */
  readonly atLineEnd: boolean;
  readonly maxBytes: number;
}

const State = {
  Normal: 0,
  SingleQuote: 0x27,
  DoubleQuote: 0x22,
  Backtick: 0x60,
  LineComment: 1,
  BlockComment: 2,
} as const;
type State = (typeof State)[keyof typeof State];

const LF = 0x0a;
const BACKSLASH = 0x5c;
const STAR = 0x2a;
const SLASH = 0x2f;
/** `/*M!` is the longest sign that is told apart by what follows. */
const LOOKAHEAD = 4;
const LONGEST_DELIMITER_LINE = 256;
const DELIMITER_LINE = /^delimiter\s+(\S+)\s*$/i;
const DELIMITER_START = /^delimiter\s/i;
const SEMICOLON = Buffer.from(';');

/**
 * Cuts a script into statements as the `mysql` client does: at the delimiter outside quotes and comments, `DELIMITER`
 * lines obeyed. Takes the script in chunks of any size; each byte is looked at once, and no more than one statement is
 * held. What is left open at the end (a quote that never closes) is the last statement: the lexer says what it is.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/mysql-commands.html
 */
export class StatementSplitter {
  readonly #options: StatementSplitterOptions;
  #delimiter: Buffer = SEMICOLON;
  #buffer = Buffer.allocUnsafe(16 * 1024);
  #length = 0;
  /** Where the statement being read begins, and the next byte to look at. */
  #start = 0;
  #at = 0;
  #state: State = State.Normal;
  /** Inside an executable comment. */
  #executable = false;
  /** Something other than white space and comments was seen. */
  #hasContent = false;
  /** Where it began. */
  #contentStart = 0;
  #tooLong = false;

  constructor(options: StatementSplitterOptions) {
    this.#options = options;
  }

  /** Takes the next chunk, which may be reused afterwards; gives the statements that it completes. */
  push(chunk: Uint8Array): ScriptStatement[] {
    this.#append(chunk);
    return this.#scan(false);
  }

  /** The end of the script: gives what is left, if it is more than white space and comments. */
  end(): ScriptStatement[] {
    const statements = this.#scan(true);
    this.#obeyDelimiterLine(this.#length);
    if (this.#hasContent) statements.push(this.#take(this.#length, this.#length));
    return statements;
  }

  #append(chunk: Uint8Array): void {
    if (this.#start > 0) {
      this.#buffer.copyWithin(0, this.#start, this.#length);
      this.#length -= this.#start;
      this.#at -= this.#start;
      this.#contentStart -= this.#start;
      this.#start = 0;
    }
    const needed = this.#length + chunk.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = needed;
  }

  #scan(isEnd: boolean): ScriptStatement[] {
    const statements: ScriptStatement[] = [];
    const lookahead = Math.max(LOOKAHEAD, this.#delimiter.length);
    while (this.#at < this.#length) {
      if (!isEnd && this.#at + lookahead > this.#length) break;
      if (this.#state === State.Normal) {
        const cut = this.#delimiterAt(isEnd);
        if (cut === 'wait') break;
        if (cut !== null) {
          if (this.#hasContent) statements.push(this.#take(this.#at, cut));
          else this.#drop(cut);
          continue;
        }
      }
      this.#step();
      if (this.#at - this.#start > this.#options.maxBytes) {
        this.#tooLong = true;
        this.#start = this.#at;
      }
    }
    return statements;
  }

  /** The offset behind the delimiter when the statement ends here; 'wait': the next chunk decides. */
  #delimiterAt(isEnd: boolean): number | 'wait' | null {
    const first = this.#delimiter[0];
    if (this.#buffer[this.#at] !== first || this.#executable) return null;
    const end = this.#at + this.#delimiter.length;
    if (end > this.#length || this.#buffer.compare(this.#delimiter, 0, undefined, this.#at, end) !== 0)
      return null;
    if (this.#isDelimiterLine()) return null;
    if (!this.#options.atLineEnd) return end;
    let at = end;
    while (at < this.#length) {
      const byte = this.#buffer[at] as number;
      if (byte === LF || byte === 0x23) return end;
      if (byte === 0x2d) return this.#buffer[at + 1] === 0x2d ? end : null;
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return null;
      at++;
    }
    return isEnd ? end : 'wait';
  }

  #isDelimiterLine(): boolean {
    if (!this.#hasContent || this.#tooLong || this.#at - this.#contentStart > LONGEST_DELIMITER_LINE)
      return false;
    return DELIMITER_START.test(this.#buffer.toString('latin1', this.#contentStart, this.#at));
  }

  #obeyDelimiterLine(end: number): void {
    if (!this.#hasContent || this.#tooLong || this.#state !== State.Normal) return;
    if (end - this.#contentStart > LONGEST_DELIMITER_LINE) return;
    const match = DELIMITER_LINE.exec(this.#buffer.toString('latin1', this.#contentStart, end));
    if (match === null) return;
    this.#delimiter = Buffer.from(match[1] as string, 'latin1');
    this.#drop(end);
  }

  #step(): void {
    const buffer = this.#buffer;
    const byte = buffer[this.#at] as number;
    const next = this.#at + 1 < this.#length ? (buffer[this.#at + 1] as number) : -1;
    switch (this.#state) {
      case State.SingleQuote:
      case State.DoubleQuote:
      case State.Backtick:
        if (byte === BACKSLASH && this.#hasEscapes()) this.#at++;
        else if (byte === this.#state) this.#state = State.Normal;
        this.#at = Math.min(this.#at + 1, this.#length);
        return;
      case State.LineComment:
        if (byte === LF) this.#state = State.Normal;
        this.#at++;
        return;
      case State.BlockComment:
        if (byte === STAR && next === SLASH) {
          this.#state = State.Normal;
          this.#at += 2;
        } else {
          this.#at++;
        }
        return;
      default:
        this.#stepNormal(byte, next);
    }
  }

  #stepNormal(byte: number, next: number): void {
    const buffer = this.#buffer;
    if (byte === LF && this.#hasContent) this.#obeyDelimiterLine(this.#at);
    if (byte <= 0x20) {
      this.#at++;
      return;
    }
    const after = this.#at + 2 < this.#length ? (buffer[this.#at + 2] as number) : 0x20;
    if (byte === 0x23 || (byte === 0x2d && next === 0x2d && (after <= 0x20 || after === 0x7f))) {
      this.#state = State.LineComment;
      this.#at++;
      return;
    }
    if (byte === SLASH && next === STAR) {
      const isExecutable = after === 0x21 || (after === 0x4d && buffer[this.#at + 3] === 0x21);
      if (isExecutable) {
        this.#executable = true;
        this.#noteContent();
      } else {
        this.#state = State.BlockComment;
      }
      this.#at += 2;
      return;
    }
    this.#noteContent();
    if (byte === STAR && next === SLASH && this.#executable) {
      this.#executable = false;
      this.#at += 2;
      return;
    }
    if (byte === State.SingleQuote || byte === State.DoubleQuote || byte === State.Backtick)
      this.#state = byte;
    this.#at++;
  }

  #noteContent(): void {
    if (!this.#hasContent) this.#contentStart = this.#at;
    this.#hasContent = true;
  }

  #hasEscapes(): boolean {
    if (this.#state === State.Backtick) return false;
    if (this.#state === State.DoubleQuote && this.#options.ansiQuotes) return false;
    return !this.#options.noBackslashEscapes;
  }

  #take(end: number, next: number): ScriptStatement {
    const tooLong = this.#tooLong;
    const bytes = tooLong ? Buffer.alloc(0) : Buffer.from(this.#buffer.subarray(this.#start, end));
    this.#drop(next);
    return { bytes, tooLong };
  }

  #drop(next: number): void {
    this.#start = next;
    this.#at = Math.max(this.#at, next);
    this.#state = State.Normal;
    this.#executable = false;
    this.#hasContent = false;
    this.#tooLong = false;
  }
}
