/**
 * Byte classes for the lexer, one table a client character set, as the servers derive them from the `ctype` maps of
 * their character sets: letters begin identifiers, "space" bytes separate tokens, all else above 0x7f is an error.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/charset-charsets.html
 */

/** Classes of the first byte of a token. Dense, so that the lexer's switch becomes a jump table. */
export const ByteClass = {
  Invalid: 0,
  Space: 1,
  Letter: 2,
  /** x and X: X'41' or a word */
  HexSign: 3,
  /** b and B */
  BitSign: 4,
  /** n and N */
  NationalSign: 5,
  Underscore: 6,
  Dollar: 7,
  Digit: 8,
  Quote: 9,
  DoubleQuote: 10,
  Backtick: 11,
  Dash: 12,
  Hash: 13,
  Slash: 14,
  Star: 15,
  Dot: 16,
  At: 17,
  Comparison: 18,
  Boolean: 19,
  Colon: 20,
  Question: 21,
  /** always a token of one byte */
  Single: 22,
  Semicolon: 23,
  Backslash: 24,
} as const;

/** What `--` means before a byte. */
export const AfterDashes = { Operator: 0, Comment: 1, Unknown: 2 } as const;

export interface LexerTable {
  /** ByteClass by byte */
  readonly byteClass: Uint8Array;
  /** 1: the byte continues an unquoted identifier */
  readonly identifier: Uint8Array;
  /** AfterDashes by byte */
  readonly afterDashes: Uint8Array;
  /** Whether the bytes of `@name` above 0x7f are the same as those of other identifiers. */
  readonly highBytesInVariables: boolean;
}

interface HighBytes {
  readonly letters: readonly (readonly [number, number])[];
  readonly spaces: readonly number[];
}

const none: HighBytes = { letters: [], spaces: [] };

/** Parses "83 8a-8c": hexadecimal bytes and ranges. */
function high(letters: string, ...spaces: readonly number[]): HighBytes {
  return {
    letters: letters.split(' ').map((range) => {
      const [first = '', last = first] = range.split('-');
      return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
    }),
    spaces,
  };
}

/** Single-byte character sets whose first 128 bytes mean ASCII (so not swe7). */
const SINGLE_BYTE = new Map<string, HighBytes>([
  ['ascii', none],
  ['binary', none],
  ['armscii8', high('b2-fd', 0xa0)],
  ['cp1250', high('8a 8c-8f 9a 9c-9f a3 a5 a7 aa af b3 b9-ba bc be-d6 d8-f6 f8-fe', 0xa0)],
  ['cp1251', high('80-81 83 8a 8c-90 9a 9c-9f a1-a3 a5 a8 aa af b2-b4 b8 ba bc-ff')],
  ['cp1256', high('81 83 8c-8e 90 9c c1-d6 d8-f6 f8-fc')],
  ['cp1257', high('a8 aa af b8 ba bf-d6 d8-f6 f8-fe')],
  ['cp850', high('80-9b 9d a0-a5 b5-b7 c6-c7 d0-d8 de e0-e5 e7-ed', 0xff)],
  ['cp852', high('80-9d 9f-a9 ab-ad b5-b8 bd-be c6-c7 d0-d8 dd-de e0-ee fb-fd', 0xff)],
  ['cp866', high('80-af e0-f7', 0xff)],
  ['dec8', high('c0-d6 d8-f6 f8-ff', 0xa0)],
  ['geostd8', high('c0-e5', 0xa0)],
  ['greek', high('b6 b8-ba bc be-d1 d3-fe', 0xa0)],
  ['hebrew', high('e0-fa', 0xa0)],
  ['hp8', high('c5 cc ce-d0 d3-d4 d7-d8 da-dc')],
  ['keybcs2', high('80-ab e0-e5 e7-eb ed-ee', 0xff)],
  ['koi8r', high('a3 b3 c0-ff')],
  ['koi8u', high('a3-a4 a6-a7 ad b3-b4 b6-b7 bd c0-ff')],
  ['latin1', high('83 8a 8c 8e 9a 9c 9e-9f c0-d6 d8-f6 f8-ff', 0xa0)],
  ['latin2', high('a1 a3 a5-a6 a9-ac ae-af b1 b3 b5-b6 b9-bc be-cf d1-d6 d8-de e0-f6 f8-fe', 0xa0)],
  ['latin5', high('c0-d6 d8-f6 f8-ff', 0xa0)],
  ['latin7', high('80 aa af ba bf-d6 d8-f6 f8-fe', 0xa0)],
  ['macce', high('80-9f a2 a7 ab ae-b1 b4-b5 b8-c1 c4-c5 cb-cf d8-db de-e1 e4-fe')],
  ['macroman', high('81-9f a7 ae-af be-bf c4 cc-cd d8-d9 e6-ef f1-f5')],
]);

const UTF8 = ['utf8', 'utf8mb3', 'utf8mb4'];

