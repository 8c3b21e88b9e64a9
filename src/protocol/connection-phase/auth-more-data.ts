import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';

/*
 * Protocol::AuthMoreData, server to client.
 *
 *   int<1>        0x01
 *   string<EOF>   data of the plugin
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_auth_more_data.html
 */

export const AUTH_MORE_DATA = 0x01;

export function decodeAuthMoreData(payload: Buffer): Buffer {
  const reader = new BufferReader(payload);
  reader.expectInt1(AUTH_MORE_DATA, 'AuthMoreData');
  return reader.rest();
}

/** Appends the payload. */
export function encodeAuthMoreData(writer: BufferWriter, data: Uint8Array): void {
  writer.writeInt1(AUTH_MORE_DATA).writeBuffer(data);
}
