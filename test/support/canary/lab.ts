import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { startMariadb } from '../../servers/mariadb-server.js';
import { startMysql } from '../../servers/mysql-server.js';
import type { RunningSqlServer } from '../../servers/sql-server.js';
import { rowsOf, startTestProxy, type TestProxy } from '../proxy.js';
import { canariesIn, canaryOf, type Finding, searchFolder } from './search.js';
import { SHAPES, type Shape, type Tools } from './shapes.js';

const USERS = `CREATE TABLE users (
  id INT NOT NULL AUTO_INCREMENT,
  tenant_id VARCHAR(64) NOT NULL,
  username VARCHAR(100) NOT NULL,
  email VARBINARY(1040),
  phone VARBINARY(1040),
  bio BLOB,
  nick VARBINARY(1040),
  token VARBINARY(208),
  level VARBINARY(16),
  PRIMARY KEY (tenant_id, id),
  UNIQUE KEY name (tenant_id, username),
  KEY (id), KEY e (tenant_id, email(200)), KEY p (phone(200))
) DEFAULT CHARSET utf8mb4`;

const PLAIN = 'CREATE TABLE plain (id INT AUTO_INCREMENT PRIMARY KEY, a VARCHAR(255), n INT)';

const protect = (schema: string): Record<string, unknown> => ({
  [`${schema}.users`]: {
    tenantColumn: 'tenant_id',
    columns: {
      email: { type: 'varchar(255)', equality: 'exact' },
      phone: { type: 'varchar(200)' },
      bio: { type: 'text' },
      nick: { type: 'char(100)' },
      token: { type: 'varbinary(200)' },
      level: { type: 'int' },
    },
  },
});

/** Where performance_schema shows texts of statements, or digests of them. */
const WATCHED = [
  'events_statements_history_long',
  'events_statements_summary_by_digest',
  'prepared_statements_instances',
] as const;

/** What became of a shape's values. */
export interface Outcome {
  readonly shape: Shape;
  readonly canaries: readonly string[];
  /** refused: by tenantcrypt; failed: the server said no, as `errno` of the shape says. */
  readonly ended: 'done' | 'refused' | 'failed';
}

/** One run of all shapes, in a schema and under settings of its own. */
export interface Pass {
  readonly database: string;
  readonly outcomes: readonly Outcome[];
  /** Canaries that the tenant reads afterwards. */
  readonly read: ReadonlySet<string>;
  /** Those that performance_schema shows of the statements. */
  readonly watched: ReadonlySet<string>;
}

export interface PassOptions {
  readonly constants: 'backend' | 'proxy';
  readonly binlogFormat: 'STATEMENT' | 'MIXED' | 'ROW';
}

/** A server that writes all logs it has, with folders of its own. */
export class CanaryLab {
  readonly server: RunningSqlServer;
  #canaries = 0;
  #proxy: TestProxy | null = null;

  private constructor(server: RunningSqlServer) {
    this.server = server;
  }

  /** @returns null where the server can't be had */
  static async start(kind: 'mariadb' | 'mysql'): Promise<CanaryLab | null> {
    const options = {
      binaryLog: true,
      generalLog: true,
      performanceSchema: true,
      args: [
        '--performance-schema-events-statements-history-long-size=5000',
        '--performance-schema-max-sql-text-length=16384',
        '--innodb-fast-shutdown=1',
        '--innodb-flush-log-at-trx-commit=1',
        '--slow-query-log=ON',
        '--long-query-time=0',
        kind === 'mariadb' ? '--binlog-annotate-row-events=ON' : '--binlog-rows-query-log-events=ON',
      ],
    };
    const server = kind === 'mariadb' ? await startMariadb(options) : await startMysql(options);
    return server === null ? null : new CanaryLab(server);
  }

  /** The server's data folder and what lies beside it: logs, temporary files. */
  get folder(): string {
    return dirname(this.server.dataDir);
  }

