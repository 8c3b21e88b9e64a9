import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { Command } from '../constants/commands.js';

/*
 * COM_STMT_SEND_LONG_DATA: int<1> 0x18, int<4> statement id, int<2> parameter id, binary<EOF> data. Has no answer.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_send_long_data.html
 */

export interface ComStmtSendLongData {
  readonly statementId: number;
  /** 0-based. */
  readonly paramId: number;
  readonly data: Buffer;
}

export function decodeComStmtSendLongData(payload: Buffer): ComStmtSendLongData {
  const reader = new BufferReader(payload);
  reader.expectInt1(Command.COM_STMT_SEND_LONG_DATA, 'COM_STMT_SEND_LONG_DATA');
  const statementId = reader.readInt4();
  const paramId = reader.readInt2();
  return { statementId, paramId, data: reader.rest() };
}

/** Appends the payload. */
export function encodeComStmtSendLongData(writer: BufferWriter, message: ComStmtSendLongData): void {
  writer
    .writeInt1(Command.COM_STMT_SEND_LONG_DATA)
    .writeInt4(message.statementId)
    .writeInt2(message.paramId)
    .writeBuffer(message.data);
}
