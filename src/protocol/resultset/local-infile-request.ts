import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';

/*
 * LOCAL INFILE Request: int<1> 0xFB, string<EOF> file name. The client answers with packets of the file's content and
 * an empty packet; OK or ERR follows.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_local_infile_request.html
 */

export const LOCAL_INFILE_HEADER = 0xfb;

/** @returns the file's name */
export function decodeLocalInfileRequest(payload: Buffer): Buffer {
  const reader = new BufferReader(payload);
  reader.expectInt1(LOCAL_INFILE_HEADER, 'LOCAL INFILE request');
  return reader.rest();
}

/** Appends the payload. */
export function encodeLocalInfileRequest(writer: BufferWriter, filename: Uint8Array): void {
  writer.writeInt1(LOCAL_INFILE_HEADER).writeBuffer(filename);
}
