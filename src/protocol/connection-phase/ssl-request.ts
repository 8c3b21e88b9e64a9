import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { type Capabilities, Capability, has } from '../constants/capabilities.js';

/*
 * Protocol::SSLRequest, client to server: the first 32 bytes of a HandshakeResponse41 with CLIENT_SSL set. TLS begins
 * with the next byte.
 *
 *   int<4>       capability flags
 *   int<4>       maximum packet size
 *   int<1>       character set
 *   string[19]   filler
 *   int<4>       filler; MariaDB's extended capabilities when CLIENT_MYSQL (bit 0) is clear
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_ssl_request.html
 */

export const SSL_REQUEST_LENGTH = 32;
const FILLER = 19;

export interface SslRequest {
  readonly capabilities: Capabilities;
  /** In bytes. */
  readonly maxPacketSize: number;
  readonly characterSet: number;
}

/** Whether a client's first payload is an SSLRequest: a HandshakeResponse41 is always longer. */
export function isSslRequest(payload: Buffer): boolean {
  return payload.length === SSL_REQUEST_LENGTH && has(payload.readUInt32LE(0), Capability.CLIENT_SSL);
}

/** Reads the part that SSLRequest and HandshakeResponse41 share. */
export function readSslRequest(reader: BufferReader): SslRequest {
  const flags = reader.readInt4();
  if (!has(flags, Capability.CLIENT_PROTOCOL_41)) reader.fail('client does not speak the 4.1 protocol');
  const maxPacketSize = reader.readInt4();
  const characterSet = reader.readInt1();
  reader.skip(FILLER);
  const extended = reader.readInt4();
  const mariadb = has(flags, Capability.CLIENT_LONG_PASSWORD) ? 0 : extended;
  return { capabilities: { flags, mariadb }, maxPacketSize, characterSet };
}

export function decodeSslRequest(payload: Buffer): SslRequest {
  const reader = new BufferReader(payload);
  const message = readSslRequest(reader);
  if (!has(message.capabilities.flags, Capability.CLIENT_SSL)) reader.fail('CLIENT_SSL expected');
  reader.expectEnd();
  return message;
}

/** Appends the payload. CLIENT_SSL must be among the flags. */
export function encodeSslRequest(writer: BufferWriter, message: SslRequest): void {
  const { flags, mariadb } = message.capabilities;
  writer
    .writeInt4(flags)
    .writeInt4(message.maxPacketSize)
    .writeInt1(message.characterSet)
    .writeZeros(FILLER)
    .writeInt4(has(flags, Capability.CLIENT_LONG_PASSWORD) ? 0 : mariadb);
}
