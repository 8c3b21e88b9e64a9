import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { type Capabilities, Capability, has, MariadbCapability } from '../constants/capabilities.js';

/*
 * The first packet of a result set.
 *
 *   int<lenenc>   column_count, at least 1
 *   int<1>        whether definitions follow; with CLIENT_OPTIONAL_RESULTSET_METADATA (MySQL: SET resultset_metadata = NONE
 *                 leaves them out, and keeps the EOF behind them), or with MARIADB_CLIENT_CACHE_METADATA (the client has
 *                 them from the last time)
 *
 * MySQL's manual has the two the other way round; its servers send them so.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset.html
 */

function hasFlag({ flags, mariadb }: Capabilities): boolean {
  return (
    has(flags, Capability.CLIENT_OPTIONAL_RESULTSET_METADATA) ||
    has(mariadb, MariadbCapability.MARIADB_CLIENT_CACHE_METADATA)
  );
}

/** @throws MalformedPacketError */
export function decodeColumnCount(payload: Buffer, capabilities: Capabilities): number {
  const reader = new BufferReader(payload);
  const count = reader.readLengthEncodedNumber();
  if (count === 0) reader.fail('result set without columns');
  if (hasFlag(capabilities) && reader.readInt1() > 1) {
    reader.fail('definitions follow or not: 0 or 1 expected');
  }
  reader.expectEnd();
  return count;
}

/** Whether definitions come behind a packet that {@link decodeColumnCount} has read. */
export function definitionsFollow(payload: Buffer, capabilities: Capabilities): boolean {
  return !hasFlag(capabilities) || payload.at(-1) === 1;
}

/** Appends the payload. */
export function encodeColumnCount(writer: BufferWriter, count: number): void {
  writer.writeLengthEncodedInteger(count);
}
