import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { Command } from '../constants/commands.js';

/*
 * COM_SET_OPTION: int<1> 0x1B, int<2> option. Answered with EOF (or OK with the header 0xFE) or ERR.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_set_option.html
 */

export const SetOption = {
  MYSQL_OPTION_MULTI_STATEMENTS_ON: 0,
  MYSQL_OPTION_MULTI_STATEMENTS_OFF: 1,
} as const;

/** @returns {@link SetOption}, or a number that the server will refuse */
export function decodeComSetOption(payload: Buffer): number {
  const reader = new BufferReader(payload);
  reader.expectInt1(Command.COM_SET_OPTION, 'COM_SET_OPTION');
  const option = reader.readInt2();
  reader.expectEnd();
  return option;
}

/** Appends the payload. */
export function encodeComSetOption(writer: BufferWriter, option: number): void {
  writer.writeInt1(Command.COM_SET_OPTION).writeInt2(option);
}
