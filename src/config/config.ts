import type { CompressionAlgorithm } from '../protocol/compression/compression.js';
import type { ColumnType } from '../rewrite/column-type.js';
import type { Network } from './network.js';
import type { Secret } from './secret.js';

/** The configuration as the program uses it: defaults applied, sizes in bytes, paths absolute (design.md §9). */
export interface Config {
  /** The file it came from, as given. */
  readonly file: string;
  readonly listen: ListenConfig;
  readonly backend: BackendConfig;
  /** The account that reads the schema; undefined: each session's own connection does, right after its login. */
  readonly control: ControlConfig | undefined;
  /** undefined: no /metrics, /healthz, /readyz. */
  readonly metrics: MetricsConfig | undefined;
  /** undefined only when no table is protected. */
  readonly tenant: TenantConfig | undefined;
  /** undefined only when no table is protected. */
  readonly keys: KeysConfig | undefined;
  readonly cipher: 'aes-128-ecb';
  /** Where constants are encrypted. */
  readonly constants: 'backend' | 'proxy';
  readonly limits: LimitsConfig;
  readonly policy: PolicyConfig;
  /** By `schema.table`, spelled as in the file. */
  readonly tables: ReadonlyMap<string, TableConfig>;
  readonly log: { readonly level: LogLevel };
  readonly schema: { readonly maxAgeSeconds: number; readonly refreshSeconds: number };
  /** `mysql-9.7`, `mariadb-10.11`: what `explain` assumes without a backend; a live server's own word goes first. */
  readonly server: string | undefined;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

export interface ListenConfig {
  /** undefined: no TCP listener. At least one of `tcp` and `socket` is there. Port 0: any free one. */
  readonly tcp: TcpAddress | undefined;
  readonly socket: string | undefined;
  readonly tls: ListenTlsConfig;
  /** What clients may compress with; empty: nothing. */
  readonly compression: readonly CompressionAlgorithm[];
  /** undefined: nobody's PROXY header is believed. */
  readonly proxyProtocol: ProxyProtocolConfig | undefined;
}

export interface ProxyProtocolConfig {
  /** Whose header is believed; at least one. */
  readonly trusted: readonly Network[];
  /** Whether a connection from there may come without a header. */
  readonly header: 'required' | 'optional';
}

export interface ListenTlsConfig {
  readonly mode: 'disabled' | 'preferred' | 'required';
  /** PEM files; both or none. Without them a certificate is made at start. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** PEM file: who signs clients' certificates. There unless `clientCertificate` is none. */
  readonly ca: string | undefined;
  /** optional: verified where a client presents one. required: a client without one is refused. */
  readonly clientCertificate: ClientCertificateMode;
}

export type ClientCertificateMode = 'none' | 'optional' | 'required';

export interface BackendConfig {
  /** Also the name that `verify-identity` checks, unless `tls.serverName` is there. */
  readonly host: string;
  readonly port: number;
  /** A Unix socket; when set, host and port are not used and TLS is off. */
  readonly socket: string | undefined;
  readonly tls: BackendTlsConfig;
  /** PEM file of the server's RSA public key, pinned for caching_sha2_password on a leg without TLS. */
  readonly serverPublicKey: string | undefined;
}

export type BackendTlsMode = 'disabled' | 'preferred' | 'required' | 'verify-ca' | 'verify-identity';

export interface BackendTlsConfig {
  readonly mode: BackendTlsMode;
  /** PEM file; undefined: the certificate authorities that Node ships. */
  readonly ca: string | undefined;
  /** PEM files of a client certificate; both or none. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly serverName: string | undefined;
}

/** The address is the backend's unless given; TLS is the backend's. */
export interface ControlConfig {
  readonly user: string;
  readonly password: Secret;
  readonly host: string;
  readonly port: number;
  readonly socket: string | undefined;
}

export interface MetricsConfig extends TcpAddress {
  readonly allowNonLoopback: boolean;
}

export type TenantSourceConfig =
  | { readonly kind: 'connectionAttribute'; readonly name: string }
  | { readonly kind: 'userVariable'; readonly name: string }
  | { readonly kind: 'userSuffix'; readonly separator: '%' }
  | { readonly kind: 'queryAttribute'; readonly name: string }
  /** Anchored at both ends; the tenant is the group `tenant`, else the first group, else the whole name. */
  | { readonly kind: 'database'; readonly pattern: RegExp }
  | { readonly kind: 'comment'; readonly key: string }
  | { readonly kind: 'fixed'; readonly tenant: string };

export interface TenantConfig {
  /** In the configured order; at least one. */
  readonly sources: readonly TenantSourceConfig[];
  /** Anchored at both ends. */
  readonly pattern: RegExp;
  /** Whether `SET @…` or a query attribute may change a tenant that came with the connection. */
  readonly allowSwitch: boolean;
}

export type KeyFormat = 'text' | 'hex' | 'base64';

export interface KeyCacheConfig {
  /** Tenants. */
  readonly max: number;
  readonly ttlSeconds: number;
  /** How long a failed fetch is remembered. */
  readonly negativeTtlSeconds: number;
  readonly fetchTimeoutSeconds: number;
}

export type KeysConfig = FileKeysConfig | SecretsManagerKeysConfig;

export interface FileKeysConfig {
  readonly provider: 'file';
  readonly file: string;
  readonly format: KeyFormat;
  readonly cache: KeyCacheConfig;
}

export interface SecretsManagerKeysConfig {
  readonly provider: 'secrets-manager';
  /** Holds `{tenant}`. */
  readonly secretId: string;
  readonly format: KeyFormat;
  /** The secret is a JSON object and the key this member of it. */
  readonly jsonField: string | undefined;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly cache: KeyCacheConfig;
}

export interface LimitsConfig {
  readonly sessions: number;
  readonly unauthenticated: number;
  readonly authSeconds: number;
  readonly statementBytes: number;
  readonly parseDepth: number;
  readonly planCacheBytes: number;
  readonly idleSeconds: number;
  readonly drainSeconds: number;
  /** Open ones of one session. */
  readonly preparedStatements: number;
}

export interface PolicyConfig {
  readonly localInfile: 'on' | 'off';
  /** allow: PREPARE and EXECUTE IMMEDIATE of what is no string literal pass, and with them SQL that we never see. */
  readonly dynamicSql: 'refuse' | 'allow';
  /** allow: COM_BINLOG_DUMP and what belongs to it pass; a binlog holds all tenants' rows. */
  readonly binlogDump: 'refuse' | 'allow';
  /** `schema.routine` that CALL may name; `*`: any. */
  readonly calls: readonly string[];
  /** `schema.table` of tables, not protected themselves, that plaintext of protected columns may be inserted into. */
  readonly plaintextInto: readonly string[];
  readonly isolation: 'merge';
}

export interface TableConfig {
  readonly schema: string;
  readonly table: string;
  readonly tenantColumn: string | undefined;
  /** By logical name, spelled as in the file. */
  readonly columns: ReadonlyMap<string, ColumnConfig>;
}

export interface ColumnConfig {
  /** What the application calls it. */
  readonly logical: string;
  /** The column that holds the ciphertext. */
  readonly physical: string;
  readonly type: ColumnType;
  /** How `=` and IN find rows: by ciphertext (uses an index) or by the collation (decrypts). Design.md §3. */
  readonly equality: 'exact' | 'collation';
}
