import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection, ConnectionOptions, RowDataPacket } from 'mysql2/promise';
import mysql from 'mysql2/promise';
import { pino } from 'pino';
import type { RunningProxy } from '../../src/cli/serve.js';
import { loggerOptions } from '../../src/cli/wiring/create-logger.js';
import { startProxy } from '../../src/cli/wiring/start-proxy.js';
import { loadConfig } from '../../src/config/load-config.js';
import { adminConnection, createDatabase, createUser, type TestDatabase } from '../servers/accounts.js';
import type { SqlServerAddress } from '../servers/sql-server.js';
import { tempFolder } from '../servers/temp-folder.js';
import { RawSession, type RawSessionOptions } from './raw-session.js';

/** Keys of 21 and 24 characters: both are folded to 16 bytes. */
export const KEYS = {
  'tenant-001': 'a-secret-for-tenant-1',
  'tenant-002': 'another-secret-of-tenant',
} as const;

/** The table of the mission, as it lies in the database. */
export const USERS_SQL = `CREATE TABLE users (
  id INT PRIMARY KEY AUTO_INCREMENT,
  tenant_id VARCHAR(64) NOT NULL,
  username VARCHAR(100) NOT NULL,
  encrypted_email VARBINARY(1040),
  encrypted_phone VARBINARY(144),
  encrypted_bio BLOB,
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  UNIQUE KEY tenant_user (tenant_id, username),
  KEY tenant_email (tenant_id, encrypted_email)
) DEFAULT CHARSET utf8mb4`;

/** What the application believes it to be. */
export const PLAIN_USERS_SQL = `CREATE TABLE plain_users (
  id INT PRIMARY KEY AUTO_INCREMENT,
  tenant_id VARCHAR(64) NOT NULL,
  username VARCHAR(100) NOT NULL,
  email VARCHAR(255),
  phone VARCHAR(32),
  bio TEXT,
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  UNIQUE KEY tenant_user (tenant_id, username),
  KEY tenant_email (tenant_id, email)
) DEFAULT CHARSET utf8mb4`;

/** The `tables` section for `users` in a schema. */
export function protectUsers(schema: string): Record<string, unknown> {
  return {
    [`${schema}.users`]: {
      tenantColumn: 'tenant_id',
      columns: {
        email: { column: 'encrypted_email', type: 'varchar(255)', equality: 'exact' },
        phone: { column: 'encrypted_phone', type: 'varchar(32)' },
        bio: { column: 'encrypted_bio', type: 'text' },
      },
    },
  };
}

export interface TestProxyOptions {
  /** Letters that make schema and account recognisable in logs. */
  readonly label: string;
  /** tenant → key of the file provider; default: KEYS */
  readonly keys?: Readonly<Record<string, string>>;
  /** Default: attribute tenant_id, user suffix, variable tenant_id. */
  readonly sources?: readonly Readonly<Record<string, string>>[];
  /** Sections that replace or join the default configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Default: users and plain_users of the mission. */
  readonly tables?: readonly string[];
  /** The `tables` section; default: protectUsers. */
  readonly protect?: (schema: string) => Record<string, unknown>;
  /** Where the backend is reached, when not at the server itself. */
  readonly backendPort?: number;
}

