import { BufferReader } from '../buffer-reader.js';
import { BufferWriter } from '../buffer-writer.js';

/*
 * The connection attributes of HandshakeResponse41 and COM_CHANGE_USER.
 *
 *   int<lenenc>      bytes of all that follows
 *   string<lenenc>   key     } repeated
 *   string<lenenc>   value   }
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_response.html
 */

/** Reads the attributes in their order; of a key given twice the last value counts, and only it is encoded again. */
export function readConnectionAttributes(reader: BufferReader): Map<string, string> {
  const all = new BufferReader(reader.readLengthEncodedBuffer());
  const attributes = new Map<string, string>();
  while (all.remaining > 0) {
    const key = all.readLengthEncodedBuffer().toString('utf8');
    attributes.set(key, all.readLengthEncodedBuffer().toString('utf8'));
  }
  return attributes;
}

export function writeConnectionAttributes(
  writer: BufferWriter,
  attributes: ReadonlyMap<string, string>,
): void {
  const all = new BufferWriter();
  for (const [key, value] of attributes) all.writeLengthEncodedString(key).writeLengthEncodedString(value);
  writer.writeLengthEncodedBuffer(all.view());
}
