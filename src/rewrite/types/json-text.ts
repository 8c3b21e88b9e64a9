/** Why text is no JSON, in MySQL's words, and where: the offset of a byte. */
export interface JsonProblem {
  readonly reason: string;
  readonly position: number;
}

/** What MySQL makes of text for a JSON column. */
export type JsonVerdict = 'valid' | 'too deep' | 'unknown' | JsonProblem;

const DEEPEST = 100;
const LONGEST_NAME = 65_535;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

class InvalidJson extends Error {
  constructor(readonly verdict: JsonVerdict) {
    super('invalid JSON');
  }
}

/**
 * Reads text as MySQL's parser does (RapidJSON), with its reasons and positions.
 * @param bytes well-formed UTF-8
 * @returns unknown: text that MySQL reads in a way of its own
 */
export function readJson(bytes: Buffer): JsonVerdict {
  if (bytes.includes(0)) return 'unknown';
  try {
    new JsonReader(bytes).document();
    return 'valid';
  } catch (error) {
    if (error instanceof InvalidJson) return error.verdict;
    throw error;
  }
}

class JsonReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly bytes: Buffer) {}

  document(): void {
    this.space();
    if (this.at === this.bytes.length) this.fail('The document is empty.');
    this.value();
    this.space();
    if (this.at < this.bytes.length) this.fail('The document root must not be followed by other values.');
  }

  private fail(reason: string, position = this.at): never {
    throw new InvalidJson({ reason, position });
  }

  private peek(): number {
    return this.bytes[this.at] ?? 0;
  }

  private space(): void {
    while (this.at < this.bytes.length) {
      const byte = this.bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.at++;
    }
  }

  private value(): void {
    const byte = this.peek();
    if (byte === QUOTE) this.string();
    else if (byte === 0x7b) this.object();
    else if (byte === 0x5b) this.array();
    else if (byte === 0x6e) this.word('null');
    else if (byte === 0x74) this.word('true');
    else if (byte === 0x66) this.word('false');
    else this.number();
  }

  private word(word: string): void {
    for (const character of word) {
      if (this.peek() !== character.charCodeAt(0)) this.fail('Invalid value.');
      this.at++;
    }
  }

  private enter(): void {
    this.at++;
    if (++this.depth > DEEPEST) throw new InvalidJson('too deep');
    this.space();
  }

  private array(): void {
    this.enter();
    if (this.peek() !== 0x5d) {
      for (;;) {
        this.value();
        this.space();
        if (this.peek() !== COMMA) break;
        this.at++;
        this.space();
      }
      if (this.peek() !== 0x5d) this.fail("Missing a comma or ']' after an array element.");
    }
    this.at++;
    this.depth--;
  }

  private object(): void {
    this.enter();
    if (this.peek() !== 0x7d) {
      for (;;) {
        if (this.peek() !== QUOTE) this.fail('Missing a name for object member.');
        const start = this.at;
        this.string();
        if (this.at - start > LONGEST_NAME) throw new InvalidJson('unknown');
        this.space();
        if (this.peek() !== 0x3a) this.fail('Missing a colon after a name of object member.');
        this.at++;
        this.space();
        this.value();
        this.space();
        if (this.peek() !== COMMA) break;
        this.at++;
        this.space();
      }
      if (this.peek() !== 0x7d) this.fail("Missing a comma or '}' after an object member.");
    }
    this.at++;
    this.depth--;
  }

  private string(): void {
    this.at++;
    for (;;) {
      const byte = this.peek();
      if (byte === QUOTE) break;
      if (byte === 0) this.fail('Missing a closing quotation mark in string.');
      if (byte < 0x20) this.fail('Invalid encoding in string.');
      if (byte === BACKSLASH) this.escape();
      else this.at++;
    }
    this.at++;
  }

  private escape(): void {
    const start = this.at;
    this.at++;
    const byte = this.peek();
    if (byte !== 0x75) {
      if (byte === 0 || !'"\\/bfnrt'.includes(String.fromCharCode(byte))) {
        this.fail('Invalid escape character in string.', start);
      }
      this.at++;
      return;
    }
    this.at++;
    const first = this.hexadecimal(start);
    if (first < 0xd800 || first > 0xdfff) return;
    const isPair = first < 0xdc00 && this.bytes.toString('latin1', this.at, this.at + 2) === '\\u';
    if (!isPair) this.fail('The surrogate pair in string is invalid.', start);
    this.at += 2;
    const second = this.hexadecimal(start);
    if (second < 0xdc00 || second > 0xdfff) this.fail('The surrogate pair in string is invalid.', start);
  }

  private hexadecimal(start: number): number {
    const digits = this.bytes.toString('latin1', this.at, this.at + 4);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) {
      this.fail('Incorrect hex digit after \\u escape in string.', start);
    }
    this.at += 4;
    return Number.parseInt(digits, 16);
  }

  private digits(): string {
    const start = this.at;
    while (this.peek() >= 0x30 && this.peek() <= 0x39) this.at++;
    return this.bytes.toString('latin1', start, this.at);
  }

  private number(): void {
    const start = this.at;
    if (this.peek() === 0x2d) this.at++;
    if (this.peek() === 0x30) this.at++;
    else if (this.digits() === '') this.fail('Invalid value.');
    let fraction = '';
    if (this.peek() === 0x2e) {
      this.at++;
      fraction = this.digits();
      if (fraction === '') this.fail('Miss fraction part in number.');
    }
    if (this.peek() === 0x65 || this.peek() === 0x45) {
      this.at++;
      const sign = this.peek();
      if (sign === 0x2b || sign === 0x2d) this.at++;
      const exponent = this.digits();
      if (exponent === '') this.fail('Miss exponent in number.');
      const isTooBig = sign !== 0x2d && Number(exponent) > 308 + fraction.length;
      if (isTooBig) this.fail('Number too big to be stored in double.', start);
    }
    if (!Number.isFinite(Number(this.bytes.toString('latin1', start, this.at)))) {
      this.fail('Number too big to be stored in double.', start);
    }
  }
}
