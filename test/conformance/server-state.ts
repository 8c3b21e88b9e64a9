import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import mysql from 'mysql2/promise';
import type { RunningSqlServer } from '../servers/sql-server.js';

/** What tests find besides the server's own schemas. */
export interface Surroundings {
  /** schemas that stay: protected tables, the test driver's own */
  readonly keptSchemas: readonly string[];
  readonly keptUsers: readonly string[];
  /** run on the clean server */
  readonly setup: readonly string[];
}

type GlobalVariables = ReadonlyMap<string, string>;

/** What no SET puts back, or what follows from others. */
const NOT_PUT_BACK = /^(gtid_|binlog_row_event_|rand_seed|timestamp$|innodb_buffer_pool_load|persist)/;

/**
 * Puts a server back to what it was before a test: schemas, accounts, global variables, statistics and logs. One per
 * server; its first clean() remembers the variables.
 */
export class ServerState {
  private variables: GlobalVariables | null = null;

  constructor(
    private readonly server: RunningSqlServer,
    private readonly surroundings: Surroundings,
  ) {}

  /**
   * @param more run on the clean server this time
   * @throws Error when the server can't be brought back: it has to be started anew
   */
  async clean(more: readonly string[]): Promise<void> {
    this.emptyTmp();
    const connection = await mysql.createConnection({
      host: this.server.host,
      port: this.server.port,
      user: this.server.rootUser,
      password: '',
      charset: 'utf8mb4',
      connectTimeout: 10_000,
    });
    try {
      await this.cleanOver(connection, more);
    } finally {
      connection.destroy();
    }
  }

  private async cleanOver(connection: mysql.Connection, more: readonly string[]): Promise<void> {
    const run = async (sql: string): Promise<void> => {
      await connection.query({ sql, timeout: 120_000 });
    };
    const column = async (sql: string): Promise<string[]> => {
      const [rows] = await connection.query<mysql.RowDataPacket[][]>({
        sql,
        rowsAsArray: true,
        timeout: 120_000,
      });
      return rows.map((row) => String((row as unknown as unknown[])[0]));
    };
    const isMysql = this.server.kind === 'mysql';
    // Tests write into mysql.* themselves.
    await run('FLUSH PRIVILEGES');
    await this.putVariablesBack(connection);
    await run("SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES', foreign_key_checks = 0");
    const keptUsers = this.surroundings.keptUsers.map((user) => `'${user}'`).join();
    const sessions = `SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND user NOT IN ('system user', 'event_scheduler', ${keptUsers})`;
    for (const id of await column(sessions)) {
      // It may have ended by itself.
      await run(`KILL ${id}`).catch(() => undefined);
    }
    const kept = [
      'mysql',
      'information_schema',
      'performance_schema',
      'sys',
      ...this.surroundings.keptSchemas,
    ];
    const schemas = `SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN (${kept.map((name) => `'${name}'`).join()})`;
    for (const name of await column(schemas)) {
      const drop = `DROP DATABASE \`${name.replaceAll('`', '``')}\``;
      await run(drop).catch(async () => {
        // INTO OUTFILE may have left files in its folder.
        rmSync(join(this.server.dataDir, name), { recursive: true, force: true });
        await run(drop.replace('DATABASE', 'DATABASE IF EXISTS'));
      });
    }
    const accounts = `${isMysql ? MYSQL_ACCOUNTS : MARIADB_ACCOUNTS} AND user NOT IN (${keptUsers})`;
    for (const account of await column(accounts)) await run(`DROP USER ${account}`);
    if (!isMysql) for (const role of await column(MARIADB_ROLES)) await run(`DROP ROLE ${role}`);
    for (const sql of [...this.surroundings.setup, ...more]) await run(sql);
    await run('FLUSH TABLES');
    await run('FLUSH STATUS');
    await run(isMysql ? 'RESET BINARY LOGS AND GTIDS' : 'RESET MASTER');
  }

  /** What tests have left in the server's folder for temporary files, which is theirs as well. */
  private emptyTmp(): void {
    const tmp = join(dirname(this.server.dataDir), 'tmp');
    for (const name of readdirSync(tmp)) {
      // The server's own files.
      if (!/^(#|ML|ib|Aria|mysqlx)/.test(name)) rmSync(join(tmp, name), { recursive: true, force: true });
    }
  }

  private async putVariablesBack(connection: mysql.Connection): Promise<void> {
    const now = await globalVariables(connection);
    if (this.variables === null) {
      this.variables = now;
      return;
    }
    for (const [name, value] of this.variables) {
      const current = now.get(name);
      if (current === undefined || current === value || NOT_PUT_BACK.test(name)) continue;
      const asNumber = /^-?\d+(\.\d+)?$/.test(value) ? value : mysql.escape(value);
      await connection
        .query(`SET GLOBAL ${name} = ${asNumber}`)
        .catch(async () => await connection.query(`SET GLOBAL ${name} = ${mysql.escape(value)}`))
        // What SET can't change was changed by the server itself.
        .catch(() => undefined);
    }
  }
}

const MARIADB_ACCOUNTS =
  "SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.global_priv WHERE user NOT IN ('mariadb.sys', 'mysql', 'PUBLIC') AND NOT (user = 'root' AND host IN ('localhost', '127.0.0.1')) AND COALESCE(JSON_VALUE(priv, '$.is_role'), '0') NOT IN ('1', 'true')";
const MARIADB_ROLES =
  "SELECT QUOTE(user) FROM mysql.global_priv WHERE user <> 'PUBLIC' AND COALESCE(JSON_VALUE(priv, '$.is_role'), '0') IN ('1', 'true')";
const MYSQL_ACCOUNTS =
  "SELECT CONCAT(QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE user NOT LIKE 'mysql.%' AND NOT (user = 'root' AND host IN ('localhost', '127.0.0.1'))";

async function globalVariables(connection: mysql.Connection): Promise<GlobalVariables> {
  const [rows] = await connection.query<mysql.RowDataPacket[][]>({
    sql: 'SHOW GLOBAL VARIABLES',
    rowsAsArray: true,
  });
  return new Map(rows.map((row) => row as unknown as [string, string]));
}
