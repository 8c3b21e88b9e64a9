import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { type Capabilities, Capability, has, MariadbCapability } from '../constants/capabilities.js';

/*
 * The first packet of a result set.
 *
 *   int<1>        metadata_follows, with CLIENT_OPTIONAL_RESULTSET_METADATA (MySQL)
 *   int<lenenc>   column_count, at least 1
 *   int<1>        whether definitions follow, with MARIADB_CLIENT_CACHE_METADATA: the client has them from the last time
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset.html
 */

/** @throws MalformedPacketError also with CLIENT_OPTIONAL_RESULTSET_METADATA, which is not implemented */
export function decodeColumnCount(payload: Buffer, { flags, mariadb }: Capabilities): number {
  const reader = new BufferReader(payload);
  if (has(flags, Capability.CLIENT_OPTIONAL_RESULTSET_METADATA))
    reader.fail('optional metadata is not implemented');
  const count = reader.readLengthEncodedNumber();
  if (count === 0) reader.fail('result set without columns');
  if (has(mariadb, MariadbCapability.MARIADB_CLIENT_CACHE_METADATA) && reader.readInt1() > 1) {
    reader.fail('definitions follow or not: 0 or 1 expected');
  }
  reader.expectEnd();
  return count;
}

/** Whether definitions come behind a packet that {@link decodeColumnCount} has read. */
export function definitionsFollow(payload: Buffer, { mariadb }: Capabilities): boolean {
  return !has(mariadb, MariadbCapability.MARIADB_CLIENT_CACHE_METADATA) || payload.at(-1) === 1;
}

/** Appends the payload. */
export function encodeColumnCount(writer: BufferWriter, count: number): void {
  writer.writeLengthEncodedInteger(count);
}
