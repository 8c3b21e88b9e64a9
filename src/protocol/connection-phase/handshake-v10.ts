import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import { type Capabilities, Capability, has } from '../constants/capabilities.js';

/*
 * Protocol::HandshakeV10, server to client.
 *
 *   int<1>        protocol version, 10
 *   string<NUL>   server version
 *   int<4>        thread id
 *   string[8]     auth-plugin-data part 1
 *   int<1>        filler, 0
 *   int<2>        capability flags, lower half
 *   int<1>        character set
 *   int<2>        status flags
 *   int<2>        capability flags, upper half
 *   int<1>        length of auth-plugin-data when CLIENT_PLUGIN_AUTH, otherwise 0
 *   string[6]     reserved
 *   int<4>        reserved; MariaDB's extended capabilities when CLIENT_MYSQL (bit 0) is clear
 *   string[max(13, length - 8)]   auth-plugin-data part 2, ending with a NUL
 *   string<NUL>   auth plugin name, when CLIENT_PLUGIN_AUTH
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html
 * https://mariadb.com/kb/en/connection/#initial-handshake-packet
 */

const PROTOCOL_VERSION = 10;
const PART_1_LENGTH = 8;
const PART_2_MINIMUM = 13;
const RESERVED = 6;

export interface HandshakeV10 {
  readonly serverVersion: string;
  readonly threadId: number;
  /** Both parts joined, without the NUL that ends them: the 20-byte nonce. */
  readonly authPluginData: Buffer;
  readonly capabilities: Capabilities;
  readonly characterSet: number;
  readonly statusFlags: number;
  /** `null` without CLIENT_PLUGIN_AUTH. */
  readonly authPluginName: string | null;
}

/** @throws MalformedPacketError also for servers without CLIENT_PROTOCOL_41 and CLIENT_SECURE_CONNECTION */
export function decodeHandshakeV10(payload: Buffer): HandshakeV10 {
  const reader = new BufferReader(payload);
  reader.expectInt1(PROTOCOL_VERSION, 'protocol version 10');
  const serverVersion = reader.readStringNulLatin1();
  const threadId = reader.readInt4();
  const part1 = reader.readBuffer(PART_1_LENGTH);
  reader.skip(1);
  const lower = reader.readInt2();
  const characterSet = reader.readInt1();
  const statusFlags = reader.readInt2();
  const flags = (lower | (reader.readInt2() << 16)) >>> 0;
  if (!has(flags, Capability.CLIENT_PROTOCOL_41) || !has(flags, Capability.CLIENT_SECURE_CONNECTION)) {
    reader.fail('server does not speak the 4.1 protocol');
  }
  const authPluginDataLength = reader.readInt1();
  reader.skip(RESERVED);
  const extended = reader.readInt4();
  const mariadb = has(flags, Capability.CLIENT_LONG_PASSWORD) ? 0 : extended;
  const part2 = reader.readBuffer(Math.max(PART_2_MINIMUM, authPluginDataLength - PART_1_LENGTH));
  const authPluginName = has(flags, Capability.CLIENT_PLUGIN_AUTH) ? reader.readStringNulLatin1() : null;
  reader.expectEnd();
  return {
    serverVersion,
    threadId,
    authPluginData: Buffer.concat([part1, part2.subarray(0, -1)]),
    capabilities: { flags, mariadb },
    characterSet,
    statusFlags,
    authPluginName,
  };
}

/** Appends the payload. @throws RangeError when `authPluginData` is shorter than 20 bytes or longer than 254 */
export function encodeHandshakeV10(writer: BufferWriter, message: HandshakeV10): void {
  const { flags, mariadb } = message.capabilities;
  const data = message.authPluginData;
  if (data.length < PART_1_LENGTH + PART_2_MINIMUM - 1 || data.length > 254) {
    throw new RangeError('auth-plugin-data must have 20 to 254 bytes');
  }
  const pluginAuth = has(flags, Capability.CLIENT_PLUGIN_AUTH);
  writer
    .writeInt1(PROTOCOL_VERSION)
    .writeStringNul(message.serverVersion)
    .writeInt4(message.threadId)
    .writeBuffer(data.subarray(0, PART_1_LENGTH))
    .writeInt1(0)
    .writeInt2(flags & 0xffff)
    .writeInt1(message.characterSet)
    .writeInt2(message.statusFlags)
    .writeInt2(flags >>> 16)
    .writeInt1(pluginAuth ? data.length + 1 : 0)
    .writeZeros(RESERVED)
    .writeInt4(has(flags, Capability.CLIENT_LONG_PASSWORD) ? 0 : mariadb)
    .writeBuffer(data.subarray(PART_1_LENGTH))
    .writeInt1(0);
  if (pluginAuth) writer.writeStringNul(message.authPluginName ?? '');
}
