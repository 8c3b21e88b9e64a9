import {
  type Capabilities,
  Capability,
  combine,
  has,
  intersect,
  MariadbCapability,
  without,
} from '../../protocol/constants/capabilities.js';

/**
 * The capabilities that we implement and so pass on from the server's greeting. Left out: compression in both forms (ours
 * to offer, the backend leg has none),
 * LOCAL INFILE (only where policy.localInfile is on), a second authentication factor, and what does not exist yet. CLIENT_SSL is per leg.
 */
const IMPLEMENTED = combine(
  Capability.CLIENT_LONG_PASSWORD,
  Capability.CLIENT_FOUND_ROWS,
  Capability.CLIENT_LONG_FLAG,
  Capability.CLIENT_CONNECT_WITH_DB,
  Capability.CLIENT_NO_SCHEMA,
  Capability.CLIENT_ODBC,
  Capability.CLIENT_IGNORE_SPACE,
  Capability.CLIENT_PROTOCOL_41,
  Capability.CLIENT_INTERACTIVE,
  Capability.CLIENT_IGNORE_SIGPIPE,
  Capability.CLIENT_TRANSACTIONS,
  Capability.CLIENT_RESERVED,
  Capability.CLIENT_SECURE_CONNECTION,
  Capability.CLIENT_MULTI_STATEMENTS,
  Capability.CLIENT_MULTI_RESULTS,
  Capability.CLIENT_PS_MULTI_RESULTS,
  Capability.CLIENT_PLUGIN_AUTH,
  Capability.CLIENT_CONNECT_ATTRS,
  Capability.CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA,
  Capability.CLIENT_CAN_HANDLE_EXPIRED_PASSWORDS,
  Capability.CLIENT_SESSION_TRACK,
  Capability.CLIENT_DEPRECATE_EOF,
  Capability.CLIENT_OPTIONAL_RESULTSET_METADATA,
  Capability.CLIENT_QUERY_ATTRIBUTES,
  Capability.CLIENT_SSL_VERIFY_SERVER_CERT,
  Capability.CLIENT_REMEMBER_OPTIONS,
);

/**
 * MariaDB's extended capabilities that we implement: all that 10.11 has.
 */
const IMPLEMENTED_MARIADB = combine(
  MariadbCapability.MARIADB_CLIENT_PROGRESS,
  MariadbCapability.MARIADB_CLIENT_STMT_BULK_OPERATIONS,
  MariadbCapability.MARIADB_CLIENT_EXTENDED_METADATA,
  MariadbCapability.MARIADB_CLIENT_CACHE_METADATA,
);

/** The extended capabilities of the greeting that a client gets; 0 from a server that is not MariaDB. */
export function offeredMariadbCapabilities(server: Capabilities): number {
  return intersect(server.mariadb, IMPLEMENTED_MARIADB);
}

/**
 * The flags of the greeting that a client gets.
 * @param server flags of the server's greeting
 * @param compression flags of the algorithms that we offer, whatever the server does
 */
export function offeredCapabilities(
  server: number,
  offersTls: boolean,
  localInfile = false,
  compression = 0,
): number {
  const implemented = localInfile ? combine(IMPLEMENTED, Capability.CLIENT_LOCAL_FILES) : IMPLEMENTED;
  const offered = combine(intersect(server, implemented), compression);
  return offersTls ? combine(offered, Capability.CLIENT_SSL) : offered;
}

/**
 * What a client and we have agreed on.
 * @param client flags of its HandshakeResponse41: drivers set some that were never offered (protocol-notes 6)
 * @param isTls whether its connection is encrypted by now
 */
export function negotiatedCapabilities(client: number, offered: number, isTls: boolean): number {
  const agreed = without(intersect(client, offered), Capability.CLIENT_SSL);
  // Bit 0 is no capability but says which server's protocol the client speaks (CLIENT_MYSQL).
  const marker = intersect(client, Capability.CLIENT_LONG_PASSWORD);
  return combine(agreed, marker, isTls ? Capability.CLIENT_SSL : 0);
}

/**
 * What we ask the server for: what the client and we have agreed on, since results pass as they are, and session
 * tracking, without which a changed schema or SQL mode would go unnoticed (protocol-notes 11).
 */
export function backendCapabilities(negotiated: number, server: number, isTls: boolean): number {
  const always = combine(
    Capability.CLIENT_SECURE_CONNECTION,
    intersect(server, Capability.CLIENT_SESSION_TRACK),
    intersect(server, Capability.CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA),
    isTls ? Capability.CLIENT_SSL : 0,
  );
  const ours = combine(
    Capability.CLIENT_SSL,
    Capability.CLIENT_COMPRESS,
    Capability.CLIENT_ZSTD_COMPRESSION_ALGORITHM,
  );
  return combine(without(negotiated, ours), always);
}

/** Whether the server's greeting offers TLS. */
export function offersTls(server: number): boolean {
  return has(server, Capability.CLIENT_SSL);
}
