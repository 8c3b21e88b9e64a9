import { isUtf8 } from 'node:buffer';
import type { ServerError } from '../errors.js';
import type { IntegerColumnType, StringColumnType } from './column-type.js';
import type { ColumnOrigin } from './plan.js';
import type { ProtectedColumn } from './protected-table.js';
import {
  type CheckOptions,
  type ConstantValue,
  cutNote,
  DATA_TOO_LONG,
  DATA_TRUNCATED,
  hexadecimal,
  incorrectValue,
  notesSpaces,
  numberPrefix,
  OUT_OF_RANGE,
  refusedValue,
  type StoredText,
  type StoredValue,
  serverError,
  storedWith,
  type UnfitNumber,
  type UnfitValue,
  unfit,
  type WrittenConstant,
} from './types/checked-value.js';
import { familyOf, hasFamily } from './types/families.js';

export {
  type CheckOptions,
  type ConstantValue,
  type StatementWarning,
  type StoredValue,
  type UnfitValue,
  unfitValue,
  type ValueWarning,
  type WrittenConstant,
} from './types/checked-value.js';

const AS_WRITTEN: StoredValue = { kind: 'asWritten' };
const SPACE = 0x20;

/**
 * Checks a constant against the declared type of a protected column, as the server would on the plain table.
 * @returns unfit, with 1406, 1264, 1265, 1292 or 1366, where the plain table would raise that; where it would cut the
 *   value, what is left of it, and the warning
 * @throws ProxyError where that is not known
 */
export function checkValue(
  column: ProtectedColumn,
  value: ConstantValue,
  options: CheckOptions,
): StoredValue | UnfitValue {
  const { type } = column;
  if (hasFamily(type)) return familyOf(type).check(column, type, value, options);
  if (value.kind === 'temporal') throw refusedValue(column, 'a date or time', 'bind a string or an integer');
  switch (type.kind) {
    case 'integer': {
      if (value.kind === 'bytes')
        return unfit(column, options, 1366, incorrectValue('integer', value.bytes, options), null);
      return checkedInteger(column, type, value, options);
    }
    case 'binary': {
      const bytes = value.kind === 'number' ? Buffer.from(value.text) : value.bytes;
      if (bytes.length <= type.length) return AS_WRITTEN;
      // Text is stored in the connection's character set.
      const isKnown = value.kind === 'bytes' || isAscii(bytes);
      return tooLong(column, options, isKnown ? bytes.subarray(0, type.length) : null);
    }
    case 'string':
      return checkedString(column, type, value, options);
  }
}

function checkedString(
  column: ProtectedColumn,
  type: StringColumnType,
  value: WrittenConstant,
  options: CheckOptions,
): StoredValue | UnfitValue {
  if (value.kind === 'number') {
    const digits = Buffer.from(value.text);
    if (digits.length <= type.length) return AS_WRITTEN;
    // `007` is 7, and what exceeds the integers is written in another way.
    const isInteger = /^-?[1-9]\d{0,17}$/.test(value.text);
    return tooLong(column, options, isInteger ? digits.subarray(0, type.length) : null);
  }
  const utf8Target = /^utf8/.test(type.charset);
  const ends = (options.utf8mb3 && value.kind === 'text') || /^utf8(mb3)?$/.test(type.charset);
  if ((options.utf8 || value.kind === 'bytes') && utf8Target && !isTextOf(value.bytes, ends)) {
    return unfit(column, options, 1366, incorrectString(value.bytes, ends), null);
  }
  const inCharacters = type.base === 'char' || type.base === 'varchar';
  const isUtf8Text = value.kind === 'bytes' ? utf8Target : options.utf8;
  const length = storedLength(value.bytes, inCharacters, isUtf8Text, utf8Target);
  if (length <= type.length) return AS_WRITTEN;
  const isReadable = value.kind === 'text' && options.utf8;
  // Spaces beyond the length are dropped without an error, also in strict mode.
  const trimmed = dropSpaces(value.bytes, length - type.length);
  if (trimmed !== null && isReadable) {
    return type.base === 'char' ? storedWith(trimmed) : storedWith(trimmed, cutNote(column, options));
  }
  // Where a text's end is one of bytes, each server has its way with the character there.
  const isCut = isReadable && (inCharacters || isAscii(value.bytes));
  return tooLong(column, options, isCut ? beginning(value.bytes, type.length) : null);
}

