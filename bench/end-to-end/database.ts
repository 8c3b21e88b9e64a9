import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { adminConnection, createUser } from '../../test/servers/accounts.js';
import { startMariadb } from '../../test/servers/mariadb-server.js';
import { startMysql } from '../../test/servers/mysql-server.js';
import type { RunningSqlServer } from '../../test/servers/sql-server.js';
import { type Load, statementFor } from './load.js';

export const DATABASE = 'tc_bench';
export const ACCOUNT = { user: 'bench', password: 'bench-password' };
export const TENANT = 'tenant-001';
export const PLAIN_TABLE = 'people';
export const PROTECTED_TABLE = 'users';
/** Made up for the throw-away server of this run. */
export const BENCH_KEY = 'bench-key-of-tenant-001';

const SHARED_COLUMNS = `
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant_id VARCHAR(64) NOT NULL,
  username VARCHAR(64) NOT NULL,`;

export const protectedTableSql = `CREATE TABLE ${PROTECTED_TABLE} (${SHARED_COLUMNS} encrypted_email VARBINARY(1040), KEY (tenant_id, id))`;

/**
 * Starts a server without TLS (every leg is in clear, so that relaying is what is compared) with two tables of the
 * same rows: one plain, one whose e-mail addresses are encrypted.
 * @throws Error when the server can't be had
 */
export async function startDatabase(kind: 'mariadb' | 'mysql', rows: number): Promise<RunningSqlServer> {
  const server = kind === 'mysql' ? await startMysql({ tls: 'off' }) : await startMariadb({ tls: 'off' });
  if (server === null) throw new Error('MySQL 9.7 is not to be had here; try --server mariadb');
  try {
    await createUser(server, ACCOUNT);
    const admin = await adminConnection(server);
    try {
      await load(admin, rows);
    } finally {
      await admin.end();
    }
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function load(admin: Connection, rows: number): Promise<void> {
  await admin.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
  await admin.query(`USE ${DATABASE}`);
  await admin.query(`CREATE TABLE ${PLAIN_TABLE} (${SHARED_COLUMNS} email VARCHAR(255))`);
  await admin.query(protectedTableSql);
  const batch = 1_000;
  for (let first = 1; first <= rows; first += batch) {
    const values = Array.from({ length: Math.min(batch, rows - first + 1) }, (_, index) => {
      const id = first + index;
      return [id, TENANT, `user-${id}`, emailOf(id)];
    });
    await admin.query(`INSERT INTO ${PLAIN_TABLE} (id, tenant_id, username, email) VALUES ?`, [values]);
  }
  await admin.query(
    `INSERT INTO ${PROTECTED_TABLE} (id, tenant_id, username, encrypted_email)
     SELECT id, tenant_id, username, AES_ENCRYPT(email, ?) FROM ${PLAIN_TABLE}`,
    [BENCH_KEY],
  );
  await admin.query(`ANALYZE TABLE ${PLAIN_TABLE}, ${PROTECTED_TABLE}`);
}

function emailOf(id: number): string {
  return `user-${id}@example.com`;
}

/** @throws Error unless the application's account reads a row's e-mail address in clear from this port */
export async function assertAnswers(port: number, load: Load): Promise<void> {
  const connection = await mysql.createConnection({
    host: '127.0.0.1',
    port,
    database: DATABASE,
    ...ACCOUNT,
  });
  try {
    if (load.init !== '') await connection.query(load.init);
    const [rows] = await connection.query<RowDataPacket[]>(statementFor(load, 1));
    const email: unknown = rows[0]?.['email'];
    if (email !== emailOf(1))
      throw new Error(`the point select on port ${port} gives ${String(email)}, not ${emailOf(1)}`);
  } finally {
    await connection.end();
  }
}
