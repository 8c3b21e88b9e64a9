import { isUtf8 } from 'node:buffer';
import type { ConstantValue, StoredValue } from './declared-value.js';
import type { ProtectedColumn } from './protected-table.js';
import { familyOf, hasFamily } from './types/families.js';

/*
 * Constants as AES_ENCRYPT gets them, for `constants: proxy` (design.md §4): the bytes of the column's stored form.
 * What is not certain is left to the server: another ciphertext than its own would be found by no search.
 */

/** How the server reads the bytes of a string: literals and parameters alike pass through both. */
export interface CharacterSets {
  /** `@@character_set_client`, lower case. */
  readonly client: string;
  /** `@@character_set_connection`, into which the server takes them first. */
  readonly connection: string;
}

/** Who encrypts constants. Absent: the server does. */
export type ConstantEncryption =
  /** The proxy, into the text. */
  | { readonly kind: 'inline'; encrypt(plaintext: Buffer): Buffer }
  /** The proxy with each execution: a text that is prepared serves more than one key. */
  | { readonly kind: 'parameters' };

/** Character sets whose bytes below 0x80 are ASCII, none of them lost on the way to another one. */
const ASCII_SETS = new Set(
  `utf8mb4 utf8mb3 utf8 ascii latin1 latin2 latin5 latin7 cp1250 cp1251 cp1256 cp1257 cp850 cp852 cp866 greek hebrew
  koi8r koi8u binary`.split(/\s+/),
);
const WIDE_SETS = new Set(['utf16', 'utf16le', 'utf32']);
const UTF8_SETS = new Set(['utf8mb4', 'utf8mb3', 'utf8']);

/**
 * The bytes that the server would encrypt.
 * @param stored what checkValue or canonicalConstant made of the value
 * @returns null where only the server can say
 */
export function storedConstant(
  column: ProtectedColumn,
  value: ConstantValue,
  stored: StoredValue,
  sets: CharacterSets,
): Buffer | null {
  const { type } = column;
  switch (type.kind) {
    case 'binary': {
      // What is left of a value that was cut has no letters outside ASCII, or no character set.
      const isCut = stored.kind === 'text' && value.kind !== 'text';
      const bytes = isCut
        ? stored.bytes
        : bytesOf(value, (text) => inConnection(stored.kind === 'text' ? stored.bytes : text, sets));
      return bytes !== null && type.base === 'binary' ? padded(bytes, type.length) : bytes;
    }
    case 'string': {
      const { charset } = type;
      if (value.kind === 'number' && stored.kind === 'text') return stored.bytes;
      const bytes =
        value.kind === 'bytes'
          ? inDeclaredSet(value.bytes, charset)
          : bytesOf(value, (text) => converted(stored.kind === 'text' ? stored.bytes : text, sets, charset));
      return bytes !== null && type.base === 'char' ? withoutSpaces(bytes) : bytes;
    }
    default:
      if (isMadeByServer(type)) return null;
      // Their canonical text.
      return stored.kind === 'text' ? stored.bytes : null;
  }
}

/**
 * Whether parameters for a column can be encrypted whatever their value is: the text that is prepared has a place for
 * ciphertext or for the value, not for both.
 */
export function takesCiphertext({ type }: ProtectedColumn, { client, connection }: CharacterSets): boolean {
  if (type.kind === 'binary') return client === connection && client !== 'binary';
  if (type.kind !== 'string') return !isMadeByServer(type);
  if (type.charset !== 'utf8mb4') return false;
  return (
    (UTF8_SETS.has(client) || client === 'latin1') && (connection === client || connection === 'utf8mb4')
  );
}

/** Whether what is stored depends on the session, as the server has it. */
function isMadeByServer(type: ProtectedColumn['type']): boolean {
  return hasFamily(type) && familyOf(type).storedForm !== undefined;
}

/**
 * Whether a row whose ciphertext is that of the constant is one for which the comparison is true, so that it needs not
 * be compared again: where the stored form is another value than the constant, it does.
 */
export function isFoundByCiphertext({ type }: ProtectedColumn, value: ConstantValue): boolean {
  switch (type.kind) {
    case 'binary':
      return type.base !== 'binary' || ('bytes' in value && value.bytes.length === type.length);
    case 'string':
      if (value.kind !== 'text') return false;
      return type.base !== 'char' || value.bytes.at(-1) !== SPACE;
    default:
      // Of spaces around it the server warns.
      return value.kind !== 'text' || !/^\s|\s$/.test(value.bytes.toString('latin1'));
  }
}