/** 1406; as a warning it has another number. */
function tooLong(
  column: ProtectedColumn,
  options: CheckOptions,
  stored: Buffer | null,
): UnfitValue | StoredText {
  const isCut = options.lenient && options.reports;
  return isCut
    ? unfit(column, options, 1265, DATA_TRUNCATED, stored)
    : unfit(column, options, 1406, DATA_TOO_LONG, null);
}

/** The errors that a value which the proxy does not know yet may bring, for a row. */
export function possibleErrors(column: ProtectedColumn, origin: ColumnOrigin, row: number): ServerError[] {
  const unknown = (errno: UnfitNumber, what: string): ServerError =>
    serverError(column, origin, row, errno, what);
  switch (column.type.kind) {
    case 'integer':
      return [
        unknown(1264, OUT_OF_RANGE),
        unknown(1366, 'Incorrect integer value'),
        unknown(1265, DATA_TRUNCATED),
      ];
    case 'string':
      return [unknown(1406, DATA_TOO_LONG), unknown(1366, 'Incorrect string value')];
    case 'binary':
      return [unknown(1406, DATA_TOO_LONG)];
    default:
      return familyOf(column.type).possibleErrors(column, column.type, origin, row);
  }
}

/**
 * A constant in the form in which the column's values are stored, for comparison by ciphertext; null where it has
 * none and only the decrypted comparison is right (semantics.md 11).
 */
export function canonicalConstant(column: ProtectedColumn, value: ConstantValue): StoredValue | null {
  const { type } = column;
  if (hasFamily(type)) {
    const bytes = familyOf(type).canonical(type, value);
    return bytes === null ? null : { kind: 'text', bytes };
  }
  if (value.kind === 'temporal') return null;
  if (type.kind !== 'integer') return AS_WRITTEN;
  if (value.kind === 'bytes') {
    if (value.bytes.length > 8) return null;
    return comparedInteger(type, BigInt(`0x${value.bytes.toString('hex') || '0'}`));
  }
  const text = value.kind === 'number' ? value.text : value.bytes.toString('latin1');
  const match = /^\s*([+-]?)0*(\d+)(?:\.0*)?\s*$/.exec(text);
  if (match === null) return null;
  return comparedInteger(type, BigInt(`${match[1] === '-' ? '-' : ''}${match[2]}`));
}

/**
 * Beside the ciphertext of a value out of range stands the comparison of what is decrypted: MariaDB puts the constant
 * into that as well, where it would warn. In its place stands what no column holds, and what no such value equals.
 */
function comparedInteger(type: IntegerColumnType, value: bigint): StoredValue | null {
  // -1 and 2^64 - 1 are one, where MySQL compares 64 bits (`level IN (18446744073709551615, '30')`).
  const sameBits = type.unsigned ? value < 0n : value >= 1n << 63n;
  if (sameBits) return null;
  const { low, high } = integerRange(type);
  return { kind: 'text', bytes: Buffer.from(value < low || value > high ? '00' : value.toString()) };
}

function integerRange({ bits, unsigned }: IntegerColumnType): { low: bigint; high: bigint } {
  const half = 1n << (BigInt(bits) - 1n);
  return unsigned ? { low: 0n, high: 2n * half - 1n } : { low: -half, high: half - 1n };
}

