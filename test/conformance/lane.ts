import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MariadbTest } from '../../scripts/lib/ensure-tools.mjs';
import { adminConnection } from '../servers/accounts.js';
import { startMariadb } from '../servers/mariadb-server.js';
import { startMysql } from '../servers/mysql-server.js';
import type { RunningSqlServer } from '../servers/sql-server.js';
import { startTenantcrypt, type TenantcryptProcess } from '../servers/tenantcrypt-process.js';
import { ServerState } from './server-state.js';

export type Way = 'straight' | 'proxy';
export type ServerKind = RunningSqlServer['kind'];

/** The protected table that is there all the time, in a schema of its own. */
const SCHEMA = 'tc_conformance';
/** A protected table in the schema that the test scripts use. */
export const TABLE_BESIDE = 'tc_accounts';

/** Reads the schema for all: tests log in with accounts that may not see the definitions of views. */
const CONTROL_USER = 'tc_control';
const CONTROL_PASSWORD = 'tc-control';

const COLUMNS = {
  email: { column: 'encrypted_email', type: 'varchar(255)' },
  phone: { column: 'encrypted_phone', type: 'varchar(32)' },
};
const CREATE_TABLE =
  '(id INT PRIMARY KEY AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL, encrypted_email VARBINARY(1040), ' +
  'encrypted_phone VARBINARY(144)) ENGINE=InnoDB';

const COMMON_ARGS = [
  '--character-set-server=latin1',
  '--log-bin-trust-function-creators=1',
  '--key-buffer-size=1M',
  '--sort-buffer-size=256K',
  '--max-heap-table-size=1M',
  // Scripts create thousands of tables, and nothing has to outlive a crash.
  '--sync-binlog=0',
  '--innodb-flush-method=nosync',
  '--innodb-doublewrite=OFF',
  // Scripts read and write files under the folders that they know.
  '--secure-file-priv=/',
];

const SERVER_ARGS: Readonly<Record<ServerKind, readonly string[]>> = {
  // As MariaDB's own test driver starts its servers (include/default_mysqld.cnf), as far as results depend on it.
  mariadb: [
    ...COMMON_ARGS,
    '--skip-sync-frm',
    '--skip-name-resolve=OFF',
    '--default-storage-engine=MyISAM',
    '--use-stat-tables=preferably',
    '--histogram-type=json_hb',
    '--plugin-maturity=unknown',
  ],
  // Nearer to MariaDB, so that its tests reach further; what is left for them to fail on fails straight as well.
  mysql: [
    ...COMMON_ARGS,
    '--sql-mode=STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
    '--collation-server=latin1_swedish_ci',
    '--event-scheduler=OFF',
    // Statistics that change in the background change plans and so the order of rows.
    '--innodb-stats-auto-recalc=OFF',
  ],
};

/** A server, a proxy in front of it, and a folder: what one test at a time uses. */
export interface Lane {
  readonly server: RunningSqlServer;
  readonly proxy: TenantcryptProcess;
  readonly vardir: string;
  /**
   * Makes the server as new: what runs before a test, the same whichever way it goes.
   * @param beside whether the schema of the scripts gets its protected table
   */
  clean(beside?: boolean): Promise<void>;
  port(way: Way): number;
  stop(): Promise<void>;
}

/**
 * Starts a lane.
 * @returns null where MySQL 9.7 can't be had (one line on standard error says why)
 * @throws Error when a server does not start
 */
export async function startLane(suite: MariadbTest, kind: ServerKind): Promise<Lane | null> {
  const options = { args: SERVER_ARGS[kind], binaryLog: true };
  const server = kind === 'mysql' ? await startMysql(options) : await startMariadb(options);
  if (server === null) return null;
  try {
    // The data folder lies in it, as with MariaDB's own test driver.
    const vardir = dirname(server.dataDir);
    mkdirSync(join(vardir, 'log'));
    symlinkSync(join(suite.folder, 'std_data'), join(vardir, 'std_data'));
    await prepare(server);
    const state = new ServerState(server, {
      keptSchemas: [SCHEMA, 'mtr'],
      keptUsers: [CONTROL_USER],
      setup: ['CREATE DATABASE test'],
    });
    const proxy = await startProxy(server);
    return {
      server,
      proxy,
      vardir,
      clean: async (beside = true) => {
        await state.clean(beside ? [`CREATE TABLE test.${TABLE_BESIDE} ${CREATE_TABLE}`] : []);
      },
      port: (way) => (way === 'straight' ? server.port : proxy.port),
      stop: async () => {
        await proxy.stop();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Accounts and schemas that tests expect to find. */
async function prepare(server: RunningSqlServer): Promise<void> {
  const admin = await adminConnection(server);
  try {
    for (const sql of [
      `CREATE DATABASE ${SCHEMA}`,
      `CREATE TABLE ${SCHEMA}.users ${CREATE_TABLE}`,
      'CREATE DATABASE mtr',
      'CREATE PROCEDURE mtr.add_suppression(pattern VARCHAR(255)) BEGIN END',
      `CREATE USER ${CONTROL_USER}@'%' IDENTIFIED BY '${CONTROL_PASSWORD}'`,
      `GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON *.* TO ${CONTROL_USER}@'%'`,
      ...(server.kind === 'mysql' ? [`GRANT SHOW_ROUTINE ON *.* TO ${CONTROL_USER}@'%'`] : []),
      "SET PASSWORD FOR root@localhost = ''",
      "SET PASSWORD FOR root@127.0.0.1 = ''",
    ]) {
      await admin.query(sql);
    }
  } finally {
    await admin.end();
  }
}

/** With the policies of an administrator who trusts the application with SQL that the proxy does not see. */
async function startProxy(server: RunningSqlServer): Promise<TenantcryptProcess> {
  return await startTenantcrypt({
    config: {
      backend: { host: server.host, port: server.port, tls: { mode: 'disabled' } },
      control: { user: CONTROL_USER, password: CONTROL_PASSWORD },
      tenant: { sources: [{ fixed: 'tenant-001' }] },
      policy: { calls: ['*'], dynamicSql: 'allow', localInfile: 'on' },
      limits: { statementBytes: '256MiB' },
      tables: {
        [`${SCHEMA}.users`]: { tenantColumn: 'tenant_id', columns: COLUMNS },
        [`test.${TABLE_BESIDE}`]: { tenantColumn: 'tenant_id', columns: COLUMNS },
        [`client_test_db.${TABLE_BESIDE}`]: { tenantColumn: 'tenant_id', columns: COLUMNS },
      },
    },
    keys: { 'tenant-001': '0123456789abcdef' },
  });
}
