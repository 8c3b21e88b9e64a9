// mysql2: `query` (text protocol, values escaped by the client) and `execute` (prepared).
import { readFileSync } from 'node:fs';
import type mysql from 'mysql2/promise';
import { clientPackage, runAgent } from './agent-loop.js';

interface Command {
  stream(): AsyncIterable<unknown[]>;
}
interface PlainConnection {
  query(sql: string, params: unknown[]): Command;
  execute(sql: string, params: unknown[]): Command;
}

const { module: client, version } = clientPackage<typeof mysql>('mysql2/promise');

await runAgent(version, async (job) => {
  const connection = await client.createConnection({
    host: job.host,
    port: job.port,
    user: job.user,
    password: job.password,
    database: job.database,
    charset: 'utf8mb4',
    rowsAsArray: true,
    connectAttributes: { ...job.attributes },
    ...(job.ca === null ? {} : { ssl: { ca: readFileSync(job.ca, 'utf8'), verifyIdentity: true } }),
  });
  connection.on('error', () => undefined);
  // The connection behind the promises, which alone streams; its type is not exported.
  const plain = (connection as unknown as { connection: PlainConnection }).connection;
  const isText = job.mode === 'text';
  const run = async (sql: string, params: unknown[]): Promise<unknown> =>
    isText
      ? (await connection.query(sql, params))[0]
      : (await connection.execute(sql, params as mysql.ExecuteValues))[0];
  return {
    query: async (sql, params) => (await run(sql, params)) as unknown[][],
    stream: async (sql, params) => {
      const rows: unknown[][] = [];
      const command = isText ? plain.query(sql, params) : plain.execute(sql, params);
      for await (const row of command.stream()) rows.push(row);
      return rows;
    },
    exec: async (sql, params) => {
      const header = (await run(sql, params)) as { affectedRows: number; insertId: number };
      return { affected: header.affectedRows, insertId: header.insertId };
    },
    batch: async (sql, sets) => {
      if (isText) await connection.query(sql.replace(/VALUES \([?, ]+\)$/, 'VALUES ?'), [sets]);
      else await Promise.all(sets.map(async (set) => await run(sql, set)));
    },
    begin: async () => await connection.beginTransaction(),
    commit: async () => await connection.commit(),
    rollback: async () => await connection.rollback(),
    close: async () => await connection.end(),
  };
});