function checkedInteger(
  column: ProtectedColumn,
  type: IntegerColumnType,
  constant: ConstantValue & { kind: 'number' | 'text' },
  options: CheckOptions,
): StoredValue | UnfitValue {
  const text = constant.kind === 'number' ? constant.text : constant.bytes.toString('latin1');
  const value = integerOf(text, constant.kind === 'number' && /e/i.test(text));
  const { low, high } = integerRange(type);
  const nearest = (number: bigint): Buffer =>
    Buffer.from((number < low ? low : number > high ? high : number).toString());
  if (value === null) {
    const prefix = numberPrefix(text);
    const number = prefix === null ? null : integerOf(prefix === '' ? '0' : prefix, false);
    const stored = number === null ? null : nearest(number);
    if (!/^\s*[+-]?\.?\d/.test(text)) {
      const bytes = constant.kind === 'number' ? Buffer.from(text) : constant.bytes;
      return unfit(column, options, 1366, incorrectValue('integer', bytes, options), stored);
    }
    const isBeyond = number !== null && (number < low || number > high);
    return options.lenient && isBeyond
      ? unfit(column, options, 1264, OUT_OF_RANGE, stored)
      : unfit(column, options, 1265, DATA_TRUNCATED, stored);
  }
  if (value < low || value > high) return unfit(column, options, 1264, OUT_OF_RANGE, nearest(value));
  const digits = Buffer.from(value.toString());
  return notesSpaces(constant, options) ? storedWith(digits, cutNote(column, options)) : storedWith(digits);
}

/** A number as an integer, rounded; null: it is none. @param isFloat it is a DOUBLE, which rounds in another way */
function integerOf(text: string, isFloat: boolean): bigint | null {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/.exec(text);
  if (match === null || (match[2] === '' && (match[3] ?? '') === '')) return null;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const integerDigits = point <= 0 ? '0' : digits.padEnd(point, '0').slice(0, point);
  const firstDropped = point < 0 ? '0' : (digits[point] ?? '0');
  let magnitude = BigInt(integerDigits === '' ? '0' : integerDigits);
  // Exact values round half away from zero, floating-point ones half to even.
  const isHalf = firstDropped === '5' && /^0*$/.test(point < 0 ? '1' : digits.slice(point + 1));
  const roundsUp = isFloat && isHalf ? magnitude % 2n === 1n : firstDropped >= '5';
  if (roundsUp) magnitude += 1n;
  return sign === '-' ? -magnitude : magnitude;
}

/** What is no text, from its first bad byte on: six bytes at most. */
function incorrectString(value: Buffer, endsAtFfff: boolean): string {
  const rest = value.subarray(wellFormedLength(value, endsAtFfff));
  return `Incorrect string value: '${hexadecimal(rest.subarray(0, 6))}${rest.length > 6 ? '...' : ''}'`;
}

/** Whether bytes are UTF-8, and where that is utf8mb3 have no character beyond U+FFFF. */
function isTextOf(bytes: Buffer, endsAtFfff: boolean): boolean {
  return isUtf8(bytes) && !(endsAtFfff && bytes.some((byte) => byte >= 0xf0));
}

/** Bytes of the characters before the first bad one. */
function wellFormedLength(bytes: Buffer, endsAtFfff: boolean): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at]!;
    const size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (size > 1 && !isTextOf(bytes.subarray(at, at + size), endsAtFfff)) break;
    at += size;
  }
  return Math.min(at, bytes.length);
}

/**
 * Characters, or bytes as stored. Text of another character set than UTF-8 counts one character a byte, and its
 * letters beyond ASCII two bytes each once they are UTF-8.
 */
function storedLength(bytes: Buffer, inCharacters: boolean, isUtf8: boolean, utf8Target: boolean): number {
  if (inCharacters) return isUtf8 ? utf8Length(bytes) : bytes.length;
  if (isUtf8 || !utf8Target) return bytes.length;
  let length = bytes.length;
  for (const byte of bytes) if (byte >= 0x80) length++;
  return length;
}

/** Characters in UTF-8 bytes. */
function utf8Length(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if ((byte & 0xc0) !== 0x80) count++;
  return count;
}

/** The first characters of UTF-8. */
function beginning(bytes: Buffer, characters: number): Buffer {
  let at = 0;
  for (let count = 0; at < bytes.length; at++) {
    if ((bytes[at]! & 0xc0) !== 0x80 && count++ === characters) break;
  }
  return bytes.subarray(0, at);
}

function isAscii(bytes: Buffer): boolean {
  return bytes.every((byte) => byte < 0x80);
}

/** The bytes without their last `count` characters, when these are all spaces; else null. */
function dropSpaces(bytes: Buffer, count: number): Buffer | null {
  for (let index = bytes.length - count; index < bytes.length; index++) {
    if (bytes[index] !== SPACE) return null;
  }
  return bytes.subarray(0, bytes.length - count);
}
