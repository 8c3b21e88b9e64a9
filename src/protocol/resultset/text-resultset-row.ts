import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';

/*
 * Text resultset row: per column string<lenenc>, or the byte 0xFB for NULL. For the proxy's own queries and answers;
 * rows of clients are relayed unread.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_row.html
 */

export function decodeTextResultsetRow(payload: Buffer, columnCount: number): (Buffer | null)[] {
  const reader = new BufferReader(payload);
  const values: (Buffer | null)[] = [];
  for (let i = 0; i < columnCount; i += 1) values.push(reader.readLengthEncodedBufferOrNull());
  reader.expectEnd();
  return values;
}

/** Appends the payload. */
export function encodeTextResultsetRow(writer: BufferWriter, values: readonly (Uint8Array | null)[]): void {
  for (const value of values) {
    if (value === null) writer.writeInt1(0xfb);
    else writer.writeLengthEncodedBuffer(value);
  }
}
