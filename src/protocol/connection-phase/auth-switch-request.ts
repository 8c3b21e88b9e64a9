import { BufferReader } from '../buffer-reader.js';
import type { BufferWriter } from '../buffer-writer.js';

/*
 * Protocol::AuthSwitchRequest, server to client. MariaDB asks for a password of before 4.1 with the first byte alone
 * (Protocol::OldAuthSwitchRequest): the nonce is then the first 8 bytes of the one that the client has.
 *
 *   int<1>        0xFE
 *   string<NUL>   plugin name
 *   string<EOF>   authentication plugin data: for the nonce plugins 20 bytes and a NUL
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_auth_switch_request.html
 */

export const AUTH_SWITCH_REQUEST = 0xfe;

export const OLD_PASSWORD = 'mysql_old_password';

export interface AuthSwitchRequest {
  readonly pluginName: string;
  /** As sent, a closing NUL included. */
  readonly pluginProvidedData: Buffer;
}

export function decodeAuthSwitchRequest(payload: Buffer): AuthSwitchRequest {
  const reader = new BufferReader(payload);
  reader.expectInt1(AUTH_SWITCH_REQUEST, 'AuthSwitchRequest');
  if (reader.remaining === 0) return { pluginName: OLD_PASSWORD, pluginProvidedData: reader.rest() };
  const pluginName = reader.readStringNulLatin1();
  return { pluginName, pluginProvidedData: reader.rest() };
}

/** Appends the payload. */
export function encodeAuthSwitchRequest(writer: BufferWriter, message: AuthSwitchRequest): void {
  writer
    .writeInt1(AUTH_SWITCH_REQUEST)
    .writeStringNul(message.pluginName)
    .writeBuffer(message.pluginProvidedData);
}
