import { isUtf8 } from 'node:buffer';
import { ProxyError, ServerError } from '../errors.js';
import type { IntegerColumnType } from './column-type.js';
import type { ProtectedColumn } from './protected-table.js';

/** A constant as it was written, or bound: text with its bytes, or a number as text. */
export type ConstantValue =
  | { readonly kind: 'text'; readonly bytes: Buffer }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer };

/** What to write in the place of a checked value: the client's own literal, or another one. */
export type StoredValue = { readonly kind: 'asWritten' } | { readonly kind: 'text'; readonly bytes: Buffer };

export interface CheckOptions {
  /** IGNORE, or no strict sql_mode: the server would cut or convert; we refuse instead. */
  readonly lenient: boolean;
  /** The client's character set is utf8, so that text bytes can be read. */
  readonly utf8: boolean;
  /** 1-based, for the server's wording. */
  readonly row: number;
}

const AS_WRITTEN: StoredValue = { kind: 'asWritten' };
const SPACE = 0x20;

/**
 * Checks a constant against the declared type of a protected column, as the server would on the plain table.
 * @throws ServerError 1406, 1264, 1366 as the plain table would raise; ProxyError where it would cut the value.
 */
export function checkValue(
  column: ProtectedColumn,
  value: ConstantValue,
  options: CheckOptions,
): StoredValue {
  const { type } = column;
  switch (type.kind) {
    case 'integer': {
      if (value.kind === 'bytes') return unfit(column, options, 1366, 'Incorrect integer value');
      const text = value.kind === 'number' ? value.text : value.bytes.toString('latin1');
      const isFloat = value.kind === 'number' && /e/i.test(text);
      return { kind: 'text', bytes: Buffer.from(checkedInteger(column, type, text, isFloat, options)) };
    }
    case 'binary': {
      const length = value.kind === 'number' ? value.text.length : value.bytes.length;
      if (length > type.length) return unfit(column, options, 1406, 'Data too long');
      return AS_WRITTEN;
    }
    case 'string': {
      if (value.kind === 'number') {
        if (value.text.length > type.length) return unfit(column, options, 1406, 'Data too long');
        return AS_WRITTEN;
      }
      const utf8Target = /^utf8/.test(type.charset);
      if ((options.utf8 || value.kind === 'bytes') && utf8Target && !isUtf8(value.bytes)) {
        return unfit(column, options, 1366, 'Incorrect string value');
      }
      const inCharacters = type.base === 'char' || type.base === 'varchar';
      const isUtf8Text = value.kind === 'bytes' ? utf8Target : options.utf8;
      const length = storedLength(value.bytes, inCharacters, isUtf8Text, utf8Target);
      if (length <= type.length) return AS_WRITTEN;
      // Spaces beyond the length are dropped without an error, also in strict mode.
      const trimmed = dropSpaces(value.bytes, length - type.length);
      if (trimmed !== null && value.kind === 'text' && options.utf8) return { kind: 'text', bytes: trimmed };
      return unfit(column, options, 1406, 'Data too long');
    }
  }
}

/**
 * A constant in the form in which the column's values are stored, for comparison by ciphertext; null where it has
 * none and only the decrypted comparison is right (semantics.md 11).
 */
export function canonicalConstant(column: ProtectedColumn, value: ConstantValue): StoredValue | null {
  if (column.type.kind !== 'integer') return AS_WRITTEN;
  if (value.kind === 'bytes') {
    if (value.bytes.length > 8) return null;
    return { kind: 'text', bytes: Buffer.from(BigInt(`0x${value.bytes.toString('hex') || '0'}`).toString()) };
  }
  const text = value.kind === 'number' ? value.text : value.bytes.toString('latin1');
  const match = /^\s*([+-]?)0*(\d+)(?:\.0*)?\s*$/.exec(text);
  if (match === null) return null;
  return { kind: 'text', bytes: Buffer.from(BigInt(`${match[1] === '-' ? '-' : ''}${match[2]}`).toString()) };
}

function checkedInteger(
  column: ProtectedColumn,
  type: IntegerColumnType,
  text: string,
  isFloat: boolean,
  options: CheckOptions,
): string {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?\s*$/.exec(text);
  if (match === null || (match[2] === '' && (match[3] ?? '') === '')) {
    const beginsWithNumber = /^\s*[+-]?\.?\d/.test(text);
    return beginsWithNumber
      ? unfit(column, options, 1265, 'Data truncated')
      : unfit(column, options, 1366, 'Incorrect integer value');
  }
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
  const value = sign === '-' ? -magnitude : magnitude;
  const bits = BigInt(type.bits);
  const low = type.unsigned ? 0n : -(1n << (bits - 1n));
  const high = type.unsigned ? (1n << bits) - 1n : (1n << (bits - 1n)) - 1n;
  if (value < low || value > high) return unfit(column, options, 1264, 'Out of range value');
  return value.toString();
}

const SQL_STATES = { 1264: '22003', 1265: '01000', 1366: 'HY000', 1406: '22001' } as const;

/** The server's error for a value that does not fit; without strict mode it would store something else: refused. */
function unfit(
  column: ProtectedColumn,
  options: CheckOptions,
  errno: 1264 | 1265 | 1366 | 1406,
  what: string,
): never {
  if (options.lenient) {
    throw new ProxyError(
      'TC_UNSUPPORTED_SQL',
      `a value does not fit the protected column ${column.logical}, and without strict sql_mode (or with IGNORE) it would be cut; send one that fits`,
    );
  }
  const state = SQL_STATES[errno];
  throw new ServerError(errno, state, `${what} for column '${column.logical}' at row ${options.row}`);
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

/** The bytes without their last `count` characters, when these are all spaces; else null. */
function dropSpaces(bytes: Buffer, count: number): Buffer | null {
  for (let index = bytes.length - count; index < bytes.length; index++) {
    if (bytes[index] !== SPACE) return null;
  }
  return bytes.subarray(0, bytes.length - count);
}
