// What the proxy says: refusals, sources of the tenant, statements, metrics.
import { readFileSync } from 'node:fs';
import Table from 'cli-table3';
import mysql, { type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise';
import type { ApplicationReport } from './app/main.js';
import type { Claims } from './claims.js';
import { explain } from './explain.js';
import { latencies } from './metrics.js';
import { ACCOUNT, DATABASE, type Stage, TENANTS } from './setup.js';

async function throughProxy<T>(
  { proxy }: Stage,
  options: ConnectionOptions,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await mysql.createConnection({
    host: proxy.host,
    port: proxy.port,
    database: DATABASE,
    ...ACCOUNT,
    ...options,
  });
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}

export async function showNoTenant(claims: Claims, stage: Stage): Promise<void> {
  claims.heading('A query without a tenant');
  await throughProxy(stage, {}, async (connection) => {
    const sql = 'SELECT id, email FROM users';
    let message = '';
    try {
      await connection.query(sql);
      message = '(it was answered)';
    } catch (error) {
      message = error instanceof Error ? error.message : String(error);
    }
    console.log(`  ${sql}\n  ${message}`);
    claims.claim('it is refused with TC_NO_TENANT', message.includes('tenantcrypt[TC_NO_TENANT]'));
    const [rows] = await connection.query<RowDataPacket[]>('SELECT 1 + 1 AS two');
    claims.claim('the session goes on', rows[0]?.['two'] === 2);
  });
}

export async function showTenantSources(claims: Claims, stage: Stage): Promise<void> {
  claims.heading('Other ways to say for whom');
  const count = async (connection: Connection): Promise<unknown> => {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT COUNT(email) AS n FROM users');
    return rows[0]?.['n'];
  };
  const bySuffix = await throughProxy(stage, { user: `${ACCOUNT.user}%tenant-001` }, count);
  console.log(`  user ${ACCOUNT.user}%tenant-001: ${String(bySuffix)} rows`);
  claims.claim("a suffix of the user name gives tenant-001's 4 rows", bySuffix === 4);
  const byVariable = await throughProxy(stage, {}, async (connection) => {
    await connection.query("SET @tenant_id = 'tenant-002'");
    return await count(connection);
  });
  console.log(`  SET @tenant_id = 'tenant-002': ${String(byVariable)} rows`);
  claims.claim("a user variable gives tenant-002's 3 rows", byVariable === 3);
}

export function showStatements(claims: Claims, stage: Stage, report: ApplicationReport): void {
  claims.heading('Statements before and after rewriting (tenantcrypt explain)');
  // The driver writes parameters into the text; each shape once.
  const shapes = new Map(
    report.statements
      .filter(({ sql }) => /\busers\b/.test(sql))
      .map(({ sql, parameters }) => [sql, mysql.format(sql, [...parameters] as (string | number | null)[])]),
  );
  const statements = [...shapes.values()];
  const answers = explain(stage, 'tenant-001', statements);
  answers.forEach((answer, place) => {
    console.log(
      `  ${statements[place] ?? ''}\n    → ${answer.sql ?? `${answer.code ?? ''} ${answer.reason ?? ''}`}\n`,
    );
  });
  claims.claim(
    `all ${statements.length} shapes that TypeORM sent are rewritten`,
    answers.length > 4 && answers.every((answer) => answer.outcome === 'rewritten'),
  );
  claims.claim(
    'the search for an e-mail address compares ciphertext, so that an index serves',
    answers.some(({ sql }) => sql?.includes('`encrypted_email`=AES_ENCRYPT(') === true),
  );
  const rewritten = answers.map((answer) => answer.sql ?? '').join('\n');
  claims.claim(
    'each carries the tenant and none a key',
    answers.every((answer) => answer.sql?.includes("'tenant-001'")) &&
      TENANTS.every((tenant) => !rewritten.includes(stage.secrets[tenant])),
  );
}

export async function showMetrics(claims: Claims, stage: Stage): Promise<void> {
  claims.heading('Latency');
  const text = await (await fetch(`${stage.proxy.metricsUrl}/metrics`)).text();
  const table = new Table({
    head: ['metric', 'labels', 'count', 'mean µs'],
    style: { head: [], border: [], compact: true },
  });
  const measured = ['tenantcrypt_query_duration_seconds', 'tenantcrypt_overhead_seconds'].map((metric) => {
    const found = latencies(text, metric);
    for (const { labels, count, meanMicroseconds } of found) {
      table.push([metric, labels, count, meanMicroseconds.toFixed(0)]);
    }
    return found;
  });
  console.log(table.toString().replace(/^/gm, '  '));
  claims.claim(
    '/metrics tells how long rewritten statements took',
    measured[0]?.some(
      ({ labels, meanMicroseconds }) => labels.includes('outcome="rewritten"') && meanMicroseconds > 0,
    ) === true,
  );
  claims.claim('and what of it was the proxy', (measured[1]?.length ?? 0) > 0);
  const log = readFileSync(stage.proxy.logFile, 'utf8');
  claims.claim(
    'no secret and no address is in the metrics or the log',
    [...TENANTS.map((tenant) => stage.secrets[tenant]), 'ada.lovelace', 'by.hand'].every(
      (secret) => !text.includes(secret) && !log.includes(secret),
    ),
  );
}