  canary(): string {
    this.#canaries += 1;
    return canaryOf(this.#canaries);
  }

  /** Plays all shapes in a new schema through a proxy of its own. */
  async play({ constants, binlogFormat }: PassOptions): Promise<Pass> {
    const { kind } = this.server;
    const proxy = await startTestProxy(this.server, {
      label: 'canary',
      tables: [USERS, PLAIN],
      protect,
      config: { constants, policy: { localInfile: 'on' } },
    });
    this.#proxy = proxy;
    const { admin, database } = proxy;
    await admin.query(`SET GLOBAL binlog_format = '${binlogFormat}'`);
    await admin.query("UPDATE performance_schema.setup_consumers SET ENABLED = 'YES'");
    await admin.query(
      "UPDATE performance_schema.setup_instruments SET ENABLED = 'YES' WHERE NAME LIKE 'statement/%'",
    );
    await admin.query("CREATE USER IF NOT EXISTS raw@'%'");
    await admin.query("GRANT ALL ON *.* TO raw@'%'");
    await admin.query('INSERT INTO plain (a, n) VALUES (NULL, 1)');
    const client = await proxy.connect('tenant-001', {
      multipleStatements: true,
      flags: ['+LOCAL_FILES'],
    });
    let rows = 0;
    const outcomes: Outcome[] = [];
    for (const shape of SHAPES) {
      if (shape.only !== undefined && shape.only !== kind) continue;
      if (shape.notInStatements === true && binlogFormat === 'STATEMENT') continue;
      const canaries: string[] = [];
      const tools: Tools = {
        kind,
        client,
        port: proxy.port,
        database,
        row: async () => {
          rows += 1;
          const sql = `INSERT INTO users (username, level) VALUES ('row${rows}', 1)`;
          const [result] = await client.query(sql);
          return (result as { insertId: number }).insertId;
        },
        canary: () => {
          const canary = this.canary();
          canaries.push(canary);
          return canary;
        },
      };
      outcomes.push({ shape, canaries, ended: await played(shape, tools) });
    }
    const read = canariesIn(Buffer.from(JSON.stringify(await everything(client)), 'latin1'));
    return { database, outcomes, read: new Set(read), watched: new Set(await this.#watched(admin)) };
  }

  async #watched(admin: Connection): Promise<string[]> {
    const found: string[] = [];
    for (const table of WATCHED) {
      const rows = await rowsOf(admin, `SELECT * FROM performance_schema.${table}`);
      found.push(...canariesIn(Buffer.from(JSON.stringify(rows), 'latin1')));
    }
    return found;
  }

  /** Ends the proxy of the pass before; its schema and accounts stay in the data folder. */
  async endPass(): Promise<void> {
    const proxy = this.#proxy;
    this.#proxy = null;
    if (proxy === null) return;
    await proxy.admin.query('FLUSH LOGS');
    // The schema stays: its tablespaces are to be searched.
    await proxy.end();
  }

  /** Flushes a table's pages into its tablespace and reads that, while the server runs. */
  async exported(admin: Connection, database: string, table: string): Promise<string[]> {
    await admin.query(`FLUSH TABLES \`${database}\`.\`${table}\` FOR EXPORT`);
    const found = canariesIn(readFileSync(`${this.server.dataDir}/${database}/${table}.ibd`));
    await admin.query('UNLOCK TABLES');
    return found;
  }

  /** Ends the server as an administrator does, so that every page is written. */
  async shutDown(admin: Connection): Promise<void> {
    await admin.query('SHUTDOWN').catch(() => undefined);
    const deadline = Date.now() + 30_000;
    while (isRunning(this.server.pid)) {
      if (Date.now() > deadline) throw new Error('the server does not end');
      await delay(50);
    }
  }

  search(): Finding[] {
    return searchFolder(this.folder);
  }

  async stop(): Promise<void> {
    await this.#proxy?.end();
    await this.server.stop();
  }
}

async function everything(client: Connection): Promise<RowDataPacket[]> {
  const rows = await rowsOf(client, 'SELECT email, phone, bio, nick, token FROM users');
  return rows.map((row) => ({ ...row, token: row['token']?.toString('latin1') }) as RowDataPacket);
}

async function played(shape: Shape, tools: Tools): Promise<Outcome['ended']> {
  try {
    await shape.run(tools);
    if (shape.errno !== undefined) throw new Error(`${shape.name}: error ${shape.errno} was expected`);
    return 'done';
  } catch (error) {
    const { errno, message } = error as { errno?: number; message: string };
    if (message.includes('tenantcrypt[') && shape.mayBeRefused === true) return 'refused';
    if (errno !== undefined && errno === shape.errno) return 'failed';
    throw new Error(`${shape.name}: ${message}`, { cause: error });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
