import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { Command } from '../constants/commands.js';

/*
 * COM_FIELD_LIST: int<1> 0x04, string<NUL> table, string<EOF> wildcard.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_field_list.html
 */

export interface ComFieldList {
  readonly table: Buffer;
  readonly wildcard: Buffer;
}

export function decodeComFieldList(payload: Buffer): ComFieldList {
  const reader = new BufferReader(payload);
  reader.expectInt1(Command.COM_FIELD_LIST, 'COM_FIELD_LIST');
  const table = reader.readStringNul();
  return { table, wildcard: reader.rest() };
}

/** Appends the payload. */
export function encodeComFieldList(writer: BufferWriter, message: ComFieldList): void {
  writer.writeInt1(Command.COM_FIELD_LIST).writeStringNul(message.table).writeBuffer(message.wildcard);
}
