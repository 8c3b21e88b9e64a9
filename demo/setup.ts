import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { repositoryRoot } from '../scripts/lib/run.mjs';
import { adminConnection, createUser } from '../test/servers/accounts.js';
import { startMariadb } from '../test/servers/mariadb-server.js';
import { startMysql } from '../test/servers/mysql-server.js';
import type { RunningSqlServer } from '../test/servers/sql-server.js';
import { startTenantcrypt, type TenantcryptProcess } from '../test/servers/tenantcrypt-process.js';

export const DATABASE = 'tenant_app';
export const ACCOUNT = { user: 'app', password: 'app-password' };
export const TENANTS = ['tenant-001', 'tenant-002'] as const;
export type Tenant = (typeof TENANTS)[number];

/** Everything that runs for the demonstration. */
export interface Stage {
  readonly server: RunningSqlServer;
  readonly proxy: TenantcryptProcess;
  /** straight to the database, as root */
  readonly root: Connection;
  readonly secrets: Readonly<Record<Tenant, string>>;
  stop(): Promise<void>;
}

export const usersSqlFile = join(repositoryRoot(), 'demo/users.sql');

/** Starts the database, loads the table, makes keys, starts the proxy. */
export async function setUp(kind: 'mariadb' | 'mysql'): Promise<Stage> {
  const server = kind === 'mysql' ? await startMysql() : await startMariadb();
  if (server === null) throw new Error('MySQL 9.7 is not to be had here; try without --server mysql');
  const undo: (() => Promise<void>)[] = [async () => await server.stop()];
  const stop = async (): Promise<void> => {
    for (const step of undo.reverse()) await step();
  };
  try {
    await createUser(server, { ...ACCOUNT, databases: [DATABASE] });
    const root = await adminConnection(server);
    undo.push(async () => await root.end());
    await root.query(`CREATE DATABASE ${DATABASE} CHARACTER SET utf8mb4`);
    await root.query(`USE ${DATABASE}`);
    await root.query(readFileSync(usersSqlFile, 'utf8'));
    const secret = (): string => randomBytes(18).toString('base64url');
    const secrets: Record<Tenant, string> = { 'tenant-001': secret(), 'tenant-002': secret() };
    const proxy = await startTenantcrypt({ keys: secrets, config: configuration(server) });
    undo.push(async () => await proxy.stop());
    return { server, proxy, root, secrets, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configuration(server: RunningSqlServer): Record<string, unknown> {
  return {
    backend: {
      host: server.host,
      port: server.port,
      tls: server.tls === null ? { mode: 'disabled' } : { mode: 'verify-identity', ca: server.tls.ca },
    },
    tenant: {
      sources: [{ connectionAttribute: 'tenant_id' }, { userSuffix: '%' }, { userVariable: 'tenant_id' }],
    },
    tables: {
      [`${DATABASE}.users`]: {
        tenantColumn: 'tenant_id',
        columns: {
          // exact: e-mail addresses are compared byte by byte, through the index on the ciphertext.
          email: { column: 'encrypted_email', type: 'varchar(255)', equality: 'exact' },
          phone: { column: 'encrypted_phone', type: 'varchar(32)' },
        },
      },
    },
  };
}
