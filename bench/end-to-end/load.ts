import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { captureOrThrow, repositoryRoot } from '../../scripts/lib/run.mjs';
import type { RunningSqlServer } from '../../test/servers/sql-server.js';
import type { TenantcryptProcess } from '../../test/servers/tenantcrypt-process.js';
import { BENCH_KEY, DATABASE, PROTECTED_TABLE, protectedTableSql, TENANT } from './database.js';

/** What the load generator sends. */
export interface Load {
  /** with `%d` for the id, and every other % doubled */
  readonly statement: string;
  /** for each new connection; empty: nothing */
  readonly init: string;
}

/** The application's statement. */
export function pointSelect(table: string): Load {
  return { statement: `SELECT id, username, email FROM ${table} WHERE id = %d`, init: '' };
}

/**
 * What the proxy makes of the application's statement, for a connection that does without the proxy: the database then
 * has the same work and the wire carries the same bytes, so that what is left is the relaying.
 * @throws Error when explain does not give a rewritten statement
 */
export function rewrittenPointSelect(server: RunningSqlServer, proxy: TenantcryptProcess): Load {
  const schema = join(dirname(proxy.configFile), 'schema.sql');
  writeFileSync(schema, `${protectedTableSql};\n`);
  const id = '1234567';
  const answer = captureOrThrow(
    process.execPath,
    [
      join(repositoryRoot(), 'dist/main.js'),
      'explain',
      ...['--config', proxy.configFile, '--schema', schema, '--database', DATABASE, '--tenant', TENANT],
      ...['--server', `${server.kind}-${server.version.split('.').slice(0, 2).join('.')}`, '--jsonl'],
    ],
    {
      timeoutMs: 30_000,
      input: `${JSON.stringify({ sql: pointSelect(PROTECTED_TABLE).statement.replace('%d', id) })}\n`,
    },
  );
  const { outcome, sql } = JSON.parse(answer) as { outcome: string; sql: string | null };
  if (outcome !== 'rewritten' || sql?.includes(id) !== true) throw new Error(`explain answers ${answer}`);
  return { statement: sql.replaceAll('%', '%%').replace(id, '%d'), init: `SET @__tc_key = '${BENCH_KEY}'` };
}

/** The statement for one id, as sysbench formats it. */
export function statementFor({ statement }: Load, id: number): string {
  return statement.replace('%d', String(id)).replaceAll('%%', '%');
}
