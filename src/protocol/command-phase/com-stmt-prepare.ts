import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { Command } from '../constants/commands.js';

/*
 * COM_STMT_PREPARE: int<1> 0x16, string<EOF> statement.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_prepare.html
 */

/** @returns the statement's bytes */
export function decodeComStmtPrepare(payload: Buffer): Buffer {
  const reader = new BufferReader(payload);
  reader.expectInt1(Command.COM_STMT_PREPARE, 'COM_STMT_PREPARE');
  return reader.rest();
}

/** Appends the payload. */
export function encodeComStmtPrepare(writer: BufferWriter, statement: Uint8Array): void {
  writer.writeInt1(Command.COM_STMT_PREPARE).writeBuffer(statement);
}
