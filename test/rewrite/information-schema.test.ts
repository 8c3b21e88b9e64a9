import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/rewrite/dialect.js';
import type { RewriteContext } from '../../src/rewrite/rewriter.js';
import { readable } from '../support/readable-sql.js';
import { context, MARIADB, MYSQL, newRewriter, outcomeOf } from '../support/rewrite.js';

function rewritten(sql: string, dialect: Dialect = MYSQL, more: Partial<RewriteContext> = {}): unknown {
  const outcome = outcomeOf(newRewriter(), sql, context(dialect, more));
  return outcome.outcome === 'rewritten' ? readable(outcome.sql) : outcome;
}

/** A mapped column over both tables of the tests. */
function mapped(alias: string, column: string, users: string, vault: string, exact = ''): string {
  const own = `${alias}.${column}`;
  const arm = (table: string, cases: string): string =>
    `WHEN ${alias}.TABLE_SCHEMA='tenant_app'${exact} AND ${alias}.TABLE_NAME='${table}'${exact} THEN CASE ${alias}.COLUMN_NAME ${cases} ELSE ${own} END`;
  return `CASE ${arm('users', users)} ${arm('vault', vault)} ELSE ${own} END AS ${column}`;
}

const USERS = "WHEN 'encrypted_email' THEN 'email' WHEN 'encrypted_phone' THEN 'phone'";
const VAULT = "WHEN 'secret' THEN 'secret' WHEN 'age' THEN 'age' WHEN 'blob' THEN 'blob'";