const SPACE = 0x20;

function bytesOf(value: ConstantValue, ofText: (text: Buffer) => Buffer | null): Buffer | null {
  switch (value.kind) {
    case 'bytes':
      return value.bytes;
    case 'number':
      // `007` is 7; what exceeds the integers is another type.
      return /^-?\d{1,18}$/.test(value.text) ? Buffer.from(BigInt(value.text).toString()) : null;
    case 'text':
      return ofText(value.bytes);
    case 'temporal':
      return null;
  }
}

/** Text in the character set of the column. */
function converted(text: Buffer, { client, connection }: CharacterSets, declared: string): Buffer | null {
  if (isAscii(text)) {
    const isKept = ASCII_SETS.has(client) && (ASCII_SETS.has(connection) || WIDE_SETS.has(connection));
    return isKept && ASCII_SETS.has(declared) ? text : null;
  }
  const utf8 = toUtf8(text, client);
  if (utf8 === null) return null;
  const isKept =
    connection === client || connection === 'utf8mb4' || (UTF8_SETS.has(connection) && !hasFourBytes(utf8));
  if (!isKept) return null;
  switch (declared) {
    case 'utf8mb4':
      return utf8;
    case 'utf8mb3':
    case 'utf8':
      return hasFourBytes(utf8) ? null : utf8;
    case 'latin1':
      return toLatin1(utf8);
    default:
      return null;
  }
}

/** Text as bytes: those of the connection's character set. */
function inConnection(text: Buffer, { client, connection }: CharacterSets): Buffer | null {
  if (isAscii(text)) return ASCII_SETS.has(client) && ASCII_SETS.has(connection) ? text : null;
  if (client === connection) return text;
  if (connection === 'utf8mb4') return toUtf8(text, client);
  return null;
}

/** Bytes without a character set, taken for text of the column's. */
function inDeclaredSet(bytes: Buffer, declared: string): Buffer | null {
  switch (declared) {
    case 'utf8mb4':
      return isUtf8(bytes) ? bytes : null;
    case 'utf8mb3':
    case 'utf8':
      return isUtf8(bytes) && !hasFourBytes(bytes) ? bytes : null;
    case 'latin1':
      return bytes;
    default:
      return isAscii(bytes) && ASCII_SETS.has(declared) ? bytes : null;
  }
}

function toUtf8(text: Buffer, client: string): Buffer | null {
  if (client === 'latin1') return Buffer.from(fromLatin1(text));
  if (!UTF8_SETS.has(client) || !isUtf8(text)) return null;
  return client === 'utf8mb4' || !hasFourBytes(text) ? text : null;
}

/**
 * What MySQL calls latin1 is cp1252, its five holes filled with control characters. Written out: TextDecoder takes
 * windows-1252 for ISO 8859-1 in several versions of Node.
 */
const LATIN1_FROM_80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function fromLatin1(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (character) => LATIN1_FROM_80[character.charCodeAt(0) - 0x80]!);
}

const LATIN1_BYTES = new Map(
  Array.from({ length: 128 }, (_, index) => [fromLatin1(Buffer.of(0x80 + index)), 0x80 + index]),
);

function toLatin1(utf8: Buffer): Buffer | null {
  const bytes: number[] = [];
  for (const character of utf8.toString('utf8')) {
    const byte = character < '\x80' ? character.charCodeAt(0) : LATIN1_BYTES.get(character);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return Buffer.from(bytes);
}

function isAscii(bytes: Buffer): boolean {
  for (let index = 0; index < bytes.length; index++) if (bytes[index]! >= 0x80) return false;
  return true;
}

/** Characters beyond U+FFFF, which utf8mb3 does not have. */
function hasFourBytes(utf8: Buffer): boolean {
  return utf8.some((byte) => byte >= 0xf0);
}

/** BINARY(n) */
function padded(bytes: Buffer, length: number): Buffer {
  if (bytes.length >= length) return bytes;
  const whole = Buffer.alloc(length);
  bytes.copy(whole);
  return whole;
}

/** CHAR(n) */
function withoutSpaces(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === SPACE) end--;
  return bytes.subarray(0, end);
}
