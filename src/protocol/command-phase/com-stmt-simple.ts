import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { Command } from '../constants/commands.js';

/*
 * The commands that name a statement and little else.
 *
 *   COM_STMT_CLOSE: int<1> 0x19, int<4> statement id. Has no answer.
 *   COM_STMT_RESET: int<1> 0x1A, int<4> statement id
 *   COM_STMT_FETCH: int<1> 0x1C, int<4> statement id, int<4> number of rows
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_close.html
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_reset.html
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_fetch.html
 */

function decodeStatementId(payload: Buffer, command: number, name: string): number {
  const reader = new BufferReader(payload);
  reader.expectInt1(command, name);
  const statementId = reader.readInt4();
  reader.expectEnd();
  return statementId;
}

/** @returns the statement id */
export function decodeComStmtClose(payload: Buffer): number {
  return decodeStatementId(payload, Command.COM_STMT_CLOSE, 'COM_STMT_CLOSE');
}

export function encodeComStmtClose(writer: BufferWriter, statementId: number): void {
  writer.writeInt1(Command.COM_STMT_CLOSE).writeInt4(statementId);
}

/** @returns the statement id */
export function decodeComStmtReset(payload: Buffer): number {
  return decodeStatementId(payload, Command.COM_STMT_RESET, 'COM_STMT_RESET');
}

export function encodeComStmtReset(writer: BufferWriter, statementId: number): void {
  writer.writeInt1(Command.COM_STMT_RESET).writeInt4(statementId);
}

export interface ComStmtFetch {
  readonly statementId: number;
  readonly numRows: number;
}

export function decodeComStmtFetch(payload: Buffer): ComStmtFetch {
  const reader = new BufferReader(payload);
  reader.expectInt1(Command.COM_STMT_FETCH, 'COM_STMT_FETCH');
  const statementId = reader.readInt4();
  const numRows = reader.readInt4();
  reader.expectEnd();
  return { statementId, numRows };
}

export function encodeComStmtFetch(writer: BufferWriter, message: ComStmtFetch): void {
  writer.writeInt1(Command.COM_STMT_FETCH).writeInt4(message.statementId).writeInt4(message.numRows);
}
