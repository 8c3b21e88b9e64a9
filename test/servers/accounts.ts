import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import type { SqlServerAddress } from './sql-server.js';

/** Schemas made by createDatabase match this pattern; accounts made by createUser may do everything in them. */
const SCHEMA_PREFIX = 'tc_';

/**
 * A connection as root, straight to the server, without TLS.
 * @param options further mysql2 options, e.g. `database`, `multipleStatements`
 */
export async function adminConnection(
  server: SqlServerAddress,
  options: mysql.ConnectionOptions = {},
): Promise<mysql.Connection> {
  return await mysql.createConnection({
    host: server.host,
    port: server.port,
    user: server.rootUser,
    password: server.rootPassword,
    ...options,
  });
}

async function asAdmin<T>(
  server: SqlServerAddress,
  work: (connection: mysql.Connection) => Promise<T>,
): Promise<T> {
  const connection = await adminConnection(server);
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

/** An empty schema with a name that no other test has. */
export interface TestDatabase {
  readonly name: string;
  drop(): Promise<void>;
}

/**
 * Makes a new schema.
 * @param label letters that make it recognisable in logs
 * @param defaults what follows CREATE DATABASE name, e.g. `CHARACTER SET latin1`
 */
export async function createDatabase(
  server: SqlServerAddress,
  label = 'db',
  defaults = 'CHARACTER SET utf8mb4',
): Promise<TestDatabase> {
  const name = `${SCHEMA_PREFIX}${label}_${randomBytes(5).toString('hex')}`;
  await asAdmin(server, async (admin) => await admin.query(`CREATE DATABASE \`${name}\` ${defaults}`));
  return {
    name,
    drop: async () => {
      await asAdmin(server, async (admin) => await admin.query(`DROP DATABASE IF EXISTS \`${name}\``));
    },
  };
}

/** The authentication plugins that tests use: the first on MySQL 9.7 only, the others on MariaDB only. */
export type AuthPlugin = 'caching_sha2_password' | 'mysql_native_password' | 'ed25519';

/** An account to make. */
export interface UserOptions {
  readonly user: string;
  readonly password: string;
  /** default: caching_sha2_password on MySQL, mysql_native_password on MariaDB */
  readonly plugin?: AuthPlugin;
  /** further schemas to grant everything on, besides those of createDatabase */
  readonly databases?: readonly string[];
  /** e.g. `SELECT ON performance_schema.*`, each becomes GRANT … TO the account */
  readonly grants?: readonly string[];
  /** e.g. `REQUIRE SSL` */
  readonly require?: string;
}

/**
 * Makes an account `user`@`%`, replacing one of that name.
 * @throws Error when the server has no such plugin
 */
export async function createUser(server: SqlServerAddress, options: UserOptions): Promise<void> {
  const plugin =
    options.plugin ?? (server.kind === 'mysql' ? 'caching_sha2_password' : 'mysql_native_password');
  if ((plugin === 'caching_sha2_password') !== (server.kind === 'mysql')) {
    throw new Error(`${server.kind} ${server.version} has no accounts with ${plugin}`);
  }
  const account = `${mysql.escape(options.user)}@'%'`;
  const password = mysql.escape(options.password);
  const identified =
    server.kind === 'mysql'
      ? `IDENTIFIED WITH ${plugin} BY ${password}`
      : `IDENTIFIED VIA ${plugin} USING PASSWORD(${password})`;
  await asAdmin(server, async (admin) => {
    if (plugin === 'ed25519') await admin.query("INSTALL SONAME 'auth_ed25519'").catch(ignoreInstalled);
    await admin.query(`DROP USER IF EXISTS ${account}`);
    await admin.query(`CREATE USER ${account} ${identified} ${options.require ?? ''}`);
    // In a GRANT's schema name _ and % are wildcards unless escaped.
    const schemas = [
      `${SCHEMA_PREFIX.replace('_', '\\_')}%`,
      ...(options.databases ?? []).map((name) => name.replace(/[_%]/g, '\\$&')),
    ];
    for (const schema of schemas) await admin.query(`GRANT ALL PRIVILEGES ON \`${schema}\`.* TO ${account}`);
    for (const grant of options.grants ?? []) await admin.query(`GRANT ${grant} TO ${account}`);
  });
}

/** Error 1968, ER_PLUGIN_INSTALLED: another test was first. */
function ignoreInstalled(error: unknown): void {
  const code = (error as { errno?: unknown }).errno;
  if (code !== 1968) throw error;
}
