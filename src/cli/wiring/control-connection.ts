import { readFile } from 'node:fs/promises';
import { connect, isIP, type Socket } from 'node:net';
import { authPlugins } from 'mysql2';
import mysql from 'mysql2/promise';
import type { BackendTlsConfig, Config, ControlConfig } from '../../config/config.js';
import { ProxyError } from '../../errors.js';
import type { QueryRunner } from '../../session/catalog-queries.js';

const CONNECT_TIMEOUT_MS = 10_000;
const QUERY_TIMEOUT_MS = 30_000;

/** A connection of the control account. */
export interface ControlConnection {
  /** Rows as bytes, for the catalog's statements. */
  readonly run: QueryRunner;
  /** The first row of a query as texts by column name, null for NULL; undefined: no row. */
  row(sql: string): Promise<ReadonlyMap<string, string | null> | undefined>;
  close(): Promise<void>;
}

/**
 * Logs in with the control account: TLS as `backend.tls` says, the certificate checked before the password leaves.
 * @throws ProxyError TC_BACKEND, TC_INTERNAL when no control account is configured
 */
export async function openControlConnection(config: Config): Promise<ControlConnection> {
  const { control } = config;
  if (control === undefined)
    throw new ProxyError('TC_INTERNAL', 'no control account is configured; report this');
  const connection = await open(config, control);
  // Unheard, the loss of an idle connection would end the process.
  connection.on('error', () => undefined);
  return {
    run: async (sql) => {
      const [rows] = await connection.query<mysql.RowDataPacket[][]>({
        sql,
        rowsAsArray: true,
        timeout: QUERY_TIMEOUT_MS,
        typeCast: (field) => field.buffer(),
      });
      return rows as unknown as (Buffer | null)[][];
    },
    row: async (sql) => {
      const [rows] = await connection.query<mysql.RowDataPacket[]>({
        sql,
        timeout: QUERY_TIMEOUT_MS,
        typeCast: (field) => field.string('utf8'),
      });
      const row = rows[0];
      return row === undefined ? undefined : new Map(Object.entries(row) as [string, string | null][]);
    },
    close: async () => {
      await connection.end().catch(() => connection.destroy());
    },
  };
}

async function open(config: Config, control: ControlConfig): Promise<mysql.Connection> {
  const { tls } = config.backend;
  const withoutTls = tls.mode === 'disabled' || control.socket !== undefined;
  const options = await optionsOf(config, control);
  try {
    return await mysql.createConnection(withoutTls ? options : { ...options, ssl: await sslOf(tls) });
  } catch (error) {
    if (tls.mode !== 'preferred' || codeOf(error) !== 'HANDSHAKE_NO_SSL_SUPPORT')
      throw explain(error, control);
  }
  try {
    return await mysql.createConnection(options);
  } catch (error) {
    throw explain(error, control);
  }
}

async function optionsOf(config: Config, control: ControlConfig): Promise<mysql.ConnectionOptions> {
  const { serverPublicKey, tls } = config.backend;
  const verified = tls.serverName ?? control.host;
  return {
    // What mysql2 verifies a certificate against; where it connects to is `stream`.
    host: verified,
    user: control.user,
    password: control.password.reveal(),
    connectTimeout: CONNECT_TIMEOUT_MS,
    charset: 'utf8mb4_general_ci',
    stream: () => connectSocket(control, verified),
    ...(serverPublicKey === undefined
      ? {}
      : {
          authPlugins: {
            caching_sha2_password: authPlugins.caching_sha2_password({
              serverPublicKey: await readFile(serverPublicKey, 'utf8'),
            }),
          },
        }),
  };
}

function connectSocket(control: ControlConfig, verified: string): Socket {
  if (control.socket !== undefined) return connect({ path: control.socket });
  const socket = connect({ host: control.host, port: control.port, noDelay: true });
  // For an address mysql2 gives node:tls no name to verify, which then takes this one, or else localhost.
  return isIP(verified) === 0 ? socket : Object.assign(socket, { _host: verified });
}

async function sslOf(tls: BackendTlsConfig): Promise<mysql.SslOptions> {
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: tls.mode === 'verify-ca' || tls.mode === 'verify-identity',
    verifyIdentity: tls.mode === 'verify-identity',
    ...(tls.ca === undefined ? {} : { ca: await readFile(tls.ca, 'utf8') }),
    ...(tls.cert === undefined ? {} : { cert: await readFile(tls.cert, 'utf8') }),
    ...(tls.key === undefined ? {} : { key: await readFile(tls.key, 'utf8') }),
  };
}

function codeOf(error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code ?? 'no reason given');
  if (code !== 'HANDSHAKE_SSL_ERROR') return code;
  // mysql2 puts its own code in the place of the one of node:tls; the message stays.
  const message = error instanceof Error ? error.message : '';
  return TLS_MESSAGES.find(([pattern]) => pattern.test(message))?.[1] ?? code;
}

const TLS_MESSAGES: readonly (readonly [RegExp, string])[] = [
  [/altnames/i, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [/self.signed|issuer certificate|verify the first certificate/i, 'CERT_UNTRUSTED'],
  [/expired/i, 'CERT_HAS_EXPIRED'],
];

function explain(error: unknown, control: ControlConfig): ProxyError {
  const code = codeOf(error);
  const what = `the control account ${control.user} can't log in (${code})`;
  const remedy =
    REMEDIES.get(code) ?? 'check control and backend in the configuration, and that the server runs';
  return new ProxyError('TC_BACKEND', `${what}; ${remedy}`, { cause: error });
}

const REMEDIES = new Map([
  [
    'ER_ACCESS_DENIED_ERROR',
    'check control.user and control.password, and the hosts that the account may come from',
  ],
  ['HANDSHAKE_NO_SSL_SUPPORT', 'the server offers no TLS: turn it on there, or change backend.tls.mode'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', "set backend.tls.serverName to a name in the server's certificate"],
  ['CERT_UNTRUSTED', 'set backend.tls.ca to the authority that signed the certificate'],
  ['CERT_HAS_EXPIRED', "renew the server's certificate, or set this host's clock right"],
  ['ECONNREFUSED', 'check backend.host and backend.port, and that the server runs'],
  ['ENOTFOUND', 'check backend.host'],
]);
