import { isNull, nullBitmapLength, readBinaryValue, writeBinaryValue } from '../binary-value.js';
import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';

/*
 * Binary resultset row: int<1> 0x00, null bitmap of (columns + 9) / 8 bytes whose first two bits are unused, and the
 * values that are not NULL.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html#sect_protocol_binary_resultset_row
 */

const RESERVED_BITS = 2;

/**
 * @param types of the columns, from their definitions
 * @returns each value's bytes in its type's binary form (see `binaryInteger`), `null` for NULL
 */
export function decodeBinaryResultsetRow(payload: Buffer, types: readonly number[]): (Buffer | null)[] {
  const reader = new BufferReader(payload);
  reader.expectInt1(0x00, 'binary row');
  const nullBitmap = reader.readBuffer(nullBitmapLength(types.length, RESERVED_BITS));
  const values = types.map((type, i) =>
    isNull(nullBitmap, i, RESERVED_BITS) ? null : readBinaryValue(reader, type),
  );
  reader.expectEnd();
  return values;
}

/** Appends the payload. @throws RangeError when a value does not fit its type or there are not as many as types */
export function encodeBinaryResultsetRow(
  writer: BufferWriter,
  types: readonly number[],
  values: readonly (Uint8Array | null)[],
): void {
  if (types.length !== values.length) throw new RangeError('as many values as types expected');
  const nullBitmap = Buffer.alloc(nullBitmapLength(types.length, RESERVED_BITS));
  values.forEach((value, i) => {
    const bit = i + RESERVED_BITS;
    if (value === null) nullBitmap[bit >> 3] = (nullBitmap[bit >> 3] ?? 0) | (1 << (bit & 7));
  });
  writer.writeInt1(0x00).writeBuffer(nullBitmap);
  types.forEach((type, i) => {
    const value = values[i];
    if (value !== null && value !== undefined) writeBinaryValue(writer, type, value);
  });
}
