import type { Dialect } from './dialect.js';

/**
 * Values of literal and name tokens, and literals made from values. All offsets are those of the token, quotes and
 * prefix included, as the lexer gives them; the bytes must be such a token.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/literals.html
 */

const BACKSLASH = 0x5c;

/** What \x stands for, by x; other bytes stand for themselves, and \% and \_ keep their backslash. */
const ESCAPES = new Map<number, number>([
  [0x30, 0x00],
  [0x62, 0x08],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
  [0x5a, 0x1a],
]);

/**
 * The bytes of a String or NationalString token, in the client's character set, after unescaping.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/string-literals.html
 */
export function decodeString(statement: Uint8Array, start: number, end: number, dialect: Dialect): Buffer {
  let at = start;
  if (statement[at] === 0x4e || statement[at] === 0x6e) at++;
  const quote = statement[at];
  at++;
  const last = end - 1;
  const escapes = !dialect.sqlMode.noBackslashEscapes;
  const bytes = Buffer.allocUnsafe(Math.max(0, last - at));
  let length = 0;
  while (at < last) {
    const byte = statement[at] as number;
    at++;
    if (byte === quote) {
      at++;
      bytes[length++] = byte;
    } else if (byte === BACKSLASH && escapes && at < last) {
      const escaped = statement[at] as number;
      at++;
      if (escaped === 0x25 || escaped === 0x5f) bytes[length++] = BACKSLASH;
      bytes[length++] = ESCAPES.get(escaped) ?? escaped;
    } else {
      bytes[length++] = byte;
    }
  }
  return bytes.subarray(0, length);
}

/** The bytes between the quotes of a quoted name, doubled quotes undone. */
function undoubled(statement: Uint8Array, start: number, end: number): Buffer {
  const quote = statement[start];
  const bytes = Buffer.allocUnsafe(Math.max(0, end - start - 2));
  let length = 0;
  for (let at = start + 1; at < end - 1; at++) {
    const byte = statement[at] as number;
    if (byte === quote) at++;
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

/** WHATWG decoders that agree with the server's single-byte character sets on letters. */
const DECODERS = new Map<string, string>([
  ['latin1', 'windows-1252'],
  ['latin2', 'iso-8859-2'],
  ['latin5', 'windows-1254'],
  ['latin7', 'iso-8859-13'],
  ['cp1250', 'windows-1250'],
  ['cp1251', 'windows-1251'],
  ['cp1256', 'windows-1256'],
  ['cp1257', 'windows-1257'],
  ['cp866', 'ibm866'],
  ['greek', 'iso-8859-7'],
  ['hebrew', 'iso-8859-8'],
  ['koi8r', 'koi8-r'],
  ['koi8u', 'koi8-u'],
  ['macroman', 'macintosh'],
]);

const HIGH_BYTE = /[\x80-\xff]/;
const HIGH_BYTES = /[\x80-\xff]/g;

/**
 * Text of names. Where the character set can't be decoded, bytes above 0x7f become U+FFFD: such a name equals no
 * table or column, and a statement with a name that resolves to nothing is refused.
 */
function decodeText(bytes: Buffer, dialect: Dialect): string {
  const charset = dialect.characterSetClient;
  if (charset === 'utf8mb4' || charset === 'utf8mb3' || charset === 'utf8') return bytes.toString('utf8');
  const text = bytes.toString('latin1');
  if (!HIGH_BYTE.test(text)) return text;
  const decoder = DECODERS.get(charset);
  if (decoder !== undefined) return new TextDecoder(decoder).decode(bytes);
  return text.replaceAll(HIGH_BYTES, '\ufffd');
}

/**
 * The name in a Word or QuotedIdentifier token, quotes removed, case kept.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/identifiers.html
 */
export function decodeIdentifier(
  statement: Uint8Array,
  start: number,
  end: number,
  dialect: Dialect,
): string {
  const first = statement[start];
  if (first === 0x60 || first === 0x22) return decodeText(undoubled(statement, start, end), dialect);
  return decodeText(view(statement, start, end), dialect);
}

/**
 * The name in a UserVariable token without the @, empty for a lone @. The server compares these names ignoring case,
 * accents and trailing spaces; this returns what is written.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/user-variables.html
 */
export function decodeUserVariableName(
  statement: Uint8Array,
  start: number,
  end: number,
  dialect: Dialect,
): string {
  const quote = end - start > 1 ? statement[start + 1] : 0;
  if (quote === 0x60 || (quote === 0x22 && dialect.sqlMode.ansiQuotes)) {
    return decodeText(undoubled(statement, start + 1, end), dialect);
  }
  if (quote === 0x27 || quote === 0x22) {
    return decodeText(decodeString(statement, start + 1, end, dialect), dialect);
  }
  return decodeText(view(statement, start + 1, end), dialect);
}

/**
 * The bytes of a Hex token, X'…' or 0x…; an odd number of digits after 0x is padded with 0 on the left.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/hexadecimal-literals.html
 */
export function decodeHex(statement: Uint8Array, start: number, end: number): Buffer {
  const digits = literalDigits(statement, start, end);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
}

/**
 * The bytes of a Bit token, B'…' or 0b…, padded with zero bits on the left.
 *
 * https://dev.mysql.com/doc/refman/9.7/en/bit-value-literals.html
 */
export function decodeBit(statement: Uint8Array, start: number, end: number): Buffer {
  const digits = literalDigits(statement, start, end);
  const bytes = Buffer.alloc(Math.ceil(digits.length / 8));
  for (let bit = 0; bit < digits.length; bit++) {
    if (digits.charCodeAt(digits.length - 1 - bit) === 0x31) {
      const index = bytes.length - 1 - (bit >> 3);
      bytes[index] = (bytes[index] as number) | (1 << (bit & 7));
    }
  }
  return bytes;
}

function literalDigits(statement: Uint8Array, start: number, end: number): string {
  const quoted = statement[start + 1] === 0x27;
  return view(statement, start + 2, quoted ? end - 1 : end).toString('latin1');
}

/** The digits of an Integer token, which may exceed every integer type: convert with BigInt. */
export function integerText(statement: Uint8Array, start: number, end: number): string {
  return view(statement, start, end).toString('latin1');
}

/** The text of a Decimal or Float token: `1.5`, `.5`, `1.`, `1e-3`. */
export function decimalText(statement: Uint8Array, start: number, end: number): string {
  return view(statement, start, end).toString('latin1');
}

/**
 * A string literal that is read the same under every sql_mode and client character set: printable ASCII in single
 * quotes (doubled inside), anything else as `_utf8mb4 X'…'`.
 *
 * @param bytes well-formed UTF-8; the server rejects the literal otherwise
 */
export function encodeStringLiteral(bytes: Uint8Array): Buffer {
  let quotes = 0;
  for (const byte of bytes) {
    if (byte < 0x20 || byte > 0x7e || byte === BACKSLASH) {
      return Buffer.from(`_utf8mb4 X'${view(bytes, 0, bytes.length).toString('hex')}'`, 'latin1');
    }
    if (byte === 0x27) quotes++;
  }
  const literal = Buffer.allocUnsafe(bytes.length + quotes + 2);
  let length = 0;
  literal[length++] = 0x27;
  for (const byte of bytes) {
    literal[length++] = byte;
    if (byte === 0x27) literal[length++] = 0x27;
  }
  literal[length] = 0x27;
  return literal;
}

/** The same memory as a Buffer. */
function view(bytes: Uint8Array, start: number, end: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
}