/** Multi-byte character sets in which no byte of a character after the first is a quote, backslash or sign. */
const SAFE_MULTI_BYTE = ['ujis', 'eucjpms', 'euckr', 'gb2312'];

const ALL_HIGH: HighBytes = { letters: [[0x80, 0xff]], spaces: [] };

/** Names that make `_name` an introducer. The union of both servers: a name known to one only is an error there. */
const CHARACTER_SETS = [
  ...SINGLE_BYTE.keys(),
  ...UTF8,
  ...SAFE_MULTI_BYTE,
  ...['big5', 'cp932', 'gb18030', 'gbk', 'sjis', 'swe7', 'tis620', 'ucs2', 'utf16', 'utf16le', 'utf32'],
];
const INTRODUCERS = new Set(CHARACTER_SETS.map((name) => `_${name}`));
const LONGEST_INTRODUCER = Math.max(...[...INTRODUCERS].map((name) => name.length));

/** Whether a word such as `_utf8mb4` names a character set; the case of ASCII letters does not matter. */
export function isIntroducer(statement: Uint8Array, start: number, end: number): boolean {
  if (end - start > LONGEST_INTRODUCER) return false;
  let name = '';
  for (let i = start; i < end; i++) name += String.fromCharCode((statement[i] as number) | 0x20);
  // The | 0x20 turns the underscore into DEL; digits and lower-case letters stay.
  return INTRODUCERS.has(`_${name.slice(1)}`);
}

const tables = new Map<string, LexerTable>();
for (const name of UTF8) tables.set(name, build(ALL_HIGH, AfterDashes.Operator, true));
for (const name of SAFE_MULTI_BYTE) tables.set(name, build(ALL_HIGH, AfterDashes.Unknown, false));
for (const [name, highBytes] of SINGLE_BYTE) tables.set(name, build(highBytes, AfterDashes.Unknown, true));
for (const name of [...UTF8, 'latin1', 'ascii', 'binary']) {
  // DEL is a control character in these; in cp1251 and others it is not, and stays unknown.
  const table = tables.get(name);
  if (table !== undefined) table.afterDashes[0x7f] = AfterDashes.Comment;
}

/** The table of a client character set (lower case), or undefined where statements must not be analysed. */
export function lexerTable(characterSetClient: string): LexerTable | undefined {
  return tables.get(characterSetClient);
}

/**
 * Whether statements in this client character set can be lexed. Not big5, gbk, sjis, cp932 and gb18030, where a quote
 * or backslash can be the second byte of a character, nor utf16, utf32 and ucs2, nor an unknown name: protected
 * statements are refused there.
 */
export function supportsCharacterSet(characterSetClient: string): boolean {
  return tables.has(characterSetClient.toLowerCase());
}

function build(highBytes: HighBytes, afterUnlisted: number, highBytesInVariables: boolean): LexerTable {
  const byteClass = new Uint8Array(256);
  const set = (bytes: string, value: number): void => {
    for (const byte of Buffer.from(bytes, 'latin1')) byteClass[byte] = value;
  };
  set('\t\n\v\f\r ', ByteClass.Space);
  set('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', ByteClass.Letter);
  set('xX', ByteClass.HexSign);
  set('bB', ByteClass.BitSign);
  set('nN', ByteClass.NationalSign);
  set('_', ByteClass.Underscore);
  set('$', ByteClass.Dollar);
  set('0123456789', ByteClass.Digit);
  set("'", ByteClass.Quote);
  set('"', ByteClass.DoubleQuote);
  set('`', ByteClass.Backtick);
  set('-', ByteClass.Dash);
  set('#', ByteClass.Hash);
  set('/', ByteClass.Slash);
  set('*', ByteClass.Star);
  set('.', ByteClass.Dot);
  set('@', ByteClass.At);
  set('<>=!', ByteClass.Comparison);
  set('&|', ByteClass.Boolean);
  set(':', ByteClass.Colon);
  set('?', ByteClass.Question);
  set('(),+%^~{}[]', ByteClass.Single);
  set(';', ByteClass.Semicolon);
  set('\\', ByteClass.Backslash);
  const afterDashes = new Uint8Array(256);
  afterDashes.fill(AfterDashes.Comment, 0, 0x21);
  afterDashes[0x7f] = AfterDashes.Unknown;
  afterDashes.fill(afterUnlisted, 0x80);
  for (const [first, last] of highBytes.letters) {
    byteClass.fill(ByteClass.Letter, first, last + 1);
    if (highBytes !== ALL_HIGH) afterDashes.fill(AfterDashes.Operator, first, last + 1);
  }
  for (const byte of highBytes.spaces) {
    byteClass[byte] = ByteClass.Space;
    afterDashes[byte] = AfterDashes.Comment;
  }
  const identifier = byteClass.map((value) =>
    value >= ByteClass.Letter && value <= ByteClass.Digit ? 1 : 0,
  );
  return { byteClass, identifier, afterDashes, highBytesInVariables };
}
