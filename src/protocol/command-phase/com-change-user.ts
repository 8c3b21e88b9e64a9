import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';
import {
  readConnectionAttributes,
  writeConnectionAttributes,
} from '../connection-phase/connection-attributes.js';
import { type Capabilities, Capability, has } from '../constants/capabilities.js';
import { Command } from '../constants/commands.js';

/*
 * COM_CHANGE_USER.
 *
 *   int<1>          0x11
 *   string<NUL>     user
 *   auth response   int<1> and that many bytes when CLIENT_SECURE_CONNECTION, otherwise string<NUL>
 *   string<NUL>     database, empty for none
 *   when bytes are left:
 *     int<2>        character set
 *     string<NUL>   auth plugin name, when CLIENT_PLUGIN_AUTH
 *     attributes    when CLIENT_CONNECT_ATTRS
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_change_user.html
 */

export interface ComChangeUser {
  readonly username: Buffer;
  readonly authResponse: Buffer;
  readonly database: Buffer;
  /** What may follow, each `null` when it was not sent. */
  readonly characterSet: number | null;
  readonly clientPluginName: string | null;
  readonly connectAttributes: ReadonlyMap<string, string> | null;
}

export function decodeComChangeUser(payload: Buffer, { flags }: Capabilities): ComChangeUser {
  const reader = new BufferReader(payload);
  reader.expectInt1(Command.COM_CHANGE_USER, 'COM_CHANGE_USER');
  const username = reader.readStringNul();
  const authResponse = has(flags, Capability.CLIENT_SECURE_CONNECTION)
    ? reader.readBuffer(reader.readInt1())
    : reader.readStringNul();
  const database = reader.readStringNul();
  const characterSet = reader.remaining > 0 ? reader.readInt2() : null;
  const clientPluginName =
    reader.remaining > 0 && has(flags, Capability.CLIENT_PLUGIN_AUTH) ? reader.readStringNulLatin1() : null;
  const connectAttributes =
    reader.remaining > 0 && has(flags, Capability.CLIENT_CONNECT_ATTRS)
      ? readConnectionAttributes(reader)
      : null;
  reader.expectEnd();
  return { username, authResponse, database, characterSet, clientPluginName, connectAttributes };
}

/** Appends the payload. @throws RangeError for an auth response of more than 255 bytes */
export function encodeComChangeUser(
  writer: BufferWriter,
  message: ComChangeUser,
  { flags }: Capabilities,
): void {
  writer.writeInt1(Command.COM_CHANGE_USER).writeStringNul(message.username);
  if (has(flags, Capability.CLIENT_SECURE_CONNECTION)) {
    writer.writeInt1(message.authResponse.length).writeBuffer(message.authResponse);
  } else {
    writer.writeStringNul(message.authResponse);
  }
  writer.writeStringNul(message.database);
  if (message.characterSet === null) return;
  writer.writeInt2(message.characterSet);
  if (has(flags, Capability.CLIENT_PLUGIN_AUTH)) {
    if (message.clientPluginName === null) return;
    writer.writeStringNul(message.clientPluginName);
  }
  if (has(flags, Capability.CLIENT_CONNECT_ATTRS) && message.connectAttributes !== null) {
    writeConnectionAttributes(writer, message.connectAttributes);
  }
}
