import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { Command } from '../constants/commands.js';

/*
 * COM_INIT_DB: int<1> 0x02, string<EOF> schema name, in the connection's character set.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_init_db.html
 */

/** @returns the schema's name */
export function decodeComInitDb(payload: Buffer): Buffer {
  const reader = new BufferReader(payload);
  reader.expectInt1(Command.COM_INIT_DB, 'COM_INIT_DB');
  return reader.rest();
}

/** Appends the payload. */
export function encodeComInitDb(writer: BufferWriter, schema: Uint8Array): void {
  writer.writeInt1(Command.COM_INIT_DB).writeBuffer(schema);
}
