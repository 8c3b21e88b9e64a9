import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';

/*
 * ERR_Packet, as sent after the capabilities are known.
 *
 *   int<1>        0xFF
 *   int<2>        error number
 *   string[1]     "#"          } missing in errors before the handshake ("Too many connections")
 *   string[5]     SQLSTATE     }
 *   string<EOF>   message
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_err_packet.html
 */

export const ERR_HEADER = 0xff;
const SQL_STATE_MARKER = 0x23;
const SQL_STATE_LENGTH = 5;

export interface ErrPacket {
  readonly errorCode: number;
  /** Five letters; `null` in the form without. */
  readonly sqlState: string | null;
  /** In the character set of results. A server's message may hold literals of the statement: never log it. */
  readonly errorMessage: Buffer;
}

export function decodeErrPacket(payload: Buffer): ErrPacket {
  const reader = new BufferReader(payload);
  reader.expectInt1(ERR_HEADER, 'ERR');
  const errorCode = reader.readInt2();
  let sqlState: string | null = null;
  if (reader.peekInt1() === SQL_STATE_MARKER) {
    reader.skip(1);
    sqlState = reader.readBuffer(SQL_STATE_LENGTH).toString('latin1');
  }
  return { errorCode, sqlState, errorMessage: reader.rest() };
}

/** Appends the payload. @throws RangeError for an SQLSTATE that has not five bytes */
export function encodeErrPacket(writer: BufferWriter, packet: ErrPacket): void {
  writer.writeInt1(ERR_HEADER).writeInt2(packet.errorCode);
  if (packet.sqlState !== null) {
    const sqlState = Buffer.from(packet.sqlState, 'latin1');
    if (sqlState.length !== SQL_STATE_LENGTH) throw new RangeError('an SQLSTATE has five letters');
    writer.writeInt1(SQL_STATE_MARKER).writeBuffer(sqlState);
  }
  writer.writeBuffer(packet.errorMessage);
}
