/**
 * Capability flags, as unsigned 32-bit numbers. Combine and test them with the functions below, never with a bare
 * `|` or `&`: those give negative numbers for bit 31, which compare unequal to what the wire says.
 *
 * https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html
 */
export const Capability = {
  /** MySQL: always set by clients. MariaDB servers clear it (as CLIENT_MYSQL) to announce extended capabilities. */
  CLIENT_LONG_PASSWORD: 0x0000_0001,
  CLIENT_FOUND_ROWS: 0x0000_0002,
  CLIENT_LONG_FLAG: 0x0000_0004,
  CLIENT_CONNECT_WITH_DB: 0x0000_0008,
  CLIENT_NO_SCHEMA: 0x0000_0010,
  CLIENT_COMPRESS: 0x0000_0020,
  CLIENT_ODBC: 0x0000_0040,
  CLIENT_LOCAL_FILES: 0x0000_0080,
  CLIENT_IGNORE_SPACE: 0x0000_0100,
  CLIENT_PROTOCOL_41: 0x0000_0200,
  CLIENT_INTERACTIVE: 0x0000_0400,
  CLIENT_SSL: 0x0000_0800,
  CLIENT_IGNORE_SIGPIPE: 0x0000_1000,
  CLIENT_TRANSACTIONS: 0x0000_2000,
  CLIENT_RESERVED: 0x0000_4000,
  /** CLIENT_RESERVED2 in the newest manuals. */
  CLIENT_SECURE_CONNECTION: 0x0000_8000,
  CLIENT_MULTI_STATEMENTS: 0x0001_0000,
  CLIENT_MULTI_RESULTS: 0x0002_0000,
  CLIENT_PS_MULTI_RESULTS: 0x0004_0000,
  CLIENT_PLUGIN_AUTH: 0x0008_0000,
  CLIENT_CONNECT_ATTRS: 0x0010_0000,
  CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA: 0x0020_0000,
  CLIENT_CAN_HANDLE_EXPIRED_PASSWORDS: 0x0040_0000,
  CLIENT_SESSION_TRACK: 0x0080_0000,
  CLIENT_DEPRECATE_EOF: 0x0100_0000,
  CLIENT_OPTIONAL_RESULTSET_METADATA: 0x0200_0000,
  CLIENT_ZSTD_COMPRESSION_ALGORITHM: 0x0400_0000,
  CLIENT_QUERY_ATTRIBUTES: 0x0800_0000,
  MULTI_FACTOR_AUTHENTICATION: 0x1000_0000,
  CLIENT_CAPABILITY_EXTENSION: 0x2000_0000,
  CLIENT_SSL_VERIFY_SERVER_CERT: 0x4000_0000,
  CLIENT_REMEMBER_OPTIONS: 0x8000_0000,
} as const;

export type CapabilityName = keyof typeof Capability;

/**
 * MariaDB's extended capabilities: bits 32 and up of its 64-bit set, here as a 32-bit number of their own.
 *
 * https://mariadb.com/kb/en/connection/#capabilities
 */
export const MariadbCapability = {
  MARIADB_CLIENT_PROGRESS: 0x01,
  MARIADB_CLIENT_COM_MULTI: 0x02,
  MARIADB_CLIENT_STMT_BULK_OPERATIONS: 0x04,
  MARIADB_CLIENT_EXTENDED_METADATA: 0x08,
  MARIADB_CLIENT_CACHE_METADATA: 0x10,
  MARIADB_CLIENT_BULK_UNIT_RESULTS: 0x20,
} as const;

/**
 * What a leg of a session has negotiated: client ∩ greeting. Codecs take this as an argument.
 */
export interface Capabilities {
  /** {@link Capability} flags. */
  readonly flags: number;
  /** {@link MariadbCapability} flags; 0 on MySQL. */
  readonly mariadb: number;
}

/** Joins flags into an unsigned 32-bit set. */
export function combine(...flags: readonly number[]): number {
  let set = 0;
  for (const flag of flags) set |= flag;
  return set >>> 0;
}

/** The flags that both sets have. */
export function intersect(a: number, b: number): number {
  return (a & b) >>> 0;
}

/** The set without the given flags. */
export function without(set: number, ...flags: readonly number[]): number {
  return (set & ~combine(...flags)) >>> 0;
}

/** Whether every bit of `flag` is set. */
export function has(set: number, flag: number): boolean {
  return (set & flag) >>> 0 === flag;
}
