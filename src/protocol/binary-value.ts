import type { BufferReader } from './buffer-reader.js';
import type { BufferWriter } from './buffer-writer.js';
import { ColumnType, PARAMETER_UNSIGNED } from './constants/column-types.js';

/*
 * One value of the binary protocol: parameters of COM_STMT_EXECUTE and COM_QUERY, columns of a BinaryResultsetRow.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html#sect_protocol_binary_resultset_row_value
 */

/** The type of a parameter: `int<1>` type, `int<1>` whose bit 7 says unsigned. */
export interface ParameterType {
  readonly type: number;
  readonly unsigned: boolean;
}

/** A parameter as it was sent. */
export interface Parameter extends ParameterType {
  /** Only with CLIENT_QUERY_ATTRIBUTES; empty for a placeholder's value. */
  readonly name: Buffer;
  /** The value's bytes without their length prefix, in the type's binary form; `null` for NULL. */
  readonly value: Buffer | null;
}

/** DATETIME with microseconds and a time zone's displacement. */
const MAX_TEMPORAL_LENGTH = 13;

/** How many bytes a value has: so many, or as many as a length in front of it says. */
export type ValueForm = number | 'length-encoded' | 'length-byte' | 'none';

const forms: ReadonlyMap<number, ValueForm> = new Map<number, ValueForm>([
  [ColumnType.MYSQL_TYPE_NULL, 'none'],
  [ColumnType.MYSQL_TYPE_TINY, 1],
  [ColumnType.MYSQL_TYPE_BOOL, 1],
  [ColumnType.MYSQL_TYPE_SHORT, 2],
  [ColumnType.MYSQL_TYPE_YEAR, 2],
  [ColumnType.MYSQL_TYPE_LONG, 4],
  [ColumnType.MYSQL_TYPE_INT24, 4],
  [ColumnType.MYSQL_TYPE_FLOAT, 4],
  [ColumnType.MYSQL_TYPE_LONGLONG, 8],
  [ColumnType.MYSQL_TYPE_DOUBLE, 8],
  [ColumnType.MYSQL_TYPE_DATE, 'length-byte'],
  [ColumnType.MYSQL_TYPE_DATETIME, 'length-byte'],
  [ColumnType.MYSQL_TYPE_TIMESTAMP, 'length-byte'],
  [ColumnType.MYSQL_TYPE_TIME, 'length-byte'],
  [ColumnType.MYSQL_TYPE_DECIMAL, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_NEWDECIMAL, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_VARCHAR, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_VAR_STRING, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_STRING, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_ENUM, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_SET, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_BIT, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_TINY_BLOB, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_MEDIUM_BLOB, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_LONG_BLOB, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_BLOB, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_GEOMETRY, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_JSON, 'length-encoded'],
  [ColumnType.MYSQL_TYPE_VECTOR, 'length-encoded'],
]);

/**
 * Types of which servers differ in how many bytes a parameter has (BOOL is one byte for some, a string for others;
 * INT24 and YEAR are strings for servers that know them as column types only). A parameter that we and the server
 * split differently would shift all those after it, so such a packet is refused.
 */
const ambiguousParameterTypes: ReadonlySet<number> = new Set<number>([
  ColumnType.MYSQL_TYPE_INT24,
  ColumnType.MYSQL_TYPE_YEAR,
  ColumnType.MYSQL_TYPE_BOOL,
]);

/** @returns undefined for a type that is not known */
export function valueForm(type: number): ValueForm | undefined {
  return forms.get(type);
}

/** Reads `int<2>`, a parameter's type. */
export function readParameterType(reader: BufferReader): ParameterType {
  const type = reader.readInt1();
  if (!forms.has(type) || ambiguousParameterTypes.has(type)) reader.fail('unknown type of a parameter');
  return { type, unsigned: (reader.readInt1() & PARAMETER_UNSIGNED) !== 0 };
}

export function writeParameterType(writer: BufferWriter, { type, unsigned }: ParameterType): void {
  writer.writeInt1(type).writeInt1(unsigned ? PARAMETER_UNSIGNED : 0);
}

/** Reads one value that is not NULL by its null bitmap; `null` when its type is MYSQL_TYPE_NULL. */
export function readBinaryValue(reader: BufferReader, type: number): Buffer | null {
  const form = forms.get(type);
  if (form === undefined) return reader.fail('value of an unknown type');
  if (form === 'none') return null;
  if (form === 'length-encoded') return reader.readLengthEncodedBuffer();
  if (form === 'length-byte') {
    const length = reader.readInt1();
    // Servers read this as length-encoded: beyond 0xFA they and we would find different ends.
    if (length > MAX_TEMPORAL_LENGTH) reader.fail('temporal value too long');
    return reader.readBuffer(length);
  }
  return reader.readBuffer(form);
}

/** Writes what {@link readBinaryValue} reads. @throws RangeError when the bytes do not fit the type */
export function writeBinaryValue(writer: BufferWriter, type: number, value: Uint8Array): void {
  const form = forms.get(type);
  if (form === 'length-encoded') {
    writer.writeLengthEncodedBuffer(value);
  } else if (form === 'length-byte') {
    writer.writeInt1(value.length).writeBuffer(value);
  } else if (form === value.length) {
    writer.writeBuffer(value);
  } else {
    throw new RangeError('value does not fit its type');
  }
}

/** An integer's binary form as a number; `undefined` for other types. */
export function binaryInteger(type: number, unsigned: boolean, value: Buffer): bigint | undefined {
  switch (type) {
    case ColumnType.MYSQL_TYPE_TINY:
    case ColumnType.MYSQL_TYPE_BOOL:
      return BigInt(unsigned ? value.readUInt8(0) : value.readInt8(0));
    case ColumnType.MYSQL_TYPE_SHORT:
    case ColumnType.MYSQL_TYPE_YEAR:
      return BigInt(unsigned ? value.readUInt16LE(0) : value.readInt16LE(0));
    case ColumnType.MYSQL_TYPE_LONG:
    case ColumnType.MYSQL_TYPE_INT24:
      return BigInt(unsigned ? value.readUInt32LE(0) : value.readInt32LE(0));
    case ColumnType.MYSQL_TYPE_LONGLONG:
      return unsigned ? value.readBigUInt64LE(0) : value.readBigInt64LE(0);
    default:
      return undefined;
  }
}

/** Whether bit `index + offset` of a null bitmap is set. */
export function isNull(bitmap: Buffer, index: number, offset = 0): boolean {
  const bit = index + offset;
  return ((bitmap[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
}

/** Bytes of a null bitmap for `count` values after `offset` reserved bits. */
export function nullBitmapLength(count: number, offset = 0): number {
  return (count + offset + 7) >> 3;
}
