// MariaDB Connector/Node.js: `query` (text), `execute` (prepared), and `batch`, which is COM_STMT_BULK_EXECUTE where
// the server offers it and a pipeline of executions where not.
import { readFileSync } from 'node:fs';
import { clientPackage, runAgent } from './agent-loop.js';

interface Header {
  readonly affectedRows: number;
  readonly insertId: number | bigint;
}
interface Connection {
  on(event: 'error', listener: () => void): void;
  query(sql: string, params?: unknown): Promise<unknown>;
  execute(sql: string, params?: unknown): Promise<unknown>;
  batch(sql: string, sets: unknown[][]): Promise<unknown>;
  queryStream(sql: string, params?: unknown): AsyncIterable<unknown[]>;
  beginTransaction(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  end(): Promise<void>;
}
interface MariadbModule {
  createConnection(options: object): Promise<Connection>;
}

const { module: client, version } = clientPackage<MariadbModule>('mariadb');

await runAgent(version, async (job) => {
  const connection = await client.createConnection({
    host: job.host,
    port: job.port,
    user: job.user,
    password: job.password,
    database: job.database,
    charset: 'utf8mb4',
    // Its own second is too short on a machine that does other things as well.
    connectTimeout: 10_000,
    rowsAsArray: true,
    insertIdAsNumber: true,
    connectAttributes: job.attributes,
    bulk: job.mode === 'bulk',
    ...(job.ca === null ? { allowPublicKeyRetrieval: true } : { ssl: { ca: readFileSync(job.ca, 'utf8') } }),
  });
  connection.on('error', () => undefined);
  const isText = job.mode === 'text';
  const run = async (sql: string, params: unknown[]): Promise<unknown> =>
    isText ? await connection.query(sql, params) : await connection.execute(sql, params);
  return {
    query: async (sql, params) => [...((await run(sql, params)) as unknown[][])],
    stream: async (sql, params) => {
      const rows: unknown[][] = [];
      for await (const row of connection.queryStream(sql, params)) rows.push(row);
      return rows;
    },
    exec: async (sql, params) => {
      const header = (await run(sql, params)) as Header;
      return { affected: header.affectedRows, insertId: Number(header.insertId) };
    },
    batch: async (sql, sets) => void (await connection.batch(sql, sets)),
    begin: async () => await connection.beginTransaction(),
    commit: async () => await connection.commit(),
    rollback: async () => await connection.rollback(),
    close: async () => await connection.end(),
  };
});
