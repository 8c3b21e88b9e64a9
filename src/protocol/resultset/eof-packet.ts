import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';

/*
 * EOF_Packet: int<1> 0xFE, int<2> warnings, int<2> status flags (the other way round than in OK).
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_eof_packet.html
 */

export const EOF_HEADER = 0xfe;
/** Payload bytes. */
export const EOF_LENGTH = 5;

export interface EofPacket {
  readonly warnings: number;
  readonly statusFlags: number;
}

export function decodeEofPacket(payload: Buffer): EofPacket {
  const reader = new BufferReader(payload);
  reader.expectInt1(EOF_HEADER, 'EOF');
  const warnings = reader.readInt2();
  const statusFlags = reader.readInt2();
  reader.expectEnd();
  return { warnings, statusFlags };
}

/** Appends the payload. */
export function encodeEofPacket(writer: BufferWriter, packet: EofPacket): void {
  writer.writeInt1(EOF_HEADER).writeInt2(packet.warnings).writeInt2(packet.statusFlags);
}