/** A proxy in this process over a schema of its own, with an application's account that is not root. */
export interface TestProxy {
  readonly server: SqlServerAddress;
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly metricsUrl: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** Root, straight to the database, in the schema. */
  readonly admin: Connection;
  readonly configFile: string;
  /**
   * A client through the proxy; closed by `stop`.
   * @param tenant sent as attribute tenant_id; null: none
   */
  connect(tenant: string | null, options?: ConnectionOptions): Promise<Connection>;
  /** An application's connection that does not pass the proxy; closed by `stop`. */
  direct(options?: ConnectionOptions): Promise<Connection>;
  /** A session that speaks the protocol by hand, through the proxy unless a port is given; closed by `stop`. */
  raw(options: Partial<RawSessionOptions> & Pick<RawSessionOptions, 'user'>): Promise<RawSession>;
  /** Writes the key file anew. */
  setKeys(keys: Readonly<Record<string, string>>): void;
  /** Takes the key file away: the provider as a whole is out. */
  removeKeys(): void;
  /** Everything logged so far, at level trace, as JSON lines. */
  log(): string;
  /** The text of /metrics. */
  metrics(): Promise<string>;
  /** Status and body of a path of the metrics server. */
  get(path: string): Promise<{ status: number; body: string }>;
  /** Ends the proxy; schema and account stay. */
  end(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestProxy(
  server: SqlServerAddress,
  options: TestProxyOptions,
): Promise<TestProxy> {
  const folder = tempFolder('e2e');
  const keyFile = join(folder, 'keys.yaml');
  const setKeys = (keys: Readonly<Record<string, string>>): void =>
    writeFileSync(keyFile, JSON.stringify(keys), { mode: 0o600 });
  setKeys(options.keys ?? KEYS);
  const database = await createDatabase(server, options.label);
  const user = `app_${options.label}_${randomBytes(3).toString('hex')}`;
  const password = 'app-password';
  await createUser(server, { user, password });
  const admin = await adminConnection(server, { database: database.name, multipleStatements: true });
  for (const sql of options.tables ?? [USERS_SQL, PLAIN_USERS_SQL]) await admin.query(sql);
  const configFile = writeConfig(folder, server, database, options);
  const lines: string[] = [];
  const log = pino(loggerOptions('trace'), { write: (line: string) => void lines.push(line) });
  const proxy: RunningProxy = await startProxy(loadConfig(configFile), { log });
  const open: { destroy(): void }[] = [];
  const connectTo = async (port: number, more: ConnectionOptions): Promise<Connection> => {
    const connection = await mysql.createConnection({
      host: '127.0.0.1',
      port,
      user,
      password,
      database: database.name,
      charset: 'utf8mb4',
      ...more,
    });
    connection.on('error', () => undefined);
    open.push(connection);
    return connection;
  };
  const metricsUrl = `http://127.0.0.1:${proxy.metricsPort}`;
  const get = async (path: string): Promise<{ status: number; body: string }> => {
    const response = await fetch(`${metricsUrl}${path}`, { signal: AbortSignal.timeout(5_000) });
    return { status: response.status, body: await response.text() };
  };
  const end = async (): Promise<void> => {
    for (const connection of open) connection.destroy();
    proxy.cut();
    await proxy.stop();
    await admin.end().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    server,
    host: '127.0.0.1',
    port: proxy.port ?? 0,
    metricsUrl,
    database: database.name,
    user,
    password,
    admin,
    configFile,
    connect: async (tenant, more = {}) =>
      await connectTo(proxy.port ?? 0, {
        ...(tenant === null ? {} : { connectAttributes: { tenant_id: tenant } }),
        ...more,
      }),
    direct: async (more = {}) => await connectTo(server.port, more),
    raw: async (more) => {
      const session = await RawSession.open(server, {
        port: proxy.port ?? 0,
        database: database.name,
        ...more,
      });
      open.push(session);
      return session;
    },
    setKeys,
    removeKeys: () => rmSync(keyFile),
    log: () => lines.join(''),
    metrics: async () => (await get('/metrics')).body,
    get,
    end,
    stop: async () => {
      await admin.query(`DROP USER IF EXISTS ${mysql.escape(user)}@'%'`).catch(() => undefined);
      await end();
      await database.drop().catch(() => undefined);
    },
  };
}

function writeConfig(
  folder: string,
  server: SqlServerAddress,
  database: TestDatabase,
  options: TestProxyOptions,
): string {
  const file = join(folder, 'tenantcrypt.yaml');
  const config = {
    listen: { host: '127.0.0.1', port: 0 },
    backend: {
      host: '127.0.0.1',
      port: options.backendPort ?? server.port,
      tls: server.tls === null ? { mode: 'disabled' } : { mode: 'verify-identity', ca: server.tls.ca },
    },
    metrics: { host: '127.0.0.1', port: 0 },
    tenant: {
      sources: options.sources ?? [
        { connectionAttribute: 'tenant_id' },
        { userSuffix: '%' },
        { userVariable: 'tenant_id' },
      ],
    },
    keys: { provider: 'file', file: 'keys.yaml', format: 'text' },
    tables: (options.protect ?? protectUsers)(database.name),
    ...options.config,
  };
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** Rows of a statement sent as COM_QUERY. */
export async function rowsOf(
  connection: Connection,
  sql: string,
  values?: readonly unknown[],
): Promise<RowDataPacket[]> {
  return (await connection.query<RowDataPacket[]>(sql, values === undefined ? undefined : [...values]))[0];
}

/** What a client saw of a failure. */
export interface ClientError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

/**
 * The error that the client gets.
 * @throws Error when there is none, or one that is not from the server's side of the wire
 */
export async function errorOf(work: Promise<unknown>): Promise<ClientError> {
  const error: unknown = await work.then(
    () => {
      throw new Error('the statement was expected to fail, and did not');
    },
    (reason: unknown) => reason,
  );
  const { errno, sqlState, message } = error as Partial<ClientError>;
  if (errno === undefined || sqlState === undefined || message === undefined) throw error;
  return { errno, sqlState, message };
}

/** The sum of all series of a metric whose labels hold `labels`, from the text of /metrics; 0 when there is none. */
export function metric(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match?.[1] !== name) continue;
    const own = `,${match[2] ?? ''},`;
    if (Object.entries(labels).every(([key, value]) => own.includes(`,${key}="${value}",`))) {
      sum += Number(match[3]);
    }
  }
  return sum;
}
