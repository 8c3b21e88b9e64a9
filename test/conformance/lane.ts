import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { MariadbTest } from '../../scripts/lib/ensure-tools.mjs';
import { startMariadb } from '../servers/mariadb-server.js';
import type { RunningSqlServer } from '../servers/sql-server.js';
import { startTenantcrypt, type TenantcryptProcess } from '../servers/tenantcrypt-process.js';
import { runProgram } from './run-program.js';

export type Way = 'straight' | 'proxy';

/** The protected table that is there all the time, in a schema of its own. */
const SCHEMA = 'tc_conformance';
/** A protected table in the schema that the test scripts use. */
export const TABLE_BESIDE = 'tc_accounts';

const COLUMNS = {
  email: { column: 'encrypted_email', type: 'varchar(255)' },
  phone: { column: 'encrypted_phone', type: 'varchar(32)' },
};
const CREATE_TABLE =
  '(id INT PRIMARY KEY AUTO_INCREMENT, tenant_id VARCHAR(64) NOT NULL, encrypted_email VARBINARY(1040), ' +
  'encrypted_phone VARBINARY(144)) ENGINE=InnoDB';

/** As MariaDB's own test driver starts its servers (include/default_mysqld.cnf), as far as results depend on it. */
const SERVER_ARGS = [
  '--skip-name-resolve=OFF',
  '--character-set-server=latin1',
  '--default-storage-engine=MyISAM',
  '--log-bin-trust-function-creators=1',
  '--key-buffer-size=1M',
  '--sort-buffer-size=256K',
  '--max-heap-table-size=1M',
  '--use-stat-tables=preferably',
  '--histogram-type=json_hb',
  '--plugin-maturity=unknown',
];

/** A server, a proxy in front of it, and a folder: what one test at a time uses. */
export interface Lane {
  readonly server: RunningSqlServer;
  readonly proxy: TenantcryptProcess;
  readonly vardir: string;
  /** Makes the server as new: what runs before a test, the same whichever way it goes. */
  clean(): Promise<void>;
  port(way: Way): number;
  stop(): Promise<void>;
}

/** Starts a lane. @throws Error when a server does not start */
export async function startLane(suite: MariadbTest): Promise<Lane> {
  const server = await startMariadb({ args: SERVER_ARGS, binaryLog: true });
  try {
    const vardir = server.filesDir;
    mkdirSync(join(vardir, 'tmp'), { recursive: true });
    mkdirSync(join(vardir, 'log'), { recursive: true });
    symlinkSync(join(suite.folder, 'std_data'), join(vardir, 'std_data'));
    await sql(
      server,
      [
        "SET PASSWORD FOR root@localhost = ''",
        "SET PASSWORD FOR root@127.0.0.1 = ''",
        `CREATE DATABASE ${SCHEMA}`,
        `CREATE TABLE ${SCHEMA}.users ${CREATE_TABLE}`,
        'CREATE DATABASE mtr',
        'CREATE PROCEDURE mtr.add_suppression(pattern VARCHAR(255)) BEGIN END',
      ],
      server.rootPassword,
    );
    const proxy = await startTenantcrypt({
      config: {
        backend: { host: server.host, port: server.port, tls: { mode: 'disabled' } },
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
    return {
      server,
      proxy,
      vardir,
      clean: async () => await clean(server, vardir),
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

async function clean(server: RunningSqlServer, vardir: string): Promise<void> {
  rmSync(join(vardir, 'tmp'), { recursive: true, force: true });
  mkdirSync(join(vardir, 'tmp'));
  const keep = `'mysql','information_schema','performance_schema','sys','mtr','${SCHEMA}'`;
  const listed = await sql(server, [
    // Tests write into mysql.* themselves.
    'FLUSH PRIVILEGES',
    "SELECT CONCAT('KILL ', id) FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND user <> 'system user'",
    `SELECT CONCAT('DROP DATABASE \`', REPLACE(schema_name, '\`', '\`\`'), '\`') FROM information_schema.schemata WHERE schema_name NOT IN (${keep})`,
    "SELECT CONCAT('DROP USER ', QUOTE(user), '@', QUOTE(host)) FROM mysql.global_priv WHERE user NOT IN ('root','mariadb.sys','mysql','PUBLIC') AND COALESCE(JSON_VALUE(priv,'$.is_role'),'0') <> '1'",
  ]);
  const statements = listed.split('\n').filter((line) => line !== '');
  await sql(server, [
    ...statements,
    'CREATE DATABASE test',
    `CREATE TABLE test.${TABLE_BESIDE} ${CREATE_TABLE}`,
    'FLUSH TABLES',
    'FLUSH STATUS',
  ]);
}

async function sql(server: RunningSqlServer, statements: readonly string[], password = ''): Promise<string> {
  const [client, ...args] = server.client;
  const run = await runProgram(
    [
      client,
      ...args,
      '--protocol=tcp',
      `--host=${server.host}`,
      `--port=${server.port}`,
      `--user=${server.rootUser}`,
      `--password=${password}`,
      '--batch',
      '--raw',
      '--skip-column-names',
      '--force',
      `--execute=${statements.join(';\n')}`,
    ],
    { cwd: '/', env: {}, timeoutMs: 60_000 },
  );
  if (run.status !== 0 && !/unknown thread id/i.test(run.output)) {
    throw new Error(`preparing the server failed: ${run.output.slice(0, 500)}`);
  }
  return run.output;
}
