import { ProxyError } from '../../errors.js';
import { BufferWriter } from '../../protocol/buffer-writer.js';
import { encodeComQuery } from '../../protocol/command-phase/com-query.js';
import { type Capabilities, Capability, has } from '../../protocol/constants/capabilities.js';
import { MAX_PACKET_PAYLOAD } from '../../protocol/packet-framer.js';
import { decodeColumnCount } from '../../protocol/resultset/column-count.js';
import { EOF_HEADER } from '../../protocol/resultset/eof-packet.js';
import { ERR_HEADER } from '../../protocol/resultset/err-packet.js';
import type { Leg } from '../leg.js';

/** Needs no privilege on either server. */
const STATEMENT = Buffer.from('SHOW CREATE USER CURRENT_USER()');

const QUOTED = /'(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`|"(?:[^"\\]|\\.|"")*"/gs;

/**
 * After a login through a Unix socket: throws when the account may log in by the operating-system user at the other
 * end of the socket (MariaDB's unix_socket, MySQL's auth_socket). That user is the proxy's, so every client would get
 * in, with any password or none. The exchange does not show it: as one of several plugins it answers after a wrong
 * password (protocol-notes 14).
 *
 * @param backendCapabilities of the leg
 * @throws ProxyError TC_BACKEND
 */
export async function refuseSocketAccount(backend: Leg, capabilities: Capabilities): Promise<void> {
  if (!backend.isUnixSocket) return;
  const definition = await showCreateUser(backend, capabilities);
  if (definition !== null && !namesSocketPlugin(definition)) return;
  throw new ProxyError(
    'TC_BACKEND',
    definition === null
      ? "it can't be told whether the account logs in by its operating-system user; use TCP to the database"
      : 'the account logs in by its operating-system user, which behind tenantcrypt is always the same; give the ' +
          'account a password plugin only',
  );
}

/** Whether a CREATE USER statement, as a server writes it, names a plugin that asks for the peer's user. */
export function namesSocketPlugin(createUser: string): boolean {
  // MySQL quotes the plugin, MariaDB does not; names and hashes in quotes may hold anything.
  if (/IDENTIFIED WITH '(?:auth_socket|unix_socket)'/i.test(createUser)) return true;
  return /\b(?:auth_socket|unix_socket)\b/i.test(createUser.replace(QUOTED, "''"));
}

/** The text of the answer's rows; `null` when the server refuses, as in sandbox mode after a password expired. */
async function showCreateUser(backend: Leg, capabilities: Capabilities): Promise<string | null> {
  const writer = new BufferWriter();
  encodeComQuery(writer, STATEMENT, capabilities);
  backend.sequenceId = 0;
  backend.writePayload(writer.toBuffer());
  const first = await backend.readPayload();
  if (first[0] === ERR_HEADER) return null;
  let definitions = backend.decode(() => decodeColumnCount(first, capabilities));
  if (!has(capabilities.flags, Capability.CLIENT_DEPRECATE_EOF)) definitions += 1;
  for (let i = 0; i < definitions; i += 1) await backend.readPayload();
  let text = '';
  for (;;) {
    const row = await backend.readPayload();
    if (row[0] === ERR_HEADER) return null;
    if (row[0] === EOF_HEADER && row.length < MAX_PACKET_PAYLOAD) return text;
    text += row.toString('latin1');
  }
}
