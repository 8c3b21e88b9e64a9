import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { Capability, has } from '../constants/capabilities.js';
import { readConnectionAttributes, writeConnectionAttributes } from './connection-attributes.js';
import { encodeSslRequest, readSslRequest, type SslRequest } from './ssl-request.js';

/*
 * Protocol::HandshakeResponse41, client to server.
 *
 *   32 bytes        as SSLRequest
 *   string<NUL>     user name
 *   auth response   string<lenenc> when CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA,
 *                   int<1> and that many bytes when CLIENT_SECURE_CONNECTION, otherwise string<NUL>
 *   string<NUL>     database, when CLIENT_CONNECT_WITH_DB
 *   string<NUL>     auth plugin name, when CLIENT_PLUGIN_AUTH
 *   attributes      when CLIENT_CONNECT_ATTRS
 *   int<1>          zstd level, when CLIENT_ZSTD_COMPRESSION_ALGORITHM
 *
 * The flags that shape it are the client's own, offered by the server or not.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_response.html
 */

export interface HandshakeResponse41 extends SslRequest {
  /** In the character set that the client announces. */
  readonly username: Buffer;
  readonly authResponse: Buffer;
  /** `null` without CLIENT_CONNECT_WITH_DB. */
  readonly database: Buffer | null;
  /** `null` without CLIENT_PLUGIN_AUTH. */
  readonly clientPluginName: string | null;
  /** In the client's order; `null` without CLIENT_CONNECT_ATTRS. */
  readonly connectAttributes: ReadonlyMap<string, string> | null;
  /** `null` without CLIENT_ZSTD_COMPRESSION_ALGORITHM. */
  readonly zstdCompressionLevel: number | null;
}

export function decodeHandshakeResponse41(payload: Buffer): HandshakeResponse41 {
  const reader = new BufferReader(payload);
  const start = readSslRequest(reader);
  const { flags } = start.capabilities;
  const username = reader.readStringNul();
  const authResponse = has(flags, Capability.CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA)
    ? reader.readLengthEncodedBuffer()
    : has(flags, Capability.CLIENT_SECURE_CONNECTION)
      ? reader.readBuffer(reader.readInt1())
      : reader.readStringNul();
  const database = has(flags, Capability.CLIENT_CONNECT_WITH_DB) ? reader.readStringNul() : null;
  const clientPluginName = has(flags, Capability.CLIENT_PLUGIN_AUTH) ? reader.readStringNulLatin1() : null;
  const connectAttributes = has(flags, Capability.CLIENT_CONNECT_ATTRS)
    ? readConnectionAttributes(reader)
    : null;
  const zstdCompressionLevel = has(flags, Capability.CLIENT_ZSTD_COMPRESSION_ALGORITHM)
    ? reader.readInt1()
    : null;
  reader.expectEnd();
  return {
    ...start,
    username,
    authResponse,
    database,
    clientPluginName,
    connectAttributes,
    zstdCompressionLevel,
  };
}

/**
 * Appends the payload; which fields are written follows from `capabilities.flags`.
 * @throws RangeError when a field can't be carried in the form that the flags prescribe
 */
export function encodeHandshakeResponse41(writer: BufferWriter, message: HandshakeResponse41): void {
  const { flags } = message.capabilities;
  encodeSslRequest(writer, message);
  writer.writeStringNul(message.username);
  if (has(flags, Capability.CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA)) {
    writer.writeLengthEncodedBuffer(message.authResponse);
  } else if (has(flags, Capability.CLIENT_SECURE_CONNECTION)) {
    writer.writeInt1(message.authResponse.length).writeBuffer(message.authResponse);
  } else {
    writer.writeStringNul(message.authResponse);
  }
  if (has(flags, Capability.CLIENT_CONNECT_WITH_DB)) writer.writeStringNul(message.database ?? '');
  if (has(flags, Capability.CLIENT_PLUGIN_AUTH)) writer.writeStringNul(message.clientPluginName ?? '');
  if (has(flags, Capability.CLIENT_CONNECT_ATTRS)) {
    writeConnectionAttributes(writer, message.connectAttributes ?? new Map());
  }
  if (has(flags, Capability.CLIENT_ZSTD_COMPRESSION_ALGORITHM)) {
    writer.writeInt1(message.zstdCompressionLevel ?? 0);
  }
}