describe('views of information_schema that name columns', () => {
  it('become a derived table of the same alias, with the columns that the statement names', () => {
    expect(
      rewritten("SELECT c.COLUMN_NAME FROM information_schema.COLUMNS c WHERE c.TABLE_NAME = 'users'"),
    ).toBe(
      `SELECT c.COLUMN_NAME FROM (SELECT \`c\`.TABLE_NAME,${mapped('`c`', 'COLUMN_NAME', USERS, VAULT)} FROM information_schema.COLUMNS AS \`c\`) AS \`c\` WHERE c.TABLE_NAME = 'users'`,
    );
  });

  it('are known in whatever case, and without a schema where theirs is the current one', () => {
    const sql = 'SELECT column_name FROM `Columns`';
    expect(rewritten(sql, MYSQL, { database: 'INFORMATION_SCHEMA' })).toContain(
      'FROM information_schema.COLUMNS AS `Columns`) AS `Columns`',
    );
    expect(rewritten(sql)).toEqual({ outcome: 'forwarded' });
    expect(rewritten('SELECT column_name FROM Information_Schema.`Columns`')).toContain('AS `Columns`');
  });

  it('compare names exactly where the server’s own comparison does not (MariaDB)', () => {
    const exact = ' COLLATE utf8mb4_bin';
    expect(rewritten('SELECT COLUMN_NAME FROM information_schema.COLUMNS c', MARIADB)).toContain(
      mapped('`c`', 'COLUMN_NAME', USERS, VAULT, exact),
    );
  });

  it('keep the label as written on MariaDB, which takes that of the derived table', () => {
    const sql = 'SELECT column_name, c.Data_Type d, TABLE_NAME FROM information_schema.COLUMNS c';
    expect(rewritten(sql, MARIADB)).toMatch(
      /^SELECT column_name AS `column_name`, c.Data_Type d, TABLE_NAME FROM/,
    );
    expect(rewritten(sql)).toMatch(/^SELECT column_name, c.Data_Type d, TABLE_NAME FROM/);
  });

  it('say of a column what its declared type would', () => {
    const sql =
      'SELECT NUMERIC_PRECISION, CHARACTER_MAXIMUM_LENGTH, COLLATION_NAME FROM information_schema.COLUMNS c';
    const text = String(rewritten(sql));
    expect(text).toContain("WHEN 'age' THEN CAST(10 AS UNSIGNED) WHEN 'blob' THEN CAST(NULL AS UNSIGNED)");
    expect(text).toContain("WHEN 'encrypted_email' THEN 255 WHEN 'encrypted_phone' THEN 32");
    expect(text).toContain("WHEN 'secret' THEN 'utf8mb4_0900_ai_ci' WHEN 'age' THEN NULL");
  });

  it('keep the length of a key’s part for types that have no other keys', () => {
    const sql = 'SELECT SUB_PART FROM information_schema.STATISTICS s';
    expect(rewritten(sql)).toContain("WHEN 'encrypted_email' THEN NULL WHEN 'encrypted_phone' THEN NULL");
  });

  it('name both sides of a foreign key', () => {
    const text = String(
      rewritten('SELECT REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE k'),
    );
    expect(text).toContain(
      "WHEN `k`.REFERENCED_TABLE_SCHEMA='tenant_app' AND `k`.REFERENCED_TABLE_NAME='users'",
    );
    expect(text).toContain("CASE `k`.REFERENCED_COLUMN_NAME WHEN 'encrypted_email' THEN 'email'");
  });

  it('lose the schema in front of their name', () => {
    const sql =
      'SELECT information_schema.columns.column_name, INFORMATION_SCHEMA.columns.* FROM information_schema.columns WHERE information_schema.columns.data_type = 1';
    expect(rewritten(sql)).toMatch(
      /^SELECT columns.column_name, columns.\* FROM .* WHERE columns.data_type = 1$/,
    );
  });

  it('are not merged where a merged expression gives wrong rows', () => {
    const from = 'FROM information_schema.COLUMNS GROUP BY DATA_TYPE';
    expect(rewritten(`SELECT DATA_TYPE ${from}`)).not.toContain('HAVING 1');
    expect(rewritten(`SELECT DATA_TYPE ${from} HAVING COUNT(*) > 1`)).toContain('AS `COLUMNS` HAVING 1) AS');
    expect(rewritten(`SELECT DATA_TYPE ${from} WITH ROLLUP`)).toContain('AS `COLUMNS` HAVING 1) AS');
  });

  it('are replaced in subqueries, common table expressions, unions and TABLE', () => {
    const view = 'information_schema.COLUMNS';
    for (const sql of [
      `SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM ${view} WHERE COLUMN_NAME = t.a)`,
      `WITH x AS (SELECT COLUMN_NAME FROM ${view}) SELECT * FROM x`,
      `SELECT 1 UNION SELECT COLUMN_NAME FROM ${view}`,
      `TABLE ${view}`,
      `INSERT INTO t SELECT COLUMN_NAME FROM ${view}`,
      `EXPLAIN SELECT COLUMN_NAME FROM ${view}`,
      `UPDATE t JOIN ${view} ON t.a = COLUMN_NAME SET t.b = 1`,
      `DELETE t FROM t, ${view} WHERE t.a = COLUMN_NAME`,
      `UPDATE t SET b = 1 WHERE a IN (SELECT COLUMN_NAME FROM ${view})`,
    ]) {
      expect(rewritten(sql), sql).toContain('FROM information_schema.COLUMNS AS `COLUMNS`) AS `COLUMNS`');
    }
  });

  it('need neither key nor tenant; their definitions are restored', () => {
    const sql = Buffer.from('SELECT COLUMN_NAME FROM information_schema.COLUMNS c');
    const { plan } = newRewriter().analyse(sql, 0, sql.length, context());
    expect(plan).toMatchObject({
      outcome: 'rewrite',
      needsTenant: false,
      needsKey: false,
      columns: { schemaViews: [{ alias: 'c', view: { name: 'COLUMNS' }, server: 'mysql' }] },
    });
  });

  it('are refused in what can’t be read, so that several statements are taken one by one', () => {
    const rewriter = newRewriter();
    const sql = Buffer.from('SELECT 1; SELECT COLUMN_NAME FROM information_schema.COLUMNS');
    const { plan } = rewriter.analyse(sql, 0, sql.length, context());
    expect(plan).toMatchObject({ outcome: 'refuse', isSeveral: true });
    expect(rewritten('SELECT 1; SELECT TABLE_NAME FROM information_schema.TABLES')).toEqual({
      outcome: 'forwarded',
    });
    expect(rewritten('SELECT COLUMN_NAME FROM FROM information_schema.COLUMNS')).toMatchObject({
      outcome: 'refused',
      code: 'TC_UNSUPPORTED_SQL',
      position: 24,
    });
  });

  it.each([
    'SELECT TABLE_NAME FROM information_schema.TABLES',
    "SELECT TABLE_NAME, ORDINAL_POSITION FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'x'",
    'SELECT column_name FROM columns',
    'WITH columns AS (SELECT 1 AS column_name) SELECT column_name FROM columns',
    'SELECT COUNT(*) FROM information_schema.STATISTICS',
  ])('what says nothing of a column’s name or type passes: %s', (sql) => {
    expect(rewritten(sql)).toEqual({ outcome: 'forwarded' });
  });

  it('statements that name none of them are not analysed', () => {
    const rewriter = newRewriter();
    const sql = Buffer.from('SELECT column_name, statistics FROM columns');
    expect(rewriter.analyse(sql, 0, sql.length, context()).skipped).toBe(true);
  });
});
